"""What is seen of a cluster, now and of its past?  Whoever looks holds it at its present."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from django.conf import settings

from playground.clusters import replay
from playground.clusters.errors import NoSuchCluster, NoSuchRequest, TooLongAgo, TooMany, Unavailable
from playground.clusters.hub import Seat
from playground.clusters.listening import Listener
from playground.clusters.log import Log
from playground.clusters.models import Action, Cluster
from playground.clusters.running import Running
from playground.clusters.runtime import here
from playground.kube.actions import Action as Ask
from playground.kube.actions import Forward, Lookup, Ping, Say, Send, StartTraffic, StopTraffic
from playground.kube.cluster import Cluster as Kube

REPLAY_SECONDS = 2.0
REPLAYS_AT_ONCE = 2
CHANGELESS = (Send, Say, Forward, Lookup, Ping, StartTraffic, StopTraffic)

_replays = threading.BoundedSemaphore(REPLAYS_AT_ONCE)


@contextmanager
def at(cluster: Cluster) -> Iterator[Kube]:
    """The running kube cluster at its present, locked while you look: read it, be quick, and do not change it."""
    with held(cluster) as running:
        yield running.load()


@contextmanager
def alone(cluster: Cluster) -> Iterator[None]:
    """Nobody else reads or changes the cluster, and no time passes in it: for a look, an action, and a look at what came of it. Be quick."""
    with held(cluster):
        yield


@contextmanager
def held(cluster: Cluster) -> Iterator[Running]:
    """The running cluster, locked, at its present: whoever holds it already has taken in what other processes wrote."""
    with here().hold(cluster.pk) as running:
        if running.held == 1:
            try:
                running.catch_up()
            except Cluster.DoesNotExist as error:
                raise NoSuchCluster(cluster.pk) from error
        yield running


def request(cluster: Cluster, number: int, time: int) -> tuple[Any, list[Any]]:
    """A request that ended at virtual microsecond `time`, and its hops; replayed in a private copy when it is long past.

    Raises NoSuchRequest, TooLongAgo, or Unavailable when too many others ask for such replays.
    """
    with at(cluster) as kube:
        now, recent = kube.now, kube.network.request(number)
        if recent is not None and recent.time == time:
            return recent, kube.network.explain(recent)
    if not 0 <= time <= now:
        raise NoSuchRequest(number)
    if not _replays.acquire(blocking=False):
        raise Unavailable("others are looking into the past just now")
    try:
        kube = replay.rebuild(cluster.pk, Log(replay.read(cluster.pk)), time, REPLAY_SECONDS, witness=True)
    except replay.TooLong as error:
        raise TooLongAgo from error
    finally:
        _replays.release()
    found = kube.network.request(number)
    if found is None or found.time != time:
        raise NoSuchRequest(number)
    return found, kube.network.explain(found)


def history(cluster: Cluster) -> Log:
    """What can be undone and redone, and how the clock runs."""
    with here().hold(cluster.pk) as running:
        running.catch_up()
        return running.log


def mark_of(cluster: Cluster) -> int:
    """Names the last thing that was done to a cluster and stands, for `rewind`."""
    return history(cluster).done[-1].seq


def moment_after(cluster: Cluster, mark: int) -> int:
    """The first virtual microsecond that is after what `mark_of` named: after the start, the moment when the cluster opened."""
    return max(row.at + (row.kind != "start") for row in history(cluster).timeline if row.seq <= mark or row.kind == "start")


def changes_since(cluster: Cluster, mark: int) -> int:
    """How many actions stand that were taken after `mark`, without those that only send."""
    rows = [row.seq for row in history(cluster).timeline if row.seq > mark and row.kind == "action"]
    payloads = Action.objects.filter(cluster=cluster, seq__in=rows).values_list("payload", flat=True)
    return sum(not isinstance(msgspec.json.decode(payload, type=Ask), CHANGELESS) for payload in payloads)


def watch(cluster: Cluster, seat: Seat) -> Running:
    """From now on the seat's queue is given pictures and frames. To be called in the thread of the seat's loop."""
    return here().watch(cluster.pk, seat)


def listen(cluster: Cluster, listener: Listener) -> str:
    """From now on the listener hears of changes; to be called inside of `alone`. Returns the name of the past that it goes on from.
    Raises Refusal where there are too many."""
    with here().hold(cluster.pk) as running:
        if len(running.listeners) >= settings.LIMITS.api_watches:
            raise TooMany("api_watches", settings.LIMITS.api_watches)
        here().listen(cluster.pk, listener)
        return running.hub.run


def unlisten(cluster: Cluster, listener: Listener) -> None:
    """Takes no lock: it may be called in an event loop's thread."""
    here().unlisten(cluster.pk, listener)


def attend(cluster: Cluster) -> None:
    """A client of the API asks: the clock runs on for a while, as if somebody watched."""
    here().attend(cluster.pk, settings.LIMITS.api_attended_seconds)
