"""What does the YAML parser mean by its error?  Its messages in a learner's words: what stands there, what was expected.

Source of the messages: libyaml's scanner.c and parser.c.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from playground.manifests.errors import BadYAML

Complaint = tuple[Any, str, str]

_LONGEST_KEY = 1024


def complaint(error: yaml.MarkedYAMLError, text: str) -> BadYAML:
    """The parser's error with its place in `text`, in plain words."""
    lines = text.splitlines() or [""]
    problem, context = str(error.problem or "text that cannot be read"), str(error.context or "")
    explain = next((explain for words, explain in _EXPLANATIONS if words in problem), _as_the_parser_says)
    mark, found, expected = explain(_Trouble(problem, context, error.problem_mark, error.context_mark, lines))
    if mark.line >= len(lines):
        return BadYAML(len(lines), len(lines[-1]) + 1, found, expected)
    return BadYAML(mark.line + 1, mark.column + 1, found, expected)


class _Trouble:
    """The parser's words, where it noticed, where the thing began, and the lines of the text."""

    def __init__(self, problem: str, context: str, mark: Any, start: Any, lines: list[str]):
        self.problem, self.context, self.mark, self.lines = problem, context, mark, lines
        self.start = start or mark

    def line(self, mark: Any) -> str:
        return self.lines[mark.line] if mark.line < len(self.lines) else ""

    @property
    def character(self) -> str:
        return self.line(self.mark)[self.mark.column : self.mark.column + 1]

    @property
    def began(self) -> str:
        return f"line {self.start.line + 1}"


def _tab(trouble: _Trouble) -> Complaint:
    return trouble.mark, "a tab", "spaces: YAML is indented with spaces only"


def _strange_character(trouble: _Trouble) -> Complaint:
    if trouble.character == "\t":
        return _tab(trouble)
    return trouble.mark, f"the character {trouble.character}, which cannot begin a value", "quotes around the value"


def _second_colon(trouble: _Trouble) -> Complaint:
    before = trouble.line(trouble.mark)[: trouble.mark.column]
    if ": " in before:
        return trouble.mark, "a second colon after a key", "one value after a key: put a text with a colon in quotes"
    if len(before) > _LONGEST_KEY:
        return trouble.mark, f"a key of {len(before):,} characters", f"at most {_LONGEST_KEY:,}"
    above = next((line for line in reversed(trouble.lines[: trouble.mark.line]) if line.strip()), "")
    column = len(before) - len(before.lstrip())
    if ": " not in above and not above.rstrip().endswith(":"):
        return _at(trouble.mark, column), "a key after a line that has none", 'a space after the colon of the line above ("key: value")'
    return _at(trouble.mark, column), "a key that is indented under a finished value", "the key in the same column as the key above"


def _no_colon(trouble: _Trouble) -> Complaint:
    word = trouble.line(trouble.start)[trouble.start.column :].split("#")[0].strip()
    return trouble.start, f"{_short(word)} without a colon", 'a colon and a space after the key ("key: value")'


def _key(trouble: _Trouble) -> Complaint:
    expected = f"a key in column {trouble.start.column + 1}, as on {trouble.began}, where this mapping begins"
    before = trouble.line(trouble.mark)[: trouble.mark.column].strip()
    if before:
        return trouble.mark, f"{_rest(trouble)} after a quoted text", "the end of the line, or the quotes around all of it"
    return trouble.mark, f"{_rest(trouble)} in column {trouble.mark.column + 1}", expected


def _dash(trouble: _Trouble) -> Complaint:
    expected = f'"- " in column {trouble.start.column + 1}, as on {trouble.began}, where this list begins'
    return trouble.mark, f"{_rest(trouble)} in column {trouble.mark.column + 1}", expected


def _bracket(trouble: _Trouble) -> Complaint:
    closing = "]" if "]" in trouble.problem else "}"
    opened = "[" if closing == "]" else "{"
    return trouble.mark, _rest(trouble), f'"," or "{closing}" to go on with or close the "{opened}" of {trouble.began}'


def _no_value(trouble: _Trouble) -> Complaint:
    if "{{" in trouble.line(trouble.mark):
        return trouble.mark, "a template's {{ }}", "plain YAML: render the template first (helm template)"
    return trouble.mark, _rest(trouble), "a value"


def _unclosed_quote(trouble: _Trouble) -> Complaint:
    return trouble.start, "a quote that is never closed", "the same quote at the end of the text"


def _escape(trouble: _Trouble) -> Complaint:
    escape = trouble.line(trouble.mark)[trouble.mark.column :][:2]
    return trouble.mark, f"{escape} in double quotes", "an escape that YAML knows, \\\\ for a backslash, or single quotes"


def _dash_in_line(trouble: _Trouble) -> Complaint:
    return trouble.mark, 'a list item ("- ") after a key', "the list on lines of its own"


def _new_document(trouble: _Trouble) -> Complaint:
    return trouble.mark, _rest(trouble), "the same indentation as the document's first line, or --- to begin another document"


def _name(trouble: _Trouble) -> Complaint:
    sign = "*" if "alias" in trouble.context else "&"
    return trouble.start, f"{sign} without a name", f"quotes around a text that begins with {sign}"


def _block_header(trouble: _Trouble) -> Complaint:
    return trouble.mark, f"{_rest(trouble)} after | or >", "the end of the line: the text begins on the next one"


def _tag(trouble: _Trouble) -> Complaint:
    return trouble.start, f"the tag {_short(trouble.line(trouble.start)[trouble.start.column :])}", "no tag: a value needs none"


def _directive(trouble: _Trouble) -> Complaint:
    return trouble.start, f"the directive {_short(trouble.line(trouble.start))}", "%YAML 1.1, or nothing: a manifest needs none"


def _unicode_escape(trouble: _Trouble) -> Complaint:
    return trouble.mark, "an escape of half a character", "the character itself, or \\U and eight digits"


def _as_the_parser_says(trouble: _Trouble) -> Complaint:
    problem = trouble.problem.removeprefix("found ")
    return trouble.mark, f"{_rest(trouble)} ({problem})", f"valid YAML {trouble.context}".rstrip()


_EXPLANATIONS: tuple[tuple[str, Callable[[_Trouble], Complaint]], ...] = (
    ("found a tab character", _tab),
    ("cannot start any token", _strange_character),
    ("mapping values are not allowed", _second_colon),
    ("could not find expected ':'", _no_colon),
    ("did not find expected key", _key),
    ("did not find expected '-' indicator", _dash),
    ("did not find expected ',' or", _bracket),
    ("did not find expected node content", _no_value),
    ("unexpected end of stream", _unclosed_quote),
    ("unexpected document indicator", _unclosed_quote),
    ("unknown escape character", _escape),
    ("block sequence entries are not allowed", _dash_in_line),
    ("expected <document start>", _new_document),
    ("alphabetic or numeric character", _name),
    ("expected comment or line break", _block_header),
    ("expected '>'", _tag),
    ("tag", _tag),
    ("directive", _directive),
    ("incompatible YAML document", _directive),
    ("invalid Unicode character escape", _unicode_escape),
)


def _at(mark: Any, column: int) -> Any:
    return yaml.Mark("", 0, mark.line, column, "", 0)


def _rest(trouble: _Trouble) -> str:
    """What stands from the mark to the end of its line."""
    rest = trouble.line(trouble.mark)[trouble.mark.column :].strip()
    return _short(rest) if rest else "the end of the text" if trouble.mark.line + 1 >= len(trouble.lines) else "the end of the line"


def _short(words: str) -> str:
    return f'"{words}"' if len(words) <= 40 else f'"{words[:40]}..."'
