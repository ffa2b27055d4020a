"""How does a cluster become two?  The copy's log begins as the other's stands, and says how late it had become: the same bytes from there on.

A copy has the actions of the timeline, so that they can be undone in it; what had been undone or reset before is left behind.
"""

from __future__ import annotations

import msgspec
from django.utils import timezone

from playground.clusters import engine
from playground.clusters.log import Row
from playground.clusters.models import Action, Cluster, Snapshot
from playground.clusters.running import Running
from playground.kube.actions import Receipt

TITLE = "{} (a copy)"


def write(running: Running, visitor: str, op: str) -> Cluster:
    """The rows of a copy for the visitor, of the cluster as it is at this moment; to be called within a transaction, under the cluster's lock."""
    kube, timeline = running.load(), running.log.timeline
    original = Cluster.objects.get(pk=running.id)
    title = original.title if original.title.endswith(TITLE.format("")) else TITLE.format(original.title[:100])
    copy = Cluster.objects.create(
        visitor=visitor, op=op, title=title, scene=original.scene, settings=original.settings, used=timezone.now()
    )
    Action.objects.bulk_create([*_rows(copy, running.id, timeline), _clock(copy, running, len(timeline) + 1)])
    Snapshot.objects.create(
        cluster=copy, head=len(timeline) + 1, tip=len(timeline), at=kube.now, version=engine.VERSION, blob=engine.freeze(kube)
    )
    return copy


def _rows(copy: Cluster, original: str, timeline: list[Row]) -> list[Action]:
    """The timeline's rows, numbered anew."""
    seqs = [row.seq for row in timeline]
    rows = {row.seq: row for row in Action.objects.filter(cluster_id=original, seq__in=seqs)}
    return [
        Action(
            cluster=copy,
            seq=place,
            **{name: getattr(rows[seq], name) for name in ("op", "at", "kind", "title", "payload", "receipt")},
        )
        for place, seq in enumerate(seqs, 1)
    ]


def _clock(copy: Cluster, running: Running, seq: int) -> Action:
    """The last row: at which moment the copy was made, and how the clock runs."""
    return Action(
        cluster=copy,
        seq=seq,
        op="copied",
        at=running.load().now,
        kind="clock",
        title="Clock",
        payload=msgspec.json.encode(running.log.setting).decode(),
        receipt=msgspec.json.encode(Receipt(("the cluster is a copy",))).decode(),
    )
