"""Which command do the words name?  And what is said where they name none.

Source: github.com/spf13/cobra (Find, SuggestionsFor); kubectl pkg/cmd/cmd.go, pkg/cmd/util (DefaultSubCommandRun).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from playground.kube.errors import Refusal
from playground.terminal.kubectl import applying, changing, deleting, describe, draining, get, making, rollout, running, telling, waiting
from playground.terminal.kubectl.asks import Program
from playground.terminal.kubectl.call import Call, Config
from playground.terminal.kubectl.errors import Exit, Several, Wrong, fail, misused
from playground.terminal.kubectl.flags import GLOBAL, read, table

NEAR = 2


class Command(msgspec.Struct, frozen=True):
    run: Callable[[Call], Program]
    flags: str = ""


COMMANDS: dict[str, Command] = {
    "annotate": Command(changing.marking("annotation"), changing.LABEL),
    "api-resources": Command(telling.api_resources, telling.RESOURCES),
    "api-versions": Command(telling.api_versions),
    "apply": Command(applying.apply, applying.FLAGS),
    "auth can-i": Command(telling.can_i, telling.CAN_I),
    "auth whoami": Command(telling.who_am_i, "output/o:text"),
    "cluster-info": Command(telling.cluster_info),
    "config current-context": Command(telling.current_context),
    "config view": Command(telling.config_view),
    "cordon": Command(changing.cordoning(True), changing.NODES),
    "create": Command(making.create, making.CREATE),
    "create configmap": Command(making.config_map, making.CONFIG_MAP),
    "create deployment": Command(making.deployment, making.DEPLOYMENT),
    "create namespace": Command(making.namespace, making.COMMON),
    "create service clusterip": Command(making.service("clusterip"), making.SERVICE),
    "create service externalname": Command(making.external_name, making.SERVICE),
    "create service loadbalancer": Command(making.service("loadbalancer"), making.SERVICE),
    "create service nodeport": Command(making.service("nodeport"), making.SERVICE),
    "delete": Command(deleting.delete, deleting.FLAGS),
    "describe": Command(describe.describe, describe.FLAGS),
    "drain": Command(draining.drain, draining.FLAGS),
    "events": Command(telling.events, telling.EVENTS),
    "exec": Command(running.exec_, running.EXEC),
    "expose": Command(making.expose, making.EXPOSE),
    "get": Command(get.get, get.FLAGS),
    "label": Command(changing.marking("label"), changing.LABEL),
    "logs": Command(running.logs, running.LOGS),
    "patch": Command(changing.patch, changing.PATCH),
    "rollout history": Command(rollout.history, rollout.FLAGS),
    "rollout pause": Command(rollout.pausing(True), rollout.FLAGS),
    "rollout restart": Command(rollout.restart, rollout.FLAGS),
    "rollout resume": Command(rollout.pausing(False), rollout.FLAGS),
    "rollout status": Command(rollout.status, rollout.FLAGS),
    "rollout undo": Command(rollout.undo, rollout.FLAGS),
    "run": Command(making.run, making.RUN),
    "scale": Command(changing.scale, changing.SCALE),
    "set image": Command(changing.image, changing.MANY),
    "set selector": Command(changing.selector, changing.MANY),
    "taint": Command(changing.taint, changing.TAINT),
    "top node": Command(telling.top, telling.TOP),
    "top pod": Command(telling.top, telling.TOP),
    "uncordon": Command(changing.cordoning(False), changing.NODES),
    "version": Command(telling.version, telling.VERSION_FLAGS),
    "wait": Command(waiting.wait, waiting.FLAGS),
}
ALIASES = {
    "create deploy": "deployment", "create dep": "deployment", "create ns": "namespace", "create svc": "service", "create cm": "configmap",
    "top no": "node", "top nodes": "node", "top po": "pod", "top pods": "pod",
}  # fmt: skip


def kubectl(words: list[str], config: Config) -> Program:
    """A whole run of kubectl."""
    try:
        return (yield from _run(words, config))
    except (Wrong, Refusal, Several, Exit) as error:
        return (yield from fail(error))


def _run(words: list[str], config: Config) -> Program:
    name, rest = _command(words)
    command = COMMANDS[name]
    flags = read(name, rest, table(f"{GLOBAL} {command.flags}"))
    return (yield from command.run(Call(name, flags, config)))


def _command(words: list[str]) -> tuple[str, list[str]]:
    """The command's name and the words without it; flags may stand before it."""
    place = _first(words)
    if place is None:
        read("", words, table(GLOBAL))
        raise Wrong("a command is needed: kubectl get, describe, create, apply, delete, ...")
    first = words[place]
    if first in COMMANDS:
        return _second(first, [*words[:place], *words[place + 1 :]])
    if any(name.startswith(f"{first} ") for name in COMMANDS):
        return _second(first, [*words[:place], *words[place + 1 :]])
    if first in _ORDER:
        raise Wrong(f"kubectl {first} is not simulated in this terminal")
    near = [name for name in _ORDER if name.startswith(first) or _distance(first, name) <= NEAR]
    hint = "\n\nDid you mean this?\n" + "".join(f"\t{name}\n" for name in near) if near else ""
    raise Wrong(f'unknown command "{first}" for "kubectl"{hint}')


def _second(first: str, rest: list[str]) -> tuple[str, list[str]]:
    place = _first(rest)
    word = ALIASES.get(f"{first} {rest[place]}", rest[place]) if place is not None else ""
    name = f"{first} {word}"
    if place is not None and (name in COMMANDS or any(each.startswith(f"{name} ") for each in COMMANDS)):
        return _second(name, [*rest[:place], *rest[place + 1 :]])
    if first in COMMANDS:
        return first, rest
    if place is None:
        known = ", ".join(each.removeprefix(f"{first} ") for each in COMMANDS if each.startswith(f"{first} "))
        raise Wrong(f"kubectl {first} needs one of: {known}")
    said = " ".join(each for each in rest if not each.startswith("-"))
    raise misused(first, f'unknown command "{said}"')


def _first(words: list[str]) -> int | None:
    """Where the first word stands that is no flag and no flag's value."""
    known = table(GLOBAL)
    place = 0
    while place < len(words):
        word = words[place]
        if word == "--":
            return None
        if not word.startswith("-") or word == "-":
            return place
        flag = known.get(word.removeprefix("--")) if word.startswith("--") else known.get(word)
        place += 2 if flag is not None and flag.bare is None and "=" not in word else 1
    return None


# In the order in which cobra keeps them.
_ORDER = """create expose run set explain get edit delete rollout scale autoscale certificate cluster-info top cordon uncordon drain taint
    describe logs attach exec port-forward proxy cp auth debug events diff apply patch replace wait kustomize label annotate completion
    api-resources api-versions config kuberc plugin version options""".split()


def _distance(one: str, other: str) -> int:
    """Levenshtein's, as cobra reckons it."""
    above = list(range(len(other) + 1))
    for row, sign in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (sign.lower() != against.lower())))
        above = line
    return above[-1]
