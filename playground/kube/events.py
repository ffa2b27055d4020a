"""What has happened?  Each event is a fact in the past tense, with its virtual time in microseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from playground.kube.apiserver.objects import Object


class Changed(msgspec.Struct, frozen=True, gc=False):
    """An object was created (`old` is None), replaced, or removed (`new` is None)."""

    time: int
    old: Object | None
    new: Object | None


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """A component says why it did something to an object. `type` is Normal or Warning; `version` the resourceVersion of saying it;
    `host` the Node of the component, if it is on one; `field` the part of the object, such as `spec.containers{web}`."""

    time: int
    version: int
    kind: str
    namespace: str
    name: str
    uid: str
    type: str
    reason: str
    message: str
    component: str
    host: str = ""
    field: str = ""


class RulesSynced(msgspec.Struct, frozen=True, gc=False):
    """The kube-proxies of these Nodes now hold new rules for these service ports (`namespace/name:port`)."""

    time: int
    nodes: tuple[str, ...]
    ports: tuple[str, ...]


class RequestEnded(msgspec.Struct, frozen=True, gc=False):
    """A request was decided; `number` finds it in the network's record of requests."""

    time: int
    number: int


class TrafficChanged(msgspec.Struct, frozen=True, gc=False):
    """A stream of requests was started, changed or stopped."""

    time: int
    stream: str


class PowerChanged(msgspec.Struct, frozen=True, gc=False):
    time: int
    node: str
    on: bool


class ProxyChanged(msgspec.Struct, frozen=True, gc=False):
    """The kube-proxy of a Node was stopped, or started."""

    time: int
    node: str
    runs: bool


Event = Changed | Recorded | RulesSynced | RequestEnded | TrafficChanged | PowerChanged | ProxyChanged
