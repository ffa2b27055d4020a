"""The one door: whatever is done to a cluster passes here.

An action is taken by the running cluster, appended to the log and committed, and only then acknowledged and told to
watchers. If it is refused, nothing has changed and nothing is logged. `op` is made by the client, once for each wish: sent
again, it is answered as it was the first time. Everything said no to is a Refusal of kube, or one of `errors.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from django.db import DatabaseError, IntegrityError

from playground.clusters.errors import NoSuchCluster, check_op, nothing_to, unavailable
from playground.clusters.log import ClockSetting
from playground.clusters.models import Cluster
from playground.clusters.pace import SPEEDS
from playground.clusters.running import Running
from playground.clusters.runtime import here
from playground.clusters.spending import spend
from playground.clusters.titles import title
from playground.clusters.wording import lasting
from playground.kube.actions import Action as Ask
from playground.kube.actions import Apply, Create, Receipt, Replace
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal, bad_request


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


def _enter(cluster: Cluster, op: str, take: Callable[[Running], Receipt], *limits: str, who: str = "") -> Receipt:
    """Do it under the cluster's lock. A process whose log was stale takes in the news, and tries once more."""
    check_op(op)
    with here().hold(cluster.pk) as running:
        try:
            # Whoever holds it already has caught up, and has an op of their own.
            known = running.catch_up(op) if running.held == 1 else None
            if known is not None:
                return known
            spend(who or cluster.visitor, *(limits or ("actions_per_minute",)))
            return _take(running, op, take)
        except Cluster.DoesNotExist as error:
            raise NoSuchCluster(cluster.pk) from error
        except DatabaseError as error:
            running.forget()
            raise unavailable(error) from error
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
