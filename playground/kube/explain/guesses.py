"""What is only guessed at of a Pod or workload that was just written?  A command, an exec probe or a hook, with something that is not simulated.

These hints are the playground's own, as those about Services (`hints`); a Pod's page says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from playground.kube.apiserver.objects import JSON
from playground.kube.apiserver.pods import containers_of
from playground.kube.apiserver.resources import WORKLOADS
from playground.kube.apiserver.server import Outcome
from playground.kube.explain import leading
from playground.kube.explain.hints import HINT
from playground.kube.kubelet.images import SHELLS, image_name
from playground.kube.kubelet.views import KINDS

# Of other images a program without a shell is mostly the image's own server.
BASES = frozenset("busybox alpine debian ubuntu fedora centos bash".split())


class Judge(Protocol):
    """What the kubelets know of the programs in containers."""

    def unknown(self, spec: JSON, slot: int) -> str:
        """What in a container's command is not simulated, "" if nothing is."""

    def unknown_in_probe(self, spec: JSON, slot: int, command: tuple[str, ...]) -> str | None:
        """What in the command of an exec probe is not simulated; None if it is run."""

    def unknown_in_hook(self, spec: JSON, slot: int, command: tuple[str, ...]) -> str | None:
        """What in the command of a hook is not simulated; None if it is run."""


def of_command(word: str) -> str:
    return f'its command is not run here, only how long it lasts is guessed: "{word}" is not simulated'


def of_probe(word: str) -> str:
    what = f': "{word}" is not simulated' if word else ""
    return f"its exec probe is not run here, and counts as passed{what}"


def of_hook(name: str, word: str) -> str:
    what = f': "{word}" is not simulated' if word else ""
    return f"its {name} hook is not run here, only how long it sleeps is guessed, and it counts as passed{what}"


def of(judge: Judge, outcomes: Iterable[Outcome]) -> list[str]:
    """The hints about what was written."""
    listed = [each for each in outcomes if each.verb != "deleted" and each.thing.kind in (*WORKLOADS, "Pod")]
    return [f"{HINT}{hint}" for each in listed for hint in _of_one(judge, each.thing, each.old)]


def _of_one(judge: Judge, thing: Any, old: Any) -> Iterator[str]:
    new, was = leading.of(thing), None if old is None else leading.of(old)
    if thing.controller is not None or (was is not None and was.spec == new.spec):
        return
    place, inits = "spec" if thing.kind == "Pod" else "spec.template.spec", new.view.inits
    for slot, container in enumerate(containers_of(new.spec)):
        field = f"{place}.{'initContainers' if slot < inits else 'containers'}[{slot if slot < inits else slot - inits}]"
        seen = new.view.containers[slot]
        word = "" if seen.process.listens or container.get("stdin") or not _is_script(container) else judge.unknown(new.spec, slot)
        if word:
            yield f"{field}.{'command' if container.get('command') else 'args'}: {of_command(word)}"
        for kind in KINDS:
            probe = seen.probes.get(kind)
            unknown = judge.unknown_in_probe(new.spec, slot, probe.command) if probe is not None and probe.how == "exec" else None
            if unknown:
                yield f"{field}.{kind}Probe: {of_probe(unknown)}"
        for name, hook in seen.hooks.items():
            unknown = judge.unknown_in_hook(new.spec, slot, hook.command) if hook.how == "exec" else None
            if unknown:
                yield f"{field}.lifecycle.{name}: {of_hook(name, unknown)}"


def _is_script(container: JSON) -> bool:
    """A shell runs it, or an image that has no server of its own."""
    words = [str(word) for word in (*(container.get("command") or ()), *(container.get("args") or ()))]
    return bool(words) and (words[0].rpartition("/")[2] in SHELLS or image_name(str(container.get("image", ""))) in BASES)
