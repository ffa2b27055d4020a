"""What can be shown in a frame, and which cluster does a frame open?  One of its own, found again by its resume code, or a shared one to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings

from playground.clusters import scenes, service
from playground.clusters.errors import NoSuchCluster, TooFast
from playground.clusters.models import Cluster
from playground.clusters.rates import Buckets
from playground.clusters.visitors import Asker, new_visitor, read_resume_code, resume_code, token
from playground.embeds import links
from playground.embeds.options import OF_A_BEGINNING, OF_ALL, Options

_begun = Buckets(settings.LIMITS.embeds_per_hour_and_address, 3600)


class Opened(NamedTuple):
    """The cluster that a frame shows, and what the frame shows to be let in: `resume` is "" where there is nothing of its own yet."""

    cluster: Cluster
    asker: Asker
    token: str
    resume: str


class Ready:
    """A ready cluster, each reader their own. KeyError if there is no such scene."""

    options = OF_A_BEGINNING
    sites: Sequence[str] = ()

    def __init__(self, scene: str):
        self.scene = scene
        self.title = scenes.find(scene).title
        self.path = f"/embed/cluster/{scene}/"

    def open(self, options: Options, resume: str, address: str) -> Opened:
        """Raises Refusal."""
        cluster = _own(resume)
        if cluster is None or cluster.scene != self.scene:
            cluster = self._begin(options, address)
        return _opened(cluster, Asker(cluster.visitor, cluster.pk, acts=not options.readonly))

    def _begin(self, options: Options, address: str) -> Cluster:
        _count(address)
        cluster = service.new_cluster(new_visitor(), self.scene, "embed", address, options.seed)
        if options.paused:
            service.set_clock(cluster, "paused", paused=True)
        return cluster


class Shared:
    """Somebody's cluster, by its share link: live, for looking, until the first change makes a copy. KeyError if the link does not stand."""

    options = OF_ALL

    def __init__(self, link: str):
        found = links.find(link)
        if found is None:
            raise KeyError(link)
        self.link = found
        self.title = found.cluster.title
        self.sites = found.sites.splitlines()
        self.path = f"/embed/shared/{link}/"

    def open(self, options: Options, resume: str, address: str) -> Opened:
        """Raises Refusal."""
        copy = _own(resume)
        if copy is not None and copy.op.startswith(f"copy-{self.link.pk}-"):
            return _opened(copy, Asker(copy.visitor, copy.pk, acts=not options.readonly))
        _count(address)
        return look(self.link.pk, self.link.cluster, new_visitor(), acts=not options.readonly)


def look(link: str, cluster: Cluster, visitor: str, acts: bool = True) -> Opened:
    """The visitor looks at somebody's cluster."""
    asker = Asker(visitor, cluster.pk, share=link, acts=acts)
    return Opened(cluster, asker, token(asker), "")


def _opened(cluster: Cluster, asker: Asker) -> Opened:
    return Opened(cluster, asker, token(asker), resume_code(asker.visitor, cluster.pk))


def _own(resume: str) -> Cluster | None:
    try:
        return service.find(*read_resume_code(resume))
    except NoSuchCluster:
        return None


def _count(address: str) -> None:
    wait = _begun.wait(address)
    if wait:
        raise TooFast("embeds_per_hour_and_address", settings.LIMITS.embeds_per_hour_and_address, wait)
