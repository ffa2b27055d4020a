"""What can kubectl ask of the cluster?  To look at it, to act on it, and to run something in a container; the rest is as for any program.

`Look` and `Act` raise a Refusal where they are asked; `Inside` raises NoProgram.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import msgspec

from playground.kube.actions import Action
from playground.kube.cluster import Cluster
from playground.terminal.programs import asks


class Look(msgspec.Struct, frozen=True):
    """Read the running cluster, quickly. Answer: what the question returns."""

    question: Callable[[Cluster], Any]


class Act(msgspec.Struct, frozen=True):
    """Do something to the cluster. Answer: the Receipt."""

    action: Action


class Inside(msgspec.Struct, frozen=True):
    """Run a command in a container, with the words that `sessions.start` takes. Answer: its exit code."""

    namespace: str
    pod: str
    container: str
    argv: list[str]
    stdin: bool = False
    tty: bool = False


class File(msgspec.Struct, frozen=True):
    """Read a file of the place where kubectl runs, or those in a directory. Answer: texts by their paths; raises Wrong."""

    path: str


class Keep(msgspec.Struct, frozen=True):
    """Write the kubeconfig of the place where kubectl runs."""

    text: str


Ask = asks.Ask | Look | Act | Inside | File | Keep
Open = asks.Open
Program = Generator[Ask, Any, int]
Steps = Generator[Ask, Any, Any]
