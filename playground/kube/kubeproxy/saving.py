"""How are rules that are no longer true written down?  As their port and their EndpointSlices; what still stands in the store is only named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from playground.kube.apiserver.objects import EndpointSlice
from playground.kube.kubeproxy.endpoints import Piece
from playground.kube.kubeproxy.portrules import PortRules
from playground.kube.kubeproxy.serviceports import ServicePort


class Writer:
    """Gives each distinct PortRules and each outdated slice a number, in the order in which they come."""

    def __init__(self, is_current: Callable[[Piece], bool]):
        self._is_current = is_current
        self._numbers: dict[int, int] = {}
        self.rules: list[Any] = []
        self.slices: list[Any] = []

    def write(self, rules: PortRules | None) -> int | None:
        if rules is None:
            return None
        if id(rules) not in self._numbers:
            pieces = [self._piece(piece) for piece in rules.pieces]
            self._numbers[id(rules)] = len(self.rules)
            self.rules.append([msgspec.to_builtins(rules.port), rules.doubled, pieces])
        return self._numbers[id(rules)]

    def _piece(self, piece: Piece) -> str | int:
        if self._is_current(piece):
            return piece.slice.uid
        if id(piece) not in self._numbers:
            self._numbers[id(piece)] = len(self.slices)
            self.slices.append(msgspec.to_builtins(piece.slice))
        return self._numbers[id(piece)]


def read(rules: list[Any], slices: list[Any], current: Callable[[str], Piece]) -> list[PortRules]:
    """What a Writer wrote; `current` finds the piece of a slice in the store by its uid."""
    outdated = [Piece(msgspec.convert(each, EndpointSlice)) for each in slices]
    return [
        PortRules(
            msgspec.convert(port, ServicePort),
            tuple(outdated[piece] if isinstance(piece, int) else current(piece) for piece in pieces),
            doubled,
        )
        for port, doubled, pieces in rules
    ]
