"""In which order does `kubectl get --sort-by` show objects?

Source: staging/src/k8s.io/kubectl/pkg/cmd/get/sorter.go.
"""

from __future__ import annotations

import re
from typing import Any

from playground.terminal.kubectl import jsonpath
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.jsonpath import Unparsed


def path(text: str) -> str:
    """The JSONPath of --sort-by, "" without one; raises Wrong."""
    try:
        return jsonpath.relaxed(text) if text else ""
    except Unparsed as error:
        raise Wrong(str(error)) from None


def documents(found: list[Any], path: str) -> list[Any]:
    keyed = [(jsonpath.results(path, each), each) for each in found]
    if found and not any(values for values, _ in keyed):
        raise Wrong(f'couldn\'t find any field with path "{path}" in the list of objects')
    return [each for _, each in sorted(keyed, key=lambda pair: _rank(pair[0]))]


def _rank(values: list[Any]) -> tuple[Any, ...]:
    """What is missing comes first; texts are compared with their numbers as numbers."""
    if not values or values[0] is None:
        return (0,)
    first = values[0]
    if isinstance(first, str):
        return (2, [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", first)])
    return (1, first)


def rows(infos: list[Info], path: str) -> list[Info]:
    keyed = [(jsonpath.results(path, info.document), info) for info in infos]
    if not any(values for values, _ in keyed):
        return []
    return [info for _, info in sorted(keyed, key=lambda pair: _rank(pair[0]))]
