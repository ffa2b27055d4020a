"""Which families of addresses does a Service have, and in which order?  What it says itself, and what the cluster makes of the rest.

Source: pkg/registry/core/service/storage/alloc.go (initIPFamilyFields, isMatchingPreferDualStackClusterIPFields), KEP-563.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.validation.fields import invalid
from playground.kube.apiserver.validation.service_addresses import FAMILIES, PATH, addresses
from playground.kube.errors import Cause
from playground.kube.settings import family_of

JSON = dict[str, Any]
SINGLE, PREFER, REQUIRE = "SingleStack", "PreferDualStack", "RequireDualStack"
_WITH_ADDRESSES = ("ClusterIP", "NodePort", "LoadBalancer")
_POLICY = "spec.ipFamilyPolicy"


def settle(spec: JSON, old: JSON | None, configured: tuple[str, ...]) -> list[Cause]:
    """Fill in ipFamilyPolicy and ipFamilies, and take away what a downgrade gives up; returns what is wrong. `configured` are
    the cluster's families, the primary one first; `old` is the spec that this one replaces."""
    if spec["type"] == "ExternalName" or (old is not None and _stays_preferred(spec, old)):
        return []
    if "ipFamilyPolicy" not in spec:
        spec["ipFamilyPolicy"] = (old or {}).get("ipFamilyPolicy") or (REQUIRE if _is_bare(spec) else SINGLE)
    wrong = addresses(spec)
    if wrong:
        return wrong
    causes = _downgrade(spec, old) if old is not None else []
    causes += _of_single_stack(spec) + _infer(spec, configured)
    if causes:
        return causes
    return _settle_bare(spec, configured) if _is_bare(spec) else _settle(spec, configured)


def _stays_preferred(spec: JSON, old: JSON) -> bool:
    """A PreferDualStack Service that is not touched keeps what it has, also where the cluster could give more by now."""
    same_type = spec["type"] == old["type"] and spec["type"] in _WITH_ADDRESSES
    both = spec.get("ipFamilyPolicy") == PREFER and old.get("ipFamilyPolicy", PREFER) == PREFER
    return same_type and both and all(spec.get(name) == old.get(name) for name in ("clusterIPs", "ipFamilies"))


def _is_bare(spec: JSON) -> bool:
    """Headless and without a selector: its endpoints may be of any family, also of one that the cluster has not."""
    return spec.get("clusterIP") == "None" and not spec.get("selector")


def _downgrade(spec: JSON, old: JSON) -> list[Cause]:
    """The policy SingleStack alone gives up the secondary address and family; without it nobody can."""
    causes = []
    for name, called in (("clusterIPs", "cluster IP"), ("ipFamilies", "IP family")):
        if spec["ipFamilyPolicy"] == SINGLE:
            if spec.get(name) == old.get(name) and len(spec.get(name, ())) > 1:
                spec[name] = spec[name][:1]
        elif spec.get(name) and len(spec[name]) < len(old.get(name, ())):
            causes.append(invalid(_POLICY, spec["ipFamilyPolicy"], f"must be 'SingleStack' to release the secondary {called}"))
    return causes


def _of_single_stack(spec: JSON) -> list[Cause]:
    must = "must be 'RequireDualStack' or 'PreferDualStack' when multiple"
    two = [called for name, called in (("clusterIPs", "cluster IPs"), ("ipFamilies", "IP families")) if len(spec.get(name, ())) == 2]
    return [invalid(_POLICY, SINGLE, f"{must} {called} are specified") for called in two] if spec["ipFamilyPolicy"] == SINGLE else []


def _infer(spec: JSON, configured: tuple[str, ...]) -> list[Cause]:
    """An address says what family is meant."""
    causes, families = [], list(spec.get("ipFamilies", ()))
    for index, address in enumerate(spec.get("clusterIPs", ())):
        if address == "None":
            break
        if index >= len(families):
            if family_of(address) in configured:
                families.append(family_of(address))
            else:
                causes.append(invalid(f"{PATH}[{index}]", spec["clusterIPs"], f"{family_of(address)} is not configured on this cluster"))
    if families:
        spec["ipFamilies"] = families
    return causes


def _settle_bare(spec: JSON, configured: tuple[str, ...]) -> list[Cause]:
    families = spec.get("ipFamilies") or [configured[0]]
    both = len(families) < 2 and spec["ipFamilyPolicy"] != SINGLE
    spec["ipFamilies"] = [*families, _other(families[0])] if both else families
    return []


def _settle(spec: JSON, configured: tuple[str, ...]) -> list[Cause]:
    causes = []
    if spec["ipFamilyPolicy"] == REQUIRE and len(configured) < 2:
        causes.append(invalid(_POLICY, REQUIRE, "this cluster is not configured for dual-stack services"))
    for index, family in enumerate(spec.get("ipFamilies", ())):
        if family not in configured:
            causes.append(invalid(f"spec.ipFamilies[{index}]", family, "not configured on this cluster"))
    if not causes:
        families = spec.get("ipFamilies") or [configured[0]]
        both = spec["ipFamilyPolicy"] != SINGLE and len(families) == 1 and len(configured) == 2
        spec["ipFamilies"] = [*families, _other(families[0])] if both else families
    return causes


def _other(family: str) -> str:
    return FAMILIES[family == FAMILIES[0]]
