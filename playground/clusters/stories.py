"""What was told of each past that a cluster has had?  An undo, a redo or a reset leads from one past to another, and perhaps back.

Simplified: what was told is kept in memory, of a few pasts, and only as long as the cluster is live here.
"""

from __future__ import annotations

from collections.abc import Iterable

from playground.clusters.narration import Say

KEPT = 8


class Stories:
    """The sentences of pasts that were left, each by the `tip` of its timeline."""

    def __init__(self) -> None:
        self._told: dict[int, list[Say]] = {}

    def change(self, says: Iterable[Say], left: int, entered: int, moment: int) -> list[Say]:
        """What is to be shown of the past that is `entered` at `moment`, when `says` were told of the one that is `left`: what was told of it
        before, or else what came before that moment in the one that is left, which it is a beginning of."""
        self._told.pop(left, None)
        self._told[left] = list(says)
        if len(self._told) > KEPT:
            del self._told[next(iter(self._told))]
        if entered in self._told and entered != left:
            return [say for say in self._told[entered] if say[0] <= moment]
        return [say for say in self._told[left] if say[0] < moment]
