"""Which options may an embed's address hold?"""

import pytest
from django.http import QueryDict

from playground.embeds.options import OF_A_BEGINNING, OF_ALL, BadOptions, Options, read


@pytest.mark.parametrize(
    ("case", "query", "expected"),
    [
        ("nothing", "", Options()),
        ("a switch without a value is on", "readonly", Options(readonly=True)),
        ("a switch that is on", "readonly=1&paused=true", Options(readonly=True, paused=True)),
        ("a switch that is off", "readonly=0", Options()),
        ("parts to leave out, each once", "hide=terminal,inspector,terminal", Options(hide=("terminal", "inspector"))),
        ("nothing to leave out", "hide=", Options()),
        ("a theme", "theme=dark", Options(theme="dark")),
        ("a language", "lang=de", Options(lang="de")),
        ("a seed", "seed=7", Options(seed=7)),
        ("the largest seed", f"seed={2**63 - 1}", Options(seed=2**63 - 1)),
    ],
)
def test_options_that_are_understood(case, query, expected):
    assert read(QueryDict(query), OF_A_BEGINNING) == expected, case


@pytest.mark.parametrize(
    ("case", "query", "words"),
    [
        ("an unknown option", "colour=red", 'There is no option "colour" here'),
        ("an option twice", "theme=dark&theme=light", '"theme" is said more than once'),
        ("a switch that is neither", "readonly=perhaps", "write 1 or 0"),
        ("a part that cannot be hidden", "hide=terminal,everything", "everything cannot be hidden: choose from bar, clock"),
        ("an unknown theme", "theme=pink", "choose from auto, light, dark"),
        ("an unknown language", "lang=xx", "choose from de, en"),
        ("a seed that is no number", "seed=-1", "whole number from 0 on"),
        ("a seed in other digits", "seed=٣", "whole number from 0 on"),
        ("a seed that is too large", f"seed={2**63}", "whole number from 0 on"),
    ],
)
def test_options_that_are_refused(case, query, words):
    with pytest.raises(BadOptions, match=words.replace("(", r"\(")):
        read(QueryDict(query), OF_A_BEGINNING)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(BadOptions) as caught:
        read(QueryDict("colour=red&theme=pink&seed=x"), OF_A_BEGINNING)
    assert len(caught.value.complaints) == 3


def test_a_shared_cluster_has_no_seed():
    with pytest.raises(BadOptions, match='no option "seed"'):
        read(QueryDict("seed=7"), OF_ALL)


@pytest.mark.parametrize("options", [Options(), Options(True, ("terminal", "story"), "dark", "de", 0, True)])
def test_what_is_written_into_an_address_is_read_from_it(options):
    assert read(QueryDict(options.query), OF_A_BEGINNING) == options
