"""Whose cluster is it, and how does a visitor come to one?  Another visitor's is answered as one that does not exist."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from playground.clusters import copies, engine, grants, looks, scenes
from playground.clusters.errors import NoSuchCluster, check_op, too_many_clusters, unavailable
from playground.clusters.models import Action, Cluster
from playground.clusters.spending import spend
from playground.clusters.visitors import Asker
from playground.kube.actions import Receipt
from playground.kube.clock import SECOND

ID = re.compile(r"[A-Za-z0-9_-]{22}")
USED_AGAIN = timedelta(minutes=1)


def new_cluster(visitor: str, scene: str, op: str, address: str = "", seed: int | None = None) -> Cluster:
    """A new cluster of the visitor's, from a ready one (`scenes`). KeyError if there is no such scene. `address` is the network's;
    another `seed` than the scene's gives other names, choices and times."""
    chosen = scenes.find(scene)
    if seed is not None:
        chosen = msgspec.structs.replace(chosen, settings=msgspec.structs.replace(chosen.settings, seed=seed))
    return _begin(visitor, op, address, lambda: _create(visitor, chosen, op))


def copy(cluster: Cluster, visitor: str, op: str, address: str = "") -> Cluster:
    """A cluster of the visitor's that is as this one is now, and goes its own way from here."""

    def create() -> Cluster:
        with looks.held(cluster) as running, transaction.atomic(durable=True):
            return copies.write(running, visitor, op)

    return _begin(visitor, op, address, create)


def discard(cluster: Cluster) -> None:
    """Let go of a copy that nothing came of."""
    Cluster.objects.filter(pk=cluster.pk).delete()


def latest(visitor: str, address: str = "") -> Cluster:
    """The visitor's cluster that was used last; their first one is made at once."""
    found = Cluster.objects.filter(visitor=visitor).order_by("-used").first()
    return found or new_cluster(visitor, scenes.all()[0].key, "first", address)


def find(visitor: str, id: str) -> Cluster:
    """The visitor's own cluster, or NoSuchCluster."""
    asked = visitor and ID.fullmatch(id)
    found = Cluster.objects.filter(pk=id, visitor=visitor).first() if asked else None
    if found is None:
        raise NoSuchCluster(id)
    if timezone.now() - found.used > USED_AGAIN:
        Cluster.objects.filter(pk=id).update(used=timezone.now())
    return found


def admit(asker: Asker, id: str) -> Cluster:
    """The cluster that this asker may look at: one of their own, or one that a share link opens to them. NoSuchCluster."""
    if asker.cluster and asker.cluster != id:
        raise NoSuchCluster(id)
    if not asker.share:
        return find(asker.visitor, id)
    found = Cluster.objects.filter(pk=id).first() if ID.fullmatch(id) and grants.stands(asker.share, id) else None
    if found is None:
        raise NoSuchCluster(id)
    found.looker = asker.visitor
    return found


def open_up(asker: Asker, id: str) -> Cluster:
    """The cluster that this asker may look at, brought into memory; NoSuchCluster. May take a while: not for an event loop's thread."""
    cluster = admit(asker, id)
    with looks.at(cluster):
        return cluster


def of(visitor: str) -> list[Cluster]:
    """All clusters of a visitor, the last used first."""
    return list(Cluster.objects.filter(visitor=visitor).order_by("-used"))


def _begin(visitor: str, op: str, address: str, create: Callable[[], Cluster]) -> Cluster:
    """A new cluster, once for each op, where the limits allow one more."""
    check_op(op)
    existing = Cluster.objects.filter(visitor=visitor, op=op).first()
    if existing is not None:
        return existing
    spend(visitor, "clusters_per_hour")
    spend(address, "clusters_per_hour_and_address")
    if Cluster.objects.filter(visitor=visitor).count() >= settings.LIMITS.clusters_per_visitor:
        raise too_many_clusters(settings.LIMITS.clusters_per_visitor)
    try:
        return create()
    except IntegrityError:  # the same wish, at the same time
        return Cluster.objects.get(visitor=visitor, op=op)
    except DatabaseError as error:
        raise unavailable(error) from error


def _create(visitor: str, scene: Any, op: str) -> Cluster:
    used = timezone.now()
    # It opens now, so that clients of its API, which reckon ages by their own clocks, find it as young as it is.
    epoch = int(used.timestamp()) - scene.opens_at // SECOND
    made_with = msgspec.json.encode(msgspec.structs.replace(engine.limited(scene.settings), epoch=epoch)).decode()
    actions = msgspec.json.encode(scene.actions).decode()
    nothing = msgspec.json.encode(Receipt(())).decode()
    with transaction.atomic(durable=True):
        cluster = Cluster.objects.create(visitor=visitor, op=op, title=scene.title, scene=scene.key, settings=made_with, used=used)
        Action.objects.create(
            cluster=cluster, seq=1, op="start", at=scene.opens_at, kind="start", title=scene.title, payload=actions, receipt=nothing
        )
    return cluster
