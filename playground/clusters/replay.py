"""What was a cluster like at a moment of its log?  A snapshot from before that moment, and the actions since.

The live cluster did the same: before each action, all that was due by its time was done. So replay and live cannot differ.
Snapshots make this fast and are never needed. One is usable if the last action in it stands on the wanted timeline (that
action names all before it), and the next action, or the moment, does not come before it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from time import perf_counter

import msgspec

from playground.clusters import engine
from playground.clusters.log import ClockSetting, Log, Row
from playground.clusters.models import Action, Cluster, Snapshot
from playground.kube.actions import Action as Ask
from playground.kube.cluster import Cluster as Kube
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings

logger = logging.getLogger(__name__)
CHUNK = 200


class TooLong(Exception):
    """The replay would have taken longer than it was allowed."""


def read(cluster: str, after: int = 0) -> list[Row]:
    """The rows of a cluster's log after a seq, in order."""
    rows = Action.objects.filter(cluster_id=cluster, seq__gt=after).order_by("seq")
    light = list(rows.values_list("seq", "kind", "at", "title"))
    clocks = dict(rows.filter(kind="clock").values_list("seq", "payload"))
    return [Row(*row, clock=msgspec.json.decode(clocks[row[0]], type=ClockSetting) if row[0] in clocks else None) for row in light]


def rebuild(cluster: str, log: Log, moment: int, patience: float | None = None, witness: bool = False) -> Kube:
    """The cluster as it was at `moment`, on the log's timeline. Raises TooLong after `patience` seconds of work.

    A `witness` sees the moment happen: no snapshot of that very moment is used, because requests are not part of it.
    """
    deadline = None if patience is None else perf_counter() + patience
    timeline = [row for row in log.timeline if row.at <= moment or row.kind == "start"]
    kube, rest = _begin(cluster, timeline, moment, witness, deadline)
    payloads = dict(Action.objects.filter(cluster_id=cluster, seq__in=[row.seq for row in rest]).values_list("seq", "payload"))
    for row in rest:
        _advance(kube, row.at, deadline)
        _submit(kube, cluster, row, msgspec.json.decode(payloads[row.seq], type=Ask))
    _advance(kube, moment, deadline)
    return kube


def _begin(cluster: str, timeline: Sequence[Row], moment: int, witness: bool, deadline: float | None) -> tuple[Kube, Sequence[Row]]:
    """The nearest snapshot and the rows that it does not hold; or a new cluster after its start."""
    places = {row.seq: place for place, row in enumerate(timeline)}
    found = Snapshot.objects.filter(cluster_id=cluster, version=engine.VERSION, at__lte=moment - witness).order_by("-at", "-id")
    for pk, tip, at in found.values_list("pk", "tip", "at"):
        rest = timeline[places[tip] + 1 :] if tip in places else ()
        if tip in places and all(at <= row.at for row in rest[:1]):
            try:
                return engine.thaw(bytes(Snapshot.objects.values_list("blob", flat=True).get(pk=pk))), rest
            except (ValueError, Snapshot.DoesNotExist) as error:
                logger.warning("snapshot %s of %s is passed over: %s", pk, cluster, error)
    return _start(cluster, timeline[0], moment, deadline), timeline[1:]


def _start(cluster: str, row: Row, moment: int, deadline: float | None) -> Kube:
    """A new cluster after what its start did at its first moment, and what it did later, by `moment`."""
    made_with = Cluster.objects.values_list("settings", flat=True).get(pk=cluster)
    kube = engine.create(msgspec.json.decode(made_with, type=ClusterSettings))
    payload = Action.objects.values_list("payload", flat=True).get(cluster_id=cluster, seq=row.seq)
    for each in msgspec.json.decode(payload, type=list[Ask | tuple[int, Ask]]):
        at, action = each if isinstance(each, tuple) else (0, each)
        if at <= moment:
            _advance(kube, at, deadline)
            _submit(kube, cluster, row, action)
    return kube


def _submit(kube: Kube, cluster: str, row: Row, action: Ask) -> None:
    try:
        kube.submit(action)
    except Refusal as refusal:  # taken when it was logged; this engine knows better, and the rest still stands
        logger.warning("row %s of %s is left out: %s", row.seq, cluster, refusal)


def _advance(kube: Kube, until: int, deadline: float | None) -> None:
    while not kube.advance(until, CHUNK):
        if deadline is not None and perf_counter() > deadline:
            raise TooLong
