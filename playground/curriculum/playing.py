"""What happens when a lesson's lines are carried out?  Each is typed on the workstation of a cluster that is in the same hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from playground.curriculum.checks import Apply, Do
from playground.kube.actions import Action, Receipt
from playground.kube.actions import Apply as ApplyDocuments
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.explain.settling import settle
from playground.manifests.reader import read
from playground.terminal.programs.machines import workstation
from playground.terminal.sessions import start_on
from playground.terminal.sessions.direct import Direct, run

LONGEST = 900 * SECOND
PATIENCE = 60 * SECOND


class Played(msgspec.Struct, frozen=True):
    """What came of one line: its exit code (None: it did not end), what it wrote, how many changes of the cluster it made, and what it did to it,
    each at its virtual microsecond."""

    line: str
    code: int | None
    said: str
    changes: int
    taken: tuple[tuple[int, Action], ...] = ()


def play(kube: Cluster, lines: Sequence[Do], files: Mapping[str, str]) -> list[Played]:
    """Carry out each line, one after the other; time passes only as the programs take it."""
    return [_apply(kube, each, files) if isinstance(each, Apply) else _type(kube, each) for each in lines]


def play_out(kube: Cluster, lines: Sequence[Do], files: Mapping[str, str]) -> list[Played]:
    """Carry out the lines, and let time pass until the cluster has settled, at most PATIENCE: a Pod may be meant never to be ready."""
    played = play(kube, lines, files)
    settle(kube, PATIENCE)
    return played


def shown(line: Do) -> str:
    """How a line reads in a terminal."""
    return f"kubectl apply -f {line.apply}" if isinstance(line, Apply) else line


class _Noting(Direct):
    """Notes the actions, and counts those that changed something."""

    def __init__(self, kube: Cluster) -> None:
        super().__init__(kube)
        self.changes = 0
        self.taken: list[tuple[int, Action]] = []

    def act(self, action: Action) -> Receipt:
        before = self._kube.store.revision
        receipt = super().act(action)
        self.changes += self._kube.store.revision != before
        self.taken.append((self._kube.now, action))
        return receipt


def _type(kube: Cluster, line: str) -> Played:
    door = _Noting(kube)
    finished = run(start_on(workstation(kube), ["sh", "-c", line]), kube, longest=LONGEST, door=door)
    return Played(line, finished.code, finished.out + finished.err, door.changes, tuple(door.taken))


def _apply(kube: Cluster, line: Apply, files: Mapping[str, str]) -> Played:
    door = _Noting(kube)
    try:
        receipt = door.act(ApplyDocuments(read(files[line.apply]).values))
    except Refusal as refusal:
        return Played(shown(line), 1, f"{refusal.message}\n", 0)
    return Played(shown(line), 0, "".join(f"{each}\n" for each in receipt.lines), 1, tuple(door.taken))
