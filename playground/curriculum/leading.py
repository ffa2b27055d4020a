"""With which cluster does a later step begin?  With that of the lesson, in which what the steps before do, and their solutions, has been done.

They are played as `proving` plays them, so that a step begins where it was proven.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

import msgspec

from playground.curriculum.loader import Unit
from playground.curriculum.playing import Played, play_out
from playground.curriculum.stages import Scene, opened
from playground.kube.apiserver.schema import Schema
from playground.kube.cluster import Cluster


def led(found: Scene, unit: Unit, step: str, schema: Schema) -> Scene:
    """The lesson's stage (`found`, with settings of its own), opened when all before the step has been done and has settled."""
    kube = opened(found, schema)
    later = tuple(action for each in _played(kube, unit, step) for action in each.taken)
    return msgspec.structs.replace(found, later=later, opens_at=kube.now)


def _played(kube: Cluster, unit: Unit, step: str) -> Iterator[Played]:
    for each in takewhile(lambda each: each.id != step, unit.lesson.steps):
        yield from play_out(kube, each.do, unit.files)
        yield from play_out(kube, each.solution, unit.files)
