"""Is everything that the real kubectl has either here or said not to be simulated?  Never called unknown."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from playground.terminal.kubectl import unsimulated
from playground.terminal.kubectl.commands import COMMANDS
from playground.terminal.kubectl.flags import GLOBAL, table
from tests.terminal.world import shared

KUBECTL = Path(sys.executable).parent / "kubectl"
LISTED = re.compile(r"^[A-Z][\w ()&,-]*:\n((?:  \S.*\n)+)", re.MULTILINE)
FLAG = re.compile(r"^    (?:-(\w), |)--([\w-]+)(?:=.*?)?:$", re.MULTILINE)


def told(*words: str) -> str:
    return subprocess.run([str(KUBECTL), *words], capture_output=True, text=True, check=True).stdout


def below(words: tuple[str, ...], text: str) -> list[tuple[str, ...]]:
    names = [name for section in LISTED.findall(text) for name in re.findall(r"^  ([a-z][\w-]*)  ", section, re.MULTILINE)]
    return [(*words, name) for name in names if name not in words]


@pytest.mark.slow
def test_every_command_and_flag_of_the_real_kubectl_is_here_or_said_not_to_be() -> None:
    unknown, left = [], [()]
    while left:
        words = left.pop()
        text = told(*words, "--help")
        inner = below(words, text)
        left += inner
        name = " ".join(words)
        if name in COMMANDS:
            known = table(f"{GLOBAL} {COMMANDS[name].flags}")
            for letter, flag in FLAG.findall(text):
                here = flag in known and known[flag].short == letter
                if not here and not all(unsimulated.flag(name, each) for each in (letter, flag) if each):
                    unknown.append(f"{name} --{flag}")
        elif name not in unsimulated.COMMANDS and not inner:
            unknown.append(name)
    known = table(GLOBAL)
    unknown += [f"--{flag}" for _, flag in FLAG.findall(told("options")) if flag not in known and not unsimulated.flag("", flag)]
    assert not unknown


@pytest.mark.slow
def test_no_flag_is_here_that_the_real_kubectl_does_not_have() -> None:
    invented = []
    for name, command in COMMANDS.items():
        real = {flag for _, flag in FLAG.findall(told(*name.split(), "--help"))}
        invented += [f"{name} --{each.name}" for each in table(command.flags).values() if each.name not in real]
    assert not invented


def test_nothing_is_both_here_and_said_not_to_be() -> None:
    assert not unsimulated.COMMANDS & set(COMMANDS)
    for name, flags in unsimulated.FLAGS.items():
        here = table(COMMANDS[name].flags if name else GLOBAL)
        assert not {each if len(each) > 1 else f"-{each}" for each in flags.split()} & set(here)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("apply --prune -f x", "error: kubectl apply --prune is not simulated in this terminal\n"),
        ("apply -l a=b -f x", "error: kubectl apply -l is not simulated in this terminal\n"),
        ("get pods -o kyaml", "error: kubectl -o kyaml is not simulated in this terminal\n"),
        ("get pods -o go-template={{.kind}}", "error: kubectl -o go-template is not simulated in this terminal\n"),
        ("patch pod box --subresource=resize -p {}", "error: kubectl patch --subresource=resize is not simulated in this terminal\n"),
        ("get pods -k .", "error: kubectl get -k is not simulated in this terminal\n"),
        ("get pods --as=jane", "error: kubectl get --as is not simulated in this terminal\n"),
        ("get pods --template={{.kind}}", "error: kubectl get --template is not simulated in this terminal\n"),
        ("label --local -f x a=b", "error: kubectl label --local is not simulated in this terminal\n"),
        ("set image deploy/x a=b --record", "error: kubectl set image --record is not simulated in this terminal\n"),
        ("rollout restart deploy x --dry-run=client", "error: unknown flag: --dry-run\nSee 'kubectl rollout restart --help' for usage.\n"),
        ("get pods --proxy-url=x", "error: kubectl get --proxy-url is not simulated in this terminal\n"),
        ("config set-cluster x", "error: kubectl config set-cluster is not simulated in this terminal\n"),
        ("auth reconcile -f x", "error: kubectl auth reconcile is not simulated in this terminal\n"),
        ("apply --foo", "error: unknown flag: --foo\nSee 'kubectl apply --help' for usage.\n"),
    ],
)
def test_what_is_not_simulated_is_said_to_be_so(line: str, said: str) -> None:
    assert shared().run_on_workstation(f"kubectl {line}").err == said
