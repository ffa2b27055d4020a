"""How did a request find the address of its name?  What its resolver asked, who answered what, and how long it waited.

Source: glibc resolv/res_query.c and res_send.c; musl src/network/lookup_name.c and res_msend.c; RFC 1035 (TTL).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import Pod
from playground.kube.clock import SECOND
from playground.kube.dns.message import Answer
from playground.kube.dns.resolvconf import ResolvConf
from playground.kube.kubeproxy.chains import address
from playground.kube.network.destinations import reason
from playground.kube.network.lookups import PATIENCE, Exchange, Resolution, Try, is_silent, timing
from playground.kube.network.requests import Hop, Request
from playground.kube.network.senders import Machine
from playground.kube.network.targets import TCP
from playground.kube.network.wire import DNS_PORT, Passage, node_resolver
from playground.kube.outside import THE_WORLD, capital
from playground.kube.outside import of as site_of
from playground.kube.settings import ClusterSettings

SERVERS = {
    "REJECT": "kube-proxy rejected the query: the DNS Service has no usable endpoint",
    "DROP": "kube-proxy dropped the query: the DNS Service has no usable endpoint on this Node",
    "refuses": "the CoreDNS Pod is there, but nothing listens on its port 53",
    "hangs": "the process in the CoreDNS Pod that was chosen hangs",
    "dead": "the CoreDNS Pod that was chosen does not answer",
    "nobody": "nobody has this address",
    "outside": "this address is outside of the cluster, and nobody has it",
    "filtered": "the server with this address is outside, and answers no DNS queries",
    "unrouted": "no way leads to this address",
    "closed": "the load balancer with this address has no such port",
    "no source": "the Pod has no address of this family",
}


def name_hop(request: Request, resolution: Resolution, settings: ClusterSettings) -> Hop:
    """Each name that was asked, with its answers and who gave them; and the packets that nobody answered."""
    conf = resolution.conf
    detail: dict[str, Any] = {"nameservers": list(conf.servers), "search": list(conf.searches), "options": list(conf.options)}
    if isinstance(request.source, Pod):
        detail["resolver"] = f"{'musl' if resolution.musl else 'glibc'}, by the image of the Pod's first container"
    detail["unanswered"] = [_unanswered(exchange, each) for exchange in resolution.exchanges for each in exchange.failed]
    detail["queries"] = [_query(exchange, node_resolver(settings)) for exchange in resolution.exchanges if exchange.query is not None]
    detail["waited"] = _seconds(resolution.waited) if resolution.waited else ""
    return Hop("dns", "Name", _found(request, resolution), _why(request, resolution, settings), detail)


def _found(request: Request, resolution: Resolution) -> str:
    name = request.target.host
    if resolution.walk is None:
        late = f" within {_seconds(PATIENCE)}" if resolution.gave_up else ""
        return f"Could not resolve {name}: no DNS server answered{late}."
    if not resolution.addresses:
        return f"{name} has no address: {_lack(resolution)}."
    several = len(resolution.addresses)
    return f"{name} is {request.address}" + (f", one of {several} addresses." if several > 1 else ".")


def _lack(resolution: Resolution) -> str:
    """What was answered in place of an address: a name that exists without one is no NXDOMAIN."""
    queries = resolution.walk.queries if resolution.walk else ()
    for query in queries:
        if query.ipv4.rcode == "NOERROR":
            alias = next((record for record in query.ipv4.records if record.type == "CNAME"), None)
            if alias is None:
                return f"{query.name} exists, but has none (NOERROR without records, called NODATA)"
            asked = "has no address there" if query.ipv4.forwarded else "is asked of nobody: the Corefile has no forward"
            return f"{query.name} is another name (CNAME) for {alias.value}, which is outside of the cluster and {asked}"
    return f"the answer is {queries[-1].ipv4.rcode}"


def _why(request: Request, resolution: Resolution, settings: ClusterSettings) -> str:
    if resolution.walk is None:
        return _failure(resolution)
    if isinstance(request.source, Machine):
        asked = "Only Pods ask the cluster's DNS. A machine's own name server does not know the names of Services."
        return f"{asked} {_nowhere(resolution, settings)}".strip()
    found = _search(request, resolution, settings), _alias(resolution), _nowhere(resolution, settings), _preference(request, resolution)
    said = *found, _delay(resolution), _lifetime(resolution)
    return " ".join(each for each in said if each)


def _search(request: Request, resolution: Resolution, settings: ClusterSettings) -> str:
    """Why these names were asked, in this order."""
    name, conf = request.target.host, resolution.conf
    dots, asked = name.count("."), len(resolution.exchanges)
    if name.endswith("."):
        return "It ends with a dot, so it was asked as it is."
    if not conf.searches:
        return f"It was asked as it is: the Pod's resolv.conf {_bareness(conf, settings)}."
    if dots >= conf.ndots:
        has = f"It has {dots} dot{'' if dots == 1 else 's'}, and ndots is {conf.ndots}:"
        if resolution.musl:
            return f"{has} musl asks for it as it is, and never with the search list."
        then = ", and then with the search list" if asked > 1 else ""
        return f"{has} it was asked as it is first{then}. {asked} asked in all."
    return f"It has fewer dots ({dots}) than ndots ({conf.ndots}), so the search list came first: {asked} asked, {_hit(resolution)}."


def _bareness(conf: ResolvConf, settings: ClusterSettings) -> str:
    """What a file without a search list is."""
    if conf.servers[0] != node_resolver(settings):
        return "has no search list"
    alone = f"{conf.servers[0]} is not the cluster's DNS, which alone knows the names of Services"
    return f"is that of its Node, without a search list, and {alone}"


def _hit(resolution: Resolution) -> str:
    """How the search came to its end."""
    if resolution.addresses:
        return "the last one exists"
    last = resolution.exchanges[-1].query
    stopped = resolution.musl and last is not None and last.ipv4.rcode == "NOERROR"
    return "and musl stops at a name that exists, though it has no address" if stopped else "none has an address"


def _alias(resolution: Resolution) -> str:
    """What the name is another name for: an ExternalName has no address of its own."""
    last = resolution.exchanges[-1].query
    aliases = [record.value for record in last.ipv4.records if record.type == "CNAME"] if last else []
    if last is None or not aliases or not resolution.addresses:
        return ""
    why = "DNS alone leads there, as an ExternalName has no address that kube-proxy could have a rule for"
    return f"{last.name} is another name (CNAME) for {aliases[-1]}: {why}."


def _nowhere(resolution: Resolution, settings: ClusterSettings) -> str:
    """Which names there are outside, where the name is in neither world."""
    if resolution.addresses:
        return ""
    asked = [query.ipv4.forwarded for query in resolution.walk.queries] if resolution.walk else []
    return f"{capital(THE_WORLD)}." if any(is_nowhere(name, settings) for name in asked) else ""


def is_nowhere(name: str, settings: ClusterSettings) -> bool:
    """A name of more than one label that is neither in the cluster's zone, nor an address turned round, nor one of the world outside."""
    lower = name.lower().removesuffix(".")
    inside = lower == settings.domain or lower.endswith((f".{settings.domain}", ".arpa"))
    return "." in lower and not inside and site_of(lower) is None


def _preference(request: Request, resolution: Resolution) -> str:
    """Why this family came first, of a name that has both."""
    walk = resolution.walk
    if walk is None or not (walk.ipv4 and walk.ipv6):
        return ""
    return reason(walk, request.source, resolution.musl, request.target.protocol == TCP)


def _lifetime(resolution: Resolution) -> str:
    """For how long the answer is good, and to whom that matters."""
    last = resolution.exchanges[-1]
    records = last.query and (last.query.ipv4.records or last.query.ipv6.records)
    if not records or not resolution.addresses:
        return ""
    ttl, age = records[-1].ttl, max(0, *last.ages, 0)
    library = "musl" if resolution.musl else "glibc"
    kept = f"It comes from that CoreDNS Pod's cache, where it has been for {age} s. " if _is_cached(last) else ""
    return f"{kept}It may be kept for {max(0, ttl - age)} s, but {library} keeps nothing: the next request asks again."


def _delay(resolution: Resolution) -> str:
    return f"The program waited {_seconds(resolution.waited)} for servers that did not answer." if resolution.waited else ""


# --- when nobody answered


def _failure(resolution: Resolution) -> str:
    tries = resolution.exchanges[-1].failed
    if not tries:
        return "Its resolv.conf says attempts:0, and glibc takes that at its word: no server is asked."
    why = SERVERS[tries[-1].passage.reach]
    said = f"{why[0].upper()}{why[1:]}."
    if not resolution.gave_up and not resolution.waited:
        return f"{said} Its resolver hears of that at once: an ICMP error comes back, and it tries the next server or once more."
    return f"{said} {_silence(resolution, tries)} {_patience(resolution, tries)}"


def _silence(resolution: Resolution, tries: tuple[Try, ...]) -> str:
    if all(is_silent(each.passage) for each in tries):
        return "Nothing comes back, so that only a clock ends the wait."
    if resolution.musl:
        return "An ICMP error comes back, but musl does not hear of it: its socket is not connected. It waits as for a silent server."
    return "Some servers are silent, so that only a clock ends the wait."


def _patience(resolution: Resolution, tries: tuple[Try, ...]) -> str:
    """How long the resolver would wait, and how long the program does."""
    plan, conf = timing(resolution.conf, resolution.musl), resolution.conf
    if resolution.musl:
        how = f"musl asks every server at once, {conf.attempts} times within {_seconds(plan.longest)}, always from one socket"
    else:
        each = " and ".join(dict.fromkeys(_seconds(seconds) for seconds in plan.seconds))
        how = f"glibc waits {each} for an answer and asks {plan.attempts} times, {_seconds(plan.longest)} in all, each time from the same socket"
    chosen = any(each.passage.pod is not None for each in tries)
    same = f"{how}: to the kernel that is one flow, which stays with the Pod that was chosen first." if chosen else f"{how}."
    if resolution.gave_up:
        return f"{same} The program gave up before, after {_seconds(PATIENCE)} (curl --connect-timeout 2)."
    return f"{same} It gave up after {_seconds(resolution.waited)}."


# --- details


def _query(exchange: Exchange, upstream: str) -> dict[str, Any]:
    """A name that a CoreDNS has to ask for itself goes to its Node's resolver; what it has cached does not."""
    query, ages = exchange.query, exchange.ages or (-1, -1)
    assert query is not None
    by = _server(exchange.by) if exchange.by else {}
    if query.ipv4.forwarded and by.get("pod") and not _is_cached(exchange):
        by["forwarded"] = f"{query.ipv4.forwarded} to {address(upstream, DNS_PORT)}"
    return {"name": query.name, **by, "A": _said(query.ipv4, ages[0]), "AAAA": _said(query.ipv6, ages[1])}


def _unanswered(exchange: Exchange, each: Try) -> dict[str, Any]:
    result = SERVERS.get(each.passage.reach, "")
    waits = _seconds(each.lasts) if each.lasts else ""
    again = "the same socket again" if each.again else ""
    at = _seconds(each.at) if each.at else ""
    return {"name": exchange.name, "server": each.server, **_server(each.passage), "at": at, "why": again, "result": result, "waits": waits}


def _server(passage: Passage) -> dict[str, str]:
    pod = f"{passage.pod.namespace}/{passage.pod.name}" if passage.pod else ""
    return {"endpoint": address(passage.ip, passage.port), "pod": pod}


def _said(answer: Answer, age: int) -> str:
    """Other names and addresses with what is left of their TTL, or why there are none; and whether that came from a cache."""
    cached = f", cached {age} s before" if age >= 0 else ""
    if not answer.records:
        return f"{answer.word}{cached}"
    ttl = min(record.ttl for record in answer.records) - max(age, 0)
    values = [f"CNAME {record.value}" if record.type == "CNAME" else record.value for record in answer.records]
    return f"{', '.join(values)} (TTL {ttl}{cached})"


def _is_cached(exchange: Exchange) -> bool:
    return bool(exchange.ages) and exchange.ages[0] >= 0


def _seconds(micro: int) -> str:
    return f"{micro / SECOND:g} s"
