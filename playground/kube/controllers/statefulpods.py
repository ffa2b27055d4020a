"""What is a StatefulSet's Pod of a number?  Its name, labels and host name, the volume claims that are its own, and how many may be away at once.

Source: pkg/controller/statefulset/stateful_set_utils.go (newVersionedStatefulSetPod, updateIdentity, updateStorage, getPersistentVolumeClaims,
updateClaimOwnerRefForSetAndPod, getStatefulSetMaxUnavailable).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import EMPTY, JSON, Object, Owner, Pod
from playground.kube.apiserver.podtemplate import owned_by, pod_of
from playground.kube.controllers.history import POD_LABEL, template_at
from playground.kube.controllers.rolling import resolve

POD_NAME = "statefulset.kubernetes.io/pod-name"
POD_INDEX = "apps.kubernetes.io/pod-index"


def numbered(owner: Any, owned: list[Any]) -> dict[int, Pod]:
    """The set's Pods by their numbers."""
    found = {}
    for each in owned:
        number = each.name.removeprefix(f"{owner.name}-")
        if each.kind == "Pod" and number.isascii() and number.isdecimal():
            found[int(number)] = each
    return found


def ordinals(owner: Any) -> range:
    first = int(owner.spec.get("ordinals", {}).get("start", 0))
    return range(first, first + int(owner.spec.get("replicas", 1)))


def rolling_update(owner: Any) -> JSON:
    found: JSON = owner.spec.get("updateStrategy", EMPTY).get("rollingUpdate") or EMPTY
    return found


def most_unavailable(owner: Any) -> int:
    """How many Pods a rolling update may leave without: per cent round down, and one may always be away."""
    return max(resolve(rolling_update(owner).get("maxUnavailable", 1), len(ordinals(owner)), round_up=False), 1)


def revision_for(owner: Any, number: int, current: Any, update: Any) -> Any:
    """The revision that a Pod of this number is made of: a rolling update leaves those before the partition at the current one."""
    strategy = owner.spec.get("updateStrategy", {})
    if strategy.get("type", "RollingUpdate") != "RollingUpdate":
        return update
    rolling, first = strategy.get("rollingUpdate"), ordinals(owner).start
    held = int(owner.status.get("currentReplicas", 0)) if rolling is None else int(rolling.get("partition", 0))
    return current if number < first + held else update


def pod_at(machinery: Machinery, owner: Any, number: int, revision: Any) -> Pod:
    """The new Pod of a number, of the template that a revision holds; not stored yet."""
    name = f"{owner.name}-{number}"
    pod = pod_of(machinery, owner, template_at(revision), name)
    identity = {POD_LABEL: revision.name, POD_NAME: name, POD_INDEX: str(number)}
    spec = {**pod.spec, "hostname": name}
    if owner.spec.get("serviceName"):
        spec["subdomain"] = owner.spec["serviceName"]
    spec |= _volumes(owner, name, spec.get("volumes", []))
    return replace(pod, labels={**pod.labels, **identity}, spec=spec)


def claims_of(machinery: Machinery, owner: Any, number: int) -> Iterator[Object]:
    """The volume claims of a Pod, one for each template of the set; not stored yet."""
    for template in owner.spec.get("volumeClaimTemplates", ()):
        metadata = template.get("metadata", EMPTY)
        yield Object(
            kind="PersistentVolumeClaim",
            namespace=owner.namespace,
            name=f"{metadata.get('name', '')}-{owner.name}-{number}",
            uid=machinery.store.new_uid(),
            version=0,
            created=machinery.now,
            labels={**metadata.get("labels", {}), **owner.spec.get("selector", {}).get("matchLabels", {})},
            annotations=metadata.get("annotations", EMPTY),
            spec={"volumeMode": "Filesystem", **template.get("spec", EMPTY)},
            status={"phase": "Pending"},
        )


def claim_names(owner: Any, pod: str) -> list[str]:
    """What the claims of a Pod of this name are called."""
    return [f"{each.get('metadata', EMPTY).get('name', '')}-{pod}" for each in owner.spec.get("volumeClaimTemplates", ())]


def claim_owners(owner: Any, pod: Pod, leaves: bool, claim: Any) -> tuple[Owner, ...]:
    """With whom a Pod's claim goes: with the set, with the Pod if that `leaves` the set as it is scaled down, or, as by default, with nobody."""
    policy: JSON = owner.spec.get("persistentVolumeClaimRetentionPolicy") or EMPTY
    others = tuple(each for each in claim.owners if each.uid not in (owner.uid, pod.uid))
    if any(each.controller for each in others):
        found: tuple[Owner, ...] = claim.owners
        return found
    if leaves and policy.get("whenScaled") == "Delete":
        return (*others, *owned_by(pod))
    return (*others, *owned_by(owner)) if policy.get("whenDeleted") == "Delete" else others


def _volumes(owner: Any, pod: str, volumes: list[JSON]) -> JSON:
    """The Pod's volumes, with one for each of the set's claims, which takes the place of another of its name."""
    names = [each.get("metadata", {}).get("name", "") for each in owner.spec.get("volumeClaimTemplates", ())]
    claimed = [{"name": name, "persistentVolumeClaim": {"claimName": f"{name}-{pod}"}} for name in names]
    return {"volumes": claimed + [each for each in volumes if each["name"] not in names]} if names else {}
