"""Does a change of a Service concern its load balancer, and what is said of it?

Source: staging/src/k8s.io/cloud-provider/controllers/service/controller.go (needsUpdate, portsEqualForLB).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import Object

Said = tuple[str, str]
NOTHING: Said = ("", "")
"""The change concerns the load balancer, and no event tells of it."""


def wants(service: Object) -> bool:
    """It is to have a load balancer of the cloud's."""
    return service.spec.get("type") == "LoadBalancer" and service.spec.get("loadBalancerClass") is None


def change(old: Object, new: Object) -> Said | None:
    """Reason and message of the first difference that concerns the load balancer, or None."""
    if not wants(old) and not wants(new):
        return None
    was, now = old.spec, new.spec
    if wants(old) != wants(new):
        return "Type", f"{was.get('type', '')} -> {now.get('type', '')}"
    if _differ(was, now, "loadBalancerSourceRanges"):
        return "LoadBalancerSourceRanges", f"{_listed(was)} -> {_listed(now)}"
    if _ports(was) != _ports(now) or _differ(was, now, "sessionAffinity") or _differ(was, now, "sessionAffinityConfig"):
        return NOTHING
    if _differ(was, now, "loadBalancerIP"):
        return "LoadbalancerIP", f"{was.get('loadBalancerIP', '')} -> {now.get('loadBalancerIP', '')}"
    external = _external(was.get("externalIPs") or [], now.get("externalIPs") or [])
    if external is not None:
        return external
    if old.annotations != new.annotations:
        return NOTHING
    for field, reason in (("externalTrafficPolicy", "ExternalTrafficPolicy"), ("healthCheckNodePort", "HealthCheckNodePort")):
        if _differ(was, now, field):
            none: Any = 0 if field == "healthCheckNodePort" else ""
            return reason, f"{was.get(field, none)} -> {now.get(field, none)}"
    before, after = (len(each.get("ipFamilies") or ()) for each in (was, now))
    return None if before == after else ("IPFamilies", f"Count: {before} -> {after}")


def _external(was: list[str], now: list[str]) -> Said | None:
    if len(was) != len(now):
        return "ExternalIP", f"Count: {len(was)} -> {len(now)}"
    added = next((after for before, after in zip(was, now, strict=True) if before != after), None)
    return None if added is None else ("ExternalIP", f"Added: {added}")


def _differ(was: Any, now: Any, field: str) -> bool:
    return bool((was.get(field) or None) != (now.get(field) or None))


def _listed(spec: Any) -> str:
    return f"[{' '.join(spec.get('loadBalancerSourceRanges') or ())}]"


def _ports(spec: Any) -> list[tuple[Any, ...]]:
    return [tuple(port.get(field) for field in ("name", "protocol", "port", "nodePort")) for port in spec.get("ports") or ()]
