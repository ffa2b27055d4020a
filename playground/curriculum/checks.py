"""What can a lesson ask of a cluster?  A closed list of checks, each one question about behaviour; `checking` answers them.

In YAML a check is a mapping that names exactly one of the questions, with an `id` for its words, and `after` for what is to be
done to a copy of the cluster first (it then settles), so that what holds only by luck fails. A sender (`from`) is a name, or of Pods a selector such
as `app=shop`: each ready Pod of it. In `to`, and in the name to resolve, `$NAME` is that variable of the sender's running container.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.curriculum.bands import Band


class Apply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the lesson's folder, applied as the page's YAML form applies it."""

    apply: str


Do = str | Apply
"""A line as it is typed on the workstation (`kubectl ...`, `switchyard ...`), or a file to apply."""


class _Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    pass


class Endpoints(_Question, frozen=True):
    """What a Service leads to. `service` is its name or `namespace/name`; `ready`: so many endpoints are ready; `pods`: exactly these Pods
    are (names, or selectors such as `app=web`, of whose Pods those that are ready); `port`: every one is reached on it; `fresh`: at least
    so many have an address that no endpoint had when the lesson opened."""

    service: str
    ready: int | None = None
    pods: tuple[str, ...] | None = None
    port: int | None = None
    fresh: int | None = None


class Resolves(_Question, frozen=True):
    """What a sender's lookup of a name comes to. `to`: an address, `NXDOMAIN`, or a Service whose ClusterIP it is (`Service/my-ns/db`);
    `addresses`: so many; `queries`: so many names are asked."""

    source: str = msgspec.field(name="from")
    name: str
    to: str = ""
    addresses: int | None = None
    queries: int | None = None


class Env(_Question, frozen=True):
    """A variable of a running container. `pod` is a name or a selector (then of each of its Pods); `value` is the text it must have,
    `cluster_ip_of` the Service whose address it must hold, `absent` that it must not be there."""

    pod: str
    name: str
    value: str | None = None
    cluster_ip_of: str = ""
    absent: bool = False


class Traffic(_Question, frozen=True):
    """How `n` requests (in YAML: requests) fare that are sent from each of `source` (in YAML: from) at one moment. With `stream` they go where
    the streams of that sender go now, and over one connection if these do, else to `to`. `ok` and `outcomes`: their shares. Of those that were
    answered: `pods` no others, `never` none of these, `at_least_pods` and `at_most_pods` so many different ones, `each_pod` the share of each
    Pod that the Service has ready, `nodes` no others, `own_node` the share that stayed on the sender's Node, `crossing` the share that left the
    Node whose rules decided, `client_ip` the address that the Pod saw."""

    source: str | tuple[str, ...] = msgspec.field(name="from")
    n: int = msgspec.field(default=100, name="requests")
    to: str = ""
    stream: bool = False
    keep_alive: bool = False
    ok: Band | None = None
    outcomes: dict[str, Band] = {}
    pods: tuple[str, ...] | None = None
    never: tuple[str, ...] = ()
    at_least_pods: int | None = None
    at_most_pods: int | None = None
    each_pod: Band | None = None
    nodes: tuple[str, ...] | None = None
    own_node: Band | None = None
    crossing: Band | None = None
    client_ip: str = ""


class Incident(_Question, frozen=True):
    """What becomes of a steady stream (`rate` a second for `seconds`) while something is done to a copy. `lost`: at most so many requests
    are not answered; `lost_at_least`: so many are; `ready`: never fewer ready endpoints than that, of the Service asked."""

    do: tuple[Do, ...]
    source: str = msgspec.field(name="from")
    to: str
    rate: float = 10.0
    seconds: int = 60
    lost: int | None = None
    lost_at_least: int | None = None
    ready: int | None = None


class Unchanged(_Question, frozen=True):
    """Objects that must be as they were when the lesson opened: their labels and spec, or only `fields` (`spec.selector`)."""

    objects: tuple[str, ...]
    fields: tuple[str, ...] = ()


class Field(_Question, frozen=True):
    """A field of an object (`Service/default/web`, `spec.internalTrafficPolicy`), or with a selector in place of the name (`Pod/default/app=web`)
    of each: it has this value, or is `absent`. With `missing` there must be no such object."""

    object: str
    path: str = ""
    value: Any = None
    absent: bool = False
    missing: bool = False


class Sent(_Question, frozen=True):
    """Since the step began such a request was really made, by a program in the terminal or by a stream, and ended so."""

    source: str = msgspec.field(name="from")
    to: str
    outcome: str = "ok"


class Streams(_Question, frozen=True):
    """There is a stream from this sender to this target."""

    source: str = msgspec.field(name="from")
    to: str


class Budget(_Question, frozen=True):
    """At most so many changes of the cluster since the step began."""

    changes: int


class Predicted(_Question, frozen=True):
    """Of these steps' predictions, so many were right."""

    steps: tuple[str, ...]
    right: int


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """Exactly one question. `id` names its words in the prose."""

    id: str = ""
    after: tuple[Do, ...] = ()
    endpoints: Endpoints | None = None
    resolves: Resolves | None = None
    env: Env | None = None
    traffic: Traffic | None = None
    incident: Incident | None = None
    unchanged: Unchanged | None = None
    field: Field | None = None
    sent: Sent | None = None
    streams: Streams | None = None
    budget: Budget | None = None
    predicted: Predicted | None = None

    def __post_init__(self) -> None:
        if len(self._asked()) != 1:
            raise ValueError(f"a check asks exactly one of {', '.join(QUESTIONS)}, not {len(self._asked())}")

    @property
    def question(self) -> Any:
        return getattr(self, self._asked()[0])

    def _asked(self) -> list[str]:
        return [name for name in QUESTIONS if getattr(self, name) is not None]


QUESTIONS = ("endpoints", "resolves", "env", "traffic", "incident", "unchanged", "field", "sent", "streams", "budget", "predicted")
