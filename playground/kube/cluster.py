"""The façade of the simulated cluster: submit an action, advance to a time, take what happened, save and restore.

Three rules. The same seed and the same actions at the same times give the same bytes. Before an action is taken, all
that is due by now is done, so that it does not matter how the time before was sliced. A refused action leaves no trace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from playground.kube import bootstrap
from playground.kube.actions import Action, Batch, Receipt
from playground.kube.apiserver.allocators import Allocators
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.saving import Objects, load, save
from playground.kube.apiserver.schema import Schema
from playground.kube.apiserver.server import APIServer
from playground.kube.clock import SECOND
from playground.kube.controllers import CONTROLLERS
from playground.kube.errors import Refusal
from playground.kube.events import Event
from playground.kube.explain.whatif import Share, share_out
from playground.kube.kubelet import Kubelet
from playground.kube.kubelet.commands import Software
from playground.kube.kubeproxy import Proxies
from playground.kube.network.network import Network
from playground.kube.network.resolver import Resolver
from playground.kube.network.traffic import Traffic
from playground.kube.performer import API_WRITES, Performer
from playground.kube.scheduler import Scheduler
from playground.kube.settings import ClusterSettings

JSON = dict[str, Any]
HEARD_AFTER = 5 * SECOND


class Saved(msgspec.Struct):
    """A snapshot: everything that the future depends on and that cannot be derived."""

    settings: ClusterSettings
    clock: list[Any]
    chance: int
    revision: int
    serial: int
    objects: Objects
    parts: dict[str, Any]


class _Rehearsed(Exception):
    """Ends the transaction of a rehearsal."""

    receipt: Receipt
    objects: list[JSON]


class Cluster:
    """One simulated cluster. Times are virtual microseconds since it was made."""

    def __init__(self, settings: ClusterSettings, schema: Schema, software: Software | None = None):
        """An empty shell; use `create` or `restore`."""
        machinery = self.machinery = Machinery(settings)
        self.settings = settings
        self.schema = schema
        self._software = software
        self.store = machinery.store
        self.allocators = Allocators(machinery)
        self.server = APIServer(machinery, schema, self.allocators)
        self.scheduler = Scheduler(machinery)
        self.controllers = {controller.name: controller(machinery) for controller in CONTROLLERS}
        self.kubelet = Kubelet(machinery, self.allocators)
        self.proxies = Proxies(machinery)
        self.resolver = Resolver(machinery, self.proxies, self.kubelet)
        self.network = Network(machinery, self.kubelet, self.resolver)
        self.traffic = Traffic(machinery, self.network)
        self.kubelet.install(software, self)
        self._performer = Performer(machinery, self.server, self.kubelet, self.proxies, self.network, self.traffic)

    @classmethod
    def create(cls, settings: ClusterSettings, schema: Schema, software: Software | None = None) -> Cluster:
        """A new cluster with the first objects and no Nodes, whose containers run this software."""
        cluster = cls(settings, schema, software)
        with cluster.store.transaction():
            for document in bootstrap.documents(settings):
                cluster.server.create(document)
        return cluster

    @classmethod
    def restore(cls, snapshot: bytes, schema: Schema, software: Software | None = None) -> Cluster:
        """The cluster as it was when `snapshot` was taken: its future is the same, byte for byte."""
        saved = msgspec.json.decode(snapshot, type=Saved)
        cluster = cls(saved.settings, schema, software)
        cluster.store.restore(saved.revision, saved.serial, load(saved.objects))
        for name, part in cluster._parts().items():
            part.restore(saved.parts[name])
        cluster.machinery.clock.restore(saved.clock)
        cluster.machinery.chance.state = saved.chance
        cluster.events()
        return cluster

    @property
    def now(self) -> int:
        return self.machinery.clock.now

    def submit(self, action: Action) -> Receipt:
        """Carry out an action now. Raises Refusal, and then nothing has changed."""
        self.advance(self.now)
        before = self._fragile()
        try:
            with self.store.transaction():
                return self._performer.perform(action)
        except Refusal:
            self._mend(before)
            raise

    def rehearse(self, action: Action) -> tuple[Receipt, list[JSON]]:
        """What an action would come to: its receipt, and the objects as it would leave them ({} for one that is gone). Nothing changes;
        only for writes to the API server. Raises Refusal."""
        if not isinstance(action, (*API_WRITES, Batch)):
            raise TypeError(f"{type(action).__name__} cannot be rehearsed")
        self.advance(self.now)
        before, rehearsed = self._fragile(), _Rehearsed()
        try:
            with self.store.transaction():
                rehearsed.receipt = self._performer.perform(action)
                rehearsed.objects = [self.shown(ref) for ref in rehearsed.receipt.refs]
                raise rehearsed
        except (_Rehearsed, Refusal) as ended:
            self._mend(before)
            if ended is not rehearsed:
                raise
        return rehearsed.receipt, rehearsed.objects

    def shown(self, ref: str) -> JSON:
        """The API's JSON of the object that a ref names (`Pod/default/client`); {} if there is none."""
        kind, namespace, name = ref.split("/")
        found = self.store.get(kind, "" if namespace == "-" else namespace, name)
        return {} if found is None else self.server.encode(found)

    def written(self, ref: str) -> JSON:
        """The same; of an object that went with its last write, as its last finalizer was taken off, how it was then; {} if that is not remembered."""
        found = self.shown(ref)
        gone = None if found else self.store.gone(ref)
        return found if gone is None else self.server.encode(gone)

    def fork(self) -> Cluster:
        """A copy that goes its own way from this moment on."""
        return Cluster.restore(self.snapshot(), self.schema, self._software)

    def what_if(self, source: str, to: str, count: int, changes: Sequence[Action] = (), after: int = HEARD_AFTER) -> list[Share]:
        """How `count` new connections would fare now or, with changes, `after` so many microseconds. Nothing is sent or changed here.
        Raises Refusal."""
        fork = self.fork()
        for change in changes:
            fork.submit(change)
        if changes:
            fork.advance(fork.now + after)
        return share_out(fork.machinery, fork.network, source, to, count)

    def advance(self, until: int, at_most: int | None = None) -> bool:
        """Let time pass up to `until`, doing at most `at_most` due things; True when all of them are done."""
        return self.machinery.clock.run_until(until, at_most)

    def step(self) -> int:
        """Let time pass to the next thing that is due, do what is due then, and say what time it is."""
        due = self.machinery.clock.next_time()
        if due is not None:
            self.advance(due)
        return self.now

    def events(self) -> list[Event]:
        """What has happened since the last call, oldest first."""
        happened, self.machinery.events = self.machinery.events, []
        return happened

    def snapshot(self) -> bytes:
        revision, serial, objects = self.store.state()
        parts = {name: part.state() for name, part in self._parts().items()}
        clock, chance = self.machinery.clock.state(), self.machinery.chance.state
        return msgspec.json.encode(Saved(self.settings, clock, chance, revision, serial, save(objects), parts))

    def hash(self) -> str:
        """A name for the exact state: equal for equal states, on any machine."""
        return hashlib.sha256(self.snapshot()).hexdigest()

    def _parts(self) -> dict[str, Any]:
        """What holds state that the store does not, by the name it is saved under."""
        parts: dict[str, Any] = {
            "events": self.machinery.recorder,
            "allocators": self.allocators,
            "scheduler": self.scheduler,
            **self.controllers,
        }
        parts |= {"kubelet": self.kubelet, "proxies": self.proxies, "dns": self.resolver.servers}
        return parts | {"network": self.network, "traffic": self.traffic}

    def _fragile(self) -> tuple[int, int, int]:
        return self.machinery.chance.state, len(self.machinery.events), self.machinery.recorder.mark()

    def _mend(self, before: tuple[int, int, int]) -> None:
        """Put back what a transaction of the store does not cover: what was drawn, and what was told."""
        self.machinery.chance.state, events, recorded = before
        del self.machinery.events[events:]
        self.machinery.recorder.back_to(recorded)
