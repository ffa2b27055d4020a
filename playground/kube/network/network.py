"""What becomes of a request?  It is decided at one instant: name, address, rule, endpoint, answer.

Source for names of both families: curl lib/cf-ip-happy.c (Happy Eyeballs, RFC 8305).
Simplified: no time passes under way, but it is reckoned how long the program waits for a silent name server; where a name has
several addresses, the program tries one of each family, drawn by chance, where curl tries all; the second family is tried when
the first has failed, also where curl would have begun 200 ms later; what listens on a UDP port answers any datagram.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.actions import Reply
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Pod
from playground.kube.dns.balancing import shuffled
from playground.kube.dns.resolvconf import ResolvConf
from playground.kube.errors import bad_request
from playground.kube.events import RequestEnded
from playground.kube.kubeproxy.chains import address
from playground.kube.network.asking import GET
from playground.kube.network.destinations import in_turn
from playground.kube.network.hops import explain
from playground.kube.network.lookups import Resolution
from playground.kube.network.questions import look_up
from playground.kube.network.requests import ENDINGS, ICMP_ENDINGS, SCTP_ENDINGS, Connection, Hop, Kept, Request, Socket, sending_process
from playground.kube.network.resolver import Resolver
from playground.kube.network.senders import Machine, Sender, Senders, has_family, runtime_of, source_of
from playground.kube.network.targets import ICMP, LOOPBACK, SCTP, TCP, UDP, Target, addressed, is_loopback, target
from playground.kube.network.wire import DNS_PORT, Kubelets, Passage

REQUESTS_KEPT = 5_000


class Network:
    """All requests of a cluster. The last REQUESTS_KEPT are kept, but not saved: a replay makes them anew."""

    def __init__(self, machinery: Machinery, kubelet: Kubelets, resolver: Resolver):
        self._machinery = machinery
        self._clock = machinery.clock
        self._kubelet = kubelet
        self._resolver = resolver
        self._wire = resolver.wire
        self.senders = Senders(machinery)
        self._number = 0
        self._requests: dict[int, Request] = {}

    # --- sending

    def check_target(self, to: str) -> None:
        """Raises Refusal unless it is `name:port` or `address:port`, with a protocol or without."""
        target(to)

    def send(self, sender: Sender, to: str, connection: Connection | None = None, header: str = "", asked: str = GET) -> int:
        """Send a request, over a kept-alive connection if one is given, with a header Host, asking for something; its number. Raises Refusal
        if the sender cannot send."""
        aim = addressed(target(to), header, asked)
        self.check(sender)
        return self.ask(sender, aim, connection).number

    def ask(self, sender: Sender, aim: Target, kept: Kept | None = None, keeps: bool = False) -> Request:
        """Send a request from whoever can, over what was kept open if it `keeps` it. What a Pod's earlier process held is not used."""
        self._number += 1
        if kept is not None and (kept.client, kept.client_process) == (_identity(sender), sending_process(sender)):
            request = self._reuse(sender, aim, kept) if isinstance(kept, Connection) else self._datagram(sender, aim, kept)
        else:
            request = self.decide(sender, aim, keeps)
        return self._keep(request)

    def _keep(self, request: Request) -> Request:
        self._requests[request.number] = request
        self._requests.pop(request.number - REQUESTS_KEPT, None)
        self._machinery.tell(RequestEnded(request.time, request.number))
        return request

    def say(self, number: int, asked: str) -> None:
        """Say something over the connection that a request has opened; of one that is kept no more nobody hears."""
        request = self._requests.get(number)
        if request is not None and not request.target.asked:
            self._requests[number] = msgspec.structs.replace(request, target=msgspec.structs.replace(request.target, asked=asked))

    def forward(self, pod: Pod, port: int, asked: str = GET) -> int:
        """Connect to a port of one Pod from inside of it, where neither a name nor a rule has a part; the request's number. Raises Refusal
        where the Pod is on no Node that runs."""
        if not pod.node:
            raise bad_request(f"pod {pod.name} does not have a host assigned")
        if not self._kubelet.up(pod.node):
            raise bad_request(f"Node {pod.node} is off or booting")
        number = self._number = self._number + 1
        aim = Target(f"{pod.name}:{port} (port-forward)", "localhost", port, "", LOOPBACK, True, asked=asked)
        passage = self._wire.inside(pod, LOOPBACK, TCP, port)
        if passage.reach == "dead":  # the Pod's network outlives its containers
            passage = msgspec.structs.replace(passage, reach="refuses")
        outcome, where = ENDINGS[passage.reach]
        return self._keep(
            Request(number, self._clock.now, runtime_of(pod.node), aim, outcome, where, LOOPBACK, None, passage, None, pod)
        ).number

    def check(self, sender: Sender) -> None:
        """Raises Refusal if nothing can be sent from there now."""
        if why := self.why_silent(sender):
            who = sender.key if isinstance(sender, Machine) else f'pod "{sender.name}"'
            raise bad_request(f"{who} cannot send a request: {why}")

    def why_silent(self, sender: Sender) -> str:
        """Why nothing can be sent, or ""."""
        if sender.node and not self._kubelet.up(sender.node):
            return f"Node {sender.node} is off or booting"
        if isinstance(sender, Machine):
            return ""
        if self._kubelet.hangs(sender):
            return "its process hangs"
        for container in sender.state.containers:
            if container.state == "running":
                return ""
        return "none of its containers is running"

    def look_up(self, sender: Sender, name: str, type: str, server: str, kept: bool = True) -> Reply:
        """Ask DNS as an action Lookup says; each packet is kept as a request, unless it is not to be."""
        reply, queries = look_up(self._resolver, sender, name, type, server)
        reply = self._balanced(reply, queries[-1].passage.pod if queries else None)
        for each in queries if kept else ():
            if not is_loopback(each.server) and (each.passage.pod is not None or each.passage.reach != "accepts"):
                aim = target(f"{address(each.server, DNS_PORT)}/{UDP}")
                self._keep(self._ended(sender, aim, each.server, each.passage, ENDINGS, each.asks))
        return reply

    def _balanced(self, reply: Reply, pod: Pod | None) -> Reply:
        """In the order in which the CoreDNS of a Pod gives the addresses. Draws from chance where there are several."""
        if pod is None or not self._resolver.servers.shuffles(pod):
            return reply
        chance = self._machinery.chance
        return msgspec.structs.replace(reply, records=shuffled(reply.records, chance), additional=shuffled(reply.additional, chance))

    def ping(self, sender: Sender, ip: str) -> str:
        """What an echo request meets: ok, timeout or unreachable. No rule of kube-proxy catches ICMP, and nobody has a Service's address.
        It is kept as a request."""
        if is_loopback(ip):
            return "ok"
        passage = self._wire.carry(sender, ip, ICMP, 0)
        request = self._ended(sender, Target(ip, ip, 0, "", ip, False, ICMP), ip, passage, ICMP_ENDINGS)
        self._keep(request)
        return request.outcome

    def _ended(
        self, sender: Sender, aim: Target, ip: str, passage: Passage, endings: dict[str, tuple[str, str]], asks: str = ""
    ) -> Request:
        """One packet, by where it ended."""
        self._number += 1
        outcome, where = endings[passage.reach]
        return Request(self._number, self._clock.now, sender, aim, outcome, where, ip, None, passage, None, passage.pod, asks=asks)

    def resolv_conf(self, sender: Sender) -> ResolvConf:
        """A sender's /etc/resolv.conf."""
        return self._resolver.conf(sender)

    def has_musl(self, pod: Pod) -> bool:
        """Whether a Pod's programs look names up as musl does."""
        return self._resolver.has_musl(pod)

    def kept(self, request: Request) -> Kept | None:
        """What can be kept after a request: its socket, the connection it used, or the one it opened to a Pod."""
        if request.socket is not None:
            return request.socket
        pod, passage, source = request.pod, request.passage, request.source
        if request.outcome != "ok" or passage is None or pod is None:
            return request.connection if request.outcome == "ok" else None
        process = self._kubelet.listener(pod, passage.port, request.target.protocol)
        if process is None:
            return None
        return Connection(
            opened=request.number,
            time=request.time,
            service=request.service or "",
            ip=passage.ip,
            port=passage.port,
            uid=pod.uid,
            name=f"{pod.namespace}/{pod.name}",
            node=pod.node,
            process=process,
            client=_identity(source),
            client_process=sending_process(source),
            balanced=request.balancer is not None,
            through=(through := passage.node if passage.node != pod.node else ""),
            boot=self._kubelet.boots(through),
        )

    def decide(self, sender: Sender, aim: Target, keeps: bool = False) -> Request:
        """Open a connection, or send a first datagram from a socket that it `keeps` open: resolve, let the Node's kube-proxy rewrite,
        arrive or not. It is not recorded, nor told."""
        return self.connect(sender, aim, self.resolve(sender, aim), keeps)

    def resolve(self, sender: Sender, aim: Target) -> Resolution | None:
        """The first half of a decision: what the name stands for, None for an address."""
        return self._resolver.resolve(sender, aim.name) if aim.name else None

    def connect(self, sender: Sender, aim: Target, resolution: Resolution | None, keeps: bool = False) -> Request:
        """The other half. A datagram needs no answer to be sent: the other family is tried only where there is no way at all."""
        if resolution is None:
            return self._open(sender, aim, None, (aim.ip,), keeps)
        walk = resolution.walk
        if walk is None or not (walk.ipv4 or walk.ipv6):
            return self._unresolved(sender, aim, resolution)
        if not (walk.ipv4 and walk.ipv6):
            return self._open(sender, aim, resolution, walk.ipv4 or walk.ipv6, keeps)
        first, second = in_turn(walk, sender, resolution.musl, aim.protocol == TCP)
        request = self._open(sender, aim, resolution, first, keeps)
        if request.outcome == "ok" or (aim.protocol == UDP and request.outcome != "unreachable"):
            return request
        return _of_both(request, self._open(sender, aim, resolution, second, keeps))

    def _open(self, sender: Sender, aim: Target, resolution: Resolution | None, addresses: tuple[str, ...], keeps: bool) -> Request:
        """Send the first packet to one of several addresses of a family. Draws from chance if the sender has that family."""
        ip = addresses[0]
        if len(addresses) > 1 and has_family(sender, ip):
            ip = addresses[self._machinery.chance.below(len(addresses))]
        if keeps and aim.protocol == UDP:
            return self._datagram(
                sender, aim, Socket(self._number, self._clock.now, ip, _identity(sender), sending_process(sender)), resolution
            )
        passage = (
            self._wire.inside(sender, ip, aim.protocol, aim.port) if aim.loopback else self._wire.carry(sender, ip, aim.protocol, aim.port)
        )
        outcome, where = (SCTP_ENDINGS if aim.protocol == SCTP else ENDINGS)[passage.reach]
        return Request(self._number, self._clock.now, sender, aim, outcome, where, ip, resolution, passage, None, passage.pod)

    def only_look(self) -> None:
        """From now on no CoreDNS caches an answer, so that what is decided leaves nothing behind but what Nodes remember."""
        self._resolver.servers.closed = True

    def _datagram(self, sender: Sender, aim: Target, socket: Socket, resolution: Resolution | None = None) -> Request:
        """Send from an open socket, to the address that it was opened for."""
        passage = self._wire.datagram(sender, socket.ip, aim.port, socket.opened, aim.loopback)
        outcome, where = ENDINGS[passage.reach]
        now = self._clock.now
        return Request(self._number, now, sender, aim, outcome, where, socket.ip, resolution, passage, None, passage.pod, socket)

    def _unresolved(self, sender: Sender, aim: Target, resolution: Resolution) -> Request:
        """No address: the name does not exist, or no server answered, and then the last attempt says how."""
        outcome = "nxdomain"
        if resolution.walk is None:
            attempts = resolution.attempts
            outcome = "timeout" if resolution.gave_up else ENDINGS[attempts[-1].reach][0] if attempts else "refused"
        return Request(self._number, self._clock.now, sender, aim, outcome, "dns", "", resolution)

    def _reuse(self, sender: Sender, aim: Target, connection: Connection) -> Request:
        """Send over an open connection, which leads to the same process or is broken."""
        peer: Pod | None = self._machinery.store.by_uid(connection.uid)
        outcome, where, cut = "ok", "pod", self._cut(aim, connection)
        if cut:
            outcome, where = ("reset" if cut == "booted" else "timeout"), "network"
        elif not self._kubelet.up(connection.node):
            outcome, where = "timeout", "network"
        elif peer is None or self._kubelet.listener(peer, connection.port, aim.protocol) != connection.process:
            outcome = "reset"
        else:
            reach = self._kubelet.serves(peer, connection.port, aim.protocol)
            outcome = {"accepts": "ok", "hangs": "timeout"}.get(reach, "reset")
        return Request(self._number, self._clock.now, sender, aim, outcome, where, connection.ip, connection=connection, pod=peer, cut=cut)

    def _cut(self, aim: Target, connection: Connection) -> str:
        """What between the ends has broken a connection, as `Request.cut` says it. A Node that has booted takes the next packet for a new
        connection: to whichever Pod it leads, from another port, that Pod resets it."""
        if connection.balanced and self._wire.balancers.holder(aim.ip) is None:
            return "balancer"
        if connection.through and not self._kubelet.up(connection.through):
            return "off"
        return "booted" if self._kubelet.boots(connection.through) != connection.boot else ""

    # --- looking back

    @property
    def last(self) -> int:
        """The number of the last request; 0 before the first."""
        return self._number

    def request(self, number: int) -> Request | None:
        """A request that is still kept."""
        return self._requests.get(number)

    def recent(self, count: int) -> list[Request]:
        """The last requests, newest first."""
        return [self._requests[number] for number in range(self._number, self._number - count, -1) if number in self._requests]

    def explain(self, request: Request) -> list[Hop]:
        """Every hop of a request, with its reason."""
        passage, target = request.passage, request.target
        traced = passage is not None and passage.decision.way is not None
        lines = self._wire.trace(request.source, passage, request.address, target.protocol, target.port) if passage and traced else ()
        seen = self._wire.leaves_as(request.source, request.address) if request.address else ""
        return explain(request, self._kubelet, self._machinery.settings, lines, seen)

    def seen_source(self, request: Request) -> str:
        """The sender's address as the receiver saw it; over a kept connection, as when that was opened."""
        opened = self._requests.get(request.connection.opened) if request.connection is not None else request
        passage = opened.passage if opened is not None else None
        if passage is not None and passage.beyond is not None:
            return passage.beyond.source
        if opened is not None and passage is not None and passage.mapped:
            return self._wire.seen_behind(opened.source, opened.address, passage)
        if is_loopback(request.address) and not (passage is not None and passage.decision.masquerade):
            return request.address
        if passage is None or (passage.entry is None and not passage.decision.masquerade and not passage.hidden):
            return source_of(request.source, request.address)
        if passage.entry is None:
            return self._wire.leaves_as(request.source, request.address)
        return passage.entry.node_ip if passage.decision.masquerade else passage.entry.source

    def remembered(self) -> list[Any]:
        """What Nodes remember of senders with affinity, as `remember` takes it."""
        return self._wire.proxies.remembered()

    def remember(self, remembered: list[Any]) -> None:
        self._wire.proxies.remember(remembered)

    # --- saving

    def state(self) -> dict[str, Any]:
        return {"number": self._number, "balancers": self._wire.balancers.state()}

    def restore(self, state: dict[str, Any]) -> None:
        self._number = state["number"]
        self._wire.balancers.restore(state["balancers"])


def _of_both(first: Request, second: Request) -> Request:
    """What came of it, where the address of the first family failed: the program waits for whoever may still answer."""
    if second.outcome != "ok" and (first.outcome == "timeout" or second.outcome != "timeout"):
        first, second = second, first
    return msgspec.structs.replace(second, other=first)


def _identity(sender: Sender) -> str:
    return sender.key if isinstance(sender, Machine) else sender.uid
