"""Does a lesson in German say in German what the simulator saw?"""

from __future__ import annotations

import pytest
from django.conf import settings

from playground.clusters import engine
from playground.clusters.library import OWN
from playground.curriculum.checking import Context, ended, see
from playground.curriculum.lesson import Step
from playground.curriculum.loader import Unit, load
from playground.curriculum.phrases import translated
from playground.curriculum.playing import play_out
from playground.curriculum.seen import Seen
from playground.curriculum.stages import opened
from playground.kube.cluster import Cluster

GERMAN = {name: unit for name, unit in load(settings.BASE_DIR / OWN)[0].units.items() if "de" in unit.prose}
MISCHIEF = (
    (),
    ("kubectl delete service --all",),
    ("kubectl scale deployment --all --replicas=0",),
    ("switchyard stop-proxy node-a", "switchyard stop-proxy node-b", "kubectl delete pod -l app=frontend"),
    ("switchyard power-off node-a",),
    ("switchyard power-off node-b",),
    ("switchyard stop-dns",),
)


@pytest.mark.parametrize(
    ("text", "german"),
    [
        ("100%", "100%"),
        ("at least 95%", "mindestens 95%"),
        ("27% to 40%", "27% bis 40%"),
        ("100% ok", "100% beantwortet"),
        (
            "default/web is there, but no process listens on this TCP port.",
            "default/web ist da, aber kein Prozess hört auf diesem TCP-Port.",
        ),
        ("There is no way to this address. Unheard of.", "Zu dieser Adresse führt kein Weg. Unheard of."),
    ],
)
def test_a_sentence_that_is_known_is_told_in_german(text: str, german: str) -> None:
    assert translated(text, "de") == german


@pytest.mark.parametrize("text", ['pods "x" not found', "client", "", 'Deployment.apps "a b" is invalid: spec: Required value'])
def test_names_and_the_words_of_kubernetes_stay(text: str) -> None:
    assert translated(text, "de") == text


def test_a_language_without_a_file_leaves_all_as_it_is() -> None:
    assert translated("at least 95%", "../de") == "at least 95%"


@pytest.mark.parametrize("unit", GERMAN.values(), ids=GERMAN)
def test_no_reason_of_a_german_lesson_stays_english(unit: Unit) -> None:
    kube = opened(unit.scene, engine.schema(), None)
    for step in unit.lesson.steps:
        began = kube.now
        play_out(kube, step.do, unit.files)
        for lines in (*MISCHIEF, *(wrong.do for wrong in step.wrong)) if step.goal else ():
            other = kube.fork()
            play_out(other, lines, unit.files)
            assert [each for each in reasons(unit, step, other, began) if translated(each, "de") == each] == []
        play_out(kube, step.solution, unit.files)


def reasons(unit: Unit, step: Step, kube: Cluster, began: int) -> list[str]:
    """What is said in the simulator's own words when the goals are checked."""
    context = Context(lambda: opened(unit.scene, engine.schema(), None), unit.files, 0, {}, ended(kube, began), (1,))
    seen: list[Seen] = [see(check, kube, context) for check in step.goal]
    return [str(each.values["why"]) for each in seen if "why" in each.values and '"' not in str(each.values["why"])]
