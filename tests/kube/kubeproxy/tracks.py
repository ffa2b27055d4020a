"""How is a table of kube-proxy's doings read?  A text file in tables/: Services and EndpointSlices as one Node sees them, then a packet a line.

    == a sentence                                         a scenario begins; kube-proxy runs as before until it is said otherwise
    kube-proxy node=node-a ip=192.168.0.2 own=127.0.0.1,192.168.0.2 pods=10.244.0.0/16 zone=west
    include every_node.rules                              lines of another file
    service shop/web NodePort 10.96.0.11 http:80/TCP@30080 external=Local sticky=10800
    slice shop/web http:8080/TCP                          its endpoints are indented below it: address, Node, state, zones
        10.244.1.5 on=node-a serving zones=east,west
    health 30108: shop/web 200 weight=1 at 127.0.0.1      what answers on a health check port, and on which addresses; or `nobody`
    10.244.1.9 -> 10.96.0.11:80/TCP: 10.244.1.5:8080 masqueraded
    nat                                                   chains of this table follow, as iptables-save prints their rules,
    KUBE-SVC-4TAY4RXIPSD7EB4X:                            each with its rules indented below it
        "shop/web -> 10.244.1.5:8080" p=0.5 -j KUBE-SEP-KX5K43SZ7WXWC5WW

A packet goes to one of its endpoints, in the order of the rules, or its fate is DROP, REJECT, ACCEPT or NONE (no rule is for it);
`masqueraded if 10.244.1.5:8080` is so for these endpoints alone; `(unreached REJECT)`: there is a rule, but no hook leads there.
An endpoint's state is ready unless it says otherwise (STATES). In `ranges` an underscore is a space.

In rules, `"X"` is a comment, `p=X` the chance of a draw, `--dport` brings its `-m tcp`, `seen SECONDS CHAIN` is the match of recent
senders that leads to CHAIN, `endpoint tcp IP:PORT "X"` the two rules of an endpoint (`noted`: it notes its senders). After
`restored nat` the rules are as kube-proxy hands them to iptables-restore, and nothing is short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from playground.kube.apiserver.objects import Endpoint, EndpointPort, EndpointSlice, Object
from playground.kube.kubeproxy.config import Detector, ProxyConfig
from playground.kube.kubeproxy.iptables import Ruleset, ruleset
from playground.kube.kubeproxy.routing import Packet
from playground.kube.kubeproxy.table import Table, rules_in, table_of

TABLES = Path(__file__).parent / "tables"
STATES: dict[str, tuple[bool | None, bool | None, bool | None]] = {
    "ready": (True, True, False),
    "not-ready": (False, False, False),
    "serving": (False, True, True),
    "terminating": (False, False, True),
    "not-ready-serving": (False, True, False),
    "published-serving": (True, True, True),
    "unsaid": (None, None, None),
    "said-ready": (True, None, None),
    "said-not-ready": (False, None, None),
}
PACKET = re.compile(r"(\S+) -> (\S+):(\d+)/(\w+): (.+)")
FATES = ("DROP", "REJECT", "ACCEPT", "NONE")
RECENT = "--mask 255.255.255.255 --rsource"


class Fate(msgspec.Struct, frozen=True):
    """`masqueraded` are the endpoints whose packets are; `unreached` is what a rule says to which no hook leads."""

    verdict: str
    endpoints: tuple[str, ...] = ()
    masqueraded: tuple[str, ...] = ()
    unreached: str = ""


class Health(msgspec.Struct, frozen=True):
    """What a load balancer hears; nothing listens where `at` is empty."""

    service: str = ""
    code: int = 0
    weight: int = 0
    at: tuple[str, ...] = ()


class Track:
    """One scenario. `chains` by table and name; `restored` if they are kube-proxy's text, not that of iptables-save."""

    def __init__(self, title: str, config: ProxyConfig):
        self.title, self.config = title, config
        self.services: list[Object] = []
        self.slices: list[EndpointSlice] = []
        self.packets: list[tuple[str, Packet, Fate]] = []
        self.checks: dict[int, Health] = {}
        self.chains: dict[tuple[str, str], list[str]] = {}
        self.restored = False

    @cached_property
    def table(self) -> Table:
        return table_of(self.config, self.services, self.slices)

    @cached_property
    def ruleset(self) -> Ruleset:
        return ruleset(self.config, rules_in(self.table.held.values()))


def tracks() -> Iterator[tuple[str, Track]]:
    """Each scenario with the name of its file."""
    for path in sorted(TABLES.glob("*.txt")):
        yield from ((path.stem, track) for track in _Reader(path).tracks)


class _Reader:
    def __init__(self, path: Path):
        self.tracks: list[Track] = []
        self.config = ProxyConfig()
        self.within = ("", "")
        self._lines(path)

    def _lines(self, path: Path) -> None:
        for line in path.read_text().splitlines():
            if line.startswith("== "):
                self.track = Track(line[3:], self.config)
                self.tracks.append(self.track)
            elif line.startswith("include "):
                self._lines(path.with_name(line.split()[1]))
            elif line.startswith("    "):
                self._below(line.strip())
            elif line and not line.startswith("# "):
                self._line(line)

    def _line(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        packet = PACKET.fullmatch(line)
        if packet:
            self.track.packets.append((line, _packet(packet), _fate(packet[5])))
        elif line.split()[-1] in ("nat", "filter"):
            self.within = (line.split()[-1], "")
            self.track.restored = word == "restored"
        elif word.endswith(":"):
            self.within = (self.within[0], word[:-1])
            self.track.chains[self.within] = _endpoint_chain(word[:-1], rest) if rest else []
        else:
            {"kube-proxy": self._kube_proxy, "service": self._service, "slice": self._slice, "health": self._health}[word](*rest.split())

    def _below(self, line: str) -> None:
        """An endpoint of a slice, or a rule of a chain."""
        if self.within[0]:
            self.track.chains[self.within].append(line if self.track.restored else _rule(line))
        else:
            piece = self.track.slices[-1]
            self.track.slices[-1] = msgspec.structs.replace(piece, endpoints=(*piece.endpoints, _endpoint(line.split())))

    def _kube_proxy(self, *words: str) -> None:
        given = _given(words)
        self.config = self.track.config = ProxyConfig(
            family=given.get("family", "IPv4"), node=given["node"], zone=given.get("zone", ""), node_ip=given["ip"],
            local_ips=tuple(given["own"].split(",")), detector=Detector("ClusterCIDR", given["pods"]) if "pods" in given else Detector(),
            masquerade_all="masquerade-all" in given, localhost_node_ports="no-localhost" not in given,
            node_port_addresses=_list(given, "node-ports"), random_fully="random" in given, nfacct="nfacct" in given,
            excludes_localhost="older-jump" not in given,
        )  # fmt: skip

    def _service(self, name: str, kind: str, ip: str, *words: str) -> None:
        given = _given(words)
        spec: dict[str, Any] = {
            "type": kind,
            "clusterIP": "" if ip == "none" else ip,
            "ports": [_service_port(each) for each in words if "/" in each and "=" not in each],
        }
        spec |= {f"{side}TrafficPolicy": given[side] for side in ("internal", "external") if side in given}
        spec |= {
            "externalIPs": _list(given, "outside"),
            "loadBalancerSourceRanges": [each.replace("_", " ") for each in _list(given, "ranges")],
        }
        spec |= {"healthCheckNodePort": int(given["health"])} if "health" in given else {}
        if "sticky" in given:
            spec |= {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": int(given["sticky"])}}}
        ingress = [dict(zip(("ip", "ipMode"), each.split("*"), strict=False)) for each in _list(given, "balancer")]
        namespace, _, name = name.partition("/")
        self.track.services.append(Object("Service", namespace, name, "", 0, 0, spec=spec, status={"loadBalancer": {"ingress": ingress}}))
        self.within = ("", "")

    def _slice(self, service: str, *words: str) -> None:
        namespace, _, name = service.partition("/")
        labels = {"kubernetes.io/service-name": name} | ({"service.kubernetes.io/headless": ""} if "headless" in words else {})
        ports = tuple(EndpointPort(*_port(each)) for each in words if "/" in each)
        kind = "IPv6" if "IPv6" in words else "IPv4"
        piece = EndpointSlice(
            "EndpointSlice", namespace, f"{name}-{len(self.track.slices)}", "", 0, 0, labels=labels, address_type=kind, ports=ports
        )
        self.track.slices.append(piece)
        self.within = ("", "")

    def _health(self, port: str, *words: str) -> None:
        told = Health()
        if words != ("nobody",):
            told = Health(words[0], int(words[1]), int(words[2].removeprefix("weight=")), words[4:])
        self.track.checks[int(port[:-1])] = told


def _given(words: tuple[str, ...]) -> dict[str, str]:
    return dict(word.partition("=")[::2] for word in words)


def _list(given: dict[str, str], word: str) -> tuple[str, ...]:
    return tuple(given[word].split(",")) if word in given else ()


def _port(word: str) -> tuple[str, int, str]:
    """`http:80/TCP`; without a name `:80/TCP`."""
    name, _, port = word.rpartition(":")
    number, _, protocol = port.partition("/")
    return name, int(number), protocol


def _service_port(word: str) -> dict[str, Any]:
    """`http:80/TCP@30080`."""
    word, _, node_port = word.partition("@")
    name, number, protocol = _port(word)
    return {"name": name, "port": number, "protocol": protocol} | ({"nodePort": int(node_port)} if node_port else {})


def _endpoint(words: list[str]) -> Endpoint:
    given = _given(tuple(words))
    ready, serving, terminating = next((STATES[word] for word in words if word in STATES), STATES["ready"])
    return Endpoint(
        words[0], node=given.get("on", ""), ready=ready, serving=serving, terminating=terminating, for_zones=_list(given, "zones")
    )


def _packet(found: re.Match[str]) -> Packet:
    return Packet(found[1], found[2].strip("[]"), found[4], int(found[3]))


def _fate(text: str) -> Fate:
    text, _, unreached = text.partition(" (unreached ")
    if text in FATES:
        return Fate(text, unreached=unreached.rstrip(")"))
    text, masqueraded, some = text.partition(" masqueraded")
    endpoints = tuple(text.split())
    return Fate("DNAT", endpoints, tuple(some.split()[1:]) or (endpoints if masqueraded else ()))


def _endpoint_chain(chain: str, text: str) -> list[str]:
    """The two rules of an endpoint: it is masqueraded if it sends to itself, and is where the packet goes."""
    found = re.fullmatch(r'endpoint (\w+) (\S+):(\d+) "([^"]+)"( noted)?', text)
    assert found, text
    protocol, ip, port, name, noted = found.groups()
    recent = f"-m recent --set --name {chain} {RECENT} " if noted else ""
    return [
        _rule(f'-s {ip}/32 "{name}" -j KUBE-MARK-MASQ'),
        _rule(f'-p {protocol} "{name}" {recent}-m {protocol} -j DNAT --to-destination {ip}:{port}'),
    ]


def _rule(text: str) -> str:
    """In full, as iptables-save has it after `-A CHAIN`."""
    text = re.sub(r'"([^"]*)"', r'-m comment --comment "\1"', text)
    text = re.sub(r"\bp=(\S+)", r"-m statistic --mode random --probability \1", text)
    text = re.sub(r"\bseen (\d+) (\S+)", rf"-m recent --rcheck --seconds \1 --reap --name \2 {RECENT} -j \2", text)
    protocol = re.search(r"-p (\w+)", text)
    return text if protocol is None else text.replace(" --dport", f" -m {protocol[1]} --dport")
