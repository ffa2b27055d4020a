"""In which order does Go's `sort.Sort` leave what is equal?  It keeps no order among equals, but it always leaves the same.

Source: Go's src/sort (pattern-defeating quicksort, arxiv.org/abs/2106.05123): what it compares and swaps, step for step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FEW, MANY = 12, 50
STEPS = 5
ALL_SWAPPED = 12
WORD = (1 << 64) - 1


def sort(things: list[Any], key: Callable[[Any], Any]) -> list[Any]:
    """The things in order, as Go leaves them."""
    quick = _Quick(things, key)
    quick.sort(0, len(things), len(things).bit_length())
    return quick.things


class _Quick:
    """Places are indexes into `things`; a range ends before its `end`."""

    def __init__(self, things: list[Any], key: Callable[[Any], Any]):
        self.things = list(things)
        self._keys = [key(each) for each in things]
        self._swaps = 0

    def sort(self, start: int, end: int, bad_left: int) -> None:
        balanced = parted = True
        while (length := end - start) > FEW:
            if bad_left == 0:
                return self._by_heap(start, end)
            if not balanced:
                self._scatter(start, end)
                bad_left -= 1
            pivot, rising = self._pivot(start, end)
            if rising is False:
                self._reverse(start, end)
                pivot, rising = end - 1 - (pivot - start), True
            if balanced and parted and rising and self._almost_sorted(start, end):
                return None
            if start > 0 and not self._less(start - 1, pivot):
                start = self._part_equals(start, end, pivot)
                continue
            middle, parted = self._part(start, end, pivot)
            left, right = middle - start, end - middle
            balanced = min(left, right) >= length // 8
            if left < right:
                self.sort(start, middle, bad_left)
                start = middle + 1
            else:
                self.sort(middle + 1, end, bad_left)
                end = middle
        return self._by_insertion(start, end)

    def _less(self, one: int, other: int) -> bool:
        return bool(self._keys[one] < self._keys[other])

    def _swap(self, one: int, other: int) -> None:
        for held in (self.things, self._keys):
            held[one], held[other] = held[other], held[one]

    # --- small and bad ranges

    def _by_insertion(self, start: int, end: int) -> None:
        for place in range(start + 1, end):
            self._sink(place, start)

    def _sink(self, place: int, floor: int) -> None:
        """Let what stands there go down as long as it is less than what is before it."""
        while place > floor and self._less(place, place - 1):
            self._swap(place, place - 1)
            place -= 1

    def _by_heap(self, start: int, end: int) -> None:
        length = end - start
        for root in reversed(range((length - 1) // 2 + 1)):
            self._sift(start, root, length)
        for last in reversed(range(length)):
            self._swap(start, start + last)
            self._sift(start, 0, last)

    def _sift(self, start: int, root: int, length: int) -> None:
        while (child := 2 * root + 1) < length:
            if child + 1 < length and self._less(start + child, start + child + 1):
                child += 1
            if not self._less(start + root, start + child):
                return
            self._swap(start + root, start + child)
            root = child

    def _scatter(self, start: int, end: int) -> None:
        """Move three elements of the middle to places drawn by a generator that starts with the length."""
        length = drawn = end - start
        middle = start + length // 4 * 2
        for place in (middle - 1, middle, middle + 1):
            drawn ^= drawn << 13 & WORD
            drawn ^= drawn >> 7
            drawn ^= drawn << 17 & WORD
            other = drawn & ((1 << length.bit_length()) - 1)
            self._swap(place, start + (other - length if other >= length else other))

    def _almost_sorted(self, start: int, end: int) -> bool:
        """Mend a few neighbours that stand wrong; whether all is sorted then."""
        place = start + 1
        for _ in range(STEPS):
            while place < end and not self._less(place, place - 1):
                place += 1
            if place == end:
                return True
            if end - start < MANY:
                return False
            self._swap(place, place - 1)
            if place - start >= 2:
                self._sink(place - 1, 0)
            if end - place >= 2:
                self._rise(place + 1, end)
        return False

    def _rise(self, place: int, end: int) -> None:
        while place < end and self._less(place, place - 1):
            self._swap(place, place - 1)
            place += 1

    # --- pivots

    def _pivot(self, start: int, end: int) -> tuple[int, bool | None]:
        """A place, and whether the range seems to rise (True), to fall (False), or neither."""
        quarter = (end - start) // 4
        places = [start + quarter, start + quarter * 2, start + quarter * 3]
        self._swaps = 0
        if end - start >= MANY:
            places = [self._median(place - 1, place, place + 1) for place in places]
        middle = self._median(*places)
        return middle, {0: True, ALL_SWAPPED: False}.get(self._swaps)

    def _median(self, one: int, two: int, three: int) -> int:
        one, two = self._ordered(one, two)
        two, _ = self._ordered(two, three)
        return self._ordered(one, two)[1]

    def _ordered(self, one: int, other: int) -> tuple[int, int]:
        if self._less(other, one):
            self._swaps += 1
            return other, one
        return one, other

    def _reverse(self, start: int, end: int) -> None:
        for distance in range((end - start) // 2):
            self._swap(start + distance, end - 1 - distance)

    # --- parting a range

    def _part(self, start: int, end: int, pivot: int) -> tuple[int, bool]:
        """What is less before the pivot, the rest behind it: its new place, and whether nothing else had to be moved."""
        self._swap(start, pivot)
        low, high, untouched = start + 1, end - 1, True
        while True:
            while low <= high and self._less(low, start):
                low += 1
            while low <= high and not self._less(high, start):
                high -= 1
            if low > high:
                self._swap(high, start)
                return high, untouched
            self._swap(low, high)
            low, high, untouched = low + 1, high - 1, False

    def _part_equals(self, start: int, end: int, pivot: int) -> int:
        """What equals the pivot first: where the rest begins."""
        self._swap(start, pivot)
        low, high = start + 1, end - 1
        while True:
            while low <= high and not self._less(start, low):
                low += 1
            while low <= high and self._less(start, high):
                high -= 1
            if low > high:
                return low
            self._swap(low, high)
            low, high = low + 1, high - 1
