"""Which ready clusters are there to start from?  Files of `lessons/clusters`: what is settled, then ordinary manifests.

The first document of a file is a Scene of ours (`SceneSpec` says what it holds), the others are applied as they stand.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from playground.clusters import engine, library
from playground.curriculum.leading import led
from playground.curriculum.loader import key_of, staged
from playground.curriculum.stages import Scene, StageSpec, opened, scene
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings
from playground.manifests.reader import read

FOLDER = Path("lessons") / "clusters"
API_VERSION = "switchyard.dev/v1"


class SceneSpec(StageSpec, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """What a scene says of itself beside its stage; `order` is its place in the list."""

    title: str
    summary: str
    order: int


def all() -> list[Scene]:
    """Every scene, in the order to show them."""
    return list(_scenes().values())


def find(key: str) -> Scene:
    """The scene of a name, or the stage of a lesson (`lesson/NAME`), perhaps one that begins at a step (`lesson/NAME/STEP`); KeyError."""
    lesson, step = staged(key)
    if not lesson:
        return _scenes()[key]
    unit = library.find(lesson)
    return msgspec.structs.replace(unit.scene, key=key_of(unit, step))


def named(key: str) -> Scene | None:
    """The scene of a name, if it still exists: a cluster may outlive the scene it began as."""
    try:
        return find(key)
    except KeyError:
        return None


def begun(found: Scene, moment: int) -> Scene:
    """The scene as a cluster begins that opens at this second (Unix time), within this server's limits. One that begins at a lesson's step has been
    brought there. Raises Refusal."""
    made_with = engine.limited(found.settings)
    age = _brought(found, made_with).opens_at  # what leads to a step takes as long as it takes
    return _brought(found, msgspec.structs.replace(made_with, epoch=moment - age // SECOND))


def start(found: Scene, seed: int | None = None) -> Cluster:
    """A cluster of the scene at the moment it opens, within this server's limits; another seed gives other names, choices and times."""
    return opened(msgspec.structs.replace(found, settings=engine.limited(found.settings)), engine.schema(), seed)


def _brought(found: Scene, made_with: ClusterSettings) -> Scene:
    lesson, step = staged(found.key)
    chosen = msgspec.structs.replace(found, settings=made_with)
    return led(chosen, library.find(lesson), step, engine.schema()) if step else chosen


@cache
def _scenes() -> dict[str, Scene]:
    files = [(path.stem, *_read(path)) for path in sorted((settings.BASE_DIR / FOLDER).glob("*.yaml"))]
    files.sort(key=lambda file: file[1].order)
    return {key: scene(key, spec.title, spec.summary, spec, documents) for key, spec, documents in files}


def _read(path: Path) -> tuple[SceneSpec, list[dict[str, Any]]]:
    """A scene's file. ValueError (BadYAML, ValidationError) says what is wrong with it."""
    first, *rest = read(path.read_text("utf-8")).values
    if (first["apiVersion"], first["kind"], first["metadata"]["name"]) != (API_VERSION, "Scene", path.stem):
        raise ValueError(f"{path}: the first document must be a Scene of {API_VERSION} with the file's name")
    return msgspec.convert(first["spec"], SceneSpec), rest
