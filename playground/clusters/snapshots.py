"""Which snapshots of a cluster are kept?  The newest, and ever fewer of the past: enough to come near any moment soon."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.db import transaction

from playground.clusters import engine
from playground.clusters.log import Log
from playground.clusters.models import Snapshot

MOST = 16


class Frozen(msgspec.Struct, frozen=True):
    """A snapshot to be saved; the fields are those of the model."""

    cluster_id: str
    head: int
    tip: int
    at: int
    blob: bytes


def save(frozen: Frozen) -> None:
    """Keep one more, and let go of what is too many."""
    cluster = frozen.cluster_id
    with transaction.atomic():
        Snapshot.objects.create(**msgspec.structs.asdict(frozen), version=engine.VERSION)
        kept = list(Snapshot.objects.filter(cluster_id=cluster).order_by("at", "id").values_list("id", "at"))
        newest = max(pk for pk, _ in kept)
        surplus = [kept[place][0] for place in too_many([at for _, at in kept], MOST)]
        Snapshot.objects.filter(pk__in=[pk for pk in surplus if pk != newest]).delete()


def resting_place(cluster: str, log: Log) -> int:
    """Virtual microseconds at which a cluster was left: after the log's last row, time may have passed and been kept."""
    kept = Snapshot.objects.filter(cluster_id=cluster, head=log.head, version=engine.VERSION).order_by("-at")
    return max(log.moment, kept.values_list("at", flat=True).first() or 0)


def too_many(moments: Sequence[int], most: int) -> list[int]:
    """The places of those to let go, of moments in order: where the gap left is smallest for its age. Both ends stay."""
    left = list(range(len(moments)))
    gone = []
    while len(left) > max(most, 2):
        end = moments[left[-1]]
        gaps = [
            (moments[after] - moments[before]) / (end - moments[here] + 1)
            for before, here, after in zip(left, left[1:], left[2:], strict=False)
        ]
        gone.append(left.pop(1 + gaps.index(min(gaps))))
    return gone
