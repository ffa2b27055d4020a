"""How does the pane itself speak, in each language?  Files of `lessons/words`; what a lesson says stands in its own folder."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from playground.manifests.reader import read

FALLBACK = "en"


class Words:
    """The sentences of one language: `words.commit`, or with something filled in, `words.say("lesson_of", place=1, of=18)`."""

    def __init__(self, language: str, known: dict[str, str]):
        self.code = language
        self._known = known

    def __getitem__(self, key: str) -> str:
        return self._known[key]

    def say(self, key: str, **values: object) -> str:
        return self._known[key].format(**values)


@cache
def languages() -> dict[str, Words]:
    """Every language that there is a file of, by code."""
    files = sorted((settings.BASE_DIR / "lessons" / "words").glob("*.yaml"))
    return {path.stem: Words(path.stem, read(path.read_text("utf-8")).values[0]) for path in files}


def words(language: str) -> Words:
    """In this language; in English where there is no file of it."""
    return languages().get(language) or languages()[FALLBACK]


def wanted(request: HttpRequest) -> list[str]:
    """The languages that a reader asked for, the dearest first: `?lang=`, then what the browser says, then English."""
    asked = request.GET.get("lang", "")
    accepted = [code.split("-")[0] for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500].lower())]
    return [asked, *accepted, FALLBACK]


def language_of(request: HttpRequest) -> str:
    """The language of a page of ours."""
    return next(code for code in wanted(request) if code in languages())
