"""What is an object in the store?  An immutable value: it is replaced, never changed in place, and what is equal is shared.

`labels`, `annotations`, `meta`, `spec`, `status` and `rest` are JSON values that nobody changes after they are stored.
Pods and EndpointSlices are many, so what differs from one to the next stands in small typed fields beside the shared
spec; `codec.encode` gives the API's JSON of any object, `codec.decode` reads it.
"""

from __future__ import annotations

from typing import Any

import msgspec

JSON = dict[str, Any]
EMPTY: JSON = {}


def _empty() -> JSON:
    """msgspec would make a new dict for each object of a default `{}`."""
    return EMPTY


class Owner(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An entry of metadata.ownerReferences."""

    api_version: str
    kind: str
    name: str
    uid: str
    controller: bool = False
    block: bool = False


class Object(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=True):
    """Any API object. Times are virtual microseconds; `deleting` is metadata.deletionTimestamp; `meta` the rest of the
    metadata (generation, finalizers, generateName, deletionGracePeriodSeconds, ...); `rest` the other top-level fields."""

    kind: str
    namespace: str
    name: str
    uid: str
    version: int
    created: int
    labels: dict[str, str] = msgspec.field(default_factory=_empty)
    annotations: dict[str, str] = msgspec.field(default_factory=_empty)
    owners: tuple[Owner, ...] = ()
    meta: JSON = msgspec.field(default_factory=_empty)
    deleting: int | None = None
    spec: JSON = msgspec.field(default_factory=_empty)
    status: JSON = msgspec.field(default_factory=_empty)
    rest: JSON = msgspec.field(default_factory=_empty)

    @property
    def key(self) -> tuple[str, str]:
        return self.namespace, self.name

    @property
    def ref(self) -> str:
        """How frames, links and sentences name it: `Pod/default/client`, `Node/-/node-a`."""
        return f"{self.kind}/{self.namespace or '-'}/{self.name}"

    @property
    def controller(self) -> Owner | None:
        """The owner that manages this object, if one does."""
        for owner in self.owners:
            if owner.controller:
                return owner
        return None


def next_generation(meta: JSON, old: Object) -> JSON:
    """Metadata that is to replace an object's, with the generation after its own, if its kind counts them."""
    return {**meta, "generation": old.meta["generation"] + 1} if "generation" in old.meta else meta


class Ended(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """How a container's process ended: times in microseconds, `reason` Completed, Error or StartError (it never began), `message` more of that."""

    exit_code: int
    reason: str
    started: int
    finished: int
    message: str = ""


class ContainerState(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One entry of status.containerStatuses, in the order of the spec. `state` is waiting, running or terminated;
    `since` is when that began; `reason` says why it waits (ContainerCreating, CrashLoopBackOff), and `message` more of that.
    `shown` is what the API still says of it while its postStart hook runs: what it was before it was started."""

    state: str = "waiting"
    since: int = 0
    reason: str = "ContainerCreating"
    started: bool = False
    ready: bool = False
    restarts: int = 0
    ended: Ended | None = None
    last: Ended | None = None
    message: str = ""
    shown: ContainerState | None = None


class PodState(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A Pod's status but for its addresses: phase, the times of its conditions, its containers.
    `ready_since` is the last transition of condition Ready, `containers_ready_since` that of ContainersReady, and `sandbox_since` that of
    PodReadyToStartContainers (0: none since its kubelet has it); `restarting` is whether AllContainersRestarting is so, and since when;
    `conditions` are those that others than its kubelet have set, as the API shows them."""

    phase: str = "Pending"
    reason: str = ""
    message: str = ""
    scheduled: int | None = None
    unschedulable: str = ""
    started: int | None = None
    initialized: int | None = None
    ready: bool = False
    ready_since: int = 0
    containers: tuple[ContainerState, ...] = ()
    init: tuple[ContainerState, ...] = ()
    conditions: tuple[JSON, ...] = ()
    containers_ready_since: int = 0
    sandbox_since: int = 0
    restarting: tuple[bool, int] | None = None


PENDING = PodState()


class Pod(Object, frozen=True, gc=False, array_like=True, tag=True):
    """A Pod: `spec` is the template's, shared, without nodeName; `node` is spec.nodeName, `ip` status.podIP, `host_ip`
    status.hostIP, `other_ip` the address of the other family in status.podIPs, "" if it has one address only."""

    node: str = ""
    ip: str = ""
    host_ip: str = ""
    state: PodState = PENDING
    other_ip: str = ""


class Endpoint(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One entry of an EndpointSlice; `pod` and `uid` are targetRef's; a condition that is None counts as Kubernetes says."""

    ip: str
    node: str = ""
    zone: str = ""
    pod: str = ""
    uid: str = ""
    hostname: str = ""
    ready: bool | None = None
    serving: bool | None = None
    terminating: bool | None = None
    for_zones: tuple[str, ...] = ()
    for_nodes: tuple[str, ...] = ()


class EndpointPort(msgspec.Struct, frozen=True, gc=False, array_like=True):
    name: str = ""
    port: int | None = None
    protocol: str = "TCP"
    app_protocol: str = ""


class EndpointSlice(Object, frozen=True, gc=False, array_like=True, tag=True):
    address_type: str = "IPv4"
    endpoints: tuple[Endpoint, ...] = ()
    ports: tuple[EndpointPort, ...] = ()


def slice_meta(old: EndpointSlice, new: EndpointSlice | None = None) -> JSON:
    """The metadata of a slice that takes the place of `old`: a generation later, but not if it says the same under the same labels
    (pkg/registry/discovery/endpointslice/strategy.go). Without `new` it is known to say something else."""
    same = new is not None and all(getattr(new, name) == getattr(old, name) for name in ("endpoints", "ports", "address_type", "labels"))
    meta = old.meta if new is None else new.meta
    return meta if same else next_generation(meta, old)


class Endpoints(Object, frozen=True, gc=False, array_like=True, tag=True):
    """The older list of a Service's addresses. Where the controller writes it, `slices` names the EndpointSlices it is
    rendered from, and `moved` says when these last changed; one that a learner wrote has its `subsets` in `rest`."""

    slices: tuple[str, ...] | None = None
    moved: int = 0


class Lease(Object, frozen=True, gc=False, array_like=True, tag=True):
    """A Lease. Of one that a kubelet renews, `since` says since when it does, and `until` when it fell silent; spec.renewTime is
    reckoned from these when it is read."""

    since: int | None = None
    until: int | None = None


Stored = Object | Pod | EndpointSlice | Endpoints | Lease
