"""Which shares are meant by `100%`, `27% to 40%`, `at least 95%`, `at most 2%`?"""

from __future__ import annotations

import re

import msgspec

NUMBER = r"(\d+(?:\.\d+)?)%"
FORMS = (
    (re.compile(rf"{NUMBER}\Z"), lambda low: (float(low), float(low))),
    (re.compile(rf"{NUMBER} to {NUMBER}\Z"), lambda low, high: (float(low), float(high))),
    (re.compile(rf"at least {NUMBER}\Z"), lambda low: (float(low), 100.0)),
    (re.compile(rf"at most {NUMBER}\Z"), lambda high: (0.0, float(high))),
)


class Band(msgspec.Struct, frozen=True):
    """Shares from `low` to `high`, in percent, both included; `text` is how it was written."""

    low: float
    high: float
    text: str

    def holds(self, part: int, whole: int) -> bool:
        """Whether part/whole is in it; of nothing, nothing holds."""
        return whole > 0 and self.low * whole <= 100 * part <= self.high * whole

    def __str__(self) -> str:
        return self.text


def band(text: str) -> Band:
    """Raises ValueError."""
    for form, read in FORMS:
        found = form.match(text)
        if found and (shares := read(*found.groups()))[0] <= shares[1] <= 100:
            return Band(*shares, text)
    raise ValueError(f"{text!r} is no share: expected 100%, 27% to 40%, at least 95% or at most 2%")
