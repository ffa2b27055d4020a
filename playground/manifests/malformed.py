"""Why does Go say that a text is no JSON?  One sentence, of the first sign that does not fit.

Source: Go encoding/json/scanner.go, whose words sigs.k8s.io/json has too.
"""

from __future__ import annotations

import re

SPACE = re.compile(r"[ \t\r\n]*")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
WORDS = {"t": "true", "f": "false", "n": "null"}
ESCAPED = '"\\/bfnrtu'


class _Unfit(ValueError):
    """The sentence."""


def why(text: str) -> str:
    """Empty where the text is JSON."""
    try:
        place = _space(text, _value(text, _space(text, 0), "beginning of value"))
        if place < len(text):
            _fail(text, place, "after top-level value")
    except _Unfit as unfit:
        return str(unfit)
    return ""


def _value(text: str, place: int, wanted: str) -> int:
    """Where the value that begins here ends."""
    sign = text[place : place + 1]
    if sign == "{":
        return _object(text, place)
    if sign == "[":
        return _list(text, place)
    if sign == '"':
        return _string(text, place)
    if sign in WORDS:
        return _word(text, place, WORDS[sign])
    number = NUMBER.match(text, place)
    if number is None:
        _fail(text, place, f"looking for {wanted}")
    return number.end()


def _object(text: str, place: int) -> int:
    place = _space(text, place + 1)
    if text[place : place + 1] == "}":
        return place + 1
    while True:
        if text[place : place + 1] != '"':
            _fail(text, place, "looking for beginning of object key string")
        place = _space(text, _string(text, place))
        if text[place : place + 1] != ":":
            _fail(text, place, "after object key")
        place = _space(text, _value(text, _space(text, place + 1), "beginning of value"))
        if text[place : place + 1] == "}":
            return place + 1
        if text[place : place + 1] != ",":
            _fail(text, place, "after object key:value pair")
        place = _space(text, place + 1)


def _list(text: str, place: int) -> int:
    place = _space(text, place + 1)
    if text[place : place + 1] == "]":
        return place + 1
    while True:
        place = _space(text, _value(text, place, "beginning of value"))
        if text[place : place + 1] == "]":
            return place + 1
        if text[place : place + 1] != ",":
            _fail(text, place, "after array element")
        place = _space(text, place + 1)


def _string(text: str, place: int) -> int:
    place += 1
    while True:
        sign = text[place : place + 1]
        if sign == '"':
            return place + 1
        if not sign or sign < " ":
            _fail(text, place, "in string literal")
        if sign == "\\":
            place += 1
            if text[place : place + 1] not in ESCAPED or place >= len(text):
                _fail(text, place, "in string escape code")
        place += 1


def _word(text: str, place: int, word: str) -> int:
    for index, letter in enumerate(word[1:], 1):
        if text[place + index : place + index + 1] != letter:
            _fail(text, place + index, f"in literal {word} (expecting '{letter}')")
    return place + len(word)


def _space(text: str, place: int) -> int:
    found = SPACE.match(text, place)
    return found.end() if found else place


def _fail(text: str, place: int, where: str) -> None:
    if place >= len(text):
        raise _Unfit("unexpected end of JSON input")
    raise _Unfit(f"invalid character {_quoted(text[place])} {where}")


def _quoted(sign: str) -> str:
    return {"'": r"'\''", '"': "'\"'", "\n": r"'\n'", "\t": r"'\t'", "\r": r"'\r'"}.get(sign, f"'{sign}'")
