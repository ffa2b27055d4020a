"""Which ConfigMaps and Secrets must be there before a Pod's volumes can be mounted, and what is wrong with them?

Source: pkg/volume/{configmap/configmap,secret/secret,projected/projected}.go (SetUpAt, MakePayload).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from playground.kube.apiserver import tokenvolume
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import JSON, Pod

NO_KEY = {"ConfigMap": "configmap references non-existent config key: {}", "Secret": "references non-existent secret key: {}"}


class Source(msgspec.Struct, frozen=True, gc=False):
    """What a volume takes from a ConfigMap or Secret: all of it, or these keys."""

    volume: str
    kind: str
    name: str
    keys: tuple[str, ...]


class Unmounted(msgspec.Struct, frozen=True, gc=False):
    """A volume that cannot be mounted, what it lacks, and the kubelet's words."""

    source: Source
    message: str


def unmounted(pod: Pod, data: Callable[[Source], dict[str, Any] | None]) -> Unmounted | None:
    """The first volume of a Pod that cannot be mounted; `data` gives what a ConfigMap or Secret holds, None if there is none."""
    for source in _sources.of(pod.spec):
        held = data(source)
        why = "" if held is not None else f'{source.kind.lower()} "{source.name}" not found'
        why = why or next((NO_KEY[source.kind].format(key) for key in source.keys if key not in (held or {})), "")
        if why:
            volume = source.volume if source.volume != tokenvolume.NAME else tokenvolume.name_of(pod.uid)
            return Unmounted(source, f'MountVolume.SetUp failed for volume "{volume}" : {why}')
    return None


def _read(spec: JSON) -> tuple[Source, ...]:
    return tuple(source for volume in spec.get("volumes") or () for source in _of(volume["name"], volume))


def _of(name: str, volume: JSON) -> Iterator[Source]:
    """The sources of one volume that are not optional."""
    for field, kind, called in (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")):
        if field in volume:
            yield from _source(name, kind, volume[field], called)
    for part in volume.get("projected", {}).get("sources") or ():
        for field, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
            if field in part:
                yield from _source(name, kind, part[field], "name")


def _source(volume: str, kind: str, value: JSON, called: str) -> Iterator[Source]:
    if value.get(called) and not value.get("optional"):
        yield Source(volume, kind, value[called], tuple(each["key"] for each in value.get("items") or ()))


_sources: Memo[tuple[Source, ...]] = Memo(_read)
