"""Which action does a line ask for?  kubectl's words where it has them, and the playground's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from playground.kube.actions import Action
from playground.terminal import changes, makings, yard
from playground.terminal.errors import BadWords, unknown
from playground.terminal.line import Flags, Reader, flags_of, number, one_of, pairs, port_number, split, switch, whole

Flagged = dict[str, Reader]


class Command(NamedTuple):
    """What a word does: the function that makes the action, and the flags that it reads beside --namespace."""

    make: Callable[[list[str], Flags, str], Action]
    flags: Flagged = {}


DELETE: Flagged = {"grace-period": whole, "force": switch, "now": switch, "cascade": one_of("background", "foreground", "orphan")}
PATCH: Flagged = {"patch": str, "type": one_of("strategic", "merge"), "subresource": one_of("status", "scale")}
DRAIN: Flagged = {"ignore-daemonsets": switch, "delete-emptydir-data": switch, "force": switch}
MADE: Flagged = {"image": str, "port": port_number}
EXPOSE: Flagged = {"port": port_number, "target-port": str, "name": str, "protocol": one_of("TCP", "UDP", "SCTP"), "cluster-ip": str, "selector": pairs,
          "labels": pairs, "type": one_of("ClusterIP", "NodePort", "LoadBalancer")}  # fmt: skip

KUBECTL = {
    "delete": Command(changes.delete, DELETE),
    "scale": Command(changes.scale, {"replicas": whole}),
    "label": Command(changes.label, {"overwrite": switch}),
    "annotate": Command(changes.annotate, {"overwrite": switch}),
    "patch": Command(changes.patch, PATCH),
    "cordon": Command(changes.cordon),
    "uncordon": Command(changes.uncordon),
    "drain": Command(changes.drain, DRAIN),
    "rollout restart": Command(changes.restart),
    "rollout undo": Command(changes.undo, {"to-revision": whole}),
    "rollout pause": Command(changes.pause),
    "rollout resume": Command(changes.resume),
    "set image": Command(changes.set_image),
    "set selector": Command(changes.set_selector),
    "create namespace": Command(makings.create_namespace),
    "create deployment": Command(makings.create_deployment, MADE | {"replicas": whole}),
    "create service": Command(makings.create_service, {"tcp": str}),
    "run": Command(makings.run, MADE | {"labels": pairs}),
    "expose": Command(makings.expose, EXPOSE),
}
OWN = {
    "add-node": Command(yard.add_node, {"labels": pairs}),
    "power-off": Command(yard.power_off),
    "power-on": Command(yard.power_on),
    "stop-proxy": Command(yard.stop_proxy),
    "start-proxy": Command(yard.start_proxy),
    "stop-dns": Command(yard.stop_dns),
    "start-dns": Command(yard.start_dns),
    "crash": Command(yard.crash, {"container": str, "exit-code": whole}),
    "hang": Command(yard.hang),
    "wake": Command(yard.wake),
    "fail-readiness": Command(yard.probe("readiness", False)),
    "pass-readiness": Command(yard.probe("readiness", True)),
    "reset-readiness": Command(yard.probe("readiness", None)),
    "fail-liveness": Command(yard.probe("liveness", False)),
    "pass-liveness": Command(yard.probe("liveness", True)),
    "reset-liveness": Command(yard.probe("liveness", None)),
    "start-traffic": Command(yard.start_traffic, {"rate": number, "keep-alive": switch}),
    "stop-traffic": Command(yard.stop_traffic),
    "send": Command(yard.send, {"count": whole}),
}
COMMANDS = KUBECTL | OWN
SHORTER = {"ns": "namespace", "deploy": "deployment", "svc": "service"}


def parse(line: str, namespace: str = "default") -> Action:
    """The action that a line asks for; `resolve` puts in what only a cluster knows. Raises BadWords."""
    words = split(line)
    name, rest = _command(words)
    command = COMMANDS[name]
    plain, flags = flags_of(rest, {"namespace": str, **command.flags})
    return command.make(plain, flags, flags.of("namespace", namespace))


def _command(words: list[str]) -> tuple[str, list[str]]:
    if not words:
        raise BadWords(unknown("a command is needed. Known here", "", COMMANDS))
    if words[0] in COMMANDS:
        return words[0], words[1:]
    parts = [name.split()[1] for name in COMMANDS if name.startswith(f"{words[0]} ")]
    if not parts:
        raise BadWords(f'unknown command "{words[0]}" for "kubectl"; {unknown("known here", words[0], COMMANDS)}')
    second = SHORTER.get(words[1], words[1]) if len(words) > 1 else ""
    if second not in parts:
        raise BadWords(f'unknown command "{second}" for "kubectl {words[0]}"; {unknown("known here", second, parts)}')
    return f"{words[0]} {second}", words[2:]
