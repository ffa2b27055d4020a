"""How does a learner do from the workstation what no kubectl can do?  With the playground's own words, after `switchyard`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from functools import partial

from playground.kube.actions import Action, Receipt
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.programs.asks import Act, Program, Write
from playground.terminal.programs.call import Call, out
from playground.terminal.workstation import yard
from playground.terminal.workstation.errors import BadWords
from playground.terminal.workstation.lines import full

HELP = "What no kubectl can do, in this playground (POD may be the beginning of a name: frontend-...; SENDER is a Pod, node:NAME or outside):\n\n"


def switchyard(call: Call) -> Program:
    if call.args[:1] and call.args[0] in yard.COMMANDS:
        return (yield from _act(call))
    if call.args[:1] in (["help"], ["-h"], ["--help"]):
        yield from out(HELP + yard.usage())
        return 0
    yield Write(2, f"switchyard: one of these is needed: {', '.join(sorted(yard.COMMANDS))}; switchyard help says more\n")
    return 1


def _act(call: Call) -> Program:
    try:
        yard.action(call.args)
    except BadWords as error:
        yield Write(2, f"error: {error}\n")
        return 1
    done: Receipt | Refusal = yield Act(partial(_asked, call.args))
    if isinstance(done, Refusal):
        yield Write(2, f"Error from server ({done.reason}): {done.message}\n")
        return 1
    yield from out("".join(f"{line}\n" for line in done.lines))
    if done.warnings:
        yield Write(2, "".join(f"Warning: {each}\n" for each in done.warnings))
    return 0


def _asked(words: Sequence[str], kube: Cluster) -> Action:
    """What the words ask for in this cluster, where `frontend-...` is a Pod."""
    return yard.action(shlex.split(full(kube, shlex.join(words))))
