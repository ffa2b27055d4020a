"""Is somebody there?  ping and nc.

Source: busybox networking/ping.c, nc_bloaty.c; iputils ping; netcat-openbsd netcat.c. No rule of kube-proxy in iptables mode catches ICMP, so
that a ClusterIP does not answer a ping.
Simplified: a reply takes half a millisecond; nc listens nowhere; it reads what comes out of a pipe or a file before it connects, and ends when its first
request is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from playground.kube.kubeproxy.chains import address
from playground.kube.network.asking import BAD_REQUEST, LONGEST_ASKED, has_head, is_whole
from playground.kube.network.words import PLAIN_TO_TLS, kind_of
from playground.terminal.programs.asks import Ask, Echo, Interrupted, Now, Program, Read, Ready, Say, Send, Sent, Wait, Write
from playground.terminal.programs.call import Call, complain, number_of, out
from playground.terminal.programs.curl import GIVEN_UP_AFTER
from playground.terminal.programs.http import TEXT, Response, is_api_server, spoken
from playground.terminal.programs.options import BadOption, options
from playground.terminal.programs.resolving import addresses, canonical, in_hosts, known_address, literal, look_up, one_of, waiting

TIME = "0.500"
LINGER = 10.0
TTL = 63


def ping(call: Call) -> Program:
    try:
        found = options(call.args, "qn46", "cWwisI")
    except BadOption as error:
        return (yield from complain(call, str(error), 1 if call.busybox else 2))
    if not found.rest:
        return (yield from complain(call, "usage error: Destination address required", 1))
    host = found.rest[0]
    family = "IPv6" if found.has("6") or call.name == "ping6" else "IPv4" if found.has("4") else ""
    listed, name = yield from _addresses(call, host, family)
    target = listed[0] if listed else ""
    if not target:
        return (
            yield from complain(
                call, f"bad address '{host}'" if call.busybox else f"{host}: Name or service not known", 1 if call.busybox else 2
            )
        )
    count = number_of(found.of("c")) or 0
    wait = float(number_of(found.of("W", "w")) or LINGER)
    first = yield Echo(target)
    if not call.busybox and first == "unreachable":
        return (yield from complain(call, f"connect: {call.container.strerror('unreachable')}", 2))
    yield from out(_title(call, host, name, target))
    tally = [0, 0]
    try:
        if (yield from _echoes(call, target, first, count, wait, tally)) == "unreachable":
            return (yield from complain(call, f"sendto: {call.container.strerror('unreachable')}"))
    except Interrupted:
        yield from out("\n")
    sent, received = tally
    lost = 100 * (sent - received) // sent if sent else 0
    times = (
        f"round-trip min/avg/max = {TIME}/{TIME}/{TIME} ms\n" if call.busybox else f"rtt min/avg/max/mdev = {TIME}/{TIME}/{TIME}/0.000 ms\n"
    )
    title = f"\n--- {host} ping statistics ---\n{sent} packets transmitted, "
    if call.busybox:
        said = f"{received} packets received, {lost}% packet loss\n{times if received else ''}"
    else:
        said = f"{received} received, {lost}% packet loss, time {max(0, sent - 1) * 1000}ms\n{times if received else chr(10)}"
    yield from out(title + said)
    return int(received == 0)


def _title(call: Call, host: str, name: str, target: str) -> str:
    if call.busybox:
        return f"PING {host} ({target}): 56 data bytes\n"
    return f"PING {name}({target}) 56 data bytes\n" if ":" in target else f"PING {name} ({target}) 56(84) bytes of data.\n"


def _echoes(call: Call, target: str, outcome: str, count: int, wait: float, tally: list[int]) -> Generator[Ask, Any, str]:
    """One a second, the first of which is sent, without a count for ever; what came of the last."""
    while not count or tally[0] < count:
        outcome = (yield Echo(target)) if tally[0] else outcome
        if outcome == "unreachable":
            break
        sequence = tally[0] if call.busybox else tally[0] + 1
        tally[0] += 1
        if outcome == "ok":
            tally[1] += 1
            yield from out(f"64 bytes from {target}: {'seq' if call.busybox else 'icmp_seq'}={sequence} ttl={TTL} time={TIME} ms\n")
        last = bool(count) and tally[0] == count
        if not last:
            yield Wait(1.0)
        elif outcome != "ok":
            yield Wait(wait)
    return outcome


def _addresses(call: Call, host: str, family: str, several: bool = False) -> Generator[Ask, Any, tuple[list[str], str]]:
    """The address that a program tries, or with `several` one of each family in turn, and the host's full name."""
    known = [literal(host)] if literal(host) else [each for each, _ in in_hosts(call.container, host)]
    if known and not family and not several:
        return [known_address(call.container, host)], host
    if known:
        return [each for each in known if family in ("", "IPv6" if ":" in each else "IPv4")], host
    reply = yield from look_up(host)
    yield Wait(waiting(call.container, reply))
    found = [one_of(call.container, reply, kind) for kind in (("IPv4", "IPv6") if several and not family else (family,))]
    order = addresses(reply)
    return sorted(filter(None, found), key=order.index), canonical(reply, host)


def nc(call: Call) -> Program:
    try:
        found = options(call.args, "zvuntN46lk", "wpsiq")
    except BadOption as error:
        return (yield from complain(call, str(error)))
    if found.has("l"):
        return (yield from complain(call, "this playground's nc listens nowhere; what a Pod listens on, its image and its ports say"))
    port = number_of(found.rest[1]) if len(found.rest) > 1 else None
    if port is None or not 0 < port < 65_536:
        said = "missing port number" if len(found.rest) < 2 else f"port number invalid: {found.rest[1]}"
        return (yield from complain(call, said))
    host, udp = found.rest[0], found.has("u")
    listed, _ = yield from _addresses(call, host, "IPv6" if found.has("6") else "IPv4" if found.has("4") else "", not _is_bloaty(call))
    if not listed:
        said = f"bad address '{host}'" if call.busybox else f'getaddrinfo for host "{host}" port {port}: Name or service not known'
        return (yield from complain(call, said))
    code, asked = 1, "" if found.has("z") else (yield from _at_hand())
    for each in listed:
        seconds = min(float(number_of(found.of("w")) or GIVEN_UP_AFTER), GIVEN_UP_AFTER)
        sent: Sent = yield Send(f"{address(each, port)}{'/UDP' if udp else ''}", 0.0 if udp else seconds, "", asked or "")
        code = yield from _met(call, found.has("v"), found.has("z"), found.of("w"), host, each, port, udp, sent, asked)
        if not code:
            break
    return code


def _is_bloaty(call: Call) -> bool:
    """Its nc is busybox's, not netcat-openbsd."""
    return call.busybox and call.container.image.nslookup != "bind"


def _met(
    call: Call, verbose: bool, only: bool, limit: str, host: str, ip: str, port: int, udp: bool, sent: Sent, asked: str | None
) -> Program:
    """How the connection went. Over UDP nothing but a refusal is ever heard; the kernel takes connections for a process that hangs."""
    if sent.outcome == "timeout" and (udp or sent.where == "pod"):
        sent = Sent("ok", sent.where)
    seconds = float(number_of(limit) or 0)
    if sent.outcome == "timeout":
        yield Wait(max(0.0, min(seconds or GIVEN_UP_AFTER, GIVEN_UP_AFTER) - sent.spent))
    failed = call.container.strerror(sent.outcome) if sent.outcome != "ok" else ""
    if _is_bloaty(call):
        if not failed:
            yield from _say(verbose, f"{host} ({address(ip, port)}) open\n")
            return 0 if only else (yield from _talk(call, udp, sent, asked))
        yield Write(2, f"nc: {host} ({address(ip, port)}): {'timed out' if sent.outcome == 'timeout' and seconds else failed}\n")
        return 1
    if failed:
        waited = sent.outcome == "timeout" and seconds
        failed = f"timed out: {call.container.strerror('waiting')}" if waited else f"failed: {failed}"
        yield from _say(verbose, f"nc: connect to {host} ({ip}) port {port} ({'udp' if udp else 'tcp'}) {failed}\n")
        return 1
    yield from _say(verbose, f"Connection to {host} ({ip}) {port} port [{'udp' if udp else 'tcp'}/*] succeeded!\n")
    return 0 if only else (yield from _talk(call, udp, sent, asked))


def _at_hand() -> Generator[Ask, Any, str | None]:
    """All of its input, where that comes from no keyboard."""
    return (yield from _read(lambda _: False)) if (yield Ready()) else None


def _read(is_whole: Callable[[str], bool]) -> Generator[Ask, Any, str]:
    """Its input up to where it is whole, or to its end."""
    asked = ""
    while not is_whole(asked) and (text := (yield Read())) is not None:
        asked = (asked + text)[:LONGEST_ASKED]
    return asked if asked.strip() else ""


def _talk(call: Call, udp: bool, sent: Sent, asked: str | None) -> Program:
    """What is typed is sent, unless it was sent with the connection; then the answer comes."""
    if asked is None:
        asked = yield from _read((lambda text: "\n" in text) if udp else is_whole)
        if asked and not udp and sent.number:
            sent = yield Say(sent.number, asked)
    if asked:
        yield from out(f"{sent.body}\n" if udp or kind_of(sent.image) != "http" else _answer(call, sent, asked, (yield Now())))
    return 0


def _answer(call: Call, sent: Sent, asked: str, now: int) -> str:
    """What a web server writes back, its head too where what was asked makes it write one."""
    response = Response("http", BAD_REQUEST, f"{PLAIN_TO_TLS}\n", TEXT) if is_api_server(sent) else spoken(sent)
    if not has_head(asked):
        return response.body
    headers = [*response.headers(call.container.epoch, now), ("Connection", "close")]
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {response.code} {response.reason}", *map(": ".join, headers), ""))
    return head + ("" if asked.startswith("HEAD ") else response.body)


def _say(verbose: bool, text: str) -> Generator[Ask, Any, None]:
    if verbose:
        yield Write(2, text)
