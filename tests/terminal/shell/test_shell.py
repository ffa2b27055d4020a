"""What does a script do, and how does the shell complain?"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.terminal.programs.limits import Limits
from playground.terminal.shell.grammar import parse
from playground.terminal.shell.wording import BadSyntax
from tests.terminal.shell.scripts import COMPLAINTS, SCRIPTS
from tests.terminal.world import World, shared

DASH = shutil.which("dash")
SMALL = Limits(steps=300, packets=5, output=5_000, held=5_000)
PIECES = (
    "echo seq cat head true false test [ ] if then elif else fi for in while until do done case esac { } ( ) ! ; ;; & && | || > >> < 2>&1 >&2 "
    "/dev/null /tmp/x $x ${x} ${x:-y} ${x#a} $? $@ $(echo `true` $(( )) 1+2 i=1 ' \" \\ # * a b 1 2 3 = -eq -n break continue exit set -e "
    "export read x y eval curl web sleep 0.1"
).split()
TEXTS = st.lists(st.sampled_from([*PIECES, "\n", " ", ""]), max_size=25).flatmap(
    lambda words: st.sampled_from([" ", ""]).map(lambda between: between.join(words))
)


@pytest.mark.parametrize(("script", "said"), SCRIPTS.items())
def test_a_script_prints_what_posix_says(script: str, said: tuple[str, int]) -> None:
    finished = World().sh(script, "deb", stdin="")
    assert (finished.out, finished.code) == said


@pytest.mark.parametrize(("script", "said"), COMPLAINTS.items())
def test_a_script_that_is_wrong_is_told_in_dashs_words(script: str, said: tuple[str, str, int]) -> None:
    finished = World().sh(script, "deb", stdin="")
    assert (finished.out, finished.err, finished.code) == said


@pytest.mark.skipif(DASH is None, reason="there is no dash here to compare with")
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_real_shell_agrees(script: str, tmp_path: Path) -> None:
    path = {"PATH": os.environ["PATH"]}
    real = subprocess.run(
        [str(DASH), "-c", script], capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/", env=path, check=False
    )
    assert (real.stdout, real.returncode) == SCRIPTS[script]


@pytest.mark.parametrize(
    ("script", "err", "code"),
    [
        ("foo", "sh: foo: not found\n", 127),
        ("./foo", "sh: ./foo: not found\n", 127),
        ("/tmp", "sh: /tmp: Permission denied\n", 126),
        ("cd /nope", "sh: cd: line 0: can't cd to /nope: No such file or directory\n", 2),
        ("exit x", "sh: exit: line 0: Illegal number: x\n", 2),
        ("set -Z", "sh: set: line 0: illegal option -Z\n", 2),
        ("for 1 in a; do :; done", "sh: syntax error: bad for loop variable\n", 2),
        ("printf %d x", "sh: invalid number 'x'\n", 1),
        ("cat < /nope", "sh: can't open /nope: no such file\n", 1),
        ("echo > /nope/x", "sh: can't create /nope/x: nonexistent directory\n", 1),
        ("echo > /proc/x", "sh: can't create /proc/x: Read-only file system\n", 1),
        ("echo 'x", "sh: syntax error: unterminated quoted string\n", 2),
        ("if true; then echo", 'sh: syntax error: unexpected end of file (expecting "fi")\n', 2),
        ("done", 'sh: syntax error: unexpected "done"\n', 2),
        ("$((1/0))", "sh: divide by zero\n", 2),
        ("[ 1 -eq x ]", "sh: x: bad number\n", 2),
        ("kill 99", "sh: can't kill pid 99: No such process\n", 1),
    ],
)
def test_ash_has_words_of_its_own(world: World, script: str, err: str, code: int) -> None:
    finished = world.sh(script, "box")
    assert (finished.err, finished.code) == (err, code)


@pytest.mark.parametrize(
    ("script", "err", "code"),
    [
        ("foo", "bash: line 1: foo: command not found\n", 127),
        ("done", "bash: line 1: syntax error near unexpected token `done'\n", 2),
        ("cat < /nope", "bash: line 1: /nope: No such file or directory\n", 1),
        ("cd /nope", "bash: line 1: cd: /nope: No such file or directory\n", 1),
    ],
)
def test_bash_has_words_of_its_own(world: World, script: str, err: str, code: int) -> None:
    finished = world.run("deb", "bash", "-c", script)
    assert (finished.err, finished.code) == (err, code)


@pytest.mark.parametrize("script", ["cat <<<a", "sleep 1 &", "f() { :; }"])
def test_what_is_not_simulated_is_named(world: World, script: str) -> None:
    finished = world.sh(script, "box")
    assert (finished.code, "not simulated here" in finished.err) == (2, True)


def test_commands_are_read_from_the_input_until_exit(world: World) -> None:
    finished = world.run("box", "sh", stdin="echo a\nfor i in 1 2\ndo echo $i\ndone\nexit 3\necho never\n")
    assert (finished.out, finished.err, finished.code) == ("a\n1\n2\n", "", 3)


def test_a_read_takes_one_line_of_the_shells_own_input(world: World) -> None:
    assert world.run("box", "sh", stdin="read x\nhello\necho [$x]\n").out == "[hello]\n"


def test_a_script_can_be_a_file(world: World) -> None:
    assert world.sh("echo 'echo $0 $1' > /tmp/s; sh /tmp/s a; sh /tmp/no", "box").out == "/tmp/s a\n"


def test_arguments_after_the_script_are_its_own(world: World) -> None:
    assert world.run("box", "sh", "-c", "echo $0 $1 $#", "name", "a", "b").out == "name a 2\n"


def test_the_first_program_of_a_pipeline_ends_when_nobody_reads(world: World) -> None:
    assert world.sh("while true; do echo y; sleep 1; done | head -n 2", "box").out == "y\ny\n"
    assert world.seconds == pytest.approx(2.0)  # the loop notices at its next write


def test_two_programs_of_a_pipeline_take_turns(world: World) -> None:
    script = "for i in 1 2 3; do echo $i; sleep 1; done | while read x; do echo $x $(date +%s); done"
    seconds = [int(line.split()[1]) for line in world.sh(script, "box").out.splitlines()]
    assert [second - seconds[0] for second in seconds] == [0, 1, 2]


def test_xtrace_shows_each_command(world: World) -> None:
    assert world.sh("set -x; x=1; echo $x", "box").err == "+ x=1\n+ echo 1\n"


# --- laws


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_law_every_text_is_a_script_or_bad_syntax(text: str) -> None:
    with suppress(BadSyntax):
        parse(text, 40)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_law_whatever_is_typed_ends_with_an_exit_code(text: str) -> None:
    finished = World().sh(text, "client", stdin="a b\nc\n", limits=SMALL)
    assert finished.code is None or 0 <= finished.code <= 255
    assert len(finished.out) + len(finished.err) < 10_000


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_law_a_quoted_text_is_itself(text: str) -> None:
    quoted = "'" + text.replace("\0", "").replace("'", "'\\''") + "'"
    assert shared().sh(f"printf %s {quoted}", "box").out == text.replace("\0", "")
