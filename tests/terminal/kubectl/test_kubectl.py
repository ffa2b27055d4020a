"""Does the page's own kubectl print what the real one prints?  Each line of commands.txt is run by both, on the same cluster at the same moment."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
TABLE = Path(__file__).with_name("commands.txt")
KUBECTL = Path(sys.executable).parent / "kubectl"
NEW = "# === a new cluster"
pytestmark = pytest.mark.slow


class Twins:
    """The real kubectl with a home of its own, and the page's in a process of its own."""

    def __init__(self, server: Any, folder: Path):
        self._environment = {**os.environ, **server.variables, "PYTHONPATH": str(ROOT), "TZ": "UTC"}
        words = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("twin.py")), server.url]
        self._twin = subprocess.Popen(words, cwd=ROOT, env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        (folder / "config").write_text(self.ask("new"))
        self._home = {"HOME": str(folder), "KUBECONFIG": str(folder / "config")}
        self._restarted = 0.0

    def ask(self, *words: Any) -> Any:
        assert self._twin.stdin is not None
        assert self._twin.stdout is not None
        self._twin.stdin.write(json.dumps(words) + "\n")
        self._twin.stdin.flush()
        return json.loads(self._twin.stdout.readline())

    def ours(self, words: list[str], stdin: str) -> tuple[Any, Any]:
        """What is printed, and what is stored then."""
        said = self.ask("run", words, stdin)
        return (said["out"], said["err"], said["code"]), said["objects"]

    def theirs(self, words: list[str], stdin: str) -> tuple[Any, Any]:
        restarts = words[:2] == ["rollout", "restart"]
        if restarts:  # it refuses a second one in the same second of its own clock; the page's goes by the cluster's clock
            time.sleep(max(0.0, self._restarted + 1 - time.time()))
        command = [str(KUBECTL), *words]
        done = subprocess.run(
            command, env={**self._environment, **self._home}, input=stdin, capture_output=True, text=True, timeout=60, check=False
        )
        if restarts:
            self._restarted = time.time()
        return (done.stdout, done.stderr, done.returncode), self.ask("objects")

    def close(self) -> None:
        assert self._twin.stdin is not None
        self._twin.stdin.close()
        self._twin.wait(timeout=20)


@pytest.fixture
def twins(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Twins]]:
    made: list[Twins] = []

    def make() -> Twins:
        made.append(Twins(server, tmp_path_factory.mktemp("home")))
        return made[-1]

    yield make
    for each in made:
        each.close()


NAMES = [
    "reading",
    "asking-and-applying",
    "changing",
    "making-and-explaining",
    "files-and-rollouts",
    "waiting",
    "setting",
    "logs-and-attaching",
    "roles",
    "tables",
    "running",
    "accounts",
    "describing",
    "contexts-and-server-side",
    "ports-of-one-number",
    "dry-runs-and-words-of-patches",
]


@pytest.mark.parametrize("lines", TABLE.read_text().split(NEW), ids=NAMES)
def test_every_command_prints_what_the_real_one_prints_and_leaves_the_same_behind(lines: str, twins: Callable[[], Twins]) -> None:
    both, different = twins(), []
    for line in lines.splitlines():
        if line.startswith("~ "):
            both.ask("skip", int(line[2:]))
        elif line == "=":
            both.ask("keep")
        elif line and not line.startswith("#"):
            different += _differences(both, line)
    assert not different


def _differences(both: Twins, line: str) -> list[Any]:
    command, _, typed = line.removeprefix("> ").removeprefix("? ").partition(" <<< ")
    words, stdin = shlex.split(command), typed.replace("\\n", "\n")
    ours, left_by_us = both.ours(words, stdin)
    if line.startswith("> "):  # time passes for the real one, and more than for us
        both.ask("pause", False)
        theirs, _ = both.theirs(words, stdin)
        both.ask("pause", True)
        return [(line, theirs, ours)] if theirs != ours else []
    theirs, left_by_them = both.theirs(words, stdin)
    if line.startswith("? "):
        theirs, ours = _in_any_order(theirs), _in_any_order(ours)
    if theirs != ours:
        return [(line, theirs, ours)]
    refs = [ref for ref in {**left_by_them, **left_by_us} if left_by_them.get(ref) != left_by_us.get(ref)]
    return [(line, ref, left_by_them.get(ref), left_by_us.get(ref)) for ref in refs]


def _in_any_order(said: Any) -> Any:
    return (sorted(said[0].splitlines()), *said[1:])
