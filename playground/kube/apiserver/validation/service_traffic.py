"""Are the traffic policies, the affinity and the distribution of a Service right?

Source: pkg/apis/core/validation/validation.go (validateServiceExternalTrafficPolicy,
validateServiceExternalTrafficFieldsUpdate, validateServiceInternalTrafficFieldsValue, validateServiceTrafficDistribution, validateClientIPAffinityConfig).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import each_invalid, forbidden, invalid, not_supported, required
from playground.kube.errors import Cause

Document = dict[str, Any]

POLICIES = ("Cluster", "Local")
AFFINITIES = ("ClientIP", "None")
DISTRIBUTIONS = ("PreferClose", "PreferSameNode", "PreferSameZone")
LONGEST_AFFINITY = 86_400


def traffic(spec: Document) -> list[Cause]:
    return _external(spec) + _health_check(spec) + _internal(spec) + _distribution(spec)


def affinity(spec: Document) -> list[Cause]:
    kind = spec["sessionAffinity"]
    if kind not in AFFINITIES:
        return [not_supported("spec.sessionAffinity", kind, AFFINITIES)]
    seconds = spec.get("sessionAffinityConfig", {}).get("clientIP", {}).get("timeoutSeconds", 1)
    if kind == "None" or 0 < seconds <= LONGEST_AFFINITY:
        return []
    path = "spec.sessionAffinityConfig.clientIP.timeoutSeconds"
    return [invalid(path, seconds, f"must be greater than 0 and less than {LONGEST_AFFINITY}")]


def needs_health_check(spec: Document) -> bool:
    return spec["type"] == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def health_check_update(new: Document, old: Document) -> list[Cause]:
    """The port on which load balancers ask stays the same as long as there is one."""
    if not (needs_health_check(new) and needs_health_check(old)) or new.get("healthCheckNodePort") == old.get("healthCheckNodePort"):
        return []
    return [forbidden("spec.healthCheckNodePort", "field is immutable")]


def _external(spec: Document) -> list[Cause]:
    path, policy = "spec.externalTrafficPolicy", spec.get("externalTrafficPolicy", "")
    accessible = spec["type"] in ("NodePort", "LoadBalancer") or (spec["type"] == "ClusterIP" and spec.get("externalIPs"))
    if policy and policy not in POLICIES:
        return [not_supported(path, policy, POLICIES)]
    if policy and not accessible:
        return [invalid(path, policy, "may only be set for externally-accessible services")]
    return []


def _health_check(spec: Document) -> list[Cause]:
    path, port = "spec.healthCheckNodePort", spec.get("healthCheckNodePort", 0)
    if not port:
        return []
    if not needs_health_check(spec):
        return [invalid(path, port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")]
    return each_invalid(path, port, names.port_number(port))


def _internal(spec: Document) -> list[Cause]:
    path, policy = "spec.internalTrafficPolicy", spec.get("internalTrafficPolicy")
    if policy is None:
        return [required(path)] if spec["type"] in ("NodePort", "LoadBalancer", "ClusterIP") else []
    return [] if policy in POLICIES else [not_supported(path, policy, POLICIES)]


def _distribution(spec: Document) -> list[Cause]:
    wanted = spec.get("trafficDistribution")
    return [] if wanted is None or wanted in DISTRIBUTIONS else [not_supported("spec.trafficDistribution", wanted, DISTRIBUTIONS)]
