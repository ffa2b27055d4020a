"""Is every fault of a folder of lessons told, with its file and line?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from playground.curriculum.loader import joined, load
from tests.curriculum.stagehand import LESSONS, NAME

Edit = Callable[[str, str, str], list[str]]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Copy the lessons, change one text in one file, and list the faults as `file:line: message`, files without their folder."""

    def edit(file: str, old: str, new: str) -> list[str]:
        folder = tmp_path / "lessons"
        shutil.copytree(LESSONS, folder, dirs_exist_ok=True)
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        library, faults = load(folder)
        assert bool(faults) != (NAME in library.units)
        return [str(each).replace(f"{folder}/", "").replace(f"{NAME}/", "") for each in faults]

    return edit


def test_a_sound_folder_has_no_faults() -> None:
    library, faults = load(LESSONS)
    assert faults == []
    assert [step.id for step in library.units[NAME].lesson.steps] == ["switch", "repair"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: local-means-local", "name: other", "lesson.yaml:4: metadata.name must be the folder's name, local-means-local"),
        ("kind: Lesson", "kind: Scene", "lesson.yaml:1: expected apiVersion switchyard.dev/v1 and kind Lesson"),
        ("minutes: 4", "minuets: 4", "lesson.yaml:5: spec: Object contains unknown field `minuets`"),
        ("minutes: 4", "minutes: four", "lesson.yaml:6: spec.minutes: Expected `int`, got `str`"),
        ("ok: 100%, crossing", "ok: all, crossing", "lesson.yaml:36: spec.steps[1].goal[0].traffic.ok: 'all' is no share"),
        ("right: drop", "right: fly", 'lesson.yaml:16: spec.steps[0].predict: "fly" is none of the options'),
        ("because: not-local", "because: unknown", "lesson.yaml:27: spec.steps[0].explain.because: unknown is none of the reasons"),
        ("apply: more.yaml", "apply: less.yaml", "lesson.yaml:39: spec.steps[1].solution: there is no file less.yaml"),
        ("id: still-local", "id: all-answered", "lesson.yaml:34: spec.steps[1].goal: every check of a goal needs an id of its own"),
        (
            "reads: [https://kubernetes.io/docs",
            "reads: [https://example.com/docs",
            "lesson.yaml:7: spec.reads[0]: https://example.com/docs",
        ),
        ("id: repair", "id: switch", 'lesson.yaml:13: spec.steps: 2 steps have the id "switch"'),
        ("{timeout: 100%}", "{timeouts: 100%}", '"timeouts" is no outcome: expected one of ok, refused, timeout'),
        ("lights: [Service/default", "lights: [default", "lesson.yaml:15: spec.steps[0].lights: default/frontend-svc names no object"),
        ("minutes: 4", "minutes: 4\n  needs: [unknown]", 'lesson.yaml:7: spec.needs: there is no lesson "unknown"'),
        ("settle: 30", "settle: [", "found"),
    ],
)
def test_faults_of_a_lesson(edited: Edit, old: str, new: str, told: str) -> None:
    faults = edited(f"{NAME}/lesson.yaml", old, new)
    assert any(told in each for each in faults), faults


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: Local means local\n", "", "en.yaml:1: Object missing required field `title`"),
        ("drop: It is dropped and times out, ", "", 'en.yaml:10: steps.switch.options: there is nothing for "drop"'),
        ("{no-endpoint: The", "{no-end: The", 'en.yaml:14: steps.switch.reasons: nothing is called "no-end"'),
        ("    action: Set it to Local\n", "", "en.yaml:6: steps.switch.action: words are missing"),
        ("    task: Let", "    watch: x\n    action: Press\n    task: Let", "en.yaml:23: steps.repair.action: nothing needs these words"),
        ("hints: [Look at node-c, ", "hints: [", "en.yaml:25: steps.repair.hints: found 2; expected 3"),
        ("yard:Service/default/frontend-svc", "http://example.com", "en.yaml:8: steps.switch.situation: http://example.com is neither"),
        ("yard:Service/default/frontend-svc", "yard:frontend-svc", "yard:frontend-svc names no object"),
        ("Requests from far are dropped.", "word " * 46, "en.yaml:18: steps.repair.situation: 46 words; at most 45 fit"),
    ],
)
def test_faults_of_the_words(edited: Edit, old: str, new: str, told: str) -> None:
    faults = edited(f"{NAME}/en.yaml", old, new)
    assert any(told in each for each in faults), faults


def test_faults_of_manifests_and_tracks(edited: Edit, tmp_path: Path) -> None:
    assert edited(f"{NAME}/stage.yaml", "kind: Pod", "kind: [Pod")[0].startswith("stage.yaml:")
    assert 'tracks.toml:1: there is no lesson "missing"' in edited("tracks.toml", '"local-means-local"', '"missing"')[-1]
    assert "tracks.toml:3: tracks.toml cannot be read" in edited("tracks.toml", "lessons = [", "lessons = ")[0]


def test_a_lesson_in_no_part_is_told(edited: Edit) -> None:
    assert "lesson.yaml:1: this lesson is in no part of tracks.toml" in edited("tracks.toml", '["local-means-local"]', "[]")


def test_english_words_are_needed(tmp_path: Path) -> None:
    shutil.copytree(LESSONS, tmp_path / "lessons")
    (tmp_path / "lessons" / NAME / "en.yaml").rename(tmp_path / "lessons" / NAME / "de.yaml")
    _, faults = load(tmp_path / "lessons")
    assert "the English words are missing" in str(faults[0])


def test_two_libraries_join_with_the_first_ones_lessons_first(tmp_path: Path) -> None:
    shutil.copytree(LESSONS, tmp_path / "lessons")
    (tmp_path / "lessons" / NAME).rename(tmp_path / "lessons" / "mine")
    for path in ((tmp_path / "lessons" / "tracks.toml"), tmp_path / "lessons" / "mine" / "lesson.yaml"):
        path.write_text(path.read_text("utf-8").replace(NAME, "mine"), "utf-8")
    mine, faults = load(tmp_path / "lessons")
    assert not faults
    both = joined(mine, load(LESSONS)[0])
    assert list(both.units) == ["mine", NAME]
    assert [part.lessons for part in both.tracks.parts] == [("mine",), (NAME,)]
    assert [part.lessons for part in joined(both, load(LESSONS)[0]).tracks.parts] == [("mine",), (NAME,)]
