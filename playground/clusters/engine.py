"""How is a kube cluster made or brought back?  With the API server's schema, and the limits of this server."""

from __future__ import annotations

import gc
import zlib
from functools import cache

import msgspec
from django.conf import settings

from playground.assets.schema import load
from playground.kube.apiserver.schema import Schema
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings
from playground.terminal.commands import SOFTWARE

VERSION = "17"


@cache
def schema() -> Schema:
    """What the API server of every cluster knows of Kubernetes' kinds and fields."""
    return Schema(load())


def create(made_with: ClusterSettings) -> Cluster:
    """A new cluster, at virtual time 0."""
    return Cluster.create(made_with, schema(), SOFTWARE)


def freeze(kube: Cluster) -> bytes:
    """Everything the cluster's future depends on, compressed."""
    return zlib.compress(kube.snapshot(), 1)


def restored(snapshot: bytes) -> Cluster:
    """A cluster from its snapshot. The collector of cycles rests meanwhile: all that is read stays, and to look at it again and
    again took a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        return Cluster.restore(snapshot, schema(), SOFTWARE)
    finally:
        if enabled:
            gc.enable()


def thaw(blob: bytes) -> Cluster:
    """The inverse of `freeze`; ValueError if this engine cannot read it."""
    try:
        return restored(zlib.decompress(blob))
    except (zlib.error, msgspec.DecodeError, LookupError, TypeError) as error:
        raise ValueError(f"not a snapshot of engine {VERSION}: {error}") from error


def limited(chosen: ClusterSettings) -> ClusterSettings:
    """The settings, with the limits that this server allows one cluster."""
    return msgspec.structs.replace(chosen, limits=settings.CLUSTER_LIMITS)
