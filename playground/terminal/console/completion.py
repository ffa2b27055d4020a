"""How does a line go on?  Programs, kubectl's words, kinds, names and Namespaces, as they are in the cluster now."""

from __future__ import annotations

import re

import msgspec

from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.console import kubectl, places
from playground.terminal.programs.container import Container
from playground.terminal.sessions.table import PROGRAMS
from playground.terminal.shell.builtins import BUILTINS
from playground.terminal.workstation.yard import COMMANDS as OWN

MOST = 60
BREAK = re.compile(r"(?:^|[\s|;&(]|\$\()(?=[^\s|;&(]*\Z)")
SEPARATOR = re.compile(r"[|;&(]|\bdo\b|\bthen\b|\belse\b")
ASKERS = ("curl", "wget", "ping", "nslookup", "dig", "host", "getent", "nc")
NAMES_ONLY = ("ping", "nslookup", "dig", "host", "getent")
OWN_KINDS = {"node": ("power-off", "power-on", "stop-proxy", "start-proxy"), "pod": ("crash", "hang", "wake")}


class Completion(msgspec.Struct, frozen=True):
    """`words` can stand in the line from character `start` on, in place of what stands there."""

    start: int
    words: tuple[str, ...] = ()


def complete(kube: Cluster, place: str, line: str) -> Completion:
    """What the last word of a line may become; nothing where no program can be run."""
    try:
        there = places.container(kube, place)
    except Refusal:
        return Completion(len(line))
    start = max((found.end() for found in BREAK.finditer(line)), default=0)
    typed = line[start:]
    before = SEPARATOR.split(line[:start])[-1].split()
    found = _candidates(kube, there, before, typed)
    return Completion(start, tuple(dict.fromkeys(each for each in found if each.startswith(typed)))[:MOST])


def programs(there: Container) -> list[str]:
    """What the image of a place has and the playground simulates."""
    return sorted(name for name in there.image.programs & set(PROGRAMS) if name != "[")


def targets(kube: Cluster, namespace: str, port: bool = True) -> list[str]:
    """Services as a Pod of a Namespace names them, those of its own first; with their first port."""
    services = sorted(kube.store.list("Service"), key=lambda each: (each.namespace != namespace, each.name == "kubernetes"))
    found = []
    for each in services:
        name = each.name if each.namespace == namespace else f"{each.name}.{each.namespace}"
        ports = each.spec.get("ports") or ()
        found.append(f"{name}:{ports[0]['port']}" if port and ports else name)
    return found


def _candidates(kube: Cluster, there: Container, before: list[str], typed: str) -> list[str]:
    if not before:
        return sorted({*programs(there), *BUILTINS, "help", "clear"} - {"[", "alias"})
    program, words = before[0], before[1:]
    if program == "kubectl":
        return kubectl.words(kube, words, typed)
    if program == "switchyard":
        return _own(kube, words)
    if program in ASKERS:
        return targets(kube, there.namespace, program not in NAMES_ONLY) if not there.machine else []
    if program in ("iptables-save", "ip6tables-save"):
        return ["-t", "nat", "filter", "mangle"]
    return []


def _own(kube: Cluster, words: list[str]) -> list[str]:
    if not words:
        return sorted(OWN)
    kind = next((kind for kind, verbs in OWN_KINDS.items() if words[0] in verbs or (kind == "pod" and "ness" in words[0])), "")
    return kubectl.of_word(kube, kind, "default") if kind else []
