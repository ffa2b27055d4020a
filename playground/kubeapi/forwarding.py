"""Which Pod does `kubectl port-forward` lead to, and what meets a connection there?

Source: pkg/registry/core/pod/rest/subresources.go (PortForwardREST); kubelet pkg/cri/streaming/portforward/httpstream.go (the words of
an error); containerd internal/cri/server/sandbox_portforward_linux.go: it connects to `localhost` inside of the Pod's network.
kubectl itself picks one Pod of a Service or a Deployment, and its target port, before it asks: nothing is balanced.
Simplified: a connection becomes a request of the simulation with each HTTP request that comes over it, and when it is refused.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import msgspec

from playground.clusters import looks
from playground.clusters.driving import Door
from playground.kube.actions import Forward
from playground.kube.apiserver.objects import Pod
from playground.kube.cluster import Cluster as Kube
from playground.kube.errors import Refusal, bad_request
from playground.kube.network.asking import LONGEST_ASKED
from playground.kubeapi import writing
from playground.kubeapi.exchange import Request
from playground.kubeapi.execution import Presence
from playground.rest import reading
from playground.rest.exchange import not_there
from playground.rest.paths import Target, target
from playground.terminal.programs.http import Response, spoken
from playground.terminal.sessions.session import heard

JSON = dict[str, Any]
CONNECTED, REFUSED, SILENT = "connected", "refused", "silent"


class Met(msgspec.Struct, frozen=True):
    """What meets a connection: `why` says in the kubelet's words what was refused; `headers` go with an `answer`."""

    how: str
    why: str = ""
    answer: Response | None = None
    headers: tuple[tuple[str, str], ...] = ()


class Forwarding:
    """One port-forward, to one Pod for as long as it lasts. Its methods belong in a worker thread."""

    def __init__(self, request: Request, pod: Pod, presence: Presence):
        self.presence = presence
        self._cluster = request.cluster
        self._door = Door(request.cluster, writing.LIMITS)
        self._pod = pod
        self._sandbox = hashlib.sha256(f"sandbox of {pod.uid}".encode()).hexdigest()

    def dial(self, port: int) -> Met:
        """What a new connection meets. Only a refusal is seen by others yet."""
        with looks.alone(self._cluster):
            with looks.at(self._cluster) as kube:
                pod: Pod | None = kube.store.by_uid(self._pod.uid)
                if pod is None:
                    return Met(REFUSED, self._words(port, f'failed to find sandbox "{self._sandbox}" in store: not found'))
                if not kube.kubelet.up(pod.node):
                    return Met(SILENT)
                if kube.kubelet.serves(pod, port) in ("accepts", "hangs"):
                    return Met(CONNECTED)
            return self._forward(port)

    def ask(self, port: int, asked: str) -> Met:
        """Send an HTTP request, which begins with this line, over a connection; it is a request that everybody sees."""
        with looks.alone(self._cluster):
            with looks.at(self._cluster) as kube:
                if kube.store.by_uid(self._pod.uid) is None:
                    return Met(REFUSED, self._words(port, "connection reset by peer"))
                if not kube.kubelet.up(self._pod.node):
                    return Met(SILENT)
            return self._forward(port, asked[:LONGEST_ASKED])

    def _forward(self, port: int, asked: str = "") -> Met:
        """To be called inside of `looks.alone`."""
        try:
            receipt = self._door.act(Forward(self._pod.name, port, self._pod.namespace, asked))
        except Refusal as refusal:
            return Met(REFUSED, self._words(port, refusal.message))
        with looks.at(self._cluster) as kube:
            request = kube.network.request(receipt.first_request or 0)
            sent = heard(request, kube) if request is not None else None
            if sent is None or sent.outcome == "refused":
                return Met(REFUSED, self._refused(port))
            if sent.outcome != "ok":
                return Met(SILENT)
            response = spoken(sent)
            return Met(CONNECTED, "", response, tuple(response.headers(kube.settings.epoch, kube.now)))

    def _refused(self, port: int) -> str:
        """In containerd's words, whose network namespaces have random names."""
        path = f"/var/run/netns/cni-{self._pod.uid}"
        tried = f"IPv4: dial tcp4 127.0.0.1:{port}: connect: connection refused IPv6 dial tcp6 [::1]:{port}: connect: connection refused"
        why = f'failed to connect to localhost:{port} inside namespace "{self._sandbox}", {tried}'
        return self._words(port, f'failed to execute portforward in network namespace "{path}": {why} ')

    def _words(self, port: int, why: str) -> str:
        return f"error forwarding port {port} to pod {self._sandbox}, uid : {why}"


def begin(request: Request, loop: asyncio.AbstractEventLoop) -> Forwarding:
    """Raises Refusal."""
    with looks.alone(request.cluster), looks.at(request.cluster) as kube:
        pod = chosen(request, kube, target(request.path, kube))
        return Forwarding(request, pod, Presence(request.cluster, loop))


def refusal(request: Request, kube: Kube, aim: Target) -> Refusal:
    """What is answered to who comes without a WebSocket: why there could be none, or that one is needed."""
    try:
        chosen(request, kube, aim)
    except Refusal as refused:
        return refused
    return bad_request("Upgrade request required")


def chosen(request: Request, kube: Kube, aim: Target) -> Pod:
    """The Pod, if there is a way to it; raises Refusal."""
    if aim.resource.kind != "Pod" or aim.subresource != "portforward":
        raise not_there()
    if not request.writes:
        raise writing.refuse_reader(request, aim, "create")
    pod: Pod = reading.found(kube, aim)
    if not pod.node:
        raise bad_request(f"pod {pod.name} does not have a host assigned")
    if not kube.kubelet.up(pod.node):
        raise Refusal(500, "InternalError", f"error dialing backend: dial tcp {pod.host_ip}:10250: connect: no route to host")
    return pod
