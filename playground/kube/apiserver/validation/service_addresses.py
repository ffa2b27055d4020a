"""Are the addresses that a Service asks for right, and does an update keep the ones it has?

Source: pkg/apis/core/validation/validation.go (ValidateServiceClusterIPsRelatedFields, validateUpgradeDowngradeClusterIPs,
ValidateEndpointIP); pkg/registry/core/service/storage/alloc.go (initIPFamilyFields).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import duplicate, each_invalid, invalid, not_supported, required
from playground.kube.errors import Cause

Document = dict[str, Any]

FAMILIES = ("IPv4", "IPv6")
POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")
PATH = "spec.clusterIPs"
LINK_LOCAL_MULTICAST = (b"\xe0\0\0", b"\xff\x02")  # 224.0.0.0/24, ff02::/16


def addresses(spec: Document) -> list[Cause]:
    if spec["type"] == "ExternalName":
        return []
    listed = spec.get("clusterIPs", [])
    causes = _agree(spec.get("clusterIP", ""), listed) + _families(spec)
    wrong = _each(listed)
    if len(listed) > 2:
        causes.append(invalid(PATH, listed, "may only hold up to 2 values"))
    return causes + (wrong or _of_family(listed, spec.get("ipFamilies", [])))


def addresses_update(new: Document, old: Document) -> list[Cause]:
    before, after = old.get("clusterIPs", []), new.get("clusterIPs", [])
    if "ExternalName" in (new["type"], old["type"]) or before == after == ["None"]:
        return []
    if before and not after:
        return [invalid(f"{PATH}[0]", after or None, "primary clusterIP can not be unset")]
    changed = [index for index, (one, two) in enumerate(zip(before, after, strict=False)) if one != two]
    return [invalid(f"{PATH}[{index}]", after, "may not change once set") for index in changed]


def external_address(value: str, path: str) -> list[Cause]:
    """An address outside the cluster, or of an endpoint: none of those that are special."""
    address = names.parse_ip(value)
    if address is None:
        return each_invalid(path, value, names.ip_address(value))
    special = (
        (address.is_unspecified, f"may not be unspecified ({value})"),
        (address.is_loopback, "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
        (address.is_link_local, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"),
        (
            address.packed.startswith((b"\xe0\0\0", b"\xff\x02")) and address.is_multicast,
            "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
        ),
    )
    return [invalid(path, value, message) for true, message in special if true]


def _agree(first: str, listed: list[str]) -> list[Cause]:
    if not first:
        return [invalid(PATH, listed, "must be empty when `clusterIP` is not specified")] if listed else []
    if not listed:
        return [required(PATH)]
    return [] if listed[0] == first else [invalid(PATH, listed, "first value must match `clusterIP`")]


def _families(spec: Document) -> list[Cause]:
    families, policy = spec.get("ipFamilies", []), spec.get("ipFamilyPolicy")
    selectorless = spec.get("clusterIPs") == ["None"] and not spec.get("selector")
    causes = []
    for index, family in enumerate(families):
        if family not in FAMILIES:
            causes.append(not_supported(f"spec.ipFamilies[{index}]", family, FAMILIES))
        elif family in families[:index]:
            causes.append(duplicate(f"spec.ipFamilies[{index}]", family))
        elif family != "IPv4" and not selectorless:
            causes.append(invalid(f"spec.ipFamilies[{index}]", family, "not configured on this cluster"))
    if policy is not None and policy not in POLICIES:
        causes.append(not_supported("spec.ipFamilyPolicy", policy, POLICIES))
    if policy == "RequireDualStack" and not selectorless:
        causes.append(invalid("spec.ipFamilyPolicy", policy, "this cluster is not configured for dual-stack services"))
    if len(families) == 2 and policy == "SingleStack":
        causes.append(
            invalid(
                "spec.ipFamilyPolicy", policy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"
            )
        )
    return causes


def _each(listed: list[str]) -> list[Cause]:
    causes = []
    for index, address in enumerate(listed):
        if index == 0 and address == "None":
            causes += [invalid(PATH, listed, "'None' must be the first and only value")] if len(listed) > 1 else []
        else:
            causes += each_invalid(f"{PATH}[{index}]", address, names.ip_address(address))
    return causes


def _of_family(listed: list[str], families: list[str]) -> list[Cause]:
    if listed in ([], ["None"]):
        return []
    versions = [names.parse_ip(each).version for each in listed]  # type: ignore[union-attr]
    causes = []
    if len(listed) > 1 and len(set(versions)) == 1:
        causes.append(invalid(PATH, listed, "may specify no more than one IP for each IP family"))
    for index, (address, version, family) in enumerate(zip(listed, versions, families, strict=False)):
        if family != f"IPv{version}":
            causes.append(invalid(f"{PATH}[{index}]", address, f"expected an {family} value as indicated by `ipFamilies[{index}]`"))
    return causes
