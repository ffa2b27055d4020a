"""What does every test of the door stand on?  A runtime of its own, without threads; full buckets; a small cluster."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable

import pytest

from playground.clusters import ownership, runtime, spending
from playground.clusters.models import Cluster
from playground.clusters.rates import Buckets
from playground.clusters.runtime import Runtime
from tests.clusters import scene

VISITOR = "visitor-of-the-tests"
_ops = itertools.count()


def op() -> str:
    """A client-made id that was not used before."""
    return f"op-{next(_ops)}"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """The runtime that the door uses; it moves when a test says so."""
    made = Runtime(threads=False)
    monkeypatch.setattr(runtime, "_here", made)
    monkeypatch.setattr(ownership.scenes, "find", scene.find)
    monkeypatch.setattr(ownership.scenes, "all", lambda: [scene.find("small")])
    monkeypatch.setattr(spending, "RATES", {name: Buckets(1_000_000, 60) for name in spending.RATES})
    return made


@pytest.fixture
def elsewhere(here: Runtime, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Runtime]:
    """Go over to another process: the same database, a new runtime."""

    def go(to: Runtime | None = None) -> Runtime:
        to = to or Runtime(threads=False)
        monkeypatch.setattr(runtime, "_here", to)
        return to

    return go


@pytest.fixture
def cluster(here: Runtime, db: None) -> Cluster:
    return ownership.new_cluster(VISITOR, "small", op())


@pytest.fixture
def limits(settings: object) -> Callable[..., None]:
    """Other limits for one test: `limits(frames_in_flight=2)`."""

    def change(**changes: int) -> None:
        settings.LIMITS = dataclasses.replace(settings.LIMITS, **changes)  # type: ignore[attr-defined]

    return change
