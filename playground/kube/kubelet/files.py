"""What has been written into containers?  Texts by path, as long as the container lives, or the Pod where an emptyDir holds them.

Source: kubernetes.io/docs/concepts/storage/volumes (emptyDir): it is empty at first, all containers of the Pod share it, and it outlives their crashes.
Simplified: what an image brings is not here, nor what other volumes hold; nothing can be taken away of either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.pods import containers_of
from playground.kube.errors import bad_request, over_limit
from playground.kube.settings import Limits

Text = str | None  # None: a directory
Held = dict[str, Text]


class Changes(msgspec.Struct, frozen=True):
    """What is to be taken away, and then what is to be put in, by absolute paths."""

    removed: tuple[str, ...] = ()
    written: dict[str, Text] = {}

    def __bool__(self) -> bool:
        return bool(self.removed or self.written)


class Mount(msgspec.Struct, frozen=True, gc=False):
    """Where a container sees a volume. `shared` names the emptyDir and the place in it, "" of any other volume."""

    path: str
    shared: str
    writable: bool


def mounts_of(spec: JSON, slot: int) -> tuple[Mount, ...]:
    """The mounts of one container of a Pod's spec, the deepest first."""
    return _mounts.of(spec)[slot]


class Files:
    """By Pod and by place: a container's own, by its slot, or a volume's."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held: dict[str, dict[str, Held]] = {}

    def of(self, pod: Pod, slot: int) -> Held:
        """All that a container sees of what was written."""
        held = self._held.get(pod.uid)
        if held is None:
            return {}
        found = dict(held.get(str(slot), {}))
        for mount in reversed(mounts_of(pod.spec, slot)):
            if mount.shared:
                volume, _, inner = mount.shared.partition("/")
                inside = f"/{inner}/" if inner else "/"
                kept = held.get(f"{volume}/", {})
                found |= {f"{mount.path}/{path.removeprefix(inside)}": text for path, text in kept.items() if path.startswith(inside)}
        return found

    def read(self, pod: Pod, slot: int, path: str) -> str:
        """What was written into a file, "" where that is nothing."""
        return (self.of(pod, slot).get(path) or "") if pod.uid in self._held else ""

    def in_volume(self, pod: Pod, volume: str, path: str) -> str | None:
        """A file in an emptyDir, which no container has to mount for it; None if there is none."""
        return self._held.get(pod.uid, {}).get(f"{volume}/", {}).get(f"/{path}")

    def check(self, pod: Pod, slot: int, changes: Changes) -> None:
        """Raises Refusal where a change goes beyond a limit, or is none of files."""
        paths = (*changes.removed, *changes.written)
        if any(not path.startswith("/") or path.endswith("/") or "//" in path for path in paths):
            raise bad_request(f"files: {', '.join(paths)}: expected absolute paths of files")
        for path, text in changes.written.items():
            if text is not None and len(text) > self._limits.file:
                raise over_limit(f'{path} would have {len(text)} characters: limit "file" allows {self._limits.file}')
        after = self.of(pod, slot).keys() - set(changes.removed) | changes.written.keys()
        if len(after) > self._limits.files:
            raise over_limit(f'{len(after)} files in one container: limit "files" allows {self._limits.files}')

    def change(self, pod: Pod, slot: int, changes: Changes) -> None:
        held = self._held.setdefault(pod.uid, {})
        for path in changes.removed:
            place, name = self._place(pod, slot, path)
            held.get(place, {}).pop(name, None)
        for path, text in changes.written.items():
            place, name = self._place(pod, slot, path)
            held.setdefault(place, {})[name] = text
        self._tidy(pod, held)

    def end(self, pod: Pod, slot: int) -> None:
        """A container has ended: the next one begins with the image's files."""
        held = self._held.get(pod.uid)
        if held is not None:
            held.pop(str(slot), None)
            self._tidy(pod, held)

    def forget(self, pod: Pod) -> None:
        self._held.pop(pod.uid, None)

    def _place(self, pod: Pod, slot: int, path: str) -> tuple[str, str]:
        """Who holds a path, and its name there."""
        for mount in mounts_of(pod.spec, slot):
            if mount.shared and path.startswith(f"{mount.path}/"):
                volume, _, inner = mount.shared.partition("/")
                return f"{volume}/", (f"/{inner}" if inner else "") + path.removeprefix(mount.path)
        return str(slot), path

    def _tidy(self, pod: Pod, held: dict[str, Held]) -> None:
        for place in [place for place, files in held.items() if not files]:
            del held[place]
        if not held:
            self._held.pop(pod.uid, None)

    def state(self) -> Mapping[str, Any]:
        return self._held

    def restore(self, state: Mapping[str, Any]) -> None:
        self._held = {uid: {place: dict(files) for place, files in held.items()} for uid, held in state.items()}


def _read(spec: JSON) -> tuple[tuple[Mount, ...], ...]:
    empty = {volume["name"] for volume in spec.get("volumes") or () if "emptyDir" in volume}
    return tuple(tuple(_sorted(_mount(each, empty) for each in container.get("volumeMounts") or ())) for container in containers_of(spec))


def _mount(given: JSON, empty: set[str]) -> Mount:
    shared = (
        f"{given['name']}/{str(given.get('subPath') or '').strip('/')}" if given["name"] in empty and "subPathExpr" not in given else ""
    )
    return Mount(str(given["mountPath"]).rstrip("/"), shared, not given.get("readOnly", False))


def _sorted(mounts: Any) -> list[Mount]:
    return sorted(mounts, key=lambda each: (-len(each.path), each.path))


_mounts: Memo[tuple[tuple[Mount, ...], ...]] = Memo(_read)
