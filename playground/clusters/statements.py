"""What does every action ask of the database?  The few statements of each, written out: the ORM's way to the same SQL costs more than the simulation."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from playground.clusters.models import Action, Cluster

_ACTIONS, _CLUSTERS = Action._meta.db_table, Cluster._meta.db_table
_NEWER = f'SELECT seq, op, receipt FROM "{_ACTIONS}" WHERE cluster_id = %s AND seq > %s'
_KNOWN = f'{_NEWER} UNION SELECT seq, op, receipt FROM "{_ACTIONS}" WHERE cluster_id = %s AND op = %s'
_APPEND = f'INSERT INTO "{_ACTIONS}" (cluster_id, seq, op, at, kind, title, payload, receipt, created) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)'
_USED = f'UPDATE "{_CLUSTERS}" SET used = %s WHERE id = %s'


class Seen(NamedTuple):
    seq: int
    op: str
    receipt: str


def newer(cluster: str, head: int, op: str) -> list[Seen]:
    """The rows of a cluster's log after `head`, and the one that `op` has written, if it is not ''."""
    asked = (_KNOWN, [cluster, head, cluster, op]) if op else (_NEWER, [cluster, head])
    with connection.cursor() as cursor:
        cursor.execute(*asked)
        return [Seen(*row) for row in cursor.fetchall()]


def append(cluster: str, seq: int, op: str, at: int, kind: str, title: str, payload: str, receipt: str) -> None:
    """To be called inside of a transaction. IntegrityError where the place or the op is taken."""
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [cluster, seq, op, at, kind, title, payload, receipt, _now()])


def use(cluster: str) -> None:
    """It was used just now."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, [_now(), cluster])


def _now() -> object:
    return connection.ops.adapt_datetimefield_value(timezone.now())
