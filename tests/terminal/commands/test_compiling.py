"""Which commands of containers are run, and which are only guessed at?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.kubelet.commands import Jump, Run
from playground.terminal.commands.compiling import Words, steps


def shell(script: str, **container: Any) -> tuple[Any, ...]:
    return steps({"image": "busybox:1.36", "command": ["sh", "-c", script], **container})


def shape(script: str) -> str:
    """R for a command line, J5 for a jump to step 5, with + or - where the last status has to be good or bad."""
    signs = {None: "", True: "+", False: "-"}
    return " ".join("R" if isinstance(step, Run) else f"J{step.to}{signs[step.when]}" for step in shell(script))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("nslookup web", "R"),
        ("nslookup web; sleep 5", "R R"),
        ("wget -qO- web | grep -q ok", "R"),
        ("wget -q web && echo up || echo down", "R J3- R J5+ R"),
        ("until nslookup web; do echo waiting; sleep 2; done", "R J5+ R R J0 R"),
        ("while ! nc -z web 80; do sleep 1; done", "R J4- R J0 R"),
        ("while true; do curl -s web && break; sleep 1; done", "R J7- R J5- J7 R J0 R"),
        ("while true; do curl -s web || continue; sleep 1; done", "R J7- R J5+ J0 R J0 R"),
        ("if nc -z web 80; then echo up; else echo down; fi", "R J4- R J5 R"),
        ("if nc -z web 80; then echo up; fi", "R J4- R J5 R"),
        ("for each in a b; do wget -q $each; done", "R R R R"),
        ("{ curl web; }", "R"),
    ],
)
def test_loops_and_conditions_become_jumps(script: str, expected: str) -> None:
    assert shape(script) == expected


@pytest.mark.parametrize(
    "script",
    [
        "sleep 3600",
        "while true; do sleep 1; done",
        "until mysql -h db; do sleep 2; done",
        "apk add curl && curl web",
        "set -e; curl web",
        "cd /tmp; curl web",
        "curl web &",
        "while true; do curl web; done | tee log",
        "for each in $(seq 3); do curl web; done",
        "case x in x) curl web;; esac",
        "(curl web; while true; do curl web; done)",
        "curl web; $PROGRAM",
        "if",
        "curl web " * 1_000,
    ],
)
def test_what_is_not_known_to_its_end_or_asks_and_says_nothing_is_not_run(script: str) -> None:
    assert shell(script) == ()


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ({"image": "busybox", "command": ["nslookup", "web"]}, ("nslookup", "web")),
        ({"image": "busybox", "command": ["/bin/nslookup"], "args": ["web"]}, ("/bin/nslookup", "web")),
        ({"image": "busybox", "args": ["wget", "-q", "web"]}, ("wget", "-q", "web")),
        ({"image": "curlimages/curl:8.16.0", "args": ["-s", "web"]}, ("curl", "-s", "web")),
        ({"image": "nginx", "args": ["-g", "daemon off;"]}, None),
        ({"image": "curlimages/curl"}, None),
    ],
)
def test_a_program_without_a_shell(container: dict[str, Any], words: tuple[str, ...] | None) -> None:
    assert steps(container) == (() if words is None else (Run(Words(words)),))


def test_jumps_lead_to_steps_or_to_the_end() -> None:
    found = shell("until nslookup web; do while true; do echo a; break; done; sleep 1; done")
    assert all(0 <= step.to <= len(found) for step in found if isinstance(step, Jump))
