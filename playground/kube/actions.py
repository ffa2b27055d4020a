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
    """Create each document; all of them or none. Unknown fields are refused (`validation` Strict), or dropped with a warning (Warn) or without (Ignore)."""

    documents: list[Document]
    validation: str = "Strict"


class Replace(_Action, frozen=True, tag="replace"):
    """Put a whole object in place of the one of the same kind, namespace and name (its resourceVersion, if given, must match);
    with `subresource` status, its status only. `manager` is who does it, for metadata.managedFields."""

    document: Document
    subresource: str = ""
    manager: str = ""
    validation: str = "Strict"


class Patch(_Action, frozen=True, tag="patch"):
    """Change parts of one object. `style` is `merge` (RFC 7386), `strategic` (lists by their merge keys), `json` (RFC 6902: a list of
    operations) or `apply` (server-side apply by `manager`, who takes what others own if `force`; the object may be new)."""

    kind: str
    name: str
    patch: Any
    namespace: str = ""
    style: str = "merge"
    subresource: str = ""
    manager: str = ""
    force: bool = False
    validation: str = "Strict"


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
    """Delete one object. `grace` is in seconds, None for the object's own; 0 removes it at once. `propagation` as in Kubernetes.
    Only the object of this `uid` and `version` (resourceVersion), where they are given."""

    kind: str
    name: str
    namespace: str = ""
    grace: int | None = None
    propagation: str = "Background"
    uid: str = ""
    version: str = ""


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


class Hang(_Action, frozen=True, tag="hang"):
    """Make the processes of a Pod's running containers stand still, as `kill -STOP` does: their ports stay open, and nobody answers."""

    pod: str
    namespace: str = ""


class Wake(_Action, frozen=True, tag="wake"):
    """Let processes that hang go on, as `kill -CONT` does."""

    pod: str
    namespace: str = ""


class SetProbe(_Action, frozen=True, tag="probe"):
    """Make a Pod's containers answer their `readiness` or `liveness` probe well (True), badly (False) or by themselves (None)."""

    pod: str
    probe: str
    passes: bool | None
    namespace: str = ""


class WriteFiles(_Action, frozen=True, tag="write-files"):
    """Take files away from a container (without a name, the Pod's first), and then put texts in by their paths; None makes a directory."""

    pod: str
    namespace: str = ""
    container: str = ""
    removed: tuple[str, ...] = ()
    written: dict[str, str | None] = {}


class StartTraffic(_Action, frozen=True, tag="start-traffic"):
    """Send requests from a Pod (`namespace/name`, or a name in default), a Node (`node:NAME`) or a client outside of the
    cluster (`outside:ADDRESS`) to `name:port` or `address:port`, `rate` a second; `/UDP` or `/SCTP` after the port is another protocol than TCP.
    `keep_alive`: over one connection, over UDP from one socket."""

    source: str
    to: str
    rate: float = 1.0
    keep_alive: bool = False


class StopTraffic(_Action, frozen=True, tag="stop-traffic"):
    stream: str


class Send(_Action, frozen=True, tag="send"):
    """Send `count` requests at once, from and to whom StartTraffic says. `header` is the header Host of an HTTP request, "" for the host in `to`;
    `asked` is what is said first over TCP, "" for nothing."""

    source: str
    to: str
    count: int = 1
    header: str = ""
    asked: str = "GET / HTTP/1.1"


class Say(_Action, frozen=True, tag="say"):
    """Say something over the connection that a request has opened, and over which nothing was said yet."""

    number: int
    asked: str


class Forward(_Action, frozen=True, tag="forward"):
    """Connect to a TCP port of one Pod from inside of it, as its Node's container runtime does for `kubectl port-forward`."""

    pod: str
    port: int
    namespace: str = ""
    asked: str = "GET / HTTP/1.1"


class Lookup(_Action, frozen=True, tag="lookup"):
    """Ask DNS, from a Pod or a machine. With a `type` (A, SRV, PTR, ...) one query for exactly this name; without one, for
    the name's addresses as a program looks them up, with the search list. `server` is an address to ask in place of those
    that /etc/resolv.conf names."""

    source: str
    name: str
    type: str = ""
    server: str = ""


class Ping(_Action, frozen=True, tag="ping"):
    """Send one ICMP echo request from a Pod or a machine to an address."""

    source: str
    address: str


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
    | Hang
    | Wake
    | SetProbe
    | WriteFiles
    | StartTraffic
    | StopTraffic
    | Send
    | Say
    | Forward
    | Lookup
    | Ping
    | Batch
)


class Record(msgspec.Struct, frozen=True, array_like=True):
    """One record of a DNS message, as a zone file writes it."""

    name: str
    type: str
    value: str
    ttl: int


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was heard of a Lookup. `outcome` is ok, or how the last server could not be asked: refused, timeout, unreachable,
    and "" where no server is named; `server` is that server's address; the rest is its message. Without a type the records
    are those of the name that was found, for both families, and `waited` is how many microseconds the program waited for
    silent servers."""

    outcome: str
    server: str = ""
    rcode: str = ""
    authoritative: bool = False
    truncated: bool = False
    records: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()
    additional: tuple[Record, ...] = ()
    waited: int = 0


class Receipt(msgspec.Struct, frozen=True):
    """What came of an action: one line for each thing done, as kubectl prints it, the warnings, and the objects written (`Pod/default/client`).
    Of a Send or a Forward, the number of the first request made (the others follow it); of a Lookup, the reply; of a Ping,
    how it ended, as the outcome of a reply."""

    lines: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    first_request: int | None = None
    reply: Reply | None = None
