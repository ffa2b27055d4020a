"""Which Services might two Nodes have, and who sends packets where?  One generator, for the text of rules and for a real kernel.

Two Nodes with two Pods each, and two clients outside, each of which has a Node as its way to everything.
"""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec

from playground.kube.apiserver.objects import Endpoint, EndpointPort, EndpointSlice, Object
from playground.kube.kubeproxy.config import Detector, ProxyConfig
from playground.kube.kubeproxy.iptables import Ruleset, ruleset
from playground.kube.kubeproxy.routing import Packet, Ruling, ruling
from playground.kube.kubeproxy.table import Table, rules_in, table_of

PODS = {"a1": "10.244.1.10", "a2": "10.244.1.11", "b1": "10.244.2.10", "b2": "10.244.2.11"}
NODES = {"node-a": "192.168.50.11", "node-b": "192.168.50.12"}
CLIENTS = {"client-a": "192.168.50.100", "client-b": "192.168.50.101"}
GATEWAYS = {"node-a": "10.244.1.1", "node-b": "10.244.2.1"}
ZONES = {"node-a": "zone-a", "node-b": "zone-b"}
POD_NETWORK = "10.244.0.0/16"
TARGETS = (8080, 8081)
RANGES = ("192.168.50.100/32", "10.244.1.0/24", "192.168.50.0/28", "0.0.0.0/0", "2001:db8::/32", "192.168.50.12/32")


def node_of(place: str) -> str:
    """The Node through which a Pod, a client or a Node itself sends."""
    return place if place in NODES else f"node-{place[0] if place in PODS else place[-1]}"


def address_of(place: str) -> str:
    return {**PODS, **NODES, **CLIENTS}[place]


class Scenario(msgspec.Struct, frozen=True):
    """Services with their EndpointSlices, and how kube-proxy runs on both Nodes."""

    services: tuple[Object, ...]
    slices: tuple[EndpointSlice, ...]
    options: dict[str, Any] = {}

    def config(self, node: str) -> ProxyConfig:
        made = ProxyConfig(
            node=node,
            zone=ZONES[node],
            node_ip=NODES[node],
            local_ips=("127.0.0.1", NODES[node], GATEWAYS[node]),
            detector=Detector("ClusterCIDR", POD_NETWORK),
        )
        return msgspec.structs.replace(made, **self.options)

    def table(self, node: str) -> Table:
        return table_of(self.config(node), self.services, self.slices)

    def ruleset(self, node: str) -> Ruleset:
        return ruleset(self.config(node), rules_in(self.table(node).held.values()))

    def ruling(self, node: str, packet: Packet) -> Ruling:
        return ruling(self.config(node), self.table(node).find, packet)

    def targets(self, node: str) -> list[tuple[str, str, int]]:
        """Every address, protocol and port that means something, and for each port one that does not."""
        found: list[tuple[str, str, int]] = []
        for rules in rules_in(self.table(node).held.values()):
            port = rules.port
            found += [(ip, port.protocol, port.port) for ip in (port.ip, *port.external_ips, *port.load_balancer_ips)]
            found += [(ip, port.protocol, port.node_port) for ip in (*NODES.values(), "127.0.0.1") if port.node_port]
            found += [(NODES[node], "TCP", port.health_check_port)] if port.health_check_port else []
            found.append((port.ip, port.protocol, port.port + 1))
        return found


def scenario(random: Random, protocols: tuple[str, ...] = ("TCP",)) -> Scenario:
    """One at random: 1 to 3 Services with up to 4 endpoints each in one or two EndpointSlices."""
    made = [_service(random, number, protocols) for number in range(random.randint(1, 3))]
    slices = [piece for service in made for piece in _slices(random, service)]
    return Scenario(tuple(made), tuple(slices))


def options(random: Random) -> dict[str, Any]:
    """How kube-proxy may run otherwise than by default."""
    return {
        "detector": random.choice([Detector("ClusterCIDR", POD_NETWORK), Detector("NodeCIDR", "10.244.1.0/24"), Detector()]),
        "masquerade_all": random.random() < 0.2,
        "localhost_node_ports": random.random() < 0.7,
        "node_port_addresses": random.choice(
            [(), (), ("192.168.50.0/24",), ("127.0.0.0/8", "10.244.0.0/16"), ("2001:db8::/64",), ("0.0.0.0/0",)]
        ),
    }


def _service(random: Random, number: int, protocols: tuple[str, ...]) -> Object:
    kind = random.choice(["ClusterIP", "NodePort", "LoadBalancer", "LoadBalancer"])
    port: dict[str, Any] = {"port": 80 + number, "protocol": random.choice(protocols)}
    port |= {"name": "http"} if random.random() < 0.5 else {}
    port |= {"nodePort": 30080 + number} if kind != "ClusterIP" else {}
    spec: dict[str, Any] = {"type": kind, "clusterIP": f"10.96.0.{10 + number}", "ports": [port]}
    spec |= {"internalTrafficPolicy": random.choice(["Cluster", "Local"])}
    spec |= {"externalTrafficPolicy": random.choice(["Cluster", "Local"]), "healthCheckNodePort": 32000 + number}
    spec |= {"externalIPs": [f"198.51.100.{10 + number}"]} if random.random() < 0.4 else {}
    spec |= {"loadBalancerSourceRanges": random.sample(RANGES, random.randint(1, 2))} if random.random() < 0.4 else {}
    spec |= {"sessionAffinity": "ClientIP"} if random.random() < 0.2 else {}
    ingress = {"ip": f"203.0.113.{10 + number}"} | ({"ipMode": random.choice(["VIP", "Proxy"])} if random.random() < 0.4 else {})
    status = {"loadBalancer": {"ingress": [ingress]}} if kind == "LoadBalancer" else {}
    return Object("Service", "shop", f"svc-{number}", "", 0, 0, spec=spec, status=status)


def _slices(random: Random, service: Object) -> list[EndpointSlice]:
    (port,) = service.spec["ports"]
    chosen = random.sample(sorted(PODS), random.randint(0, 4))
    hinted = random.choice([(), (), ("zone",), ("zone", "node")])
    endpoints = [_endpoint(random, pod, hinted) for pod in chosen]
    cut = random.randint(0, len(endpoints))
    number = random.choice(TARGETS)
    listed = (EndpointPort(port.get("name", ""), number, port["protocol"]),)
    labels = {"kubernetes.io/service-name": service.name}
    return [
        EndpointSlice("EndpointSlice", "shop", f"{service.name}-{n}", "", 0, 0, labels=labels, endpoints=tuple(some), ports=listed)
        for n, some in enumerate((endpoints[:cut], endpoints[cut:]))
    ]


def _endpoint(random: Random, pod: str, hinted: tuple[str, ...]) -> Endpoint:
    ready, serving, terminating = random.choice(
        [(True, True, False)] * 4 + [(None, None, None), (False, False, False), (False, True, True), (False, False, True)]
    )
    node = node_of(pod)
    return Endpoint(
        PODS[pod],
        node=node,
        ready=ready,
        serving=serving,
        terminating=terminating,
        for_zones=(ZONES[node],) if "zone" in hinted else (),
        for_nodes=(node,) if "node" in hinted else (),
    )
