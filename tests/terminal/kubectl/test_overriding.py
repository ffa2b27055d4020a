"""Do `--overrides` change what kubectl makes, before it is sent?"""

from __future__ import annotations

import pytest

from playground.clusters import scenes
from playground.curriculum.playing import Played, play

RUN = "kubectl run c --image=nginx --dry-run=client -o jsonpath='{.spec.nodeName}{.spec.containers[0].image}'"


def typed(line: str) -> Played:
    return play(scenes.start(scenes.find("empty")), [line], {})[0]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("", "nginx"),
        ("""--overrides='{"spec":{"nodeName":"node-b"}}'""", "node-bnginx"),
        ("""--override-type=json --overrides='[{"op":"add","path":"/spec/nodeName","value":"node-c"}]'""", "node-cnginx"),
    ],
)
def test_a_patch_is_laid_over_the_object(flags: str, said: str) -> None:
    assert typed(f"{RUN} {flags}").said == said


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--overrides='{'", "error: Invalid JSON Patch\n"),
        ("--override-type=odd --overrides='{}'", "error: invalid override type: odd\n"),
        (
            "--override-type=strategic --overrides='{}'",
            "error: --override-type=strategic is not simulated in this terminal: use merge or json\n",
        ),
    ],
)
def test_a_patch_that_is_none_is_refused(flags: str, said: str) -> None:
    assert (typed(f"{RUN} {flags}").code, typed(f"{RUN} {flags}").said) == (1, said)
