"""How does a container's command read when the kubelet has put in the variables that it knows?

Source: third_party/forked/golang/expansion/expand.go: it is text to the kubelet, whatever a shell makes of it.
Simplified: what only the run tells, of a ConfigMap, a field or a Service, is put in as words; a shell does not read quotes and operators in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from playground.kube.apiserver.objects import JSON
from playground.kube.kubelet.envvars import REFERENCE, expand
from playground.kube.kubelet.references import told
from playground.terminal.shell.wording import GIVEN


def read(container: JSON, words: Sequence[str]) -> tuple[str, ...]:
    """Its words with what the manifest tells put in, and the names of what only the run tells between two marks."""
    if not any("$" in word for word in words):
        return tuple(words)
    known = told(container)
    names = dict.fromkeys(match[2] for word in words for match in REFERENCE.finditer(word) if match[2] is not None)
    marked = {name: f"{GIVEN}{name}{GIVEN}" for name in names if known.may_come(name)}
    return tuple(expand(word, {**known.texts, **marked}) for word in words)
