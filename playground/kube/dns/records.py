"""What does CoreDNS answer to a name and a type?

Source: coredns/coredns plugin/kubernetes (kubernetes.go, handler.go, object/endpoint.go) with the Corefile that Kubernetes ships
(cluster/addons/dns/coredns/coredns.yaml.base); kubernetes/dns docs/specification.md.
Simplified: types A, AAAA and CNAME; no name of the DNS server itself (ns.dns); answers are as of now (the shipped Corefile caches for 30 s);
there is no world outside, so that upstream knows no name.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoint, EndpointSlice

TTL = 30
LONGEST_CHAIN = 11
FAMILIES = {"A": 4, "AAAA": 6}

Dependency = tuple[str, ...]
Listener = Callable[[Dependency], None]


class Record(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One resource record; `value` is an address or, of a CNAME, a name."""

    name: str
    type: str
    value: str
    ttl: int = TTL


class Answer(msgspec.Struct, frozen=True):
    """`rcode` NOERROR with no records is NODATA: the name exists, with other types. `needs` are what the answer was read from."""

    rcode: str
    records: tuple[Record, ...] = ()
    needs: tuple[Dependency, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(record.value for record in self.records if record.type in FAMILIES)

    @property
    def word(self) -> str:
        """ANSWER, NODATA or NXDOMAIN."""
        return "ANSWER" if self.records else "NODATA" if self.rcode == "NOERROR" else self.rcode


class Records:
    """Answers from the store. `changed(need)` tells a listener that an answer which needs it may be another now."""

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._zone = machinery.settings.domain.lower()
        self._named: dict[str, dict[str, tuple[Endpoint, ...]]] = {}
        self._listeners: list[Listener] = []
        machinery.store.follow("Service", lambda old, new: self._changed("service", *(new or old).key))
        machinery.store.follow("Namespace", lambda old, new: self._changed("namespace", (new or old).name))
        machinery.store.follow("EndpointSlice", self._slice_changed)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def answer(self, name: str, type: str) -> Answer:
        """The answer to a fully qualified name, with or without its last dot; the owner keeps the letters' case as asked."""
        return self._answer(name.rstrip("."), type, LONGEST_CHAIN)

    def _answer(self, name: str, type: str, chain: int) -> Answer:
        lower = name.lower()
        if lower == self._zone:
            return Answer("NOERROR")
        if not lower.endswith("." + self._zone):
            return Answer("NXDOMAIN")
        labels = lower[: -len(self._zone) - 1].split(".")
        if labels[-1] not in ("svc", "pod") or "" in labels or len(labels) > 5:
            return Answer("NXDOMAIN")
        if len(labels) == 1:
            return Answer("NOERROR")
        if len(labels) == 2:
            return self._namespace(labels[0])
        return self._pod(name, labels, type) if labels[-1] == "pod" else self._service(name, labels, type, chain)

    def _namespace(self, namespace: str) -> Answer:
        exists = self._machinery.store.get("Namespace", "", namespace) is not None
        return Answer("NOERROR" if exists else "NXDOMAIN", (), (("namespace", namespace),))

    def _pod(self, owner: str, labels: list[str], type: str) -> Answer:
        """An address with dashes in an existing namespace is echoed, whether or not a Pod has it ("pods insecure")."""
        namespace = self._namespace(labels[-2])
        dashed = labels[-3]
        ip = dashed.replace("-", "." if dashed.count("-") == 3 and "--" not in dashed else ":")
        if namespace.rcode != "NOERROR" or not _is_ip(ip):
            return Answer("NXDOMAIN", (), namespace.needs)
        return _found(owner, type, [str(ip_address(ip))], namespace.needs)

    def _service(self, owner: str, labels: list[str], type: str, chain: int) -> Answer:
        *left, name, namespace, _ = labels
        need: Dependency = ("service", namespace, name)
        service = self._machinery.store.get("Service", namespace, name)
        if service is None:
            return Answer("NXDOMAIN", (), (need,))
        if service.spec.get("type") == "ExternalName":
            return self._external(owner, service.spec.get("externalName") or "", left, type, chain, need)
        if len(left) == 2 and not _has_port(service, *left):
            return Answer("NXDOMAIN", (), (need,))
        if len(left) != 1 and service.spec.get("clusterIP") != "None":
            addresses = service.spec.get("clusterIPs") or [service.spec.get("clusterIP")]
            return _found(owner, type, [address for address in addresses if address], (need,))
        endpoints = self._endpoints(namespace, name, left[0] if len(left) == 1 else None)
        return _found(owner, type, [each.ip for each in endpoints], (need, ("endpoints", namespace, name)))

    def _external(self, owner: str, target: str, left: list[str], type: str, chain: int, need: Dependency) -> Answer:
        """An alias: answered with what it stands for, as far as that is in the zone."""
        target = target.rstrip(".")
        if left or not target or _is_ip(target):
            return Answer("NXDOMAIN", (), (need,))
        alias = Record(owner, "CNAME", target + ".")
        if type == "CNAME" or not target.lower().endswith("." + self._zone):
            return Answer("NOERROR", (alias,), (need,))
        rest = self._answer(target, type, chain - 1) if chain else Answer("NOERROR")
        return Answer("NOERROR", (alias, *rest.records) if rest.records else (), (need, *rest.needs))

    def _endpoints(self, namespace: str, service: str, name: str | None) -> list[Endpoint]:
        """The ready endpoints of a Service, of all names or of one."""
        machinery = self._machinery
        tables = [self._table(piece) for piece in machinery.store.find(machinery.slices_by_service, (namespace, service))]
        if name is not None:
            return [endpoint for table in tables for endpoint in table.get(name, ())]
        return [endpoint for table in tables for endpoints in table.values() for endpoint in endpoints]

    def _table(self, piece: EndpointSlice) -> dict[str, tuple[Endpoint, ...]]:
        """A slice's ready endpoints by their names; made once for each slice as it is."""
        table = self._named.get(piece.uid)
        if table is None:
            table = self._named[piece.uid] = {}
            for endpoint in piece.endpoints:
                if endpoint.ready is not False:
                    name = endpoint_name(endpoint)
                    table[name] = (*table.get(name, ()), endpoint)
        return table

    def _slice_changed(self, old: Any, new: Any) -> None:
        for piece in (old, new):
            if piece is not None:
                self._named.pop(piece.uid, None)
                if service := piece.labels.get("kubernetes.io/service-name"):
                    self._changed("endpoints", piece.namespace, service)

    def _changed(self, *need: str) -> None:
        for listener in self._listeners:
            listener(need)


def endpoint_name(endpoint: Endpoint) -> str:
    """The one name that an endpoint has under its Service: its hostname, else its address with dashes."""
    dashed = endpoint.ip.replace(".", "-").replace(":", "-")
    return endpoint.hostname or (dashed + "0" if dashed.endswith("--") else dashed)


def _found(owner: str, type: str, addresses: list[str], needs: tuple[Dependency, ...]) -> Answer:
    """The addresses of the family that was asked for; without any address at all the name does not exist."""
    family = FAMILIES.get(type)
    records = [Record(owner, type, address) for address in dict.fromkeys(addresses) if (6 if ":" in address else 4) == family]
    return Answer("NOERROR" if addresses else "NXDOMAIN", tuple(records), needs)


def _has_port(service: Any, port: str, protocol: str) -> bool:
    """Whether `_port._protocol` names a port; the underscores may be left out, and a bare one stands for any."""
    wanted = port.removeprefix("_"), protocol.removeprefix("_")
    return any(
        wanted[0] in ("", (each.get("name") or "").lower()) and wanted[1] in ("", (each.get("protocol") or "TCP").lower())
        for each in service.spec.get("ports") or ()
    )


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
