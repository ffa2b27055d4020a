"""How are equal values shared?  A pool keeps one copy of each distinct JSON value."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from playground.kube.apiserver.objects import Pod

T = TypeVar("T")


class Pool:
    """Gives back the first value equal to the one asked for, by its JSON bytes."""

    def __init__(self) -> None:
        self._kept: dict[bytes, Any] = {}

    def shared(self, value: T) -> T:
        kept: T = self._kept.setdefault(msgspec.json.encode(value), value)
        return kept

    def thing(self, thing: Any) -> Any:
        """A copy of an object whose labels, annotations, owners and spec (and a Pod's state) are shared."""
        changes = {name: self.shared(getattr(thing, name)) for name in ("labels", "annotations", "owners", "spec")}
        if isinstance(thing, Pod):
            changes["state"] = self.shared(thing.state)
        return msgspec.structs.replace(thing, **changes)
