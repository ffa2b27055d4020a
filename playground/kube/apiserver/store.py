"""What objects are there now, and who is told of a change?  The one place where components meet.

Source: etcd and the watch cache behind the API server; client-go's Indexer for `index`.
Three rules: an object put in is never changed, only replaced; every change gets the next revision; inside a
transaction all is done or nothing, and watchers hear of it when it is done.
Whoever decides by the order of an index sorts first: only names of objects have an order of their own.
The last changes are remembered, as the watch cache does, so that a client can go on from where it was.
"""

from __future__ import annotations

import builtins
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from playground.kube.apiserver.objects import Object, Stored
from playground.kube.chance import MASK, mix

Watcher = Callable[[Any, Any], None]
Change = tuple[int, Any, Any]
REMEMBERED = 1_000


class Index:
    """Objects of one kind by keys that `keys_of` gives for each; a key finds uids. A key that only one object has, as an
    address is, leads to its uid itself, and a dict is made for the second."""

    __slots__ = ("_keys_of", "_uids")

    def __init__(self, keys_of: Callable[[Any], Iterable[Any]]):
        self._keys_of = keys_of
        self._uids: dict[Any, str | dict[str, None]] = {}

    def move(self, old: Object | None, new: Object | None) -> None:
        before = () if old is None else tuple(self._keys_of(old))
        after = () if new is None else tuple(self._keys_of(new))
        if before == after and old is not None and new is not None and old.uid == new.uid:
            return
        for key in before:
            self._take_out(key, old.uid)  # type: ignore[union-attr]
        for key in after:
            self._put_in(key, new.uid)  # type: ignore[union-attr]

    def _put_in(self, key: Any, uid: str) -> None:
        found = self._uids.setdefault(key, uid)
        if isinstance(found, dict):
            found[uid] = None
        elif found != uid:
            self._uids[key] = {found: None, uid: None}

    def _take_out(self, key: Any, uid: str) -> None:
        found = self._uids[key]
        if isinstance(found, dict):
            del found[uid]
        if not found or found == uid:
            del self._uids[key]

    def uids(self, key: Any) -> Iterable[str]:
        found = self._uids.get(key, ())
        return (found,) if isinstance(found, str) else found

    def count(self, key: Any) -> int:
        found = self._uids.get(key, ())
        return 1 if isinstance(found, str) else len(found)


class Store:
    """Objects by kind, namespace and name. `revision` is the resourceVersion of the last change; the last `remembered` changes are kept."""

    def __init__(self, seed: int = 0, remembered: int = REMEMBERED):
        self.revision = 0
        self._seed = seed
        self._serial = 0
        self._objects: dict[str, dict[str, dict[str, Any]]] = {}
        self._by_uid: dict[str, Any] = {}
        self._counts: dict[str, int] = {}
        self._followers: dict[str, list[Watcher]] = {}
        self._watchers: dict[str, list[Watcher]] = {}
        self._listeners: list[Watcher] = []
        self._owned = Index(lambda thing: tuple(owner.uid for owner in thing.owners))
        self._journal: list[Change] | None = None
        self._past: deque[Change] = deque(maxlen=remembered)
        self._forgotten = 0

    # --- reading

    def get(self, kind: str, namespace: str, name: str) -> Any:
        """The object, or None. Objects without a namespace have namespace ''."""
        return self._objects.get(kind, {}).get(namespace, {}).get(name)

    def by_uid(self, uid: str) -> Any:
        return self._by_uid.get(uid)

    def list(self, kind: str, namespace: str | None = None) -> list[Any]:
        """All objects of a kind, of one namespace or (None) of all, sorted by namespace and name as etcd's keys are."""
        spaces = self._objects.get(kind, {})
        chosen = sorted(spaces) if namespace is None else [namespace] if namespace in spaces else []
        return [thing for space in chosen for _, thing in sorted(spaces[space].items())]

    def kinds(self) -> builtins.list[str]:
        return sorted(kind for kind, count in self._counts.items() if count)

    def count(self, kind: str) -> int:
        return self._counts.get(kind, 0)

    def total(self) -> int:
        return len(self._by_uid)

    def owned(self, uid: str) -> builtins.list[Any]:
        """The objects that name this uid as an owner, sorted by name."""
        return sorted((self._by_uid[each] for each in self._owned.uids(uid)), key=_by_name)

    def find(self, index: Index, key: Any) -> builtins.list[Any]:
        """The objects that an index holds under a key, sorted by name."""
        return sorted((self._by_uid[uid] for uid in index.uids(key)), key=_by_name)

    def since(self, revision: int) -> builtins.list[Change] | None:
        """The changes after a revision, oldest first: (revision, old, new); None if one of them is not remembered any more."""
        if revision < self._forgotten:
            return None
        found = []
        for change in reversed(self._past):
            if change[0] <= revision:
                break
            found.append(change)
        return found[::-1]

    # --- following

    def index(self, kind: str, keys_of: Callable[[Any], Iterable[Any]]) -> Index:
        """Keep an index of a kind from now on; make it before any object is put in."""
        made = Index(keys_of)
        self.follow(kind, made.move)
        return made

    def follow(self, kind: str, follower: Watcher) -> None:
        """Keep derived data: `follower(old, new)` runs at once on every change, backwards when a transaction is undone,
        and with (None, object) for each object when a snapshot is restored. It must not write to the store."""
        self._followers.setdefault(kind, []).append(follower)

    def watch(self, kind: str, watcher: Watcher) -> None:
        """Hear of changes that are done: `watcher(old, new)`; not called when a snapshot is restored."""
        self._watchers.setdefault(kind, []).append(watcher)

    def listen(self, listener: Watcher) -> None:
        """Hear of every done change of every kind, after the watchers."""
        self._listeners.append(listener)

    # --- writing

    @property
    def in_transaction(self) -> bool:
        return self._journal is not None

    def tick(self) -> int:
        """The next revision, for a change of something that is kept beside the store."""
        self.revision += 1
        return self.revision

    def new_uid(self) -> str:
        """A uid that no object of this cluster had before; the same for the same seed and history."""
        self._serial += 1
        return self.uid_at(self._serial)

    def uid_at(self, serial: int) -> str:
        """The uid of a serial number; what is no object of the store may have one of a negative number."""
        number = mix((self._seed << 20) + serial & MASK) << 64 | mix((serial << 24) + self._seed & MASK)
        digits = f"{number:032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def create(self, thing: Any) -> Any:
        """Put in a new object; its `version` is set. The name must be free."""
        if self.get(thing.kind, thing.namespace, thing.name) is not None:
            raise ValueError(f"{thing.ref} exists")
        return self._put(None, thing)

    def replace(self, old: Any, **changes: Any) -> Any:
        """Put a changed copy of the stored object `old` in its place; nothing happens if nothing changes."""
        changes = {name: value for name, value in changes.items() if getattr(old, name) != value}
        return self._put(old, msgspec.structs.replace(old, **changes)) if changes else old

    def put(self, old: Any, new: Any) -> Any:
        """Put `new` in the place of the stored object `old`, of the same name and uid."""
        return old if msgspec.structs.replace(new, version=old.version) == old else self._put(old, new)

    def remove(self, thing: Any) -> None:
        """Take the stored object out for good."""
        self.revision += 1
        self._change(thing, None)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes made inside are done when it ends, or undone if an exception leaves it; they do not nest."""
        if self._journal is not None:
            raise RuntimeError("transactions do not nest")
        before = self.revision, self._serial
        self._journal = []
        try:
            yield
        except BaseException:
            changes, self._journal = self._journal, None
            for _, old, new in reversed(changes):
                self._swap(new, old)
            self.revision, self._serial = before
            raise
        changes, self._journal = self._journal, None
        for change in changes:
            self._tell(change)

    # --- saving

    def state(self) -> builtins.list[Any]:
        return [self.revision, self._serial, [thing for kind in self.kinds() for thing in self.list(kind)]]

    def restore(self, revision: int, serial: int, objects: Iterable[Stored]) -> None:
        """Fill an empty store; followers hear of each object, watchers do not."""
        for thing in objects:
            self._swap(None, thing)
        self.revision, self._serial = revision, serial
        self._forgotten = revision

    def _put(self, old: Any, new: Any) -> Any:
        self.revision += 1
        new = msgspec.structs.replace(new, version=self.revision)
        self._change(old, new)
        return new

    def _change(self, old: Any, new: Any) -> None:
        self._swap(old, new)
        if self._journal is None:
            self._tell((self.revision, old, new))
        else:
            self._journal.append((self.revision, old, new))

    def _swap(self, old: Any, new: Any) -> None:
        here = new if new is not None else old
        names = self._objects.setdefault(here.kind, {}).setdefault(here.namespace, {})
        if new is None:
            del names[old.name], self._by_uid[old.uid]
            self._counts[here.kind] -= 1
        else:
            names[new.name] = self._by_uid[new.uid] = new
            self._counts[here.kind] = self._counts.get(here.kind, 0) + (old is None)
        self._owned.move(old, new)
        for follower in self._followers.get(here.kind, ()):
            follower(old, new)

    def _tell(self, change: Change) -> None:
        past = self._past
        if len(past) == past.maxlen:
            self._forgotten = past[0][0]
        past.append(change)
        _, old, new = change
        for watcher in self._watchers.get((new if new is not None else old).kind, ()):
            watcher(old, new)
        for listener in self._listeners:
            listener(old, new)


def _by_name(thing: Any) -> tuple[str, str, str]:
    return thing.kind, thing.namespace, thing.name
