"""How does a Pod find the addresses of a name?  Its resolver asks the servers in resolv.conf, over the network like any client.

Source: glibc resolv/res_send.c: every server in turn, `attempts` times; a new socket for each name, which is kept over
silence and closed when a server is unreachable. musl src/network/res_msend.c: all servers at once, from one socket that no
ICMP error reaches. Neither keeps an answer.
Simplified: all is decided as of the moment when the lookup begins; of musl's servers the first that answers is the fastest;
the options rotate, use-vc and single-request are not followed; whatever accepts 53/UDP in a Pod answers as CoreDNS; a Pod
whose first image says `alpine` or `musl`, or is made of Alpine (curl/curl-container, Makefile; nicolaka/netshoot, Dockerfile;
kubernetes/kubernetes test/images/agnhost/BASEIMAGE), resolves as musl does, any other as glibc.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import Pod
from playground.kube.dns import public
from playground.kube.dns.message import Answer
from playground.kube.dns.resolvconf import ResolvConf, resolv_conf
from playground.kube.dns.servers import Reply, Servers
from playground.kube.dns.walk import Query, Walk, is_last, names, walk, walked
from playground.kube.kubeproxy import Proxies
from playground.kube.network.lookups import PATIENCE, Exchange, Resolution, Try, is_silent, timing
from playground.kube.network.senders import Machine, Sender
from playground.kube.network.wire import DNS_PORT, Kubelets, Passage, Wire, node_resolver

WALKS_KEPT = 10_000
MUSL = ("alpine", "musl", "curlimages/curl", "netshoot", "agnhost")


class Stub:
    """A resolv.conf and how long to wait by it; the names that it makes of one, and what was found, are kept for speed."""

    __slots__ = ("conf", "first", "musl", "names", "timing", "walks")

    def __init__(self, conf: ResolvConf, musl: bool):
        self.conf = conf
        self.first = conf.servers[0]
        self.musl = musl
        self.timing = timing(conf, musl)
        self.names: dict[str, list[str]] = {}
        self.walks: dict[str, Walk] = {}


class Resolver:
    """The resolvers in all Pods. Holds nothing that the store does not, but for what the `servers` hold."""

    def __init__(self, machinery: Machinery, proxies: Proxies, kubelet: Kubelets):
        settings = machinery.settings
        self.wire = Wire(machinery, proxies, kubelet)
        self.servers = Servers(machinery, public.ask)
        self._domain = settings.domain
        self._cluster_dns = str(ip_network(settings.service_network)[10])
        self._node = ResolvConf((node_resolver(settings),))
        self._stubs: dict[tuple[Any, ...], Stub] = {}
        self._kept = 0

    def resolve(self, sender: Sender, name: str) -> Resolution:
        """Look a name up. Draws from chance where there are several CoreDNS Pods. A machine does not ask the cluster's DNS."""
        if isinstance(sender, Machine):
            return Resolution(self._node, walk=walk(name, self._node, public.ask, False))
        stub = self._stub(sender)
        kept, waited = stub.walks.get(name), 0
        exchanges: list[Exchange] = []
        queries: list[Query] = []
        for place, asked in enumerate(stub.names.get(name) or self._names(stub, name)):
            first = self.wire.carry(sender, stub.first, "UDP", DNS_PORT)
            by: Passage | None = first
            failed: tuple[Try, ...] = ()
            if first.reach != "accepts" or not stub.timing.attempts:
                failed, by, waited = self._try(sender, stub, first, waited)
            if by is None or waited >= PATIENCE:
                exchanges.append(Exchange(asked, failed))
                return Resolution(stub.conf, stub.musl, tuple(exchanges), None, min(waited, PATIENCE), waited >= PATIENCE)
            reply = self._reply(by, asked)
            query = reply.query
            exchanges.append(Exchange(asked, failed, by, query, reply.ages))
            queries.append(query)
            if kept is not None and kept.queries[place] is query:
                if place + 1 == len(kept.queries):
                    break
                continue
            kept = None
            if is_last(query, stub.musl):
                break
        if kept is None:
            kept = stub.walks[name] = walked(queries)
        return Resolution(stub.conf, stub.musl, tuple(exchanges), kept, waited)

    def ask(self, sender: Sender, name: str, type: str, server: str = "") -> tuple[list[tuple[str, Passage]], Answer | None]:
        """One question for a name as it is, to a server or to those of the sender's resolv.conf in turn: which were asked;
        the last of them answered, if there is an answer."""
        conf = self._node if isinstance(sender, Machine) else self._stub(sender).conf
        asked: list[tuple[str, Passage]] = []
        for each in (server,) if server else conf.servers:
            way = self.wire.inside if each.startswith("127.") or each == "::1" else self.wire.carry
            passage = way(sender, each, "UDP", DNS_PORT)
            asked.append((each, passage))
            if passage.reach == "accepts":
                full = name if name.endswith(".") else name + "."
                return asked, self.servers.answer(passage.pod, full, type) if passage.pod else public.ask(full, type)
        return asked, None

    def conf(self, sender: Sender) -> ResolvConf:
        """What the sender's /etc/resolv.conf says; a machine's is that of the Nodes."""
        return self._node if isinstance(sender, Machine) else self._stub(sender).conf

    def has_musl(self, pod: Pod) -> bool:
        return self._stub(pod).musl

    # --- one name

    def _try(self, sender: Sender, stub: Stub, first: Passage, began: int) -> tuple[tuple[Try, ...], Passage | None, int]:
        """The first packet for a name was in vain: what is tried then, who answers, and when that is, or when it was given up."""
        return self._at_once(sender, stub, first, began) if stub.musl else self._in_turn(sender, stub, first, began)

    def _in_turn(self, sender: Sender, stub: Stub, first: Passage, now: int) -> tuple[tuple[Try, ...], Passage | None, int]:
        """A socket for each server, which is kept over silence; an error closes all of them."""
        failed: tuple[Try, ...] = ()
        sockets: dict[str, Passage] = {}
        for turn in range(stub.timing.attempts):
            for place, (server, seconds) in enumerate(zip(stub.conf.servers, stub.timing.seconds, strict=True)):
                if now >= PATIENCE:
                    return failed, None, now
                again = server in sockets
                passage = sockets[server] if again else first if turn == place == 0 else self.wire.carry(sender, server, "UDP", DNS_PORT)
                if passage.reach == "accepts":
                    return failed, passage, now
                lasts = seconds if is_silent(passage) else 0
                failed = (*failed, Try(server, passage, now, lasts, again))
                now += lasts
                if lasts:
                    sockets[server] = passage
                else:
                    sockets.clear()
        return failed, None, now

    def _at_once(self, sender: Sender, stub: Stub, first: Passage, now: int) -> tuple[tuple[Try, ...], Passage | None, int]:
        """One socket for all servers; only an answer ends the wait."""
        others = [(server, self.wire.carry(sender, server, "UDP", DNS_PORT)) for server in stub.conf.servers[1:]]
        passages = [(stub.first, first), *others]
        by = next((passage for _, passage in passages if passage.reach == "accepts"), None)
        lasts = 0 if by else stub.timing.longest
        return tuple(Try(server, passage, now, lasts) for server, passage in passages if passage.reach != "accepts"), by, now + lasts

    def _reply(self, by: Passage, asked: str) -> Reply:
        if by.pod is not None:
            return self.servers.ask(by.pod, asked)
        return Reply(Query(asked, public.ask(asked, "A"), public.ask(asked, "AAAA")))

    # --- what is kept

    def _stub(self, pod: Pod) -> Stub:
        key = pod.namespace, _manners.of(pod.spec)
        stub = self._stubs.get(key)
        if stub is None:
            conf = resolv_conf(pod.namespace, pod.spec, self._cluster_dns, self._domain, self._node)
            stub = self._stubs[key] = Stub(conf, _has_musl(pod.spec))
        return stub

    def _names(self, stub: Stub, name: str) -> list[str]:
        if self._kept >= WALKS_KEPT:
            self._stubs, self._kept = {}, 0
        self._kept += 1
        found = stub.names[name] = names(name, stub.conf, stub.musl)
        return found


def _manner(spec: dict[str, Any]) -> tuple[Any, ...]:
    """All of a Pod's spec that its resolver goes by."""
    extra = spec.get("dnsConfig")
    return spec.get("dnsPolicy"), spec.get("hostNetwork"), msgspec.json.encode(extra, order="sorted"), _has_musl(spec)


def _has_musl(spec: dict[str, Any]) -> bool:
    first: dict[str, Any] = next(iter(spec.get("containers") or ()), {})
    return any(each in first.get("image", "") for each in MUSL)


_manners: Memo[tuple[Any, ...]] = Memo(_manner)
