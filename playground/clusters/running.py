"""What is one cluster in memory?  The kube cluster where its log has brought it, its watchers, and the lock that guards both."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from django.db import transaction

from playground.clusters import engine, replay, statements
from playground.clusters.frames import Reporter, is_change, is_drawn
from playground.clusters.hub import Hub
from playground.clusters.listening import Listeners
from playground.clusters.log import ClockSetting, Log, Row
from playground.clusters.models import Cluster
from playground.clusters.narration import Say
from playground.clusters.pace import Pace
from playground.clusters.resting import Resting
from playground.clusters.snapshots import Frozen, resting_place
from playground.kube.actions import Receipt
from playground.kube.cluster import Cluster as Kube

HEARTBEAT = 0.5
MOST_STEPS = 500
MOST_SKIPPED = 50_000
FURTHEST = 3_600_000_000
ACTIONS_APART = 50
MICROSECONDS_APART = 60_000_000
SECONDS_APART = 10.0
RECENT_SAYS = 100
SHELVED = 20
# Seconds after which it is noted again that a cluster is in use.
NOTED_AGAIN = 10.0


class Running:
    """One cluster in memory. Whoever reads or changes it holds `lock`, `held` times; `kube` is None where it has to be brought back
    first, from what rests here or from the log."""

    def __init__(self, cluster: str):
        self.id = cluster
        self.lock = threading.RLock()
        self.hub = Hub()
        self.listeners = Listeners()
        self.attended_until = 0.0
        self.held = 0
        self.log = Log()
        self.kube: Kube | None = None
        self.awake = False
        self.failed = False
        self.used = 0.0
        self._noted = float("-inf")
        self._title = ""
        self._pace = Pace()
        self._reporter: Reporter | None = None
        self._says: deque[Say] = deque(maxlen=RECENT_SAYS)
        self._shelf: OrderedDict[int, list[Say]] = OrderedDict()
        self._told = 0.0
        self._frozen = (0, 0, 0.0)
        self._reached = (0, 0)
        self._resting: Resting | None = None

    @property
    def watched(self) -> bool:
        """Whether somebody looks at it: a page, a listener, or a client of the API a moment ago. Then its clock runs."""
        return self.hub.watched or bool(self.listeners) or time.monotonic() < self.attended_until

    # --- standing where the log says

    def load(self) -> Kube:
        """The kube cluster, brought back if it is not here. Cluster.DoesNotExist if there is none."""
        if self.kube is None:
            self._title = Cluster.objects.values_list("title", flat=True).get(pk=self.id)
            self.log = Log(replay.read(self.id))
            self._wake()
        if self.kube is None:
            head, now = self._reached
            self._rebuild(max(now if head == self.log.head else 0, resting_place(self.id, self.log)))
        assert self.kube is not None
        if self._reporter is None and self.watched:
            self._reporter = Reporter(self.kube, self.hub, self._singles(), self._says)
        return self.kube

    def _wake(self) -> None:
        """Go on from what rests here, unless another process has written rows since."""
        resting, self._resting = self._resting, None
        if resting is not None:
            self._says.extend(resting.says())
            self.kube = resting.wake() if resting.head == self.log.head else None

    def rest(self) -> None:
        """Nobody used it for a while: from now on its moment is kept, compressed, and nothing else."""
        if self.kube is None or self.failed:
            return
        self._resting = Resting.of(self.kube, self.log.head, self._says)
        self.kube = self._reporter = None
        self.log = Log()
        self._says.clear()
        self._shelf.clear()

    def forget(self) -> None:
        """What is here may differ from the log: bring it back before the next use."""
        if self.kube is not None:
            self._reached = self.log.head, self.kube.now
        self.kube = None
        self._reporter = None

    def catch_up(self, op: str = "") -> Receipt | None:
        """Take in rows that other processes wrote; the receipt of the row that `op` has written already, if it has."""
        self.load()
        rows = statements.newer(self.id, self.log.head, op)
        if any(row.seq > self.log.head for row in rows):
            self.forget()
            self.load()
        return next((msgspec.json.decode(row.receipt, type=Receipt) for row in rows if op and row.op == op), None)

    def write(
        self, op: str, kind: str, title: str, payload: str, receipt: Receipt, clock: ClockSetting | None = None, settle: bool = True
    ) -> Receipt:
        """Append a row and commit it; only then is it true, and told. The database's errors pass through. Who writes several rows at once
        lets the cluster go where the log says after the last one."""
        row = Row(self.log.head + 1, kind, self.load().now, title, clock)
        told = msgspec.json.encode(receipt).decode()
        now = time.monotonic()
        with transaction.atomic(durable=True):
            statements.append(self.id, row.seq, op, row.at, kind, title, payload, told)
            if now - self._noted > NOTED_AGAIN:
                statements.use(self.id)
        self._noted = now if now - self._noted > NOTED_AGAIN else self._noted
        if kind in ("undo", "redo", "reset"):
            self._put_on_the_shelf(self.log.tip)
        self.log.add(row)
        if self._reporter is None:
            self.load().events()  # nobody listens
        if settle and kind in ("undo", "redo", "reset"):
            self._rebuild(self.log.moment)
            self._tell_of(self.log.tip, self.log.moment)
        return receipt

    def step(self) -> None:
        """Let time pass to the next thing that can be seen."""
        self._pass(is_drawn, MOST_STEPS)

    def skip(self) -> bool:
        """Let time pass to the next change of a Node, a Pod or a Service; False if none came in the time and work allowed."""
        return self._pass(is_change, MOST_SKIPPED, FURTHEST)

    def _pass(self, wanted: Callable[[Any], bool], most: int, furthest: int | None = None) -> bool:
        kube = self.load()
        begin = kube.now
        self._hear(kube.events())
        for _ in range(most):
            before = kube.now
            kube.step()
            happened = kube.events()
            self._hear(happened)
            if any(wanted(event) for event in happened):
                return True
            if (not happened and kube.now == before) or (furthest is not None and kube.now - begin >= furthest):
                break
        return False

    def _rebuild(self, moment: int) -> None:
        self.kube = self._reporter = None
        self.kube = replay.rebuild(self.id, self.log, moment)
        self._pace = Pace()
        self.failed = False
        self._says = deque((say for say in self._says if say[0] < moment), RECENT_SAYS)
        self._frozen = (len(self.log.timeline), self.kube.now, self._frozen[2])
        self.hub.restart()

    def _put_on_the_shelf(self, tip: int) -> None:
        """A timeline is left, that of this tip: its sentences are kept for who comes back to it."""
        if self._reporter is not None:
            self._reporter.hear(self.load().events())
            self._reporter.frame(self._singles(), False)
        self._shelf[tip] = list(self._says)
        if len(self._shelf) > SHELVED:
            self._shelf.popitem(last=False)

    def _tell_of(self, tip: int, moment: int) -> None:
        """What was told of this timeline, where somebody comes back to it."""
        if tip in self._shelf:
            self._says = deque((say for say in self._shelf[tip] if say[0] <= moment), RECENT_SAYS)

    # --- in the ticker

    def move(self, wall: float) -> bool:
        """Let the time pass that is due; whether all of it passed."""
        if self.kube is None or self.failed:
            return True
        self.awake = True
        if self.log.setting.paused:
            self._pace.rest()
            return True
        return self._pace.move(self.kube, wall, self.log.setting.speed)

    def tell(self, wall: float) -> None:
        """Hand a frame to the watchers, and a picture to those who want one; and let the listeners hear."""
        if self.kube is None or self.failed:
            return
        self._report(self.kube, wall)
        self.listeners.tell(self.kube, self.hub.run)

    def _report(self, kube: Kube, wall: float) -> None:
        if self._reporter is None:
            self._reporter = Reporter(kube, self.hub, self._singles(), self._says)
        self._reporter.hear(kube.events())
        heartbeat = not self.log.setting.paused and wall - self._told >= HEARTBEAT
        if self._reporter.frame(self._singles(), heartbeat):
            self._told = wall
        if self.hub.wants_picture:
            self._reporter.show(self._singles())

    def sleep(self) -> Frozen | None:
        """Nobody watches any more: time stands still, and the moment is kept if it is another than the last one kept."""
        self.awake = False
        self._reporter = None
        self._pace.rest()
        return self._freeze(0.0) if self.kube is not None and not self.failed and self._frozen[:2] != self._place() else None

    def freeze_now_and_then(self, wall: float) -> Frozen | None:
        """A snapshot, if enough has happened since the last one."""
        actions, at, when = self._frozen
        if self.kube is None or wall - when < SECONDS_APART:
            return None
        far = abs(self._place()[0] - actions) >= ACTIONS_APART or abs(self.kube.now - at) >= MICROSECONDS_APART
        return self._freeze(wall) if far else None

    def _freeze(self, wall: float) -> Frozen:
        kube = self.load()
        self._frozen = (*self._place(), wall)
        return Frozen(self.id, self.log.head, self.log.tip, kube.now, engine.freeze(kube))

    def _place(self) -> tuple[int, int]:
        return len(self.log.timeline), self.load().now

    def _hear(self, happened: Iterable[Any]) -> None:
        if self._reporter is not None:
            self._reporter.hear(happened)

    def _singles(self) -> dict[str, Any]:
        setting, undo, redo = self.log.setting, self.log.undo, self.log.redo
        return {
            "clock": {"speed": setting.speed, "paused": setting.paused, "behind": self._pace.behind},
            "history": {"undo": undo.title if undo else None, "redo": redo.title if redo else None},
            "cluster": {"id": self.id, "title": self._title},
        }
