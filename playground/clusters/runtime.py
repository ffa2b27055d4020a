"""Which clusters are in memory, and who moves them?  A ticker moves what is watched; a clerk does what needs the database, and lays to rest.

Both are daemon threads of this process, started with the first watcher. The ticker never waits for the database, nor for a
lock: a cluster that is busy just now is passed over until the next tick.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import perf_counter

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.db.models import Max

from playground.clusters import snapshots
from playground.clusters.hub import Seat
from playground.clusters.listening import Listener
from playground.clusters.models import Action, Cluster
from playground.clusters.running import Running
from playground.clusters.snapshots import Frozen

logger = logging.getLogger(__name__)
WORK = 0.5
TEND_SECONDS = 1.0
FROZEN_AT_MOST = 100


class Runtime:
    """The clusters in memory of this process, the longest unused first. `now` is the wall clock of both threads, in seconds."""

    def __init__(self, threads: bool = True, now: float | None = None):
        self._threads = threads
        self._lock = threading.Lock()
        self._running: OrderedDict[str, Running] = OrderedDict()
        self._frozen: queue.Queue[Frozen] = queue.Queue(FROZEN_AT_MOST)
        self._wake = threading.Event()
        self._started = False
        self._first = 0
        self._tended = 0.0

    # --- asking for a cluster

    @contextmanager
    def hold(self, cluster: str) -> Iterator[Running]:
        """The running cluster, locked; not loaded yet if it was not in memory."""
        running = self._get(cluster)
        with running.lock:
            running.held += 1
            try:
                yield running
            finally:
                running.held -= 1

    def watch(self, cluster: str, seat: Seat) -> Running:
        """From now on this seat is told of the cluster. Called in the thread of the seat's loop."""
        with self._lock:
            running = self._running.setdefault(cluster, Running(cluster))
            running.hub.join(seat)
        self._begin()
        return running

    def listen(self, cluster: str, listener: Listener) -> None:
        """From now on this listener is told of the cluster; to be called while it is held, so that nothing is missed."""
        self._get(cluster).listeners.join(listener)
        self._begin()

    def unlisten(self, cluster: str, listener: Listener) -> None:
        self._get(cluster).listeners.leave(listener)

    def attend(self, cluster: str, seconds: float) -> None:
        """Somebody looks at the cluster now: its clock runs for so long at least."""
        self._get(cluster).attended_until = time.monotonic() + seconds
        self._start()

    def dismiss(self, code: int) -> None:
        """Close every watcher's socket with this code."""
        for running in self._all():
            running.hub.dismiss(code)

    def _get(self, cluster: str) -> Running:
        with self._lock:
            running = self._running.get(cluster) or self._running.setdefault(cluster, Running(cluster))
            running.used = time.monotonic()
            self._running.move_to_end(cluster)
            return running

    def _all(self) -> list[Running]:
        with self._lock:
            return list(self._running.values())

    # --- the ticker

    def tick(self, wall: float) -> None:
        """Move what is watched, tell its watchers, and lay to sleep what is not watched any more."""
        everyone = self._all()
        watched = [running for running in everyone if running.watched]
        self._move(watched, wall)
        for running in watched:
            self._with(running, self._tell, running, wall)
        for running in everyone:
            if running.awake and not running.watched:
                self._with(running, self._sleep, running, wall)

    def _move(self, watched: list[Running], wall: float) -> None:
        """Slice by slice in turn, for at most the share WORK of a tick; another one begins each time."""
        waiting = deque(watched)
        waiting.rotate(-self._first)
        self._first = (self._first + 1) % max(len(watched), 1)
        deadline = perf_counter() + WORK / settings.LIMITS.frames_per_second
        while waiting and perf_counter() < deadline:
            running = waiting.popleft()
            if self._with(running, running.move, wall) is False:
                waiting.append(running)

    def _tell(self, running: Running, wall: float) -> None:
        running.tell(wall)
        self._keep(running.freeze_now_and_then(wall))

    def _sleep(self, running: Running, wall: float) -> None:
        running.used = max(running.used, wall)
        self._keep(running.sleep())

    def _with(self, running: Running, do: object, *args: object) -> object:
        """Call under the cluster's lock, if that is free. A cluster whose simulation fails stands still; the others go on."""
        if not running.lock.acquire(blocking=False):
            return None
        try:
            return do(*args)  # type: ignore[operator]
        except Exception:
            logger.exception("cluster %s stands still", running.id)
            running.forget()
            running.failed = True
            return None
        finally:
            running.lock.release()

    def _keep(self, frozen: Frozen | None) -> None:
        if frozen is not None:
            with suppress(queue.Full):  # snapshots are never needed
                self._frozen.put_nowait(frozen)

    # --- the clerk

    def tend(self, wall: float) -> None:
        """Save snapshots, bring back what is watched, take in what other processes wrote, let go of what is idle."""
        while not self._frozen.empty():
            snapshots.save(self._frozen.get_nowait())
        everyone = self._all()
        watched = [running for running in everyone if running.watched]
        heads = self._heads([running.id for running in watched])
        for running in watched:
            running.hub.sweep()
            with running.lock:
                if not running.failed and (running.kube is None or running.log.head < heads.get(running.id, 0)):
                    self._bring_back(running)
        self._let_go([running for running in everyone if not running.watched], wall)

    def _heads(self, clusters: list[str]) -> dict[str, int]:
        rows = Action.objects.filter(cluster_id__in=clusters).values("cluster_id").annotate(head=Max("seq"))
        return {row["cluster_id"]: row["head"] for row in rows}

    def _bring_back(self, running: Running) -> None:
        try:
            running.forget()
            running.load()
        except Cluster.DoesNotExist:
            running.failed = True

    def _let_go(self, idle: list[Running], wall: float) -> None:
        """Lay to rest what nobody used for a while, and the longest unused where too many are live; forget what nobody used for long."""
        limits = settings.LIMITS
        live = [running for running in idle if running.kube is not None]
        too_many = sum(running.kube is not None for running in self._all()) - limits.running_clusters
        for place, running in enumerate(live):
            if place < too_many or wall - running.used > limits.rest_seconds:
                self._with(running, self._rest, running)
        too_many = len(self._running) - limits.resting_clusters
        for place, running in enumerate(idle):
            if place < too_many or wall - running.used > limits.idle_seconds:
                self._with(running, self._forget, running)

    def _rest(self, running: Running) -> None:
        if not running.watched and not running.awake:
            running.rest()

    def _forget(self, running: Running) -> None:
        with self._lock:
            if not running.watched and not running.awake:
                self._running.pop(running.id, None)

    # --- threads

    def _begin(self) -> None:
        self._start()
        self._wake.set()

    def _start(self) -> None:
        if self._threads and not self._started:
            self._started = True
            threading.Thread(target=self._tick_on, name="ticker", daemon=True).start()
            threading.Thread(target=self._tend_on, name="clerk", daemon=True).start()

    def _tick_on(self) -> None:
        period = 1 / settings.LIMITS.frames_per_second
        while True:
            begun = time.monotonic()
            self._wake.clear()
            self.tick(begun)
            self._wake.wait(max(0.0, begun + period - time.monotonic()))

    def _tend_on(self) -> None:
        while True:
            close_old_connections()
            try:
                self.tend(time.monotonic())
            except DatabaseError as error:
                logger.warning("the database does not answer; trying again: %s", error)
            except Exception:
                logger.exception("the clerk goes on")
            time.sleep(TEND_SECONDS)


_here = Runtime()


def here() -> Runtime:
    """The runtime of this process."""
    return _here
