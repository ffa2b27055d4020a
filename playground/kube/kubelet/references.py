"""Which variables of a container does its manifest alone tell?  So that a command can be read before any container runs.

Source: pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables); pkg/kubelet/container/helpers.go (ExpandContainerCommandAndArgs,
ExpandContainerCommandOnlyStatic). The kubelet puts in only the variables that it makes itself: HOSTNAME, PATH and HOME are not among them.
"""

from __future__ import annotations

import re

import msgspec

from playground.kube.apiserver.objects import JSON
from playground.kube.kubelet.envvars import REFERENCE, expand

OF_A_SERVICE = re.compile(r"[A-Z0-9_]+_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_[A-Z]+(_PROTO|_PORT|_ADDR)?)?)")


class Told(msgspec.Struct, frozen=True):
    """`texts` are the variables whose values are written out, `others` those that only the run tells; with `open_` there may be any."""

    texts: dict[str, str]
    others: dict[str, None]
    open_: bool

    def may_come(self, name: str) -> bool:
        """Whether the kubelet may know this variable, though it is not written out."""
        return name not in self.texts and (self.open_ or name in self.others or bool(OF_A_SERVICE.fullmatch(name)))

    def may_change(self, text: str) -> bool:
        """Whether more can be put into a text than what is written out."""
        return any(match[2] is not None and self.may_come(match[2]) for match in REFERENCE.finditer(text))


def told(container: JSON) -> Told:
    """Of a container of a Pod's spec."""
    found = Told({}, {}, bool(container.get("envFrom")))
    for each in container.get("env") or ():
        name, text = str(each.get("name", "")), str(each.get("value") or "")
        value = expand(text, found.texts)
        comes = bool(each.get("valueFrom")) or found.may_change(text)
        found.texts.pop(name, None)
        found.others.pop(name, None)
        if comes:
            found.others[name] = None
        else:
            found.texts[name] = value
    return found


def words_of(container: JSON) -> list[str]:
    """The command and its arguments as a container is started with them, as far as the manifest tells."""
    words = [str(word) for word in (*container.get("command", ()), *container.get("args", ()))]
    if not any("$" in word for word in words):
        return words
    texts = told(container).texts
    return [expand(word, texts) for word in words]


def of_probe(container: JSON, words: tuple[str, ...]) -> tuple[str, ...]:
    """The command of an exec probe as it is run: here nothing is put into the values themselves, and those from elsewhere are empty."""
    values = {str(each.get("name", "")): str(each.get("value") or "") for each in container.get("env") or ()}
    return tuple(expand(word, values) for word in words)
