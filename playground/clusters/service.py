"""The one door: whatever is done to a cluster, and whatever is seen of it, passes here.

An action is taken by the running cluster, appended to the log and committed, and only then acknowledged and told to
watchers. If it is refused, nothing has changed and nothing is logged. `op` is made by the client, once for each wish: sent
again, it is answered as it was the first time. Everything said no to is a Refusal of kube, or one of `errors.py`.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from playground.clusters import copies, engine, grants, replay, scenes
from playground.clusters.errors import (
    NoSuchCluster,
    NoSuchRequest,
    TooFast,
    TooLongAgo,
    TooMany,
    Unavailable,
    bad_op,
    nothing_to,
    too_many_clusters,
)
from playground.clusters.hub import Seat
from playground.clusters.listening import Listener
from playground.clusters.log import ClockSetting, Log
from playground.clusters.models import Action, Cluster
from playground.clusters.pace import SPEEDS
from playground.clusters.rates import Buckets
from playground.clusters.running import Running
from playground.clusters.runtime import here
from playground.clusters.titles import title
from playground.clusters.visitors import Asker
from playground.clusters.wording import lasting
from playground.kube.actions import Action as Ask
from playground.kube.actions import Apply, Create, Forward, Lookup, Ping, Receipt, Replace, Send, StartTraffic, StopTraffic
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster as Kube
from playground.kube.errors import Refusal, bad_request

logger = logging.getLogger(__name__)
ID = re.compile(r"[A-Za-z0-9_-]{22}")
OP = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
REPLAY_SECONDS = 2.0
REPLAYS_AT_ONCE = 2
USED_AGAIN = timedelta(minutes=1)
CHANGELESS = (Send, Forward, Lookup, Ping, StartTraffic, StopTraffic)

_limits = settings.LIMITS
_rates = {
    "clusters_per_hour": Buckets(_limits.clusters_per_hour, 3600),
    "clusters_per_hour_and_address": Buckets(_limits.clusters_per_hour_and_address, 3600),
    "checks_per_minute": Buckets(_limits.checks_per_minute, 60),
    "what_ifs_per_minute": Buckets(_limits.what_ifs_per_minute, 60),
    "lesson_looks_per_minute": Buckets(_limits.lesson_looks_per_minute, 60),
    "lesson_checks_per_minute": Buckets(_limits.lesson_checks_per_minute, 60),
    "actions_per_minute": Buckets(_limits.actions_per_minute, 60),
    "applies_per_minute": Buckets(_limits.applies_per_minute, 60),
    "terminal_actions_per_minute": Buckets(_limits.terminal_actions_per_minute, 60),
    "api_requests_per_minute": Buckets(_limits.api_requests_per_minute, 60),
    "api_writes_per_minute": Buckets(_limits.api_writes_per_minute, 60),
}
_replays = threading.BoundedSemaphore(REPLAYS_AT_ONCE)

# --- whose cluster


def new_cluster(visitor: str, scene: str, op: str, address: str = "", seed: int | None = None) -> Cluster:
    """A new cluster of the visitor's, from a ready one (`scenes`). KeyError if there is no such scene. `address` is the network's;
    another `seed` than the scene's gives other names, choices and times."""
    chosen = scenes.find(scene)
    if seed is not None:
        chosen = msgspec.structs.replace(chosen, settings=msgspec.structs.replace(chosen.settings, seed=seed))
    return _begin(visitor, op, address, lambda: _create(visitor, chosen, op))


def copy(cluster: Cluster, visitor: str, op: str, address: str = "") -> Cluster:
    """A cluster of the visitor's that is as this one is now, and goes its own way from here."""

    def create() -> Cluster:
        with _held(cluster) as running, transaction.atomic(durable=True):
            return copies.write(running, visitor, op)

    return _begin(visitor, op, address, create)


def discard(cluster: Cluster) -> None:
    """Let go of a copy that nothing came of."""
    Cluster.objects.filter(pk=cluster.pk).delete()


def latest(visitor: str, address: str = "") -> Cluster:
    """The visitor's cluster that was used last; their first one is made at once."""
    found = Cluster.objects.filter(visitor=visitor).order_by("-used").first()
    return found or new_cluster(visitor, scenes.all()[0].key, "first", address)


def find(visitor: str, id: str) -> Cluster:
    """The visitor's own cluster, or NoSuchCluster."""
    asked = visitor and ID.fullmatch(id)
    found = Cluster.objects.filter(pk=id, visitor=visitor).first() if asked else None
    if found is None:
        raise NoSuchCluster(id)
    if timezone.now() - found.used > USED_AGAIN:
        Cluster.objects.filter(pk=id).update(used=timezone.now())
    return found


def admit(asker: Asker, id: str) -> Cluster:
    """The cluster that this asker may look at: one of their own, or one that a share link opens to them. NoSuchCluster."""
    if asker.cluster and asker.cluster != id:
        raise NoSuchCluster(id)
    if not asker.share:
        return find(asker.visitor, id)
    found = Cluster.objects.filter(pk=id).first() if ID.fullmatch(id) and grants.stands(asker.share, id) else None
    if found is None:
        raise NoSuchCluster(id)
    found.looker = asker.visitor
    return found


def of(visitor: str) -> list[Cluster]:
    """All clusters of a visitor, the last used first."""
    return list(Cluster.objects.filter(visitor=visitor).order_by("-used"))


# --- what is done to it


def act(cluster: Cluster, action: Ask, op: str, limits: Sequence[str] = (), keep: bool = True) -> Receipt:
    """Take an action now. Raises Refusal, and then nothing has changed. `limits` are those it counts for, of the cluster, where they are not
    the visitor's. What changes nothing is not logged, unless it is to be kept."""
    payload = msgspec.json.encode(action)
    asked = msgspec.json.decode(payload, type=Ask)  # what a replay will read, not what the caller may still hold

    def take(running: Running) -> Receipt:
        kube = running.load()
        before = kube.store.revision, kube.machinery.chance.state
        receipt = kube.submit(asked)
        if not keep and (kube.store.revision, kube.machinery.chance.state) == before:
            return receipt
        return running.write(op, "action", title(asked), payload.decode(), receipt)

    if limits:
        return _enter(cluster, op, take, *limits, who=cluster.pk)
    limits = ("actions_per_minute", "applies_per_minute") if isinstance(action, Apply | Create | Replace) else ("actions_per_minute",)
    return _enter(cluster, op, take, *limits)


def undo(cluster: Cluster, op: str) -> Receipt:
    """Take the last action away, and the clock back to the moment before it."""

    def take(running: Running) -> Receipt:
        row = running.log.undo
        if row is None:
            raise nothing_to("undo")
        return running.write(op, "undo", f"Undo {row.title}", "", Receipt((f"undone: {row.title}",)))

    return _enter(cluster, op, take)


def redo(cluster: Cluster, op: str) -> Receipt:
    """Put back what was undone last, at its own moment."""

    def take(running: Running) -> Receipt:
        row = running.log.redo
        if row is None:
            raise nothing_to("redo")
        return running.write(op, "redo", f"Redo {row.title}", "", Receipt((f"redone: {row.title}",)))

    return _enter(cluster, op, take)


def rewind(cluster: Cluster, op: str, mark: int) -> Receipt:
    """Take away all that was done after `mark` (see `mark_of`), the last first; each can be put back by a redo."""

    def take(running: Running) -> Receipt:
        rows = [row for row in reversed(running.log.done[1:]) if row.seq > mark]
        if not rows:
            raise nothing_to("take back")
        for row in rows[:-1]:
            running.write(f"{op[:48]}-{row.seq}", "undo", f"Undo {row.title}", "", Receipt((f"undone: {row.title}",)), settle=False)
        said = Receipt(tuple(f"undone: {row.title}" for row in rows))
        return running.write(op, "undo", f"Undo {rows[-1].title}", "", said)

    return _enter(cluster, op, take)


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


def reset(cluster: Cluster, op: str) -> Receipt:
    """Begin again from the scene's own start; can be undone."""
    return _enter(cluster, op, lambda running: running.write(op, "reset", "Reset", "", Receipt(("the cluster is as it was at first",))))


def set_clock(cluster: Cluster, op: str, speed: float | None = None, paused: bool | None = None) -> Receipt:
    """Set how fast time passes (one of SPEEDS), or whether it does; None leaves it as it is."""
    if speed is not None and speed not in SPEEDS:
        raise bad_request(f"speed: Unsupported value: {speed!r}: supported values: {', '.join(f'{each:g}' for each in SPEEDS)}")

    def take(running: Running) -> Receipt:
        old = running.log.setting
        new = ClockSetting(old.speed if speed is None else float(speed), old.paused if paused is None else paused)
        return _write_clock(running, op, new, "the clock is paused" if new.paused else f"the clock runs at {new.speed:g} times")

    return _enter(cluster, op, take)


def step(cluster: Cluster, op: str) -> Receipt:
    """Pause, and let time pass to the next thing that can be seen."""

    def take(running: Running) -> Receipt:
        running.step()
        moment = f"the clock stands at {running.load().now / SECOND:.3f} s"
        return _write_clock(running, op, ClockSetting(running.log.setting.speed, True), moment)

    return _enter(cluster, op, take)


def skip(cluster: Cluster, op: str) -> Receipt:
    """Let time pass to the next change of an object that is drawn, however long that is; the clock then goes on as before."""

    def take(running: Running) -> Receipt:
        before = running.load().now
        found = running.skip()
        passed = running.load().now - before
        said = f"skipped {lasting(passed)} to the next change" if found else f"nothing changed in the next {lasting(passed)}"
        return _write_clock(running, op, running.log.setting, said)

    return _enter(cluster, op, take)


# --- what is seen of it


def check(cluster: Cluster) -> None:
    """To be called before a question is answered that a page asks while somebody types; TooFast."""
    _spend(cluster.looker or cluster.visitor, "checks_per_minute")


def reckon(cluster: Cluster) -> None:
    """To be called before it is reckoned how many requests would fare; TooFast."""
    _spend(cluster.looker or cluster.visitor, "what_ifs_per_minute")


@contextmanager
def looking(cluster: Cluster) -> Iterator[Kube]:
    """The running kube cluster at its present, locked while you look: read it, be quick, and do not change it."""
    with _held(cluster) as running:
        yield running.load()


@contextmanager
def alone(cluster: Cluster) -> Iterator[None]:
    """Nobody else reads or changes the cluster, and no time passes in it: for a look, an action, and a look at what came of it. Be quick."""
    with _held(cluster):
        yield


def request(cluster: Cluster, number: int, time: int) -> tuple[Any, list[Any]]:
    """A request that ended at virtual microsecond `time`, and its hops; replayed in a private copy when it is long past.

    Raises NoSuchRequest, TooLongAgo, or Unavailable when too many others ask for such replays.
    """
    with looking(cluster) as kube:
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


def spend(cluster: Cluster, limit: str) -> None:
    """To be called before something is done that the limit of a cluster counts; TooFast."""
    _spend(cluster.pk, limit)


def open_up(asker: Asker, id: str) -> Cluster:
    """The cluster that this asker may look at, brought into memory; NoSuchCluster. May take a while: not for an event loop's thread."""
    cluster = admit(asker, id)
    with looking(cluster):
        return cluster


# --- how it is done


@contextmanager
def _held(cluster: Cluster) -> Iterator[Running]:
    """The running cluster, locked, at its present: whoever holds it already has taken in what other processes wrote."""
    with here().hold(cluster.pk) as running:
        if running.held == 1:
            try:
                running.catch_up()
            except Cluster.DoesNotExist as error:
                raise NoSuchCluster(cluster.pk) from error
        yield running


def _enter(cluster: Cluster, op: str, take: Callable[[Running], Receipt], *limits: str, who: str = "") -> Receipt:
    """Do it under the cluster's lock. A process whose log was stale takes in the news, and tries once more."""
    _check(op)
    with here().hold(cluster.pk) as running:
        try:
            known = (
                running.catch_up(op) if running.held == 1 else None
            )  # whoever holds it already has caught up, and has an op of their own
            if known is not None:
                return known
            _spend(who or cluster.visitor, *(limits or ("actions_per_minute",)))
            return _take(running, op, take)
        except Cluster.DoesNotExist as error:
            raise NoSuchCluster(cluster.pk) from error
        except DatabaseError as error:
            running.forget()
            raise _unavailable(error) from error
        except Refusal:
            raise
        except Exception:
            running.forget()
            raise


def _take(running: Running, op: str, take: Callable[[Running], Receipt]) -> Receipt:
    try:
        return take(running)
    except IntegrityError:
        running.forget()
        return running.catch_up(op) or take(running)


def _write_clock(running: Running, op: str, setting: ClockSetting, line: str) -> Receipt:
    return running.write(op, "clock", "Clock", msgspec.json.encode(setting).decode(), Receipt((line,)), setting)


def _begin(visitor: str, op: str, address: str, create: Callable[[], Cluster]) -> Cluster:
    """A new cluster, once for each op, where the limits allow one more."""
    _check(op)
    existing = Cluster.objects.filter(visitor=visitor, op=op).first()
    if existing is not None:
        return existing
    _spend(visitor, "clusters_per_hour")
    _spend(address, "clusters_per_hour_and_address")
    if Cluster.objects.filter(visitor=visitor).count() >= settings.LIMITS.clusters_per_visitor:
        raise too_many_clusters(settings.LIMITS.clusters_per_visitor)
    try:
        return create()
    except IntegrityError:  # the same wish, at the same time
        return Cluster.objects.get(visitor=visitor, op=op)
    except DatabaseError as error:
        raise _unavailable(error) from error


def _create(visitor: str, scene: Any, op: str) -> Cluster:
    used = timezone.now()
    # It opens now, so that clients of its API, which reckon ages by their own clocks, find it as young as it is.
    epoch = int(used.timestamp()) - scene.opens_at // SECOND
    made_with = msgspec.json.encode(msgspec.structs.replace(engine.limited(scene.settings), epoch=epoch)).decode()
    actions = msgspec.json.encode(scene.actions).decode()
    nothing = msgspec.json.encode(Receipt(())).decode()
    with transaction.atomic(durable=True):
        cluster = Cluster.objects.create(visitor=visitor, op=op, title=scene.title, scene=scene.key, settings=made_with, used=used)
        Action.objects.create(
            cluster=cluster, seq=1, op="start", at=scene.opens_at, kind="start", title=scene.title, payload=actions, receipt=nothing
        )
    return cluster


def _check(op: str) -> None:
    if not OP.match(op):
        raise bad_op(op)


def _spend(who: str, *limits: str) -> None:
    for limit in limits:
        wait = _rates[limit].wait(who)
        if wait:
            raise TooFast(limit, getattr(settings.LIMITS, limit), wait)


def _unavailable(error: DatabaseError) -> Refusal:
    logger.warning("the database did not take it: %s", error)
    return Unavailable("the server could not save this just now; nothing was changed")
