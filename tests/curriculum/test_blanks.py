"""Which answers in a blank count, though they are spelled otherwise?"""

from __future__ import annotations

import msgspec
import pytest

from playground.curriculum.blanks import same
from playground.curriculum.lesson import Blank

LABEL, PORT, CHANCE, WORD = (
    Blank("app=frontend", "label"),
    Blank("80", "number"),
    Blank("0.5", "number", ("1/2",)),
    Blank("ClusterIP", "word"),
)


@pytest.mark.parametrize(
    ("blank", "typed"),
    [
        ("tcp://172.17.0.6:6379", " tcp://172.17.0.6:6379\n"),
        ("app: frontend", "app:frontend"),
        ("app: frontend", "app :  frontend"),
        ("tcp", '"tcp"'),
        ("tcp", "`tcp`"),
        ("tcp", "' tcp '"),
        ("a b", "a   b"),
        (LABEL, "app: frontend"),
        (LABEL, "app:frontend"),
        (LABEL, "app = frontend"),
        (LABEL, "{app: frontend}"),
        (LABEL, '"app": "frontend"'),
        (PORT, "80.0"),
        (PORT, "080"),
        (PORT, "80 %"),
        (CHANCE, "0,5"),
        (CHANCE, "0.50"),
        (CHANCE, "50%"),
        (CHANCE, "50 %"),
        (CHANCE, "1/2"),
        (WORD, "clusterip"),
    ],
)
def test_what_means_the_same_counts(blank: str | Blank, typed: str) -> None:
    assert same(blank, typed)


@pytest.mark.parametrize(
    ("blank", "typed"),
    [
        ("tcp", "TCP"),
        ("tcp", ""),
        ("tcp", '"'),
        ("tcp://172.17.0.6:6379", "172.17.0.6:6379"),
        (LABEL, "frontend"),
        (LABEL, "app=frontends"),
        (LABEL, "app=frontend,tier=web"),
        (PORT, "8080"),
        (PORT, "eighty"),
        (PORT, "80:80"),
        (CHANCE, "50"),
        (CHANCE, "5"),
        (WORD, "NodePort"),
    ],
)
def test_what_means_something_else_does_not(blank: str | Blank, typed: str) -> None:
    assert not same(blank, typed)


def test_a_kind_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(msgspec.ValidationError, match="one of text, word, number, label"):
        msgspec.convert({"text": "80", "as": "figure"}, Blank)
