"""With what is a kubectl command called?  Its words and flags, and what the kubeconfig tells."""

from __future__ import annotations

from typing import Any

import msgspec

from playground.terminal.kubectl.asks import File, Steps
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.flags import Flags
from playground.terminal.programs.asks import Read, Write
from playground.terminal.programs.container import Kubeconfig


class Call(msgspec.Struct):
    """`command` is the words that name the command: `rollout status`; `terminal`: what is typed comes from a terminal."""

    command: str
    flags: Flags
    config: Kubeconfig
    terminal: bool = False

    @property
    def words(self) -> list[str]:
        return self.flags.words

    @property
    def namespace(self) -> str:
        return self.flags.text("namespace") or self.config.namespace

    @property
    def space(self) -> str | None:
        """The namespace to look in, None for all."""
        return None if self.flags.on("all-namespaces") else self.namespace


def out(text: str) -> Steps:
    if text:
        yield Write(1, text)


def err(text: str) -> Steps:
    if text:
        yield Write(2, text)


def stdin() -> Steps:
    """All of standard input."""
    parts = []
    while (part := (yield Read())) is not None:
        parts.append(part)
    return "".join(parts)


def text_of(path: str, unread: str) -> Steps:
    """The text of one file; raises Wrong, which begins with `unread`."""
    try:
        found = yield File(path)
    except Wrong:
        raise Wrong(f"{unread} open {path}: no such file or directory") from None
    if path not in found:
        raise Wrong(f"{unread} read {path}: is a directory")
    return found[path]


JSON = dict[str, Any]
