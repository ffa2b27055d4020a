"""Which shares are meant by `100%`, `27% to 40%`, `at least 95%`, `at most 2%`?"""

from __future__ import annotations

import re

NUMBER = r"(\d+(?:\.\d+)?)%"
FORMS = (
    (re.compile(rf"{NUMBER}\Z"), lambda low: (float(low), float(low))),
    (re.compile(rf"{NUMBER} to {NUMBER}\Z"), lambda low, high: (float(low), float(high))),
    (re.compile(rf"at least {NUMBER}\Z"), lambda low: (float(low), 100.0)),
    (re.compile(rf"at most {NUMBER}\Z"), lambda high: (0.0, float(high))),
)


class Band:
    """Shares from `low` to `high`, in percent, both included; `text` is how it was written. ValueError for another text."""

    __slots__ = ("high", "low", "text")

    def __init__(self, text: str):
        self.text = text
        self.low, self.high = _shares(text)

    def holds(self, part: int, whole: int) -> bool:
        """Whether part/whole is in it; of nothing, nothing holds."""
        return whole > 0 and self.low * whole <= 100 * part <= self.high * whole

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Band) and (other.low, other.high) == (self.low, self.high)

    def __hash__(self) -> int:
        return hash((self.low, self.high))

    def __str__(self) -> str:
        return self.text


def _shares(text: str) -> tuple[float, float]:
    for form, read in FORMS:
        found = form.match(text)
        if found and (shares := read(*found.groups()))[0] <= shares[1] <= 100:
            return shares
    raise ValueError(f"{text!r} is no share: expected 100%, 27% to 40%, at least 95% or at most 2%")
