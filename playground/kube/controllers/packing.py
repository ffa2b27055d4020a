"""Which endpoint goes into which slice?  Fewest writes first: what stands stays, free places are filled, no rebalancing.

Source: k8s.io/endpointslice reconciler.go (reconcileByPortMapping, finalize), utils.go (getSliceToFill).
"""

from __future__ import annotations

import msgspec

from playground.kube.apiserver.objects import Endpoint, EndpointSlice
from playground.kube.controllers.slicing import Ports

LARGEST = 100


class Piece(msgspec.Struct):
    """A slice that is being worked out: `stored` is the one in the store, None for a new one. `endpoints` is None as long as they are the stored ones."""

    stored: EndpointSlice | None
    ports: Ports
    endpoints: list[Endpoint] | None = None

    def size(self) -> int:
        if self.endpoints is not None:
            return len(self.endpoints)
        return len(self.stored.endpoints) if self.stored is not None else 0

    def opened(self) -> list[Endpoint]:
        """Its endpoints, to be changed."""
        if self.endpoints is None:
            self.endpoints = list(self.stored.endpoints) if self.stored is not None else []
        return self.endpoints


def fill(pieces: list[Piece], ports: Ports, wanted: list[Endpoint], largest: int = LARGEST) -> None:
    """Find places for endpoints under these ports among the pieces, adding new pieces as needed."""
    waiting = wanted[::-1]
    same = [piece for piece in pieces if piece.ports == ports]
    for piece in sorted((each for each in same if each.endpoints), key=lambda each: (-each.size(), _name(each))):
        _move(waiting, piece, largest)
    closed = [piece for piece in same if piece.endpoints is None]
    while waiting:
        fitting = [piece for piece in closed if piece.size() + len(waiting) <= largest] if len(waiting) < largest else []
        if fitting:
            piece = min(fitting, key=lambda each: (-each.size(), _name(each)))
        else:
            piece = Piece(None, ports, [])
            pieces.append(piece)
        _move(waiting, piece, largest)


def _move(waiting: list[Endpoint], piece: Piece, largest: int) -> None:
    endpoints = piece.opened()
    while waiting and len(endpoints) < largest:
        endpoints.append(waiting.pop())


def _name(piece: Piece) -> str:
    return piece.stored.name if piece.stored is not None else ""


def finalize(pieces: list[Piece]) -> tuple[list[Piece], list[Piece], list[EndpointSlice]]:
    """What to write: pieces to create, pieces to update, slices to delete. Without any endpoint one empty slice stays or
    is made; a slice that would go gives its place to one that would be made."""
    unwanted = [piece.stored for piece in pieces if piece.stored is not None and piece.endpoints is not None and not piece.endpoints]
    updated = [piece for piece in pieces if piece.stored is not None and piece.endpoints]
    created = [piece for piece in pieces if piece.stored is None and piece.endpoints]
    kept = any(piece.stored is not None and piece.endpoints is None for piece in pieces)
    if not (created or updated or kept):
        created = [Piece(None, (), [])]
    while created and unwanted:
        piece = created.pop(0)
        updated.append(Piece(unwanted.pop(0), piece.ports, piece.endpoints))
    return created, updated, unwanted
