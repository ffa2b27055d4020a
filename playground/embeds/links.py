"""Which share links stand, and what do they open?"""

from __future__ import annotations

import re
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from playground.clusters.errors import TooFast
from playground.clusters.models import Cluster
from playground.clusters.rates import Buckets
from playground.embeds.models import ShareLink
from playground.kube.errors import Refusal

SHAPE = re.compile(r"[A-Za-z0-9_-]{22}")
USED_AGAIN = timedelta(hours=1)
_made = Buckets(settings.LIMITS.share_links_per_hour, 3600)


def find(id: str) -> ShareLink | None:
    """The link with its cluster, if it stands. It was used now."""
    found = _standing().select_related("cluster").filter(pk=id).first() if SHAPE.fullmatch(id) else None
    if found is not None and timezone.now() - found.used > USED_AGAIN:
        ShareLink.objects.filter(pk=id).update(used=timezone.now())
    return found


def stands(id: str, cluster: str) -> bool:
    """Whether this link opens this cluster."""
    return _standing().filter(pk=id, cluster_id=cluster).exists()


def of(cluster: Cluster) -> QuerySet[ShareLink]:
    """The cluster's links that stand, the newest first."""
    return _standing().filter(cluster=cluster).order_by("-created")


def make(cluster: Cluster, sites: list[str]) -> ShareLink:
    """A new link. Raises Refusal where there are too many, or they are made too fast."""
    most = settings.LIMITS.share_links_per_cluster
    if of(cluster).count() >= most:
        raise Refusal(
            403, "Forbidden", f'a cluster has at most {most} share links: limit "share_links_per_cluster" reached; withdraw one first'
        )
    wait = _made.wait(cluster.visitor)
    if wait:
        raise TooFast("share_links_per_hour", settings.LIMITS.share_links_per_hour, wait)
    return ShareLink.objects.create(cluster=cluster, sites="\n".join(sites), used=timezone.now())


def withdraw(cluster: Cluster, id: str) -> None:
    """Let it open nothing any more; who looks by it is sent away within seconds."""
    _standing().filter(cluster=cluster, pk=id).update(withdrawn=timezone.now())


def _standing() -> QuerySet[ShareLink]:
    oldest = timezone.now() - timedelta(days=settings.LIMITS.share_link_days)
    return ShareLink.objects.filter(withdrawn=None, used__gte=oldest)
