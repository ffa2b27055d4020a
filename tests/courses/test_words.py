"""Does the pane speak each language completely, and the right one?"""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from django.test import RequestFactory

from playground.courses.words import language_of, languages, words

TEMPLATES = Path("templates/courses")
CODE = Path("playground/courses")


def test_every_language_has_every_sentence_with_the_same_blanks() -> None:
    english = words("en")._known
    for known in languages().values():
        assert known._known.keys() == english.keys()
        for key, text in known._known.items():
            assert _blanks(text) == _blanks(english[key]), key


def test_every_sentence_that_a_template_says_exists() -> None:
    text = "".join(path.read_text() for path in TEMPLATES.glob("*.html"))
    said = set(re.findall(r"\bw\.(\w+)", text)) | set(re.findall(r'\{% say "(\w+)"', text))
    assert said <= words("en")._known.keys()


def test_every_sentence_is_said_somewhere() -> None:
    text = "".join(path.read_text() for path in (*TEMPLATES.glob("*.html"), *CODE.rglob("*.py")))
    built = {key for key in words("en")._known if key.startswith(("bad_", "rung_"))} | {"guess", "fairly", "certain"}
    assert [key for key in words("en")._known if key not in built and not re.search(rf"\b{key}\b", text)] == []


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        ("", "", "en"),
        ("de", "", "de"),
        ("", "de-AT,de;q=0.9,en;q=0.5", "de"),
        ("en", "de", "en"),
        ("", "fr, de;q=0.5", "de"),
        ("xx", "fr", "en"),
        ("<b>", "*", "en"),
    ],
)
def test_a_reader_is_spoken_to_in_the_language_they_asked_for(asked: str, accepted: str, spoken: str) -> None:
    request = RequestFactory().get("/lessons/", {"lang": asked}, headers={"Accept-Language": accepted})
    assert language_of(request) == spoken


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
