"""Whatever words a program is given, it ends with an exit code."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.terminal.programs.limits import Limits
from playground.terminal.sessions.table import PROGRAMS
from tests.terminal.world import World

WORDS = (
    "-a -c -n -s -v -x -z -d -f -k -o -q -t -w -1 -O- -w%{http_code} --max-time --help -- - + 0 1 2 -1 99999 1.5 abc a-z [:digit:] a* [ ( \\ %s %d %5x "
    "\\n /tmp /tmp/x /etc/hosts /nope web web:80 http://web/x https://web empty 10.244.0.1 172.17.0.50 127.0.0.1 @172.17.0.10 +short +search "
    "-type=srv -x SRV A PTR hosts ahosts NAME=1 printenv ! = -eq ]"
).split()
SMALL = Limits(steps=200, packets=10, output=20_000, held=20_000)


@given(
    st.sampled_from(sorted(PROGRAMS)),
    st.lists(st.sampled_from([*WORDS, "", "ä b"]), max_size=5),
    st.sampled_from(["box", "deb", "made-up"]),
)
@settings(max_examples=300, deadline=None)
def test_law_any_words_end_with_an_exit_code(name: str, words: list[str], pod: str) -> None:
    quoted = " ".join("'" + word.replace("'", "") + "'" for word in words)
    finished = World().sh(f"command {name} {quoted}", pod, stdin="one two\nthree\n", limits=SMALL)
    assert finished.code is None or 0 <= finished.code <= 255
