"""What may be chosen of an embed?  The options in its address: a closed list, so that a mistake is told and not passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict

from playground.clusters.library import library

HIDEABLE = ("bar", "clock", "history", "new", "inspector", "story", "traffic", "objects", "terminal")
THEMES = ("auto", "light", "dark")
OF_ALL = ("readonly", "hide", "theme", "lang")
OF_A_BEGINNING = (*OF_ALL, "seed", "paused")
LARGEST_SEED = 2**63 - 1
YES, NO = ("", "1", "true"), ("0", "false")


class BadOptions(ValueError):
    """`complaints`: one sentence for each thing that is wrong."""

    def __init__(self, complaints: list[str]):
        super().__init__(" ".join(complaints))
        self.complaints = complaints


class Options(NamedTuple):
    """What was chosen; `seed` is None for the scene's own, `lang` "" for what the reader's browser asks for."""

    readonly: bool = False
    hide: tuple[str, ...] = ()
    theme: str = "auto"
    lang: str = ""
    seed: int | None = None
    paused: bool = False

    @property
    def query(self) -> str:
        """As it stands in an address: what is as usual is left out."""
        chosen = {
            "readonly": self.readonly and "1",
            "hide": ",".join(self.hide),
            "theme": self.theme != "auto" and self.theme,
            "lang": self.lang,
            "seed": "" if self.seed is None else str(self.seed),
            "paused": self.paused and "1",
        }
        return urlencode({name: value for name, value in chosen.items() if value}, safe=",")


def read(query: QueryDict, known: Iterable[str]) -> Options:
    """The options of an address. BadOptions lists all that is unknown, said twice, or has a value that it cannot have."""
    known = tuple(known)
    complaints = [f'There is no option "{name[:40]}" here: known are {", ".join(known)}.' for name in query if name not in known]
    complaints += [f'"{name}" is said more than once.' for name in query if name in known and len(query.getlist(name)) > 1]
    chosen = {}
    for name in known:
        if name in query:
            try:
                chosen[name] = _READERS[name](query[name].strip())
            except ValueError as error:
                complaints.append(f"{name}={query[name][:40]}: {error}.")
    if complaints:
        raise BadOptions(complaints)
    return Options(**chosen)  # type: ignore[arg-type]


def languages() -> list[str]:
    """Those that any lesson is written in."""
    return sorted({language for unit in library().units.values() for language in unit.prose} | {"en"})


def _switch(text: str) -> bool:
    if text.lower() not in YES + NO:
        raise ValueError("write 1 or 0")
    return text.lower() in YES


def _hidden(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in HIDEABLE]
    if unknown:
        raise ValueError(f"{unknown[0]} cannot be hidden: choose from {', '.join(HIDEABLE)}")
    return names


def _theme(text: str) -> str:
    return _one_of(THEMES, text)


def _language(text: str) -> str:
    return _one_of(languages(), text)


def _one_of(words: Sequence[str], text: str) -> str:
    if text not in words:
        raise ValueError(f"choose from {', '.join(words)}")
    return text


def _seed(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > LARGEST_SEED:
        raise ValueError("write a whole number from 0 on")
    return int(text)


_READERS = {
    "readonly": _switch,
    "hide": _hidden,
    "theme": _theme,
    "lang": _language,
    "seed": _seed,
    "paused": _switch,
}
