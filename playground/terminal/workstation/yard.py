"""Which action do the playground's own words ask for?  Power, kube-proxies, CoreDNS, crashes, probes and traffic, which kubectl has no words for."""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec

from playground.kube.actions import (
    Action,
    AddNode,
    Crash,
    Hang,
    PowerOff,
    PowerOn,
    Scale,
    Send,
    SetProbe,
    StartProxy,
    StartTraffic,
    StopProxy,
    StopTraffic,
    Wake,
)
from playground.kube.network.senders import is_machine
from playground.terminal.kubectl.flags import Flags, split, table
from playground.terminal.workstation.errors import BadWords
from playground.terminal.workstation.named import of_kind

DNS_REPLICAS = 2
Maker = Callable[[list[str], Flags, str], Action]


class Command(msgspec.Struct, frozen=True):
    """The function that makes the action, what the word takes, what it does, and the flags that it has beside --namespace."""

    make: Maker
    takes: str
    does: str
    flags: str = ""


def action(words: list[str], namespace: str = "default") -> Action:
    """What the playground's own words ask for; the first of them is one of COMMANDS. Raises BadWords."""
    command = COMMANDS[words[0]]
    try:
        flags = split(words[1:], table(f"namespace/n:text {command.flags}"))
    except ValueError as error:
        raise BadWords(str(error)) from None
    return command.make(flags.words, flags, flags.text("namespace") or namespace)


def power_off(words: list[str], flags: Flags, namespace: str) -> Action:
    return PowerOff(of_kind(words, "node"))


def power_on(words: list[str], flags: Flags, namespace: str) -> Action:
    return PowerOn(of_kind(words, "node"))


def stop_proxy(words: list[str], flags: Flags, namespace: str) -> Action:
    return StopProxy(of_kind(words, "node"))


def start_proxy(words: list[str], flags: Flags, namespace: str) -> Action:
    return StartProxy(of_kind(words, "node"))


def stop_dns(words: list[str], flags: Flags, namespace: str) -> Action:
    return _scaled_dns(words, 0)


def start_dns(words: list[str], flags: Flags, namespace: str) -> Action:
    return _scaled_dns(words, DNS_REPLICAS)


def _scaled_dns(words: list[str], replicas: int) -> Action:
    """CoreDNS is a Deployment: it is stopped by taking its Pods away."""
    if words:
        raise BadWords(f'it is CoreDNS that is meant, and nothing else is to be named: "{words[0]}"')
    return Scale("Deployment", "coredns", replicas, "kube-system")


def add_node(words: list[str], flags: Flags, namespace: str) -> Action:
    return AddNode(of_kind(words, "node") if words else "", _pairs(flags.text("labels")))


def crash(words: list[str], flags: Flags, namespace: str) -> Action:
    return Crash(of_kind(words, "pod"), namespace, flags.of("container", ""), flags.of("exit-code", 1))


def hang(words: list[str], flags: Flags, namespace: str) -> Action:
    return Hang(of_kind(words, "pod"), namespace)


def wake(words: list[str], flags: Flags, namespace: str) -> Action:
    return Wake(of_kind(words, "pod"), namespace)


def _probe(name: str, passes: bool | None) -> Callable[[list[str], Flags, str], Action]:
    """The word that sets what a Pod's containers answer to a probe."""
    return lambda words, flags, namespace: SetProbe(of_kind(words, "pod"), name, passes, namespace)


def start_traffic(words: list[str], flags: Flags, namespace: str) -> Action:
    source, to = _from_to(words, namespace)
    return StartTraffic(source, to, _rate(flags.text("rate", "1")), flags.on("keep-alive"))


def stop_traffic(words: list[str], flags: Flags, namespace: str) -> Action:
    if len(words) != 1:
        raise BadWords("one stream is to be named, as in stop-traffic stream-1")
    return StopTraffic(words[0].removeprefix("traffic/"))


def send(words: list[str], flags: Flags, namespace: str) -> Action:
    source, to = _from_to(words, namespace)
    return Send(source, to, flags.of("count", 1))


def _from_to(words: list[str], namespace: str) -> tuple[str, str]:
    if len(words) < 2:
        raise BadWords("a sender and a target are to be named, as in client frontend-svc:80 or outside 192.168.0.2:30080")
    if is_machine(words[0]):
        if len(words) > 2:
            raise BadWords(f"one sender and one target are to be named, not {len(words)} words")
        return words[0], words[1]
    return f"{namespace}/{of_kind(words[:-1], 'pod')}", words[-1]


def _rate(text: str) -> float:
    try:
        read = float(text)
    except ValueError:
        read = math.nan
    if not 0 < read < 1e9:
        raise BadWords(f'invalid argument "{text}" for "--rate" flag: it must be a number of more than 0')
    return read


def _pairs(text: str) -> dict[str, str]:
    """`app=frontend,tier=web`"""
    found = dict(pair.partition("=")[::2] for pair in text.split(",") if text)
    if not all("=" in pair.lstrip("=") for pair in text.split(",") if text):
        raise BadWords(f'invalid argument "{text}" for "--labels" flag: it must be key=value, with commas between several')
    return found


def usage() -> str:
    """A line for each word: what it takes, and what it does."""
    lines = [(f"{word} {command.takes}".rstrip(), command.does) for word, command in COMMANDS.items()]
    width = max(len(line) for line, _ in lines)
    return "".join(f"  {line.ljust(width)}  {does}\n" for line, does in lines)


SENDER = "SENDER NAME:PORT"
COMMANDS = {
    "add-node": Command(add_node, "[NAME] [-l KEY=VALUE]", "a new Node", "labels/l:text"),
    "power-off": Command(power_off, "NODE", "cuts its power"),
    "power-on": Command(power_on, "NODE", "gives it back"),
    "stop-proxy": Command(stop_proxy, "NODE", "ends its kube-proxy; the rules stay as they are"),
    "start-proxy": Command(start_proxy, "NODE", "starts it again"),
    "stop-dns": Command(stop_dns, "", "takes CoreDNS away"),
    "start-dns": Command(start_dns, "", "brings it back"),
    "crash": Command(crash, "POD [-c CONTAINER] [--exit-code N]", "ends a container's process", "container/c:text exit-code:whole"),
    "hang": Command(hang, "POD", "its processes stand still: ports stay open, nobody answers"),
    "wake": Command(wake, "POD", "they go on"),
    "fail-readiness": Command(_probe("readiness", False), "POD", "it fails its readiness probe"),
    "pass-readiness": Command(_probe("readiness", True), "POD", "it passes that probe"),
    "reset-readiness": Command(_probe("readiness", None), "POD", "its program decides again"),
    "fail-liveness": Command(_probe("liveness", False), "POD", "it fails its liveness probe"),
    "pass-liveness": Command(_probe("liveness", True), "POD", "it passes that probe"),
    "reset-liveness": Command(_probe("liveness", None), "POD", "its program decides again"),
    "start-traffic": Command(
        start_traffic, f"{SENDER} [--rate N] [--keep-alive]", "a stream of requests, N a second", "rate:text keep-alive:switch"
    ),
    "stop-traffic": Command(stop_traffic, "STREAM", "ends it, as in stop-traffic stream-1"),
    "send": Command(send, f"{SENDER} [--count N]", "so many requests at once", "count:whole"),
}
