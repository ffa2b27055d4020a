"""How is a table of DNS queries read?  A text file in tables/: a cluster, the options of its CoreDNS, then a query a line.

    == a sentence                                     a cluster begins (the first one needs none)
    namespaces shop data
    service shop/web 10.96.1.1 fd00::1 http:80/TCP    its addresses, or `headless`, or `alias NAME`; then its ports
    slice shop/web http:8080/TCP = 10.244.1.5, 10.244.2.6 not-ready called db-1
    pod shop/web-x 10.244.1.5 Failed leaving
    options pods=insecure ttl=5                       the server that the queries below are put to
    ## a sentence                                     what the queries below show
    web.shop SRV -> 0 100 80 web.shop; A 10.96.1.1    name, type, answers; additional records

As in a zone file, a name without a dot at its end goes on with `svc.cluster.local.`. A record is `NAME TTL TYPE VALUE`; of these the
name and the type are left out if they are those of the query, the TTL if it is the server's. `SOA ZONE` is the start of a zone's
authority. In place of answers stands NODATA, NXDOMAIN or SERVFAIL: then the authority is the start of the queried name's zone.
An indented line goes on with the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoint, EndpointPort, EndpointSlice, PodState
from playground.kube.dns.corefile import REVERSE_ZONES, Corefile
from playground.kube.dns.message import Answer, Record, soa
from playground.kube.dns.records import Records, no_upstream
from tests.kube.kubeproxy.builders import RUNNING, add, add_pod, add_service, machinery

TABLES = Path(__file__).parent / "tables"
ORIGIN = "svc.cluster.local."
TYPES = ("A", "AAAA", "SRV", "CNAME", "PTR", "NS", "TXT", "SOA")
NEGATIVE = ("NODATA", "NXDOMAIN", "SERVFAIL")
CONDITIONS: dict[str, tuple[bool | None, bool | None, bool | None]] = {
    "ready": (True, True, False),
    "not-ready": (False, False, False),
    "serving": (False, True, True),
    "terminating": (False, False, True),
    "published": (True, False, False),
    "published-serving": (True, True, True),
    "published-terminating": (True, False, True),
    "unset": (None, None, None),
}


class Query(msgspec.Struct):
    """One line of a table: what is asked of which server, and the whole answer."""

    text: str
    server: Records
    name: str
    type: str
    expected: Answer


class Table:
    """A file, read line by line; `queries` are those that it asks."""

    def __init__(self, path: Path):
        self.queries: list[Query] = []
        self._begin()
        for line in _joined(path.read_text().splitlines()):
            word, _, rest = line.partition(" ")
            if word in ("#", "##"):
                continue
            if word == "==":
                self._begin()
            elif " -> " in line:
                self.queries.append(self._query(line))
            else:
                getattr(self, f"_{word}")(*rest.split())

    def _begin(self) -> None:
        self.cluster: Machinery = machinery()
        self._server("insecure", 5)

    def _server(self, pods: str, ttl: int, upstream: Answer | None = None, **options: Any) -> None:
        options = {"zones": ("cluster.local.", *REVERSE_ZONES), "pods": pods, "ttl": ttl, **options}
        self.corefile = Corefile(**options)
        self.server = Records(self.cluster, self.corefile, no_upstream if upstream is None else lambda name, type: upstream)

    def _namespaces(self, *names: str) -> None:
        for name in names:
            add(self.cluster, "Namespace", "", name)

    def _service(self, name: str, *words: str) -> None:
        namespace, _, name = name.partition("/")
        ports = [{"name": port.name, "port": port.port, "protocol": port.protocol} for port in _ports(words)]
        if words[0] == "alias":
            add_service(self.cluster, name, "", ports, namespace, type="ExternalName", externalName=words[1])
        else:
            ips = ["None"] if words[0] == "headless" else [word for word in words if "/" not in word]
            add_service(self.cluster, name, ips[0], ports, namespace, clusterIPs=ips)

    def _slice(self, service: str, *words: str) -> None:
        namespace, _, name = service.partition("/")
        place = words.index("=")
        endpoints = tuple(_endpoint(each.split()) for each in " ".join(words[place + 1 :]).split(",") if each)
        uid = self.cluster.store.new_uid()
        self.cluster.store.create(
            EndpointSlice(
                "EndpointSlice", namespace, f"{name}-{uid}", uid, 0, 0, labels={"kubernetes.io/service-name": name},
                address_type="IPv6" if endpoints and ":" in endpoints[0].ip else "IPv4", endpoints=endpoints, ports=tuple(_ports(words[:place])),
            )
        )  # fmt: skip

    def _pod(self, name: str, *words: str) -> None:
        namespace, _, name = name.partition("/")
        ips = [word for word in words if ":" in word or word[0].isdigit()]
        state = PodState(phase=words[len(ips)]) if words[len(ips) :] not in ((), ("leaving",)) else RUNNING
        more = {"state": state, "deleting": 0 if "leaving" in words else None, "other_ip": "".join(ips[1:])}
        add_pod(self.cluster, name, "".join(ips[:1]), "node-a", namespace, **more)

    def _options(self, *words: str) -> None:
        given = dict(word.partition("=")[::2] for word in words)
        lists = {"zones": "zones", "exposed": "namespaces", "own": "addresses"}
        more: dict[str, Any] = {field: tuple(given[word].split(",")) for word, field in lists.items() if word in given}
        more |= {"ignore_empty_service": "ignore-empty" in given, "synced": "unsynced" not in given}
        if "upstream" in given:
            name, type, value, *cut = given["upstream"].split(",")
            more["upstream"] = Answer("NOERROR", (Record(name, type, value, int(given["ttl"])),), authoritative=False, truncated=bool(cut))
        self._server(given["pods"], int(given["ttl"]), **more)

    def _query(self, line: str) -> Query:
        asked, _, told = line.partition(" -> ")
        name, type = asked.split()
        name = absolute(name)
        told, _, flag = told.partition(" (")
        answers, _, additional = told.partition("; ")
        zone = self.corefile.zone_of(name)
        negative = answers in NEGATIVE
        expected = Answer(
            "NOERROR" if answers == "NODATA" or not negative else answers,
            () if negative else self._records(answers, name, type),
            self._records(additional, name, type) if additional else (),
            (self._start(zone),) if negative and zone else (),
            authoritative=flag != "not authoritative)",
            truncated=flag == "truncated)",
        )
        return Query(line, self.server, name, type, expected)

    def _records(self, text: str, name: str, type: str) -> tuple[Record, ...]:
        return tuple(self._record(each.split(), name, type) for each in text.split(", "))

    def _record(self, words: list[str], name: str, type: str) -> Record:
        """Words before the type are the name and the TTL; without a type there are none."""
        place = next((index for index, word in enumerate(words) if word in TYPES), -1)
        ttl = self.corefile.ttl
        for word in words[: max(place, 0)]:
            name, ttl = (name, int(word)) if word.isdecimal() else (absolute(word), ttl)
        type = words[place] if place >= 0 else type
        value = words[place + 1 :]
        if type == "SOA":
            return self._start(value[0])
        if type in ("SRV", "CNAME", "PTR", "NS"):
            value[-1] = absolute(value[-1])
        return Record(name, type, " ".join(value), ttl)

    def _start(self, zone: str) -> Record:
        return soa(zone, self.corefile.ttl, 0)


def comparable(answer: Answer) -> dict[str, Any]:
    """All that a message says, each record once, in an order of its own; an SOA without its serial."""
    sections = {"answers": answer.records, "additional": answer.additional, "authority": answer.authority}
    flags = {"rcode": answer.rcode, "authoritative": answer.authoritative, "truncated": answer.truncated}
    return flags | {name: sorted({_shown(record) for record in records}) for name, records in sections.items()}


def absolute(name: str) -> str:
    return name if name.endswith(".") else f"{name}.{ORIGIN}"


def _shown(record: Record) -> str:
    words = record.value.split()
    if record.type == "SOA":
        words[2] = "*"
    return " ".join((record.name, str(record.ttl), record.type, *words))


def _joined(lines: list[str]) -> Iterator[str]:
    whole = ""
    for line in [*lines, ""]:
        if line.startswith(" "):
            whole += f" {line.strip()}"
            continue
        if whole:
            yield whole
        whole = line


def _ports(words: tuple[str, ...]) -> list[EndpointPort]:
    """Words as `http:80/TCP`, without a name `:80/TCP`."""
    found = []
    for word in words:
        name, _, port = word.rpartition(":")
        number, slash, protocol = port.partition("/")
        if slash:
            found.append(EndpointPort(name, int(number), protocol))
    return found


def _endpoint(words: list[str]) -> Endpoint:
    """With a Pod behind it, whose name no answer may bear."""
    ip, *more = words
    hostname = more[more.index("called") + 1] if "called" in more else ""
    ready, serving, terminating = CONDITIONS[more[0] if more and more[0] != "called" else "ready"]
    return Endpoint(ip, pod=f"the-pod-of-{hostname}", hostname=hostname, ready=ready, serving=serving, terminating=terminating)
