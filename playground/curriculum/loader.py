"""Which lessons does a folder hold, and what is wrong with them?  Every fault is listed, with its file and line; a lesson with a fault is left out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from playground.curriculum import soundness
from playground.curriculum.bands import Band
from playground.curriculum.lesson import Lesson
from playground.curriculum.prose import Prose
from playground.curriculum.stages import Scene, scene
from playground.manifests.errors import BadYAML
from playground.manifests.reader import Document, read

API_VERSION = "switchyard.dev/v1"
KEY = "lesson/"
SLUG = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?\Z")
WHERE = re.compile(r" - at `(key in )?`?\$([^`]*)`")
Kind = TypeVar("Kind")


class Fault(NamedTuple):
    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class Unit(msgspec.Struct, frozen=True):
    """One lesson, whole: `prose` by language, `files` the texts of its folder's manifests by name."""

    name: str
    lesson: Lesson
    scene: Scene
    prose: dict[str, Prose]
    files: dict[str, str]

    def words(self, language: str) -> Prose:
        """The prose of a language, or the English."""
        return self.prose.get(language) or self.prose["en"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: dict[str, str]
    lessons: tuple[str, ...]


class Tracks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """tracks.toml: the order of all lessons, and those of the one-hour plan."""

    parts: tuple[Part, ...]
    hour: tuple[str, ...] = ()


class Library(msgspec.Struct, frozen=True):
    """The lessons of a folder that are sound, in order."""

    tracks: Tracks
    units: dict[str, Unit]


def load(folder: Path, known: Collection[str] = ()) -> tuple[Library, list[Fault]]:
    """Read a folder of lessons; `known` are lessons elsewhere that these may need."""
    faults: list[Fault] = []
    tracks = _tracks(folder, faults)
    listed = [name for part in tracks.parts for name in part.lessons]
    there = {path.parent.name for path in folder.glob("*/lesson.yaml")}
    for name in sorted(there - set(listed)):
        faults.append(Fault(str(folder / name / "lesson.yaml"), 1, "this lesson is in no part of tracks.toml"))
    for name in dict.fromkeys(each for each in (*listed, *tracks.hour) if each not in there):
        faults.append(Fault(str(folder / "tracks.toml"), 1, f'there is no lesson "{name}": {folder / name / "lesson.yaml"} is missing'))
    units = [_unit(folder / name, {*there, *known}, faults) for name in listed if name in there]
    return Library(tracks, {unit.name: unit for unit in units if unit is not None}), faults


def key_of(unit: Unit, step: str = "") -> str:
    """The key of the lesson's stage, as it begins at a step, by its id or its number. KeyError if there is no such step."""
    at = unit.lesson.step(step) if step else unit.lesson.steps[0]
    return f"{KEY}{unit.name}" + ("" if at is unit.lesson.steps[0] else f"/{at.id}")


def staged(key: str) -> tuple[str, str]:
    """The lesson whose stage a scene's key names (`lesson/NAME`, `lesson/NAME/STEP`), and the step that it begins at; "" where there is none."""
    name, _, step = key.removeprefix(KEY).partition("/") if key.startswith(KEY) else ("", "", "")
    return name, step


def joined(first: Library, second: Library) -> Library:
    """Both, the first one's lessons first and in place of those that have the same name."""
    own = set(first.units)
    parts = [Part(each.title, tuple(name for name in each.lessons if name not in own)) for each in second.tracks.parts]
    tracks = Tracks((*first.tracks.parts, *(each for each in parts if each.lessons)), first.tracks.hour or second.tracks.hour)
    return Library(tracks, {**first.units, **{name: unit for name, unit in second.units.items() if name not in own}})


def _tracks(folder: Path, faults: list[Fault]) -> Tracks:
    path = folder / "tracks.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Tracks)
    except (OSError, ValueError) as error:
        line = re.search(r"at line (\d+)", str(error))
        faults.append(Fault(str(path), int(line[1]) if line else 1, f"tracks.toml cannot be read: {error}"))
        return Tracks(())


def _unit(folder: Path, known: Collection[str], faults: list[Fault]) -> Unit | None:
    """One lesson; None if it has faults, which are added."""
    mine: list[Fault] = []
    files = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.yaml")) if path.name != "lesson.yaml"}
    languages = {name.removesuffix(".yaml"): files.pop(name) for name in list(files) if re.fullmatch(r"[a-z]{2}\.yaml", name)}
    found = _lesson(folder, mine)
    if found is not None:
        lesson, document = found
        place = _placing(folder / "lesson.yaml", document, mine, "spec.")
        soundness.of_lesson(lesson, files, known, place)
        prose = {language: _prose(folder / f"{language}.yaml", text, lesson, mine) for language, text in languages.items()}
        if "en" not in prose:
            mine.append(Fault(str(folder / "en.yaml"), 1, "the English words are missing"))
        documents = _manifests(folder, files, mine)
        if not mine:
            unit = _built(folder, lesson, {each: words for each, words in prose.items() if words}, files, documents, mine)
    faults += mine
    return unit if found is not None and not mine else None


def _built(
    folder: Path, lesson: Lesson, prose: dict[str, Prose], files: dict[str, str], documents: dict[str, Any], faults: list[Fault]
) -> Unit | None:
    name = folder.name
    try:
        stage = scene(KEY + name, prose["en"].title, prose["en"].goal, lesson.stage, documents.get("stage.yaml", []))
    except ValueError as error:
        faults.append(Fault(str(folder / "lesson.yaml"), 1, f"spec.stage: {error}"))
        return None
    return Unit(name, lesson, stage, prose, {each: text for each, text in files.items() if each != "stage.yaml"})


def _lesson(folder: Path, faults: list[Fault]) -> tuple[Lesson, Document] | None:
    path = folder / "lesson.yaml"
    document = _document(path, path.read_text("utf-8"), faults)
    if document is None:
        return None
    value = document.value
    name = value.get("metadata", {}).get("name") if isinstance(value.get("metadata"), dict) else None
    if (value.get("apiVersion"), value.get("kind")) != (API_VERSION, "Lesson"):
        faults.append(Fault(str(path), 1, f"expected apiVersion {API_VERSION} and kind Lesson"))
    if name != folder.name or not SLUG.match(folder.name):
        faults.append(Fault(str(path), document.locate("metadata.name")[0], f"metadata.name must be the folder's name, {folder.name}"))
    lesson = _converted(path, document, value.get("spec", {}), "spec", Lesson, faults)
    return (lesson, document) if lesson is not None else None


def _prose(path: Path, text: str, lesson: Lesson, faults: list[Fault]) -> Prose | None:
    document = _document(path, text, faults)
    prose = _converted(path, document, document.value, "", Prose, faults) if document is not None else None
    if prose is not None and document is not None:
        soundness.of_prose(lesson, prose, _placing(path, document, faults, ""))
    return prose


def _manifests(folder: Path, files: dict[str, str], faults: list[Fault]) -> dict[str, list[dict[str, Any]]]:
    documents = {}
    for name, text in files.items():
        try:
            documents[name] = read(text).values
        except BadYAML as error:
            faults.append(Fault(str(folder / name), error.line, error.message))
    return documents


def _document(path: Path, text: str, faults: list[Fault]) -> Document | None:
    try:
        documents = read(text).documents
    except BadYAML as error:
        faults.append(Fault(str(path), error.line, error.message))
        return None
    if len(documents) != 1:
        faults.append(Fault(str(path), 1, f"found {len(documents)} documents; expected one"))
        return None
    return documents[0]


def _converted(path: Path, document: Document, value: Any, root: str, kind: type[Kind], faults: list[Fault]) -> Kind | None:
    try:
        return msgspec.convert(value, kind, dec_hook=_decoded)
    except msgspec.ValidationError as error:
        found = WHERE.search(str(error))
        field = f"{root}{found[2]}".lstrip(".") if found else root
        message = WHERE.sub("", str(error))
        faults.append(Fault(str(path), document.locate(field)[0], f"{field}: {message}" if field else message))
        return None


def _placing(path: Path, document: Document, faults: list[Fault], root: str) -> Callable[[str, str], None]:
    def fault(field: str, message: str) -> None:
        faults.append(Fault(str(path), document.locate(root + field)[0], f"{root}{field}: {message}"))

    return fault


def _decoded(kind: type, value: Any) -> Any:
    if kind is Band:
        return Band(value if isinstance(value, str) else str(value))
    raise NotImplementedError
