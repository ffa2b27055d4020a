"""What does a JSONPath template of kubectl's say of a value?

Source: staging/src/k8s.io/client-go/util/jsonpath/{parser,jsonpath}.go; kubectl pkg/cmd/get/customcolumn.go (RelaxedJSONPathExpression).
Simplified: regular expressions in filters are not known, as in kubectl; a filter compares numbers with numbers and texts with texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from playground.terminal.kubectl.golang import compact

_RELAXED = re.compile(r"\{\.?([^{}]+)\}|\.?([^{}]+)")
_ARRAY = re.compile(r"(-?\d+)?(?:(:)(-?\d+)?(?::(-?\d+)?)?)?")
_FILTER = re.compile(r"(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)")
_WORD = re.compile(r"(?:\\.|[^\s.\[\]{}'\"\\,()])+")
Node = tuple[Any, ...]


class Unparsed(ValueError):
    """The template is no template; the message says why."""


class Unfound(ValueError):
    """The value has nothing there."""


def relaxed(text: str) -> str:
    """`metadata.name`, `.metadata.name` and `{.metadata.name}` are all the last; raises Unparsed."""
    found = _RELAXED.fullmatch(text)
    if found is None:
        raise Unparsed("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'")
    return f"{{.{found[1] or found[2]}}}"


def results(text: str, value: Any) -> list[Any]:
    """What a single expression finds, nothing where keys are missing."""
    return [each for node in parse(text) for each in _walk([value], node)]


def render(text: str, value: Any) -> str:
    """The whole template filled in; raises Unparsed, Unfound."""
    return "".join(_render(parse(text), value))


# --- reading a template


def parse(text: str) -> list[Node]:
    """Texts and expressions in order."""
    nodes: list[Node] = []
    at = 0
    while at < len(text):
        opening = text.find("{", at)
        if opening < 0:
            nodes.append(("text", text[at:]))
            break
        if opening > at:
            nodes.append(("text", text[at:opening]))
        action, at = _action(text, opening + 1)
        nodes.append(action)
    return nodes


def _action(text: str, at: int) -> tuple[Node, int]:
    steps: list[Node] = []
    while True:
        if at >= len(text) or text[at] in "\r\n":
            raise Unparsed("unclosed action")
        sign = text[at]
        if sign == "}":
            return ("path", steps), at + 1
        if sign in " \t@$":
            at += 1
        elif sign in "\"'":
            word, at = _quoted(text, at)
            steps.append(("text", word))
        elif text.startswith("..", at):
            steps.append(("recursive",))
            at += 1 if at + 2 < len(text) and text[at + 2] not in "}[" else 2
        elif sign == ".":
            step, at = _field(text, at + 1)
            steps += step
        elif sign == "[":
            step, at = _bracket(text, at)
            steps += step
        elif sign == "*":
            steps.append(("wildcard",))
            at += 1
        else:
            found = _WORD.match(text, at)
            if found is None:
                raise Unparsed(f"unrecognized character in action: U+{ord(sign):04X} '{sign}'")
            steps.append(_identifier(found[0]))
            at = found.end()


def _identifier(word: str) -> Node:
    if re.fullmatch(r"-?\d+", word):
        return ("text", int(word))
    if word in ("true", "false"):
        return ("text", word == "true")
    return ("word", word)


def _field(text: str, at: int) -> tuple[list[Node], int]:
    if at < len(text) and text[at] == "*":
        return [("wildcard",)], at + 1
    found = _WORD.match(text, at)
    if found is None:
        return [], at
    return [("field", re.sub(r"\\(.)", r"\1", found[0]))], found.end()


def _bracket(text: str, at: int) -> tuple[list[Node], int]:
    if text.startswith("[?(", at):
        end = _closing(text, at + 3)
        if not text.startswith("]", end + 1):
            raise Unparsed("unclosed array expect ]")
        return [_filter(text[at + 3 : end])], end + 2
    end, quote = at + 1, ""
    while end < len(text) and (quote or text[end] != "]"):
        quote = "" if text[end] == quote else text[end] if not quote and text[end] in "\"'" else quote
        end += 1
    if end >= len(text):
        raise Unparsed("unterminated array")
    return _subscript(text[at + 1 : end]), end + 1


def _closing(text: str, at: int) -> int:
    depth, quote = 1, ""
    for place in range(at, len(text)):
        sign = text[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if not depth:
                return place
    raise Unparsed("unterminated filter")


def _subscript(inner: str) -> list[Node]:
    if inner == "*":
        return [("array", None, None, None)]
    if re.fullmatch(r"'[^']*'", inner):
        return [("field", inner[1:-1])]
    parts = inner.split(",")
    if len(parts) > 1:
        return [("union", [_subscript(part.strip()) for part in parts])]
    found = _ARRAY.fullmatch(inner)
    if found is None or not inner:
        raise Unparsed(f"invalid array index {inner}")
    start, colon, end, step = found.groups()
    if not colon:
        index = int(start)
        return [("array", index, index + 1 if index != -1 else None, None)]
    return [("array", int(start) if start else None, int(end) if end else None, int(step) if step else None)]


def _filter(inner: str) -> Node:
    found = _FILTER.fullmatch(inner.strip())
    if found is None:
        return ("filter", _operand(inner), "exists", [])
    left, sign, right = found.groups()
    return ("filter", _operand(left), sign, _operand(right))


def _operand(text: str) -> list[Node]:
    steps: list[Node] = _action(text.strip() + "}", 0)[0][1]
    return steps


def _quoted(text: str, at: int) -> tuple[str, int]:
    quote, end = text[at], at + 1
    while end < len(text) and text[end] != quote:
        end += 2 if text[end] == "\\" else 1
    if end >= len(text):
        raise Unparsed("unterminated quoted string")
    inner = text[at + 1 : end]
    if quote == "'":
        inner = inner.replace("\\'", "'").replace('"', '\\"')
    return json.loads(f'"{inner}"'), end + 1


# --- filling it in


def _render(nodes: list[Node], value: Any) -> Iterator[str]:
    place = 0
    while place < len(nodes):
        node = nodes[place]
        if _says(node, "range"):
            end = _end_of(nodes, place)
            for each in _walk([value], ("path", node[1][1:])):
                yield from _render(nodes[place + 1 : end], each)
            place = end + 1
            continue
        if _says(node, "end"):
            raise Unfound("not in range, nothing to end")
        yield " ".join(_text(each) for each in _walk([value], node))
        place += 1


def _says(node: Node, word: str) -> bool:
    return node[0] == "path" and node[1][:1] == [("word", word)]


def _end_of(nodes: list[Node], at: int) -> int:
    depth = 0
    for place in range(at, len(nodes)):
        depth += _says(nodes[place], "range") - _says(nodes[place], "end")
        if not depth:
            return place
    return len(nodes)


def _walk(values: list[Any], node: Node) -> list[Any]:
    match node:
        case ("text", text):
            return [text]
        case ("path", steps):
            for step in steps:
                values = _walk(values, step)
            return values
        case ("field", name):
            return [each[name] for each in values if isinstance(each, dict) and name in each]
        case ("wildcard",):
            return [inner for each in values for inner in _inside(each)]
        case ("recursive",):
            return [found for each in values for found in _below(each)]
        case ("union", branches):
            return [found for branch in branches for found in _walk(values, ("path", branch))]
        case ("array", start, end, step):
            return [found for each in values if each is not None for found in _slice(each, start, end, step)]
        case ("filter", left, sign, right):
            return [found for each in values for found in _chosen(each, left, sign, right)]
        case _:
            raise Unfound(f"unrecognized identifier {node[1]}")


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []


def _below(value: Any) -> list[Any]:
    inner = _inside(value)
    return [value, *(found for each in inner for found in _below(each))] if inner else []


def _slice(value: Any, start: int | None, end: int | None, step: int | None) -> list[Any]:
    if not isinstance(value, list):
        kind = {str: "string", dict: "map[string]interface {}", bool: "bool", int: "int64", float: "float64"}[type(value)]
        raise Unfound(f"{kind} is not array or slice")
    size = len(value)
    first = (start or 0) + (size if (start or 0) < 0 else 0)
    last = size if end is None else end + (size if end < 0 else 0)
    if last != first:
        for index in (first, last - 1):
            if index >= size:
                raise Unfound(f"array index out of bounds: index {index}, length {size}")
    return value[first:last:step]


def _chosen(value: Any, left: list[Node], sign: str, right: list[Node]) -> list[Any]:
    if not isinstance(value, list):
        raise Unfound(f"{_text(value)} is not array or slice and cannot be filtered")
    return [each for each in value if _passes(each, left, sign, right)]


def _passes(each: Any, left: list[Node], sign: str, right: list[Node]) -> bool:
    lefts = _walk([each], ("path", left))
    if sign == "exists":
        return bool(lefts)
    rights = _walk([each], ("path", right))
    if not lefts:
        return False
    if len(lefts) != 1 or len(rights) != 1:
        raise Unfound("can only compare one element at a time")
    one, other = lefts[0], rights[0]
    if type(one) is not type(other):
        raise Unfound("incompatible types for comparison")
    if sign in ("==", "!="):
        return bool((one == other) is (sign == "=="))
    return bool(one < other if sign == "<" else one > other if sign == ">" else one <= other if sign == "<=" else one >= other)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else compact(value)
