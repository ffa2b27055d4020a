"""Does a later step begin with a cluster in which what the steps before do has been done?"""

from __future__ import annotations

import msgspec
import pytest
from django.conf import settings

from playground.clusters import engine
from playground.clusters.library import OWN
from playground.curriculum.leading import led
from playground.curriculum.loader import Unit, key_of, load, staged
from playground.curriculum.playing import play_out
from playground.curriculum.stages import Scene, opened
from playground.kube.actions import Action

UNITS = load(settings.BASE_DIR / OWN)[0].units


def unit(name: str) -> Unit:
    return UNITS[name]


def at(name: str, step: str) -> Scene:
    return led(unit(name).scene, unit(name), step, engine.schema())


def test_a_step_begins_after_the_actions_and_the_solutions_of_those_before() -> None:
    kube = opened(at("pods-move-house", "again"), engine.schema())
    assert kube.store.get("Service", "default", "frontend-svc")
    assert [each.to for each in kube.traffic.streams()] == ["frontend-svc:80"]


def test_nothing_of_the_step_itself_or_of_a_later_one_is_done() -> None:
    kube = opened(at("pods-move-house", "service"), engine.schema())
    assert kube.store.get("Service", "default", "frontend-svc") is None
    assert len(kube.traffic.streams()) == 1


@pytest.mark.parametrize("name", ["pods-move-house", "the-address-that-is-nowhere", "replace-everything-lose-nothing"])
def test_what_is_kept_of_it_makes_the_very_cluster_in_which_the_step_was_proven(name: str) -> None:
    lesson = unit(name).lesson
    played = opened(unit(name).scene, engine.schema())
    for each in lesson.steps[:-1]:
        play_out(played, each.do, unit(name).files)
        play_out(played, each.solution, unit(name).files)
    kept = msgspec.json.encode(at(name, lesson.steps[-1].id).later)
    found = msgspec.structs.replace(at(name, lesson.steps[-1].id), later=msgspec.json.decode(kept, type=tuple[tuple[int, Action], ...]))
    assert opened(found, engine.schema()).snapshot() == played.snapshot()


def test_the_first_step_begins_as_the_lesson_does() -> None:
    assert key_of(unit("pods-move-house"), "1") == key_of(unit("pods-move-house"), "dial") == "lesson/pods-move-house"
    assert at("pods-move-house", "dial").later == ()


def test_a_key_names_the_lesson_and_the_step() -> None:
    assert key_of(unit("pods-move-house"), "2") == "lesson/pods-move-house/replace"
    assert staged("lesson/pods-move-house/replace") == ("pods-move-house", "replace")
    assert staged("lesson/pods-move-house") == ("pods-move-house", "")
    assert staged("shop") == ("", "")
