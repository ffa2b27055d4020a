"""How important is a new Pod?  Its PriorityClass says it; without that class there is no Pod.

Source: plugin/pkg/admission/priority/admission.go (admitPod, getDefaultPriorityClass). The two classes of the system are known without objects.
Simplified: the number decides nothing here, since no Pod makes room for another.
"""

from __future__ import annotations

from msgspec.structs import replace

from playground.kube.apiserver.defaults.pods import PRIORITIES
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.shared import shared
from playground.kube.apiserver.store import Store
from playground.kube.errors import forbidden

KIND = "PriorityClass"
PREEMPTS = "PreemptLowerPriority"


def admit(store: Store, spec: JSON, pod: str) -> None:
    """Fill in the spec of a new Pod, in place. Raises Refusal, which calls the Pod `pod`, where its class is not there or says another number."""
    name = spec.get("priorityClassName") or _default(store)
    number, policy = _meaning(store, name, pod)
    asked = spec.get("priority")
    if asked is not None and asked != number:
        said = f"the integer value of priority ({asked}) must not be provided in pod spec; "
        raise forbidden("pods", pod, said + f"priority admission controller computed {number} from the given PriorityClass name")
    if spec.get("preemptionPolicy") not in (None, policy):
        said = f"the string value of PreemptionPolicy ({spec['preemptionPolicy']}) must not be provided in pod spec; "
        raise forbidden("pods", pod, said + f"priority admission controller computed {policy} from the given PriorityClass name")
    spec |= {"priority": number, "preemptionPolicy": policy, **({"priorityClassName": name} if name else {})}


def admitted(store: Store, pod: Pod) -> Pod:
    """A controller's new Pod with the priority of its class. Raises Refusal as `admit`, where a class that is not there counts 0 already."""
    name, known = pod.spec.get("priorityClassName", ""), store.count(KIND)
    usual = {"priority": PRIORITIES.get(name, 0), "preemptionPolicy": PREEMPTS}
    if not known and (not name or name in PRIORITIES) and usual.items() <= pod.spec.items():
        return pod
    owner = pod.controller
    spec = {key: value for key, value in pod.spec.items() if usual.get(key) != value}
    admit(store, spec, pod.name if owner is None or owner.kind == "StatefulSet" else f"{owner.name}-")
    return replace(pod, spec=shared(spec))


def _meaning(store: Store, name: str, pod: str) -> tuple[int, str]:
    """The number and the preemptionPolicy of a class; "" is none."""
    found = store.get(KIND, "", name) if name else None
    if found is not None:
        return int(found.rest.get("value", 0)), str(found.rest.get("preemptionPolicy") or PREEMPTS)
    if name and name not in PRIORITIES:
        raise forbidden("pods", pod, f"no PriorityClass with name {name} was found")
    return PRIORITIES.get(name, 0), PREEMPTS


def _default(store: Store) -> str:
    """Of the classes that are meant for all Pods, the one of the lowest number."""
    classes = [each for each in store.list(KIND) if each.rest.get("globalDefault")] if store.count(KIND) else []
    return str(min(classes, key=lambda each: (int(each.rest.get("value", 0)), each.name)).name) if classes else ""
