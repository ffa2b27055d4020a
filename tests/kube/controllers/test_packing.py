"""Which slice takes which endpoint (k8s.io/endpointslice reconciler.go, reconcileByPortMapping), in our own words."""

import pytest

from playground.kube.apiserver.objects import Endpoint, EndpointSlice
from playground.kube.controllers.packing import Piece, fill, finalize

# (sizes of slices that are there, those of them that change anyway, new endpoints) -> sizes afterwards
PACKED = {
    "all in one new slice": ([], [], 50, [50]),
    "more than fit in one": ([], [], 250, [100, 100, 50]),
    "the fullest that takes all": ([30, 80, 95], [], 10, [30, 90, 95]),
    "none takes all: a new slice rather than two updates": ([74, 74], [], 52, [74, 74, 52]),
    "none takes all of many": ([74, 74], [], 152, [74, 74, 100, 52]),
    "one that changes anyway is filled first": ([80, 20], [1], 15, [80, 35]),
    "the fuller of two that change anyway": ([80, 20], [0, 1], 15, [95, 20]),
    "what is left after filling goes where it fits": ([95, 20, 30], [0], 15, [100, 20, 40]),
    "no rebalancing": ([30] * 10, [], 0, [30] * 10),
}


@pytest.mark.parametrize("case", PACKED)
def test_packing(case):
    sizes, changing, new, expected = PACKED[case]
    pieces = []
    for number, size in enumerate(sizes):
        stored = EndpointSlice(
            "EndpointSlice",
            "default",
            f"s{number}",
            f"u{number}",
            0,
            0,
            endpoints=tuple(Endpoint(f"{number}.{each}") for each in range(size)),
        )
        pieces.append(Piece(stored, (), list(stored.endpoints) if number in changing else None))
    fill(pieces, (), [Endpoint(f"new.{each}") for each in range(new)])
    assert [piece.size() for piece in pieces] == expected
    placed = [each.ip for piece in pieces for each in (piece.endpoints if piece.endpoints is not None else piece.stored.endpoints)]
    assert len(set(placed)) == sum(sizes) + new


def test_an_update_is_better_than_a_deletion_and_a_creation():
    stored = EndpointSlice("EndpointSlice", "default", "s", "u", 0, 0, endpoints=(Endpoint("1"),))
    created, updated, unwanted = finalize([Piece(stored, (), []), Piece(None, (), [Endpoint("2")])])
    assert (created, unwanted) == ([], [])
    assert [(piece.stored.name, [each.ip for each in piece.endpoints]) for piece in updated] == [("s", ["2"])]
