"""Are the security contexts of a Pod and of its containers right?

Source: pkg/apis/core/validation/validation.go (ValidateSecurityContext, validatePodSpecSecurityContext, validateSeccompProfileField).
Simplified: sysctls, AppArmor, SELinux and what concerns Windows are not looked at beyond their types.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import each_invalid, invalid, local_path, not_supported, required
from playground.kube.errors import Cause

Document = dict[str, Any]

HIGHEST_ID = 2**31 - 1
SECCOMP = ("Localhost", "RuntimeDefault", "Unconfined")
_CHOICES = {"fsGroupChangePolicy": ("Always", "OnRootMismatch"), "supplementalGroupsPolicy": ("Merge", "Strict")}
# As Kubernetes prints a context: its own struct, with all fields.
_PRINTED = """Capabilities Privileged SELinuxOptions WindowsOptions RunAsUser RunAsGroup RunAsNonRoot ReadOnlyRootFilesystem
    AllowPrivilegeEscalation ProcMount SeccompProfile AppArmorProfile""".split()


def pod_security(spec: Document, path: str) -> list[Cause]:
    """The context of a Pod whose spec this is."""
    context, here = spec.get("securityContext", {}), f"{path}.securityContext"
    causes = _ids(context, here, ("fsGroup", "runAsUser", "runAsGroup"))
    for index, group in enumerate(context.get("supplementalGroups", ())):
        causes += each_invalid(f"{here}.supplementalGroups[{index}]", group, names.in_range(group, 0, HIGHEST_ID))
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        causes.append(invalid(f"{here}.shareProcessNamespace", True, "ShareProcessNamespace and HostPID cannot both be enabled"))
    for name, choices in _CHOICES.items():
        if context.get(name, choices[0]) not in choices:
            causes.append(not_supported(f"{here}.{name}", context[name], choices))
    return causes + _seccomp(context, here)


def container_security(container: Document, path: str) -> list[Cause]:
    context, here = container.get("securityContext", {}), f"{path}.securityContext"
    causes = _ids(context, here, ("runAsUser", "runAsGroup")) + _seccomp(context, here)
    if context.get("allowPrivilegeEscalation", True):
        return causes
    both = "cannot set `allowPrivilegeEscalation` to false and "
    if context.get("privileged"):
        causes.append(invalid(here, _printed(context), f"{both}`privileged` to true"))
    if "CAP_SYS_ADMIN" in context.get("capabilities", {}).get("add", ()):
        causes.append(invalid(here, _printed(context), f"{both}`capabilities.Add` CAP_SYS_ADMIN"))
    return causes


def _ids(context: Document, path: str, listed: tuple[str, ...]) -> list[Cause]:
    given = [(name, context[name]) for name in listed if name in context]
    return [cause for name, each in given for cause in each_invalid(f"{path}.{name}", each, names.in_range(each, 0, HIGHEST_ID))]


def _seccomp(context: Document, path: str) -> list[Cause]:
    profile, here = context.get("seccompProfile"), f"{path}.seccompProfile"
    if profile is None:
        return []
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    causes = [] if kind in SECCOMP else [not_supported(f"{here}.type", kind, SECCOMP)]
    causes = causes if kind else [required(f"{here}.type", "type is required when seccompProfile is set")]
    if kind != "Localhost":
        shown = {"Type": kind, "LocalhostProfile": local}
        return causes + (
            [] if local is None else [invalid(f"{here}.localhostProfile", shown, "can only be set when seccomp type is Localhost")]
        )
    if local is None:
        return [*causes, required(f"{here}.localhostProfile", "must be set when seccomp type is Localhost")]
    return causes + local_path(local, f"{here}.localhostProfile")


def _printed(context: Document) -> Document:
    given = {name.lower(): value for name, value in context.items()}
    printed = {name: given.get(name.lower()) for name in _PRINTED}
    if printed["Capabilities"] is not None:
        printed["Capabilities"] = {"Add": printed["Capabilities"].get("add"), "Drop": printed["Capabilities"].get("drop")}
    return printed
