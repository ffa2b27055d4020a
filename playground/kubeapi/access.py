"""Which cluster does a key open, and may its holder change it?"""

from __future__ import annotations

import re

from django.conf import settings
from django.db import connection
from django.utils import timezone

from playground.clusters.models import Cluster
from playground.kube.errors import Refusal
from playground.kubeapi.models import Key

SHAPE = re.compile(r"[A-Za-z0-9_-]{32}")
_FIND = f'SELECT cluster_id, writes FROM "{Key._meta.db_table}" WHERE key = %s AND revoked IS NULL'
ADDRESS = re.compile(r"/w/([^/]+)(/.*)?")


def opened(path: str) -> tuple[Key, str]:
    """The key in an address, and what follows it without slashes at its ends; raises Refusal where it opens nothing."""
    matched = ADDRESS.fullmatch(path)
    key = find(matched[1]) if matched else None
    if matched is None or key is None:
        raise Refusal(404, "NotFound", "the server could not find the requested resource: no cluster's API is at this address")
    return key, (matched[2] or "").strip("/")


def find(key: str) -> Key | None:
    """The key with its cluster (of which only the id is there); None if there is none, or none any more."""
    if not SHAPE.fullmatch(key):
        return None
    with connection.cursor() as cursor:  # asked with every request: the ORM's way to this SQL costs ten times as much
        cursor.execute(_FIND, [key])
        found = cursor.fetchone()
    return Key(key=key, cluster=Cluster(id=found[0]), writes=bool(found[1])) if found else None


def key_of(cluster: Cluster, writes: bool = True) -> Key:
    """A key of the cluster that can be handed out: the one made last, or a new one. Raises Refusal."""
    return standing(cluster).filter(writes=writes).order_by("-created").first() or grant(cluster, writes)


def grant(cluster: Cluster, writes: bool) -> Key:
    """A new key. Raises Refusal if the cluster has as many as it may have."""
    most = settings.LIMITS.api_keys_per_cluster
    if standing(cluster).count() >= most:
        raise Refusal(403, "Forbidden", f'a cluster has at most {most} keys: limit "api_keys_per_cluster" reached; revoke one first')
    return Key.objects.create(cluster=cluster, writes=writes)


def revoke(cluster: Cluster) -> int:
    """Let no key of the cluster open it any more; how many did."""
    return standing(cluster).update(revoked=timezone.now())


def standing(cluster: Cluster):  # type: ignore[no-untyped-def]  # a QuerySet[Key]
    return Key.objects.filter(cluster=cluster, revoked=None)
