"""What does netfilter make of a packet, by the text of a ruleset?  Written from iptables' own documents, without a look at how the rules are made.

It knows the hooks: PREROUTING or OUTPUT of the table nat, then INPUT, FORWARD or OUTPUT of the table filter. Every draw is followed both
ways; a list of recent senders is empty.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from playground.kube.kubeproxy.routing import Packet

STATES = {"NEW": True, "INVALID": False, "RELATED,ESTABLISHED": False}


@lru_cache(maxsize=10_000)
def _words(line: str) -> list[str]:
    return shlex.split(line)[2:]


@lru_cache(maxsize=10_000)
def _inside(address: str, network: str) -> bool:
    return ip_address(address) in ip_network(network)


class Fate(NamedTuple):
    """One way that a packet may go: `verdict` is DNAT, DROP, REJECT, ACCEPT (of a rule of a chain KUBE-NODEPORTS) or NONE."""

    chance: float
    verdict: str
    target: str = ""
    marked: bool = False
    passed: tuple[str, ...] = ()


class Walker:
    def __init__(self, saved: str, local: tuple[str, ...]):
        self.local = local
        self.tables: dict[str, dict[str, list[str]]] = {}
        for line in saved.splitlines():
            if line.startswith("*"):
                chains = self.tables.setdefault(line[1:], {})
            elif line.startswith(":"):
                chains[line[1:].split()[0]] = []
            elif line.startswith("-A "):
                chains[line.split()[1]].append(line)

    def fates(self, packet: Packet) -> list[Fate]:
        own = self._is_local(packet.source)
        return [self._filtered(packet, fate, own) for fate in self._walk("nat", "OUTPUT" if own else "PREROUTING", packet, Fate(1.0, ""))]

    def _filtered(self, packet: Packet, fate: Fate, own: bool) -> Fate:
        """Through the table filter, with the address that nat gave it."""
        seen = packet
        if fate.verdict == "DNAT":
            ip, _, port = fate.target.rpartition(":")
            seen = Packet(packet.source, ip.strip("[]"), packet.protocol, int(port), packet.interface)
        arrives = ["INPUT"] if self._is_local(seen.ip) else []
        for hook in ["OUTPUT", *arrives] if own else arrives or ["FORWARD"]:
            (found,) = self._walk("filter", hook, seen, fate._replace(verdict=fate.verdict and "DNAT"))
            if found.verdict in ("DROP", "REJECT"):
                return found
            if found.verdict == "ACCEPT" and "KUBE-NODEPORTS" in found.passed[-1]:
                return found
        return fate if fate.verdict else fate._replace(verdict="NONE")

    def _walk(self, table: str, chain: str, packet: Packet, fate: Fate) -> Iterator[Fate]:
        """Every way out of a chain; one that ends with the verdict it began with has come to the chain's end."""
        going = [fate]
        for line in self.tables[table][chain]:
            still: list[Fate] = []
            for each in going:
                for after in self._rule(table, line, packet, each):
                    if after.verdict == fate.verdict:
                        still.append(after)
                    else:
                        yield after
            going = still
        yield from going

    def _rule(self, table: str, line: str, packet: Packet, fate: Fate) -> Iterator[Fate]:
        words = _words(line)
        share = self._share(words, packet, fate)
        if share < 1:
            yield fate._replace(chance=fate.chance * (1 - share))
        if not share:
            return
        passed = fate._replace(chance=fate.chance * share, passed=(*fate.passed, line))
        target = words[words.index("-j") + 1] if "-j" in words else ""
        if target.startswith("KUBE-"):
            yield from self._walk(table, target, packet, passed)
        elif target == "MARK":
            yield passed._replace(marked=True)
        elif target == "DNAT":
            yield passed._replace(verdict="DNAT", target=words[words.index("--to-destination") + 1])
        else:
            yield passed._replace(verdict=target) if target else passed

    def _share(self, words: list[str], packet: Packet, fate: Fate) -> float:
        """With which chance a rule matches."""
        share, inverted = 1.0, False
        for word, value in zip(words, [*words[1:], ""], strict=True):
            if word == "-j":
                break
            if word == "--probability":
                share = float(value)
            matched = self._matches(word, value, packet, fate)
            if matched is not None and matched == inverted:
                return 0.0
            inverted = word == "!"
        return share

    def _matches(self, word: str, value: str, packet: Packet, fate: Fate) -> bool | None:
        """Whether one option matches; None if it is none, or one that always does."""
        asked: dict[str, Callable[[], bool]] = {
            "-s": lambda: _inside(packet.source, value),
            "-d": lambda: _inside(packet.ip, value),
            "-i": lambda: packet.interface == value,
            "-p": lambda: packet.protocol.lower() == value,
            "--dport": lambda: packet.port == int(value),
            "--src-type": lambda: self._is_local(packet.source),
            "--dst-type": lambda: self._is_local(packet.ip),
            "--ctstate": lambda: fate.verdict == "DNAT" if value.endswith(",DNAT") else STATES[value],
            "--mark": lambda: fate.marked,
            "--rcheck": lambda: False,
        }
        return asked[word]() if word in asked else None

    def _is_local(self, ip: str) -> bool:
        return ip in self.local or _inside(ip, "127.0.0.0/8")
