"""Law 2: what does it cost that every request can be explained?

A bare route is the kube-proxy's decision alone; the explained request is the whole of it: DNS, rules, draw, endpoint,
answer, kept so that every hop can be told later.
"""

from __future__ import annotations

from bench.loads import cluster
from bench.measure import Measure, interleaved

SENT = 5_000


def measure() -> list[Measure]:
    busy = cluster(nodes=10, groups=[10] * 10)
    client = busy.store.get("Pod", "default", "client")
    address = busy.store.get("Service", "default", "app-3").spec["clusterIP"]

    def bare() -> None:
        for _ in range(SENT):
            busy.proxies.route(client.node, address, "TCP", 80, client.ip)

    def explained() -> None:
        for _ in range(SENT):
            busy.network.send(client, f"{address}:80")
        busy.events()

    def by_name() -> None:
        for _ in range(SENT):
            busy.network.send(client, "app-3:80")
        busy.events()

    route, request = interleaved(bare, explained)
    _, named = interleaved(bare, by_name)
    return [
        Measure("2", "an explained request / a bare route", request / route, 3),
        Measure("2b", "an explained request by its address, CPU", request / SENT * 1e6, 14, "microseconds"),
        Measure("2c", "an explained request by DNS name, CPU", named / SENT * 1e6, 19, "microseconds"),
    ]
