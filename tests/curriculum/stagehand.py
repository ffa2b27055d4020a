"""A small cluster for the curriculum's tests: clients near and far of a Service with two Pods, on three Nodes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playground.clusters import engine
from playground.curriculum.checking import Context
from playground.curriculum.loader import Unit, load
from playground.curriculum.stages import opened
from playground.kube.cluster import Cluster

LESSONS = Path(__file__).parent / "lessons"
NAME = "local-means-local"


@cache
def unit() -> Unit:
    library, faults = load(LESSONS)
    assert not faults
    return library.units[NAME]


@cache
def _snapshot() -> bytes:
    return opened(unit().scene, engine.schema()).snapshot()


def stage() -> Cluster:
    """The cluster as it is when the lesson opens."""
    return Cluster.restore(_snapshot(), engine.schema())


def context(**more) -> Context:
    return Context(stage, unit().files, **more)
