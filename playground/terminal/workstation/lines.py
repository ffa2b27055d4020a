"""Which command line of the workstation does a short line stand for?  For `manage.py simulate --at`, which needs no `kubectl` before its words.

`frontend-...` is the Pod whose name begins so, the first by name that is not being deleted; of another kind with its word: `rs/frontend-...`.
"""

from __future__ import annotations

import re
import shlex
from functools import partial

from playground.kube.apiserver.resources import by_word
from playground.kube.cluster import Cluster
from playground.terminal.kubectl.commands import named
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.workstation.errors import BadWords
from playground.terminal.workstation.yard import COMMANDS

SHORT = re.compile(r"(?P<before>(?:^|\s)(?:(?P<kind>[\w.]+)/)?)(?P<name>[a-z0-9][a-z0-9.-]*?)\.\.\.(?!\S)")
SPACE = re.compile(r"\s(?:-n|--namespace)[ =]?(\S+)")


def command(line: str) -> str:
    """The line as it is typed on the workstation. Raises BadWords where no word of it is a command."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise BadWords(f"{error}: a quote or a backslash is never closed") from None
    first = words[0] if words else ""
    if first == "kubectl":
        words, whole = words[1:], line
    elif first == "switchyard" or first in COMMANDS:
        return line if first == "switchyard" else f"switchyard {line}"
    else:
        whole = f"kubectl {line}"
    try:
        named(words)
    except Wrong as error:
        raise BadWords(str(error)) from None
    return whole


def full(kube: Cluster, line: str) -> str:
    """The line with whole names in it."""
    said = SPACE.search(line)
    return SHORT.sub(partial(_whole, kube, said[1] if said else "default"), line)


def full_name(kube: Cluster, kind: str, namespace: str, name: str) -> str:
    """The name that `name` means; one that nothing fits, and one without dots at its end, is itself."""
    if not name.endswith("..."):
        return name
    found = [each for each in kube.store.list(kind, namespace) if each.name.startswith(name.removesuffix("..."))]
    return str(min(found, key=lambda each: each.deleting is not None).name) if found else name


def _whole(kube: Cluster, namespace: str, found: re.Match[str]) -> str:
    kind = by_word(found["kind"] or "pod")
    if kind is None:
        return found[0]
    return found["before"] + full_name(kube, kind.kind, namespace if kind.namespaced else "", f"{found['name']}...")
