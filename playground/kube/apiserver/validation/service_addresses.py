"""Are the addresses that a Service asks for right, and does an update keep the ones it has?

Source: pkg/apis/core/validation/validation.go (ValidateServiceClusterIPsRelatedFields, validateUpgradeDowngradeClusterIPs,
validateUpgradeDowngradeIPFamilies, ValidateEndpointIP).  What depends on the cluster's own families is asked in `families.py`.
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
    causes = _kept(PATH, before, after, after, "clusterIP", new)
    if ["None"] in (before, after):
        return causes
    return causes + _kept("spec.ipFamilies", old.get("ipFamilies", []), new.get("ipFamilies", []), after, "ipFamily", new)


def _kept(path: str, before: list[str], after: list[str], shown: list[str], called: str, new: Document) -> list[Cause]:
    """Of a list of one or two the first stays, the second may come, and goes with the policy SingleStack only. Kubernetes shows
    the addresses (`shown`) where a family is wrong and the lists are not of one length."""
    if before and not after:
        return [invalid(f"{path}[0]", after or None, f"primary {called} can not be unset")]
    if len(before) == len(after):
        changed = [index for index, (one, two) in enumerate(zip(before, after, strict=True)) if one != two]
        return [invalid(f"{path}[{index if path == PATH else 0}]", after, "may not change once set") for index in changed]
    causes = [invalid(f"{path}[0]", shown, "may not change once set")] if before and before[0] != after[0] else []
    policy = new.get("ipFamilyPolicy")
    if len(after) < len(before) and policy != "SingleStack":
        causes.append(invalid("spec.ipFamilyPolicy", policy, f"must be set to 'SingleStack' when releasing the secondary {called}"))
    return causes


def external_address(value: str, path: str) -> list[Cause]:
    """An address outside the cluster, or of an endpoint: none of those that are special."""
    address, wrong = names.parse_ip(value), names.ip_address(value)
    if address is None or wrong:
        return each_invalid(path, value, wrong)
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
    causes = []
    for index, family in enumerate(families):
        if family not in FAMILIES:
            causes.append(not_supported(f"spec.ipFamilies[{index}]", family, FAMILIES))
        elif family in families[:index]:
            causes.append(duplicate(f"spec.ipFamilies[{index}]", family))
    if policy is not None and policy not in POLICIES:
        causes.append(not_supported("spec.ipFamilyPolicy", policy, POLICIES))
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
