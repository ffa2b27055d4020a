"""How does a line go on?  Programs, kubectl's words, kinds, names and Namespaces, as they are in the cluster now."""

from __future__ import annotations

import re

import msgspec

from playground.kube.apiserver.resources import KINDS, by_word
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.console import places
from playground.terminal.kubectl.commands import COMMANDS
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
        return sorted({*programs(there), *BUILTINS, "help", "clear"} - {"["})
    program, words = before[0], before[1:]
    if program == "kubectl":
        return _kubectl(kube, words, typed)
    if program == "switchyard":
        return _own(kube, words)
    if program in ASKERS:
        return targets(kube, there.namespace, program not in NAMES_ONLY) if not there.machine else []
    if program in ("iptables-save", "ip6tables-save"):
        return ["-t", "nat", "filter", "mangle"]
    return []


def _kubectl(kube: Cluster, words: list[str], typed: str) -> list[str]:
    if words and words[-1] in ("-n", "--namespace"):
        return _names(kube, "Namespace", "")
    if typed.startswith("--namespace="):
        return [f"--namespace={name}" for name in _names(kube, "Namespace", "")]
    plain, namespace = _plain(words)
    if not plain:
        return sorted({name.split()[0] for name in COMMANDS})
    seconds = sorted({name.split()[1] for name in COMMANDS if name.startswith(f"{plain[0]} ")})
    if seconds and len(plain) == 1:
        return seconds
    objects = plain[2:] if seconds else plain[1:]
    if plain[0] in ("cordon", "uncordon", "drain"):
        return _names(kube, "Node", "")
    if plain[0] in ("logs", "exec"):
        return _names(kube, "Pod", namespace)
    if "/" in typed:
        word = typed.partition("/")[0]
        return [f"{word}/{name}" for name in _of_word(kube, word, namespace)]
    if not objects:
        return _kinds()
    return [] if "/" in objects[0] else _of_word(kube, objects[0], namespace)


def _own(kube: Cluster, words: list[str]) -> list[str]:
    if not words:
        return sorted(OWN)
    kind = next((kind for kind, verbs in OWN_KINDS.items() if words[0] in verbs or (kind == "pod" and "ness" in words[0])), "")
    return _of_word(kube, kind, "default") if kind else []


def _plain(words: list[str]) -> tuple[list[str], str]:
    """The words that are no flags, and the Namespace that the flags say."""
    plain, namespace, rest = [], "default", iter(words)
    for word in rest:
        if word in ("-n", "--namespace"):
            namespace = next(rest, namespace)
        elif word.startswith("--namespace="):
            namespace = word.partition("=")[2]
        elif not word.startswith("-"):
            plain.append(word)
    return plain, namespace


def _kinds() -> list[str]:
    """Simulated kinds first, by the names that kubectl's users type."""
    ordered = sorted(KINDS.values(), key=lambda each: not each.simulated)
    return [each.plural for each in ordered] + [each.singular for each in ordered]


def _of_word(kube: Cluster, word: str, namespace: str) -> list[str]:
    resource = by_word(word)
    return _names(kube, resource.kind, namespace if resource.namespaced else "") if resource else []


def _names(kube: Cluster, kind: str, namespace: str) -> list[str]:
    return [each.name for each in (kube.store.list(kind, namespace) if namespace else kube.store.list(kind))]
