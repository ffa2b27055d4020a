"""Is a Pod, or the template of one, right; and what may an update of a Pod change?

Source: pkg/apis/core/validation/validation.go (ValidatePodSpec, ValidatePodTemplateSpec, ValidatePodCreate, ValidatePodUpdate,
ValidateTolerations).
Simplified: resource claims, overhead, the operating system and user namespaces are not looked at beyond their types.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.affinity import node_affinity, pod_affinity
from playground.kube.apiserver.validation.container import containers, init_containers
from playground.kube.apiserver.validation.fields import duplicate, each_invalid, forbidden, invalid, not_supported, required
from playground.kube.apiserver.validation.hosts import dns_config, host_aliases, hostname_override
from playground.kube.apiserver.validation.meta import annotation_map, labels, pod_annotations
from playground.kube.apiserver.validation.security import pod_security
from playground.kube.apiserver.validation.spreading import spread_constraints
from playground.kube.apiserver.validation.volumes import volumes
from playground.kube.apiserver.validation.whole import pod_resources
from playground.kube.errors import Cause

Document = dict[str, Any]

RESTARTS = ("Always", "OnFailure", "Never")
DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
PREEMPTIONS = ("PreemptLowerPriority", "Never")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
UPDATES = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
    "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` "
    "(allow it to be set to 1 if it was previously negative)"
)


def pod(document: Document) -> list[Cause]:
    spec = document["spec"]
    causes = pod_annotations(document["metadata"].get("annotations", {}), "metadata.annotations") + pod_spec(spec, "spec")
    for name in ("containers", "initContainers"):
        for index, container in enumerate(spec.get(name, ())):
            image = container.get("image", "")
            if image != image.strip():
                causes.append(invalid(f"spec.{name}[{index}].image", image, "must not have leading or trailing whitespace"))
    return causes


def pod_creation(document: Document) -> list[Cause]:
    """What a Pod may not have from the first."""
    spec = document["spec"]
    causes = [forbidden("spec.ephemeralContainers", "cannot be set on create")] if spec.get("ephemeralContainers") else []
    gated = bool(spec.get("schedulingGates") and spec.get("nodeName"))
    return causes + ([forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")] if gated else [])


def pod_update(new: Document, old: Document) -> list[Cause]:
    """Only images may change, the deadline come nearer, tolerations be added or their seconds changed, and scheduling gates be taken away."""
    before, after = old["spec"], new["spec"]
    for name in ("containers", "initContainers"):
        if len(before.get(name, ())) != len(after.get(name, ())):
            return [forbidden(f"spec.{name}", "pod updates may not add or remove containers")]
    causes = _deadline_update(after.get("activeDeadlineSeconds"), before.get("activeDeadlineSeconds"))
    causes += _tolerations_update(after.get("tolerations", ()), before.get("tolerations", ()))
    causes += _gates_update(after.get("schedulingGates", ()), before.get("schedulingGates", ()))
    if before.get("schedulingGates"):
        causes += _selector_update(after.get("nodeSelector", {}), before.get("nodeSelector", {}))
        before, after = ({key: value for key, value in spec.items() if key != "nodeSelector"} for spec in (before, after))
    return causes if _fixed(after) == _fixed(before) else [*causes, forbidden("spec", UPDATES)]


def template(value: Document, path: str, claims: tuple[str, ...] = ()) -> list[Cause]:
    """A Pod template: labels, annotations, spec; `claims` are names of volumes that each Pod gets besides its own."""
    meta = value.get("metadata", {})
    causes = labels(meta.get("labels", {}), f"{path}.labels")
    causes += annotation_map(meta.get("annotations", {}), f"{path}.annotations")
    causes += pod_annotations(meta.get("annotations", {}), f"{path}.annotations")
    causes += pod_spec(value["spec"], f"{path}.spec", claims)
    inside = [forbidden(f"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template")]
    return causes + (inside if value["spec"].get("ephemeralContainers") else [])


def pod_spec(spec: Document, path: str, claims: tuple[str, ...] = ()) -> list[Cause]:
    mountable, causes = volumes(spec.get("volumes", []), f"{path}.volumes")
    mountable.update((name, {}) for name in claims)
    seen: set[str] = set()
    grace = int(spec["terminationGracePeriodSeconds"])
    if not spec.get("containers"):
        causes.append(required(f"{path}.containers"))
    causes += containers(spec.get("containers", []), f"{path}.containers", mountable, seen, grace)
    causes += init_containers(spec.get("initContainers", []), f"{path}.initContainers", mountable, seen, grace)
    causes += pod_resources(spec, path) + _host_ports(spec, path)
    for name, allowed in (("restartPolicy", RESTARTS), ("dnsPolicy", DNS_POLICIES)):
        if spec[name] not in allowed:
            causes.append(not_supported(f"{path}.{name}", spec[name], allowed))
    causes += labels(spec.get("nodeSelector", {}), f"{path}.nodeSelector") + pod_security(spec, path)
    causes += node_affinity(spec, path) + pod_affinity(spec, path) + dns_config(spec, path) + _gates(spec, path)
    causes += spread_constraints(spec.get("topologySpreadConstraints", []), f"{path}.topologySpreadConstraints")
    causes += _names(spec, path, ("serviceAccountName", "nodeName")) + _times(spec, path)
    causes += _labels(spec, path) + hostname_override(spec, path)
    for index, each in enumerate(spec.get("tolerations", ())):
        causes += _toleration(each, f"{path}.tolerations[{index}]")
    return causes + host_aliases(spec, path) + _names(spec, path, ("priorityClassName", "runtimeClassName")) + _preemption(spec, path)


def _gates(spec: Document, path: str) -> list[Cause]:
    """What a Pod's readiness waits for, and what its scheduling waits for."""
    causes = []
    for index, gate in enumerate(spec.get("readinessGates", ())):
        kind = gate.get("conditionType", "")
        causes += each_invalid(f"{path}.readinessGates[{index}].conditionType", kind, names.label_key(kind))
    seen: set[str] = set()
    for index, gate in enumerate(spec.get("schedulingGates", ())):
        here, name = f"{path}.schedulingGates[{index}]", gate.get("name", "")
        causes += each_invalid(here, name, names.label_key(name)) + ([duplicate(here, name)] if name in seen else [])
        seen.add(name)
    return causes


def _names(spec: Document, path: str, listed: tuple[str, ...]) -> list[Cause]:
    given = [(name, spec[name]) for name in listed if spec.get(name)]
    return [cause for name, value in given for cause in each_invalid(f"{path}.{name}", value, names.dns1123_subdomain(value))]


def _labels(spec: Document, path: str) -> list[Cause]:
    given = [(name, spec[name]) for name in ("hostname", "subdomain") if spec.get(name)]
    return [cause for name, value in given for cause in each_invalid(f"{path}.{name}", value, names.dns1123_label(value))]


def _preemption(spec: Document, path: str) -> list[Cause]:
    policy = spec.get("preemptionPolicy", PREEMPTIONS[0])
    return [] if policy in PREEMPTIONS else [not_supported(f"{path}.preemptionPolicy", policy, PREEMPTIONS)]


def _times(spec: Document, path: str) -> list[Cause]:
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is None:
        return []
    return each_invalid(f"{path}.activeDeadlineSeconds", deadline, names.in_range(deadline, 1, 2**31 - 1))


def _host_ports(spec: Document, path: str) -> list[Cause]:
    causes = []
    for index, container in enumerate(spec.get("containers", ()) if spec.get("hostNetwork") else ()):
        for at, port in enumerate(container.get("ports", ())):
            if port.get("hostPort", port.get("containerPort")) != port.get("containerPort"):
                where = f"{path}.containers[{index}].ports[{at}].hostPort"
                causes.append(invalid(where, port["hostPort"], "must match `containerPort` when `hostNetwork` is true"))
    return causes


def _toleration(toleration: Document, path: str) -> list[Cause]:
    key, operator, effect = toleration.get("key", ""), toleration.get("operator", ""), toleration.get("effect", "")
    value = toleration.get("value", "")
    causes = each_invalid(f"{path}.key", key, names.label_key(key)) if key else []
    if not key and operator != "Exists":
        causes.append(
            invalid(
                f"{path}.operator", operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            )
        )
    if "tolerationSeconds" in toleration and effect != "NoExecute":
        causes.append(invalid(f"{path}.effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    if operator == "Exists" and value:
        causes.append(invalid(f"{path}.operator", value, "value must be empty when `operator` is 'Exists'"))
    elif operator in ("Equal", ""):
        causes += each_invalid(f"{path}.operator", value, names.label_value(value))
    elif operator != "Exists":
        causes.append(not_supported(f"{path}.operator", operator, ("Equal", "Exists")))
    if effect and effect not in EFFECTS:
        causes.append(not_supported(f"{path}.effect", effect, EFFECTS))
    return causes


def _deadline_update(after: int | None, before: int | None) -> list[Cause]:
    path = "spec.activeDeadlineSeconds"
    if before is None or before == after:
        return []
    if after is None:
        return [invalid(path, None, "must not update from a positive integer to nil value")]
    return [invalid(path, after, "must be less than or equal to previous value")] if after > before else []


def _tolerations_update(after: list[Document], before: list[Document]) -> list[Cause]:
    """Each toleration stays, whatever becomes of its seconds."""
    kept = [_timeless(each) for each in after]
    gone = any(_timeless(each) not in kept for each in before)
    return [forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")] if gone else []


def _timeless(toleration: Document) -> Document:
    return {key: value for key, value in toleration.items() if key != "tolerationSeconds"}


def _gates_update(after: list[Document], before: list[Document]) -> list[Cause]:
    return [
        forbidden(f"spec.schedulingGates[{index}].name", f"only deletion is allowed, but found new scheduling gate '{gate['name']}'")
        for index, gate in enumerate(after)
        if gate not in before
    ]


def _selector_update(after: Document, before: Document) -> list[Cause]:
    """Of a Pod that is held back by gates, pairs may be added."""
    if before.items() <= after.items():
        return []
    return [invalid("spec.nodeSelector", after, "only additions to spec.nodeSelector are allowed (no mutations or deletions)")]


def _fixed(spec: Document) -> Document:
    """A Pod's spec without what an update may change."""
    left = {key: value for key, value in spec.items() if key not in ("activeDeadlineSeconds", "tolerations", "schedulingGates")}
    for name in ("containers", "initContainers"):
        left[name] = [{key: value for key, value in each.items() if key != "image"} for each in spec.get(name, ())]
    return left
