"""What can be asked of a cluster?  Each action is a value, said in the imperative, that the log can hold as JSON."""

from __future__ import annotations

from typing import Any

import msgspec

Document = dict[str, Any]


class _Action(msgspec.Struct, frozen=True, tag_field="do", omit_defaults=True, forbid_unknown_fields=True):
    pass


class Apply(_Action, frozen=True, tag="apply"):
    """Create or three-way merge each document, as `kubectl apply` does; all of them or none."""

    documents: list[Document]


class Create(_Action, frozen=True, tag="create"):
    """Create each document; all of them or none."""

    documents: list[Document]


class Replace(_Action, frozen=True, tag="replace"):
    """Put a whole object in place of the one of the same kind, namespace and name (its resourceVersion, if given, must match)."""

    document: Document


class Patch(_Action, frozen=True, tag="patch"):
    """Change parts of one object. `style` is `merge` (RFC 7386) or `strategic` (lists by their merge keys)."""

    kind: str
    name: str
    patch: Document
    namespace: str = ""
    style: str = "merge"
    subresource: str = ""


class Scale(_Action, frozen=True, tag="scale"):
    """Set `spec.replicas` of a Deployment, ReplicaSet or StatefulSet."""

    kind: str
    name: str
    replicas: int
    namespace: str = ""


class Undo(_Action, frozen=True, tag="rollout-undo"):
    """Bring a Deployment, StatefulSet or DaemonSet back to an earlier revision of its template; 0 is the one before the latest."""

    name: str
    namespace: str = ""
    to_revision: int = 0
    kind: str = "Deployment"


class Delete(_Action, frozen=True, tag="delete"):
    """Delete one object. `grace` is in seconds, None for the object's own; 0 removes it at once. `propagation` as in Kubernetes."""

    kind: str
    name: str
    namespace: str = ""
    grace: int | None = None
    propagation: str = "Background"


class Evict(_Action, frozen=True, tag="evict"):
    """Delete a Pod unless a PodDisruptionBudget forbids it, as the API's subresource `eviction` does. `grace` as for Delete."""

    pod: str
    namespace: str = ""
    grace: int | None = None


class AddNode(_Action, frozen=True, tag="add-node"):
    """Add a Node; without a name, the next free one of node-a, node-b, ..."""

    name: str = ""
    labels: dict[str, str] = {}


class Drain(_Action, frozen=True, tag="drain"):
    """Cordon a Node and evict its Pods, but not those of DaemonSets, and not those that a PodDisruptionBudget keeps."""

    node: str


class PowerOff(_Action, frozen=True, tag="power-off"):
    """Cut a Node's power: its kubelet, kube-proxy and containers stop without a word."""

    node: str


class PowerOn(_Action, frozen=True, tag="power-on"):
    node: str


class StopProxy(_Action, frozen=True, tag="stop-proxy"):
    """End the kube-proxy of a Node: the rules that it wrote stay, and follow no change any more."""

    node: str


class StartProxy(_Action, frozen=True, tag="start-proxy"):
    node: str


class Crash(_Action, frozen=True, tag="crash"):
    """Make a container's process end with an exit code; without a container, the Pod's first."""

    pod: str
    namespace: str = ""
    container: str = ""
    exit_code: int = 1


class SetProbe(_Action, frozen=True, tag="probe"):
    """Make a Pod's containers answer their `readiness` or `liveness` probe well (True), badly (False) or by themselves (None)."""

    pod: str
    probe: str
    passes: bool | None
    namespace: str = ""


class StartTraffic(_Action, frozen=True, tag="start-traffic"):
    """Send requests from a Pod (`namespace/name`, or a name in default), a Node (`node:NAME`) or a client outside of the
    cluster (`outside:ADDRESS`) to `name:port` or `address:port`, `rate` a second."""

    source: str
    to: str
    rate: float = 1.0
    keep_alive: bool = False


class StopTraffic(_Action, frozen=True, tag="stop-traffic"):
    stream: str


class Send(_Action, frozen=True, tag="send"):
    """Send `count` requests at once, from and to whom StartTraffic says."""

    source: str
    to: str
    count: int = 1


class Batch(_Action, frozen=True, tag="batch"):
    """Several actions as one, all or none; `title` says what they are together."""

    title: str
    actions: list[Action]


Action = (
    Apply
    | Create
    | Replace
    | Patch
    | Scale
    | Undo
    | Delete
    | Evict
    | AddNode
    | Drain
    | PowerOff
    | PowerOn
    | StopProxy
    | StartProxy
    | Crash
    | SetProbe
    | StartTraffic
    | StopTraffic
    | Send
    | Batch
)


class Receipt(msgspec.Struct, frozen=True):
    """What came of an action: one line for each thing done, as kubectl prints it, and the warnings."""

    lines: tuple[str, ...]
    warnings: tuple[str, ...] = ()
