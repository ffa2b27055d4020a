"""What does a real kernel do with datagrams of sockets that stay open, while the rules change under them?  Prints who answered, as JSON.

unshare --user --map-root-user --net python -m tests.kernel.datagrams

No kube-proxy deletes a flow here: what is seen is what conntrack does by itself.
"""

from __future__ import annotations

import json
import socket
import threading

from playground.kube.apiserver.objects import Endpoint, EndpointPort, EndpointSlice, Object
from tests.kernel.lab import SILENCE, Lab
from tests.kube.kubeproxy.scenarios import PODS, Scenario, node_of

IP, PORT, CLIENT, SERVERS = "10.96.0.77", 7000, "a1", ("b1", "b2")
# What is true when; at each step a socket of the step's name is opened, and all that are open send.
STEPS: dict[str, tuple[str, ...] | None] = {
    "no Service": None,
    "no endpoints": (),
    "endpoint b1": ("b1",),
    "endpoint b2": ("b2",),
    "none again": (),
}


def main() -> None:
    lab = Lab()
    try:
        for pod in SERVERS:
            threading.Thread(target=_serve, args=(_socket(lab, pod, True), pod), daemon=True).start()
        opened: dict[str, socket.socket] = {}
        seen = {}
        for step, endpoints in STEPS.items():
            lab.load(_game(endpoints))
            opened[step] = _socket(lab, CLIENT, False)
            seen[step] = {name: _ask(each) for name, each in opened.items()}
    finally:
        lab.close()
    print(json.dumps(seen))


def _game(endpoints: tuple[str, ...] | None) -> Scenario:
    """A UDP Service with these endpoints; without any Service if None."""
    if endpoints is None:
        return Scenario((), ())
    service = Object("Service", "shop", "game", "1", 0, 0, spec={"clusterIP": IP, "ports": [{"port": PORT, "protocol": "UDP"}]})
    found = tuple(Endpoint(PODS[pod], node=node_of(pod), ready=True, serving=True) for pod in endpoints)
    ports, labels = (EndpointPort(port=PORT, protocol="UDP"),), {"kubernetes.io/service-name": "game"}
    return Scenario((service,), (EndpointSlice("EndpointSlice", "shop", "game-1", "2", 0, 0, labels=labels, endpoints=found, ports=ports),))


def _socket(lab: Lab, place: str, serves: bool) -> socket.socket:
    with lab.inside(place):
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if serves:
        made.bind(("0.0.0.0", PORT))
    else:
        made.settimeout(SILENCE)
        made.connect((IP, PORT))
    return made


def _serve(server: socket.socket, pod: str) -> None:
    while True:
        _, sender = server.recvfrom(100)
        server.sendto(pod.encode(), sender)


def _ask(client: socket.socket) -> str:
    """Who answers, or how it fails."""
    try:
        client.send(b"?")
        return client.recv(100).decode()
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "timeout"


if __name__ == "__main__":
    main()
