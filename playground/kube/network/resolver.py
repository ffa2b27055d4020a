"""How does a Pod find the addresses of a name?  Its resolver asks the servers in resolv.conf, over the network like any client.

Source: glibc resolv/res_send.c: every server in turn, `attempts` times.
Simplified: all queries for one name take the way of the first; no time passes while a server does not answer; whatever
accepts 53/UDP in a Pod answers as CoreDNS; a Pod whose first image says `alpine` or is curlimages/curl, which is made of it
(curl/curl-container, Makefile), resolves as musl does, any other as glibc.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Pod
from playground.kube.dns.message import Answer, Dependency
from playground.kube.dns.records import Records
from playground.kube.dns.resolvconf import ResolvConf, resolv_conf
from playground.kube.dns.walk import Walk, walk
from playground.kube.kubeproxy import Proxies
from playground.kube.network.senders import Machine, Sender
from playground.kube.network.wire import DNS_PORT, Kubelets, Passage, Wire, node_resolver

WALKS_KEPT = 10_000
MUSL = ("alpine", "curlimages/curl")


class Resolution(msgspec.Struct, frozen=True, gc=False):
    """How a name was looked up: `attempts` are the ways to the servers, the last one reached it if there is a `walk`;
    `musl` says whose C library did it, musl or glibc."""

    conf: ResolvConf
    attempts: tuple[Passage, ...]
    walk: Walk | None
    musl: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """Of both families."""
        return (*self.walk.ipv4, *self.walk.ipv6) if self.walk else ()

    @property
    def rcode(self) -> str:
        """NOERROR, NXDOMAIN, or "" if no server answered."""
        return self.walk.rcode if self.walk else ""


class Stub:
    """A resolv.conf, the servers in the order in which they are tried, and what was found with it, kept until a record changes."""

    __slots__ = ("conf", "musl", "tries", "walks")

    def __init__(self, conf: ResolvConf, musl: bool):
        self.conf = conf
        self.musl = musl
        self.tries = conf.servers * conf.attempts
        self.walks: dict[str, Walk] = {}


class Resolver:
    """The resolvers in all Pods. Holds nothing that the store does not: what it keeps is only for speed."""

    def __init__(self, machinery: Machinery, proxies: Proxies, kubelet: Kubelets):
        settings = machinery.settings
        self.wire = Wire(machinery, proxies, kubelet)
        self.records = Records(machinery, upstream=_upstream)
        self.records.listen(self._changed)
        self._domain = settings.domain
        self._cluster_dns = str(ip_network(settings.service_network)[10])
        self._node = ResolvConf((node_resolver(settings),))
        self._stubs: dict[tuple[Any, ...], Stub] = {}
        self._needing: dict[Dependency, list[tuple[Stub, str]]] = {}
        self._kept = 0

    def resolve(self, sender: Sender, name: str) -> Resolution:
        """Look a name up. Draws from chance where there are several CoreDNS Pods. A machine does not ask the cluster's DNS."""
        if isinstance(sender, Machine):
            return Resolution(self._node, (), walk(name, self._node, _upstream, False))
        stub = self._stub(sender)
        attempts: tuple[Passage, ...] = ()
        for server in stub.tries:
            passage = self.wire.carry(sender, server, "UDP", DNS_PORT)
            attempts = (*attempts, passage)
            if passage.reach == "accepts":
                found = (stub.walks.get(name) or self._walk(stub, name)) if passage.pod else walk(name, stub.conf, _upstream, stub.musl)
                return Resolution(stub.conf, attempts, found, stub.musl)
        return Resolution(stub.conf, attempts, None, stub.musl)

    def conf(self, pod: Pod) -> ResolvConf:
        """What the Pod's /etc/resolv.conf says."""
        return self._stub(pod).conf

    def _stub(self, pod: Pod) -> Stub:
        spec = pod.spec
        extra, musl = spec.get("dnsConfig"), _has_musl(spec)
        key = (pod.namespace, spec.get("dnsPolicy"), spec.get("hostNetwork"), extra and msgspec.json.encode(extra, order="sorted"), musl)
        stub = self._stubs.get(key)
        if stub is None:
            stub = self._stubs[key] = Stub(resolv_conf(pod.namespace, spec, self._cluster_dns, self._domain, self._node), musl)
        return stub

    def _walk(self, stub: Stub, name: str) -> Walk:
        if self._kept >= WALKS_KEPT:
            self._stubs, self._needing, self._kept = {}, {}, 0
        found = stub.walks[name] = walk(name, stub.conf, self.records.answer, stub.musl)
        for need in found.needs:
            self._needing.setdefault(need, []).append((stub, name))
            self._kept += 1
        return found

    def _changed(self, need: Dependency) -> None:
        for stub, name in self._needing.pop(need, ()):
            stub.walks.pop(name, None)


def _has_musl(spec: dict[str, Any]) -> bool:
    first: dict[str, Any] = next(iter(spec.get("containers") or ()), {})
    return any(each in first.get("image", "") for each in MUSL)


def _upstream(name: str, type: str) -> Answer:
    """The Nodes' own resolver knows no name: there is no world outside."""
    return Answer("NXDOMAIN", authoritative=False)
