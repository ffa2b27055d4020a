"""What objects are there now, and who is told of a change?  The one place where components meet.

Source: etcd and the watch cache behind the API server; client-go's Indexer for `index`.
Three rules: an object put in is never changed, only replaced; every change gets the next revision; inside a
transaction all is done or nothing, and watchers hear of it when it is done.
Whoever decides by the order of an index sorts first: only names of objects have an order of their own.
The last changes are remembered, as the watch cache does, so that a client can go on from where it was.
"""

from __future__ import annotations

import builtins
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from playground.kube.apiserver.objects import Object, Stored
from playground.kube.chance import MASK, mix

Watcher = Callable[[Any, Any], None]
Filler = Callable[[list[Any]], None]
Change = tuple[int, Any, Any]
Fields = tuple[str, ...]
Ears = tuple[tuple[Watcher, ...], tuple[Watcher, ...]]
REMEMBERED = 1_000
FEW = 64


class Index:
    """Objects by keys that `keys_of` gives for each; a key finds uids. A key that only one object has, as an
    address is, leads to its uid itself; one that FEW have, to a tuple, which takes a quarter of the room of a dict."""

    __slots__ = ("_keys_of", "_uids")

    def __init__(self, keys_of: Callable[[Any], Iterable[Any]]):
        self._keys_of = keys_of
        self._uids: dict[Any, str | tuple[str, ...] | dict[str, None]] = {}

    def move(self, old: Object | None, new: Object | None) -> None:
        if old is not None and new is not None:
            before, after = tuple(self._keys_of(old)), tuple(self._keys_of(new))
            if before == after and old.uid == new.uid:
                return
        else:
            before, after = () if old is None else self._keys_of(old), () if new is None else self._keys_of(new)  # type: ignore[assignment]
        for key in before:
            self._take_out(key, old.uid)  # type: ignore[union-attr]
        for key in after:
            self._put_in(key, new.uid)  # type: ignore[union-attr]

    def fill(self, things: list[Any]) -> None:
        """Take in many objects that are all new."""
        known, keys_of, more = self._uids, self._keys_of, defaultdict[Any, list[str]](list)
        for thing in things:
            uid = thing.uid
            for key in keys_of(thing):
                if known.setdefault(key, uid) is not uid:
                    more[key].append(uid)
        for key, others in more.items():
            uids = dict.fromkeys((*self.uids(key), *others))
            known[key] = tuple(uids) if len(uids) <= FEW else uids

    def _put_in(self, key: Any, uid: str) -> None:
        found = self._uids.get(key)
        if found is None:
            self._uids[key] = uid
        elif isinstance(found, dict):
            found[uid] = None
        elif isinstance(found, str):
            if found != uid:
                self._uids[key] = found, uid
        elif uid not in found:
            self._uids[key] = (*found, uid) if len(found) < FEW else dict.fromkeys((*found, uid))

    def _take_out(self, key: Any, uid: str) -> None:
        found = self._uids[key]
        if isinstance(found, dict):
            del found[uid]
        elif isinstance(found, tuple):
            left = tuple([each for each in found if each != uid])
            self._uids[key] = left if len(left) > 1 else left[0]
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
        self._followers: dict[str, list[tuple[Watcher, Fields | None]]] = {}
        self._fillers: dict[str, list[Filler]] = {}
        self._watchers: dict[str, list[tuple[Watcher, Fields | None]]] = {}
        self._listeners: list[tuple[Watcher, Fields | None]] = []
        self._ears: dict[tuple[str, Fields | None], Ears] = {}
        self._owned = Index(lambda thing: [owner.uid for owner in thing.owners])
        self._journal: list[tuple[Change, Fields | None]] | None = None
        self._past: deque[Change] = deque(maxlen=remembered)
        self._forgotten = 0

    # --- reading

    def get(self, kind: str, namespace: str, name: str) -> Any:
        """The object, or None. Objects without a namespace have namespace ''."""
        try:
            return self._objects[kind][namespace].get(name)
        except KeyError:
            return None

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

    def gone(self, ref: str) -> Any:
        """How an object was that is no more, as it was last; None if that is not remembered."""
        return next((old for _, old, new in reversed(self._past) if new is None and old is not None and old.ref == ref), None)

    # --- following

    # With `of`, only those changes of a stored object are told that touch one of these fields; it coming or going is always told.

    def index(self, kinds: str | tuple[str, ...], keys_of: Callable[[Any], Iterable[Any]], of: Fields | None = None) -> Index:
        """Keep an index of a kind, or of several, from now on; make it before any object is put in."""
        made = Index(keys_of)
        for kind in (kinds,) if isinstance(kinds, str) else kinds:
            self.follow(kind, made.move, of, made.fill)
        return made

    def follow(self, kind: str, follower: Watcher, of: Fields | None = None, filler: Filler | None = None) -> None:
        """Keep derived data: `follower(old, new)` runs at once on every change, and backwards when a transaction is undone. When a
        snapshot is restored, `filler` gets all objects of the kind, or the follower (None, object) for each. It must not write to the store."""
        self._followers.setdefault(kind, []).append((follower, of))
        self._fillers.setdefault(kind, []).append(filler or _one_by_one(follower))
        self._ears.clear()

    def watch(self, kind: str, watcher: Watcher, of: Fields | None = None) -> None:
        """Hear of changes that are done: `watcher(old, new)`; not called when a snapshot is restored."""
        self._watchers.setdefault(kind, []).append((watcher, of))
        self._ears.clear()

    def listen(self, listener: Watcher, of: Fields | None = None) -> None:
        """Hear of every done change of every kind, after the watchers."""
        self._listeners.append((listener, of))
        self._ears.clear()

    def _who_hears(self, kind: str, fields: Fields | None) -> Ears:
        """The followers and the watchers of a change that touches these fields; None: of one that may touch any."""
        followers = [(self._owned.move, ("owners",)), *self._followers.get(kind, ())]
        watchers = [*self._watchers.get(kind, ()), *self._listeners]
        ears = self._ears[kind, fields] = _of(followers, fields), _of(watchers, fields)
        return ears

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
        for name, value in list(changes.items()):
            before = getattr(old, name)
            if before is value or before == value:
                del changes[name]
        if not changes:
            return old
        self.revision += 1
        new = msgspec.structs.replace(old, version=self.revision, **changes)
        self._change(old, new, tuple(changes))
        return new

    def put(self, old: Any, new: Any) -> Any:
        """Put `new` in the place of the stored object `old`, of the same name and uid."""
        return old if msgspec.structs.replace(new, version=old.version) == old else self._put(old, new)

    def remove(self, thing: Any) -> None:
        """Take the stored object out for good."""
        self.revision += 1
        self._change(thing, None, None)

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
            for (_, old, new), fields in reversed(changes):
                self._swap(new, old, fields)
            self.revision, self._serial = before
            raise
        changes, self._journal = self._journal, None
        for change, fields in changes:
            self._tell(change, fields)

    # --- saving

    def state(self) -> builtins.list[Any]:
        return [self.revision, self._serial, [thing for kind in self.kinds() for thing in self.list(kind)]]

    def restore(self, revision: int, serial: int, objects: Iterable[Stored]) -> None:
        """Fill an empty store; followers hear of the objects, kind by kind, and watchers do not."""
        kinds: defaultdict[str, builtins.list[Any]] = defaultdict(builtins.list)
        for thing in objects:
            kinds[thing.kind].append(thing)
        for kind, things in kinds.items():
            self._fill(kind, things)
        self.revision, self._serial = revision, serial
        self._forgotten = revision

    def _fill(self, kind: str, things: builtins.list[Any]) -> None:
        spaces = self._objects[kind] = {}
        for thing in things:
            spaces.setdefault(thing.namespace, {})[thing.name] = self._by_uid[thing.uid] = thing
        self._counts[kind] = len(things)
        for filler in (self._owned.fill, *self._fillers.get(kind, ())):
            filler(things)

    def _put(self, old: Any, new: Any) -> Any:
        self.revision += 1
        new = msgspec.structs.replace(new, version=self.revision)
        self._change(old, new, None)
        return new

    def _change(self, old: Any, new: Any, fields: Fields | None) -> None:
        self._swap(old, new, fields)
        if self._journal is None:
            self._tell((self.revision, old, new), fields)
        else:
            self._journal.append(((self.revision, old, new), fields))

    def _swap(self, old: Any, new: Any, fields: Fields | None) -> None:
        here = new if new is not None else old
        kind = here.kind
        if old is not None and new is not None:
            self._objects[kind][here.namespace][here.name] = self._by_uid[here.uid] = new
        else:
            self._put_in(new) if old is None else self._take_out(old)
        for follower in (self._ears.get((kind, fields)) or self._who_hears(kind, fields))[0]:
            follower(old, new)

    def _put_in(self, new: Any) -> None:
        self._objects.setdefault(new.kind, {}).setdefault(new.namespace, {})[new.name] = self._by_uid[new.uid] = new
        self._counts[new.kind] = self._counts.get(new.kind, 0) + 1

    def _take_out(self, old: Any) -> None:
        del self._objects[old.kind][old.namespace][old.name], self._by_uid[old.uid]
        self._counts[old.kind] -= 1

    def _tell(self, change: Change, fields: Fields | None) -> None:
        past = self._past
        if len(past) == past.maxlen:
            self._forgotten = past[0][0]
        past.append(change)
        _, old, new = change
        kind = (new if new is not None else old).kind
        for watcher in (self._ears.get((kind, fields)) or self._who_hears(kind, fields))[1]:
            watcher(old, new)


def _of(ears: Iterable[tuple[Watcher, Fields | None]], fields: Fields | None) -> tuple[Watcher, ...]:
    return tuple(ear for ear, of in ears if fields is None or of is None or any(each in of for each in fields))


def _one_by_one(follower: Watcher) -> Filler:
    def fill(things: list[Any]) -> None:
        for thing in things:
            follower(None, thing)

    return fill


def _by_name(thing: Any) -> tuple[str, str, str]:
    return thing.kind, thing.namespace, thing.name
