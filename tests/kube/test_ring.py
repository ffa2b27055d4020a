"""The scheduler goes round its Nodes, and finds the emptiest of those ahead."""

import pytest

from playground.kube.apiserver.objects import Object
from playground.kube.chance import Chance
from playground.kube.ring import Ring, Room


def room(name: str, pods: int, is_open: bool = True) -> Room:
    return Room(name, Object("Node", "", name, f"u-{name}", 0, 0), 110, is_open, pods)


@pytest.fixture
def ring() -> Ring:
    made = Ring()
    for name, pods in (("c", 3), ("a", 2), ("d", 1), ("b", 2)):
        made.add(room(name, pods))
    return made


def least(ring: Ring, wanted: int, shunned: tuple[str, ...] = ()) -> str | None:
    found = ring.least(wanted, [each for each in ring.rooms if each.name in shunned], Chance(1))
    return found and found.name


def test_the_emptiest_room_ahead_is_found(ring: Ring) -> None:
    assert least(ring, 4) == "d"


def test_rooms_stand_in_the_order_of_their_names_and_the_round_goes_on_where_it_stopped(ring: Ring) -> None:
    assert least(ring, 3) in ("a", "b")
    assert least(ring, 1) == "d"
    assert least(ring, 1) in ("a", "b")


def test_of_several_that_are_as_empty_each_is_drawn_sometimes(ring: Ring) -> None:
    chance, drawn = Chance(1), {"a": 0, "b": 0}
    for _ in range(50):
        ring.next = 0
        drawn[ring.least(3, (), chance).name] += 1
    assert min(drawn.values()) > 10


def test_a_shunned_room_is_passed_over(ring: Ring) -> None:
    assert least(ring, 4, ("d", "a")) == "b"


def test_where_all_are_shunned_or_one_is_closed_none_is_found_and_the_round_stands(ring: Ring) -> None:
    assert least(ring, 4, ("a", "b", "c", "d")) is None
    ring.add(room("e", 0, is_open=False))
    assert least(ring, 5) is None
    assert ring.next == 0


def test_a_room_that_fills_up_is_closed(ring: Ring) -> None:
    assert least(ring, 4) == "d"
    ring.rooms[3].pods = 110
    ring.note(ring.rooms[3])
    assert least(ring, 4) is None


def test_a_room_that_goes_is_not_found_again(ring: Ring) -> None:
    least(ring, 4)
    ring.remove(ring.rooms[3])
    assert least(ring, 3) in ("a", "b")
