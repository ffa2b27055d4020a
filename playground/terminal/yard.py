"""Which action do the playground's own words ask for?  Power, kube-proxies, CoreDNS, crashes, probes and traffic, which kubectl has no words for."""

from __future__ import annotations

from collections.abc import Callable

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
from playground.terminal.errors import BadWords
from playground.terminal.line import Flags
from playground.terminal.named import of_kind

DNS_REPLICAS = 2


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
    return AddNode(of_kind(words, "node") if words else "", flags.of("labels", {}))


def crash(words: list[str], flags: Flags, namespace: str) -> Action:
    return Crash(of_kind(words, "pod"), namespace, flags.of("container", ""), flags.of("exit-code", 1))


def hang(words: list[str], flags: Flags, namespace: str) -> Action:
    return Hang(of_kind(words, "pod"), namespace)


def wake(words: list[str], flags: Flags, namespace: str) -> Action:
    return Wake(of_kind(words, "pod"), namespace)


def probe(name: str, passes: bool | None) -> Callable[[list[str], Flags, str], Action]:
    """The word that sets what a Pod's containers answer to a probe."""
    return lambda words, flags, namespace: SetProbe(of_kind(words, "pod"), name, passes, namespace)


def start_traffic(words: list[str], flags: Flags, namespace: str) -> Action:
    source, to = _from_to(words, namespace)
    return StartTraffic(source, to, flags.of("rate", 1.0), flags.of("keep-alive", False))


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
