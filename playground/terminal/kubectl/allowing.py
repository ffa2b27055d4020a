"""What does `kubectl auth` say?  Whether one may, and who one is.

Source: staging/src/k8s.io/kubectl/pkg/cmd/auth/{cani,whoami}.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.served import GROUPS, LOOKING
from playground.kube.cluster import Cluster
from playground.terminal.kubectl import api
from playground.terminal.kubectl.asks import Look, Program, Steps
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Exit, Wrong
from playground.terminal.kubectl.tabs import columns

CAN_I = "all-namespaces/A:switch list:switch no-headers:switch quiet/q:switch subresource:text"
TWO_NEEDED = (
    "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples."
)
VERBS = """get list watch create update patch delete deletecollection use bind impersonate * approve sign escalate attest""".split()
URL_VERBS = "get put post head options delete patch *".split()
UNDISCOVERED = ("users", "groups")


def can_i(call: Call) -> Program:
    if call.flags.on("list"):
        return (yield from _list(call))
    if len(call.words) != 2:
        raise Wrong(TWO_NEEDED)
    verb, word = call.words
    if word.startswith("/"):
        yield from _warn(verb not in URL_VERBS, f"verb '{verb}' is not a known verb")
    else:
        yield from _check(call, verb, word.partition("/")[0])
    if call.flags.on("no-headers"):
        raise Wrong("--no-headers cannot be set without --list specified")
    allowed = call.config.writes or verb in LOOKING
    if not call.flags.on("quiet"):
        yield from out("yes\n" if allowed else "no\n")
    if not allowed:
        raise Exit(1)
    return 0


def _check(call: Call, verb: str, word: str) -> Steps:
    """What is odd about the question is warned of; it is answered all the same."""
    name, _, group = word.partition(".")
    if word == "*":
        return
    resource = yield Look(lambda kube: _resource(kube, word))
    if resource is None:
        where = f" in group '{group}'" if group else ""
        return (yield from _warn(word not in UNDISCOVERED, f"the server doesn't have a resource type '{name}'{where}"))
    if not resource.namespaced and not call.flags.on("all-namespaces"):
        where = f" in group '{resource.group}'" if resource.group else ""
        yield from _warn(True, f"resource '{resource.plural}' is not namespace scoped{where}")
    yield from _warn(verb not in VERBS, f"verb '{verb}' is not a known verb")


def _resource(kube: Cluster, word: str) -> Resource | None:
    try:
        return api.resource(kube, word)
    except Wrong:
        return None


def _warn(odd: bool, what: str) -> Steps:
    if odd:
        yield from err(f"Warning: {what}\n\n")


def _list(call: Call) -> Program:
    flags = call.flags
    if call.words:
        raise Wrong("list option must be specified with no arguments")
    if flags.on("quiet") or flags.on("all-namespaces") or flags.text("subresource"):
        raise Wrong("list option can't be specified with neither quiet, all-namespaces nor subresource options")
    verbs = "[*]" if call.config.writes else f"[{' '.join(LOOKING)}]"
    head: list[Any] = [] if flags.on("no-headers") else [("Resources", "Non-Resource URLs", "Resource Names", "Verbs")]
    rows = [*head, ("*.*", "[]", "[]", verbs), ("", "[*]", "[]", verbs)]
    yield from out(columns("".join("\t".join(row) + "\n" for row in rows)))
    return 0


def who_am_i(call: Call) -> Program:
    user = "learner" if call.config.writes else "reader"
    yield from out(columns(f"ATTRIBUTE\tVALUE\nUsername\t{user}\nGroups\t[{' '.join(GROUPS[user])}]\n"))
    return 0
