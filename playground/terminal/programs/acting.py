"""How does a learner change the cluster from the workstation?  kubectl's words for it, and the playground's own after `switchyard`.

Source: k8s.io/kubectl/pkg/cmd; which words there are, `terminal/words.py` says.
"""

from __future__ import annotations

import shlex
from functools import partial

from playground.kube.actions import Action, Receipt
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.errors import BadWords
from playground.terminal.programs.asks import Act, Program, Write
from playground.terminal.programs.call import Call, out
from playground.terminal.resolve import resolve
from playground.terminal.words import KUBECTL, OWN, parse


def kubectl(call: Call) -> Program:
    first = next((word for word in call.args if not word.startswith("-")), "")
    if first in {name.split()[0] for name in KUBECTL}:
        return (yield from _act(call))
    verbs = ", ".join(dict.fromkeys(name.split()[0] for name in KUBECTL))
    said = f"kubectl {first} is not here yet" if first else "a command is needed"
    yield Write(2, f"switchyard: {said}; here are {verbs}\n")
    return 1


def switchyard(call: Call) -> Program:
    if call.args[:1] and call.args[0] in OWN:
        return (yield from _act(call))
    yield Write(2, f"switchyard: one of these is needed: {', '.join(sorted(OWN))}\n")
    return 1


def _act(call: Call) -> Program:
    try:
        action = parse(shlex.join(call.args))
    except BadWords as error:
        yield Write(2, f"error: {error}\n")
        return 1
    done: Receipt | Refusal = yield Act(partial(_resolved, action))
    if isinstance(done, Refusal):
        yield Write(2, f"Error from server ({done.reason}): {done.message}\n")
        return 1
    yield from out("".join(f"{line}\n" for line in done.lines))
    if done.warnings:
        yield Write(2, "".join(f"Warning: {each}\n" for each in done.warnings))
    return 0


def _resolved(action: Action, kube: Cluster) -> Action:
    return resolve(action, kube)
