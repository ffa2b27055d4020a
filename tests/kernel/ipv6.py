"""The same lab and the same scenarios by IPv6: every IPv4 address has a twin, and ip6tables takes the place of iptables.

Scenarios, calls and answers are written in IPv4 addresses; the twins are what kube-proxy, the kernel and the sockets see.
"""

from __future__ import annotations

import re
import socket
from ipaddress import IPv6Address, ip_network
from types import SimpleNamespace
from typing import Any

import msgspec

from playground.kube.apiserver.objects import Endpoint, EndpointSlice, Object
from playground.kube.kubeproxy.config import Detector, ProxyConfig
from playground.kube.kubeproxy.iptables import Ruleset, ruleset
from playground.kube.kubeproxy.routing import Packet, ruling
from playground.kube.kubeproxy.table import Table, rules_in, table_of
from tests.kernel.lab import GATEWAY, RANGES, Answer, Call, Lab
from tests.kube.kubeproxy.scenarios import CLIENTS, GATEWAYS, NODES, POD_NETWORK, PODS, Scenario, node_of

FOUR = re.compile(r"\d+\.\d+\.\d+\.\d+(/\d+)?")
OTHER = "198.18.0.0/15"  # of the other family: the scenarios' own IPv6 networks
SETTINGS = {"net.ipv6.conf.all.forwarding": "1", "net.ipv6.icmp.ratelimit": "0"}
QUIET = ("net.ipv6.conf.all.accept_redirects", "net.ipv6.conf.default.accept_redirects", "net.ipv6.conf.default.accept_dad")
ROUTED = {0: 0, 8: 32, 16: 48, 24: 64, 28: 124, 32: 128}


def six(text: str) -> str:
    """The twin of an address or a network: 10.244.1.10 is fd00:a:f4:1::a, 10.244.0.0/16 is fd00:a:f4::/48."""
    address, slash, length = text.partition("/")
    if address.startswith("127."):
        return "::1/128" if slash else "::1"
    first, second, third, last = (int(part) for part in address.split("."))
    twin = f"fd00:{first:x}:{second:x}:{third:x}::{last:x}"
    return str(ip_network(f"{twin}/{ROUTED[int(length)]}" if length != "0" else "::/0", strict=False)) if slash else str(IPv6Address(twin))


def four(address: str) -> str:
    """The address whose twin this is."""
    if address == "::1":
        return "127.0.0.1"
    parts = IPv6Address(address).exploded.split(":")
    return ".".join(str(int(part, 16)) for part in (*parts[1:4], parts[7]))


class Twin(Scenario, frozen=True):
    """A scenario whose Services, endpoints and kube-proxies are of IPv6."""

    def config6(self, node: str) -> ProxyConfig:
        made = self.config(node)
        local = tuple(six(each) for each in made.local_ips)
        detector = Detector(made.detector.mode, six(made.detector.value)) if made.detector.value else made.detector
        ports = tuple(OTHER if ":" in each else six(each) for each in made.node_port_addresses)
        changes: dict[str, Any] = {"family": "IPv6", "node_ip": six(made.node_ip), "local_ips": local, "detector": detector}
        return msgspec.structs.replace(made, node_port_addresses=ports, **changes)

    def table6(self, node: str) -> Table:
        return table_of(self.config6(node), [_service(each) for each in self.services], [_slice(each) for each in self.slices])

    def ruleset(self, node: str) -> Ruleset:
        return ruleset(self.config6(node), rules_in(self.table6(node).held.values()))

    def ruling(self, node: str, packet: Packet) -> Any:
        twin = msgspec.structs.replace(packet, source=six(packet.source), ip=six(packet.ip))
        found = ruling(self.config6(node), self.table6(node).find, twin)
        way = found.way and SimpleNamespace(
            choice=[(msgspec.structs.replace(each, ip=four(each.ip)), port) for each, port in found.way.choice]
        )
        masquerades = lambda source, ip: found.masquerades(six(source), six(ip))  # noqa: E731
        return SimpleNamespace(verdict=found.verdict, unreached=found.unreached, rules=found.rules, way=way, masquerades=masquerades)


def _service(service: Object) -> Object:
    """All its addresses and networks are their twins', and what was of IPv6 is of IPv4."""
    text = re.sub(r'"[0-9a-f]*:[0-9a-f:]*/\d+"', f'"{OTHER}x"', msgspec.json.encode([service.spec, service.status]).decode())
    text = FOUR.sub(lambda match: match[0] if match[0] == OTHER else six(match[0]), text).replace(f"{OTHER}x", OTHER)
    spec, status = msgspec.json.decode(text)
    return msgspec.structs.replace(service, spec=spec, status=status)


def _slice(piece: EndpointSlice) -> EndpointSlice:
    endpoints: tuple[Endpoint, ...] = tuple(msgspec.structs.replace(each, ip=six(each.ip)) for each in piece.endpoints)
    return msgspec.structs.replace(piece, address_type="IPv6", endpoints=endpoints)


class Lab6(Lab):
    family = socket.AF_INET6
    saver = "ip6tables-save"

    def dress(self, made: Scenario) -> Scenario:
        return Twin(made.services, made.slices, made.options)

    def load(self, made: Scenario) -> None:
        network = six(POD_NETWORK)
        leaving = f"*nat\n-A POSTROUTING -s {network} ! -d {network} -j MASQUERADE --random-fully\nCOMMIT\n"
        for node in NODES:
            self._at[node].run("ip6tables-restore", "--test", text=made.ruleset(node).save())
            self._at[node].run("ip6tables-restore", text=made.ruleset(node).save())
            self._at[node].run("ip6tables-restore", "--noflush", text=leaving)

    def ask(self, calls: list[Call]) -> list[Answer]:
        answers = super().ask([call._replace(ip=six(call.ip)) for call in calls])
        return [answer._replace(seen=four(answer.seen)) if answer.seen else answer for answer in answers]

    # --- wiring

    def _wire(self) -> None:
        for space in (self._fabric, *self._at.values()):
            for name in QUIET:
                space.set(name, "0")
        hosts = {**NODES, **CLIENTS}
        links = [f"link add {place} type veth peer name eth0 netns {self._at[place].path}" for place in hosts]
        joined = [f"link set {place} master br0 up" for place in hosts]
        bridge = ["link set lo up", "link add br0 type bridge", f"addr add {six(GATEWAY)}/64 dev br0 nodad", "link set br0 up"]
        self._ip(self._fabric, *bridge, *links, *joined)
        for place, ip in hosts.items():
            way = GATEWAY if place in NODES else NODES[node_of(place)]
            up = [
                "link set lo up",
                f"addr add {six(ip)}/64 dev eth0 nodad",
                "link set eth0 up",
                f"route add default via {six(way)} dev eth0",
            ]
            self._ip(self._at[place], *up)
        for node in NODES:
            for name, value in SETTINGS.items():
                self._at[node].set(name, value)
            self._wire_pods(node)
            others = [f"route add {six(RANGES[other])} via {six(ip)} dev eth0" for other, ip in NODES.items() if other != node]
            self._ip(self._at[node], *others)

    def _wire_pods(self, node: str) -> None:
        gateway = six(GATEWAYS[node])
        for pod in (each for each in PODS if node_of(each) == node):
            ip = six(PODS[pod])
            made = f"link add v-{pod} type veth peer name eth0 netns {self._at[pod].path}"
            own = f"route add {ip}/128 dev v-{pod} src {six(NODES[node])}"
            self._ip(self._at[node], made, f"addr add {gateway}/128 dev v-{pod} nodad", f"link set v-{pod} up", own)
            way = [f"route add {gateway}/128 dev eth0", f"route add default via {gateway} dev eth0"]
            self._ip(self._at[pod], "link set lo up", f"addr add {ip}/128 dev eth0 nodad", "link set eth0 up", *way)

    def _ip(self, space: Any, *commands: str) -> None:
        space.run("ip", "-6", "-batch", "-", text="\n".join(commands) + "\n")
