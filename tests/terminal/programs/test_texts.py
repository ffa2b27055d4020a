"""What do the small tools print?"""

from __future__ import annotations

import pytest

from tests.terminal.programs.tools import TABLE, TOOLS
from tests.terminal.world import World, shared


@pytest.mark.parametrize(("script", "said"), TOOLS.items())
def test_gnus_tools(script: str, said: tuple[str, str, int]) -> None:
    finished = World().sh(script.replace("TABLE", TABLE), "deb", stdin="")
    assert (finished.out, finished.err, finished.code) == said


ABSENT = {
    "grep -P x /etc/hosts": ("deb", "grep: -P is not simulated in this playground\n", 2),
    "grep --include=x y": ("deb", "grep: --include is not simulated in this playground\n", 2),
    "seq 3 | sort -h": ("deb", "sort: -h is not simulated in this playground\n", 2),
    "seq 3 | cut --complement -c1": ("deb", "cut: --complement is not simulated in this playground\n", 1),
    "grep -r x /etc": ("box", "grep: -r is not simulated in this playground\n", 2),
    "grep -k x": ("box", "grep: invalid option -- 'k'\n", 2),
    "alias k=kubectl": ("deb", "sh: 1: alias: aliases are not simulated here\n", 2),
}


@pytest.mark.parametrize(("script", "said"), ABSENT.items())
def test_an_option_that_there_is_is_not_called_invalid(script: str, said: tuple[str, str, int]) -> None:
    finished = shared().sh(script, said[0], stdin="")
    assert (finished.err, finished.code) == said[1:]


def test_busyboxs_grep_has_the_lines_around_too() -> None:
    assert shared().sh("seq 9 | grep -A1 -B1 5", "box").out == "4\n5\n6\n"
    assert shared().sh("seq 9 | grep -A x 5", "box").err == "grep: invalid number 'x'\n"


@pytest.mark.parametrize("program", ["awk", "sed", "jq", "less", "watch", "xargs", "base64", "vim"])
def test_a_usual_tool_of_the_workstation_says_that_it_is_not_simulated(program: str) -> None:
    finished = shared().run_on_workstation(f"{program} x")
    assert (finished.err, finished.code) == (
        f"switchyard: {program} is on a machine like this, but this playground does not simulate it\n",
        126,
    )
