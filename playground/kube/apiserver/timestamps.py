"""How is a virtual time written in the API?  As RFC 3339 in UTC, counted from the cluster's epoch."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from playground.kube.clock import SECOND
from playground.kube.settings import ClusterSettings


def timestamp(settings: ClusterSettings, time: int) -> str:
    """A virtual time in microseconds as `2023-11-14T22:13:20Z`, in whole seconds as metav1.Time has it."""
    return f"{_second(settings.epoch + time // SECOND)}Z"


def fine_timestamp(settings: ClusterSettings, time: int) -> str:
    """The same with microseconds, as metav1.MicroTime has it."""
    return f"{_second(settings.epoch + time // SECOND)}.{time % SECOND:06d}Z"


@lru_cache(maxsize=1_000)
def _second(since_1970: int) -> str:
    return datetime.fromtimestamp(since_1970, UTC).strftime("%Y-%m-%dT%H:%M:%S")
