"""What does `manage.py check_lessons` print of a folder of lessons?"""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from playground.clusters import library

LESSONS = Path(__file__).parent.parent / "curriculum" / "lessons"


def checked(*args: str) -> tuple[int, str, str]:
    """Exit code, what it printed, and what it complained of."""
    out, err = StringIO(), StringIO()
    try:
        call_command("check_lessons", *args, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LESSONS, tmp_path / "lessons"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_good_lesson_is_said_to_be_good(folder: Path) -> None:
    assert checked(str(folder)) == (0, "local-means-local: 2 steps, en: good\n1 lessons played, 0 faults\n", "")


def test_a_fault_of_its_form_is_told_with_file_and_line(folder: Path) -> None:
    edit(folder / "local-means-local" / "lesson.yaml", "minutes: 4", "minutes: four")
    code, out, err = checked(str(folder))
    assert (code, out) == (1, "0 lessons played, 1 faults\n")
    assert err == f"{folder}/local-means-local/lesson.yaml:6: spec.minutes: Expected `int`, got `str`\n"


def test_a_fault_that_only_playing_shows_is_told_once_with_file_line_and_seed(folder: Path) -> None:
    edit(folder / "local-means-local" / "lesson.yaml", "right: drop", "right: refuse")
    code, out, err = checked(str(folder))
    path = f"{folder}/local-means-local/lesson.yaml"
    assert (code, out) == (1, "1 lessons played, 2 faults\n")
    first, second = err.splitlines()
    assert first == f"{path}:21: spec.steps[0].predict.proof.drop: it is said to be false, but it holds (seed 1)"
    assert second.startswith(f"{path}:22: spec.steps[0].predict.proof.refuse: it is said to be true, but: 100 of 100 requests from far")


def test_one_lesson_can_be_asked_for(folder: Path) -> None:
    assert checked(str(folder), "--lesson", "local-means-local", "--seeds", "1")[0] == 0
    code, _, err = checked(str(folder), "--lesson", "unknown")
    assert code == 1
    assert 'there is no lesson "unknown"' in err


def test_a_folder_without_tracks_is_told(tmp_path: Path) -> None:
    code, _, err = checked(str(tmp_path))
    assert code == 1
    assert err.startswith(f"{tmp_path}/tracks.toml:1: tracks.toml cannot be read:")


def test_a_teachers_lessons_come_before_those_of_the_project(folder: Path, settings) -> None:
    library.library.cache_clear()
    own = list(library.library().units)
    settings.LESSONS_PATH = folder
    library.library.cache_clear()
    try:
        assert list(library.library().units) == ["local-means-local", *own]
        assert library.find("local-means-local").scene.key == "lesson/local-means-local"
    finally:
        library.library.cache_clear()
