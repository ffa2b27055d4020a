"""Of what does the API server warn a learner whose object it takes?  Of what is legal, and most likely not what was meant.

Source: pkg/api/{pod,service,node}/warnings.go and util.go, pkg/registry/{core,apps}/*/strategy.go (WarningsOnCreate,
WarningsOnUpdate), staging/src/k8s.io/api/core/v1 for kinds that are deprecated as a whole.
Simplified: of volumes that no longer work, of seccomp and AppArmor annotations and of IP addresses' spelling nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.quantity import amount
from playground.kube.apiserver.validation.fields import shown

JSON = dict[str, Any]

DEPRECATED_KINDS = {"Endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"}
HOSTNAMES = {
    "Pod": "metadata.name: this is used in the Pod's hostname",
    "Deployment": "metadata.name: this is used in Pod names and hostnames",
    "ReplicaSet": "metadata.name: this is used in Pod names and hostnames",
}
TEMPLATED = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
NODE_LABELS = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}
ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
    "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
    "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
}
HINTS = "service.kubernetes.io/topology-aware-hints"
NO_POD = "a null labelSelector results in matching no pod"


def on_create(document: JSON, kind: str) -> tuple[str, ...]:
    """The warnings about a new document of a kind, with its defaults."""
    name = document["metadata"].get("name", "")
    found = [DEPRECATED_KINDS[kind]] if kind in DEPRECATED_KINDS else []
    wrong = names.dns1123_label(name) if kind in HOSTNAMES else []
    if wrong:
        found.append(f"{HOSTNAMES[kind]}, which can result in surprising behavior; a DNS label is recommended: [{' '.join(wrong)}]")
    if kind == "Pod":
        found += _pod(document["metadata"], document["spec"], "")
    return tuple(found + _template(document, kind) + _service(document, kind))


def on_update(document: JSON, old: JSON, kind: str) -> tuple[str, ...]:
    """The warnings about a document that takes the place of `old`. Of a Pod nothing is said, of a workload only if it is another now."""
    found = [DEPRECATED_KINDS[kind]] if kind in DEPRECATED_KINDS else []
    template = _template(document, kind) if document.get("spec") != old.get("spec") else []
    return tuple(found + template + _service(document, kind))


def _template(document: JSON, kind: str) -> list[str]:
    if kind not in TEMPLATED:
        return []
    template = document["spec"]["template"]
    return list(_pod(template.get("metadata", {}), template["spec"], "spec.template."))


def _service(document: JSON, kind: str) -> list[str]:
    if kind != "Service":
        return []
    spec, found = document["spec"], []
    if HINTS in document["metadata"].get("annotations", {}):
        found.append(f"annotation {HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead")
    if spec["type"] == "ClusterIP" and spec.get("clusterIP") == "None":
        found += [f"spec.{name} is ignored for headless services" for name in ("loadBalancerIP", "externalIPs") if spec.get(name)]
        # A capital letter, as Kubernetes has it.
        found += ["spec.SessionAffinity is ignored for headless services"] if spec["sessionAffinity"] != "None" else []
    if spec["type"] == "ExternalName" and spec.get("externalIPs"):
        found.append('spec.externalIPs is ignored when spec.type is "ExternalName"')
    elif spec.get("externalIPs") and spec.get("clusterIP") != "None":
        found.append("spec.externalIPs is deprecated")
    if spec["type"] != "ExternalName" and spec.get("externalName"):
        found.append('spec.externalName is ignored when spec.type is not "ExternalName"')
    if spec.get("trafficDistribution") == "PreferClose":
        found.append('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"')
    return found


def _pod(metadata: JSON, spec: JSON, path: str) -> Iterator[str]:
    """The warnings about a Pod or a template; `path` stands before the paths of its fields."""
    yield from _node_labels(spec, f"{path}spec")
    for index, each in enumerate(spec.get("topologySpreadConstraints", ())):
        if "labelSelector" not in each:
            yield f"{path}spec.topologySpreadConstraints[{index}].labelSelector: {NO_POD}"
    for key, said in ANNOTATIONS.items():
        if key in metadata.get("annotations", {}):
            yield f"{path}metadata.annotations[{key}]: {said}"
    for list_name, key, what in (("hostAliases", "ip", "ip"), ("imagePullSecrets", "name", "name")):
        yield from _repeated(spec.get(list_name, ()), f"{path}spec.{list_name}", key, what)
    containers = [
        (each, f"{path}spec.{name}[{index}]") for name in ("initContainers", "containers") for index, each in enumerate(spec.get(name, ()))
    ]
    for container, here in containers:
        yield from _fractions(container.get("resources", {}), f"{here}.resources")
        yield from _hidden(container.get("env", ()), f"{here}.env")
    yield from _overlapping([(port, f"{here}.ports[{at}]") for each, here in containers for at, port in enumerate(each.get("ports", ()))])
    if spec["terminationGracePeriodSeconds"] < 0:
        yield f"{path}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
    yield from _affinity(spec.get("affinity", {}), f"{path}spec.affinity")


def _node_labels(spec: JSON, path: str) -> Iterator[str]:
    """Labels of Nodes by their old names."""
    for key in spec.get("nodeSelector", {}):
        if key in NODE_LABELS:
            yield f"{path}.nodeSelector[{key}]: {NODE_LABELS[key]}"
    affinity, here = spec.get("affinity", {}).get("nodeAffinity", {}), f"{path}.affinity.nodeAffinity"
    needed, wished = (f"{each}DuringSchedulingIgnoredDuringExecution" for each in ("required", "preferred"))
    terms = [
        (each, f"{here}.{needed}.nodeSelectorTerms[{index}]")
        for index, each in enumerate(affinity.get(needed, {}).get("nodeSelectorTerms", ()))
    ]
    terms += [(each.get("preference", {}), f"{here}.{wished}[{index}].preference") for index, each in enumerate(affinity.get(wished, ()))]
    for term, where in terms:
        for index, rule in enumerate(term.get("matchExpressions", ())):
            if rule.get("key") in NODE_LABELS:
                yield f"{where}.matchExpressions[{index}].key: {rule['key']} is {NODE_LABELS[rule['key']]}"
    for index, each in enumerate(spec.get("topologySpreadConstraints", ())):
        if each.get("topologyKey") in NODE_LABELS:
            yield f"{path}.topologySpreadConstraints[{index}].topologyKey: {each['topologyKey']} is {NODE_LABELS[each['topologyKey']]}"


def _repeated(listed: Any, path: str, key: str, what: str) -> Iterator[str]:
    seen: list[Any] = []
    for index, each in enumerate(listed):
        value = each.get(key, "")
        if value in seen:
            yield f"{path}[{index}].{key}: duplicate {what} {shown(value)}"
        seen.append(value)


def _fractions(resources: JSON, path: str) -> Iterator[str]:
    """Parts of a byte, as in `100m`, which was meant to be `100M`."""
    for name in ("memory", "ephemeral-storage"):
        for part in ("limits", "requests"):
            value = resources.get(part, {}).get(name)
            number = None if value is None else amount(value)
            if number is not None and number != number.to_integral_value():
                yield f"{path}.{part}[{name}]: fractional byte value {shown(str(value))} is invalid, must be an integer"


def _hidden(variables: Any, path: str) -> Iterator[str]:
    """A variable that is there twice, unless the second adds to the first, as `$(PATH):/bin` does."""
    seen: list[str] = []
    for index, each in enumerate(variables):
        name, value = each["name"], each.get("value", "")
        reference = f"$({name})"
        if name in seen and ("valueFrom" in each or value == reference or reference not in value):
            yield f"{path}[{index}]: hides previous definition of {shown(name)}, which may be dropped when using apply"
        seen.append(name)


def _overlapping(ports: list[tuple[JSON, str]]) -> Iterator[str]:
    """Two ports of a Pod that are the same, in one container or in two."""
    for index, (port, path) in enumerate(ports):
        for other, where in ports[:index]:
            if (other["containerPort"], other["protocol"]) != (port["containerPort"], port["protocol"]):
                continue
            hosts = [(each.get("hostIP", ""), each.get("hostPort", 0)) for each in (port, other)]
            if hosts[0] == hosts[1]:
                yield f"{path}: duplicate port definition with {where}"
            elif not hosts[0][1] or not hosts[1][1]:
                yield f"{path}: overlapping port definition with {where}"
            elif hosts[0][1] == hosts[1][1] and bool(hosts[0][0]) != bool(hosts[1][0]):
                yield f"{path}: dangerously ambiguous port definition with {where}"


def _affinity(affinity: JSON, path: str) -> Iterator[str]:
    """Terms for and against other Pods that select none."""
    needed, wished = (f"{each}DuringSchedulingIgnoredDuringExecution" for each in ("required", "preferred"))
    for name in ("podAffinity", "podAntiAffinity"):
        for index, term in enumerate(affinity.get(name, {}).get(needed, ())):
            if "labelSelector" not in term:
                yield f"{path}.{name}.{needed}[{index}].labelSelector: {NO_POD}"
        for index, each in enumerate(affinity.get(name, {}).get(wished, ())):
            if "labelSelector" not in each.get("podAffinityTerm", {}):
                yield f"{path}.{name}.{wished}[{index}].podAffinityTerm.labelSelector: {NO_POD}"
