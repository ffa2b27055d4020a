"""What does a container print?  A line for each request that it answered, as web servers do; a connection over which nothing was said is none.

Simplified: the line is that of the common log format without a size; programs print nothing else, and those that are known to be no
web servers print nothing at all. Only requests that are still kept are known, and none from before a replay began.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from playground.kube.apiserver.objects import Pod
from playground.kube.kubelet.images import image_name
from playground.kube.kubelet.views import view
from playground.kube.network.asking import logged
from playground.kube.network.network import Network
from playground.kube.network.requests import Request
from playground.kube.network.targets import TCP
from playground.kube.settings import ClusterSettings

Line = tuple[int, str]
SILENT = frozenset(
    "zookeeper etcd mysql mariadb nats postgres rabbitmq redis valkey redis-master gb-redis-follower cassandra memcached mongo coredns".split()
)


def lines(network: Network, settings: ClusterSettings, pod: Pod, slot: int, after: int = 0) -> list[Line]:
    """The lines of a Pod's container since request number `after`, oldest first: virtual microseconds and the text without its end.
    A container's slot is its place, init containers first."""
    if image_name(view(pod).containers[slot].image) in SILENT:
        return []
    found = reversed(network.recent(network.last - after))
    return [(each.time, _line(network, settings, each)) for each in found if _answered_by(each, pod, slot)]


def _answered_by(request: Request, pod: Pod, slot: int) -> bool:
    if request.outcome != "ok" or not request.target.asked or request.pod is None or request.pod.uid != pod.uid:
        return False
    way: Any = request.connection if request.connection is not None else request.passage
    return request.target.protocol == TCP and slot in view(pod).ports.get((way.port, TCP), ())[:1]


def _line(network: Network, settings: ClusterSettings, request: Request) -> str:
    moment = datetime.fromtimestamp(settings.epoch, UTC) + timedelta(microseconds=request.time)
    return f"{network.seen_source(request)} - - [{moment:%d/%b/%Y:%H:%M:%S} +0000] {logged(request.target.asked)}"
