"""Does a regular expression fit a line?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.terminal.programs.regex import BadPattern, Regex

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "[a-c]"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda both: f"({both[0]}|{both[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{1,}"])).map(lambda both: f"({both[0]}){both[1]}"),
    ),
    max_leaves=5,
)


@given(PATTERNS, st.text("abc", max_size=8), st.sampled_from(["", "^"]), st.sampled_from(["", "$"]))
def test_law_it_agrees_with_pythons(pattern: str, line: str, begin: str, end: str) -> None:
    whole = f"{begin}({pattern}){end}"
    assert Regex(whole, extended=True).fits(line) == bool(re.search(whole, line))


@given(st.text("ab.*[]^$\\(){}|+?1,-:", max_size=20), st.text("ab[", max_size=8), st.booleans())
def test_law_any_text_is_a_pattern_or_told(pattern: str, line: str, extended: bool) -> None:
    try:
        regex = Regex(pattern, extended)
    except BadPattern:
        return
    found = regex.find(line)
    assert (found is not None) == regex.fits(line)


def test_a_pattern_that_makes_others_slow_is_decided_at_once() -> None:
    assert not Regex("^(a+)+$", extended=True).fits("a" * 2_000 + "b")


def test_what_is_too_much_work_is_told() -> None:
    with pytest.raises(BadPattern, match="too much work"):
        Regex("(a|b|.)*(a|b|.)*(a|b|.)*x", extended=True).fits("ab" * 100_000)


@pytest.mark.parametrize(
    ("pattern", "extended", "line", "fits"),
    [
        ("a+", False, "a+", True),
        ("a+", False, "aa", False),
        ("a\\+", False, "aa", True),
        ("\\(ab\\)*c", False, "ababc", True),
        ("a|b", False, "b", False),
        ("a\\|b", False, "b", True),
        ("*a", False, "*a", True),
        ("a^b", False, "a^b", True),
        ("[[:digit:]]+", True, "a1", True),
        ("[]a]", False, "]", True),
        ("\\bweb\\b", True, "a web b", True),
        ("\\bweb\\b", True, "webs", False),
        ("\\.", False, "a", False),
    ],
)
def test_basic_and_extended(pattern: str, extended: bool, line: str, fits: bool) -> None:
    assert Regex(pattern, extended).fits(line) is fits


@pytest.mark.parametrize("pattern", ["[", "(", "a\\", "[[:what:]]", "[b-a]", "a{21}", "(" * 50 + ")" * 50, "x" * 1_001])
def test_what_is_no_pattern_is_told(pattern: str) -> None:
    with pytest.raises(BadPattern):
        Regex(pattern, extended=True)
