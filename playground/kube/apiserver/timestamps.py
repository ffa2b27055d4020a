"""How is a virtual time written in the API?  As RFC 3339 in UTC, counted from the cluster's epoch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playground.kube.settings import ClusterSettings


def timestamp(settings: ClusterSettings, time: int) -> str:
    """A virtual time in microseconds as `2023-11-14T22:13:20Z`, in whole seconds as metav1.Time has it."""
    return _moment(settings, time).strftime("%Y-%m-%dT%H:%M:%SZ")


def fine_timestamp(settings: ClusterSettings, time: int) -> str:
    """The same with microseconds, as metav1.MicroTime has it."""
    return _moment(settings, time).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(settings: ClusterSettings, time: int) -> datetime:
    return datetime.fromtimestamp(settings.epoch, UTC) + timedelta(microseconds=time)
