"""How are a step's lines carried out where no page does it: without JavaScript, or where no terminal is shown?  On the server, through the one door."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from time import monotonic, sleep

from playground.clusters import looks, service
from playground.clusters.driving import Door, wall_seconds
from playground.clusters.models import Cluster
from playground.curriculum.checks import Apply, Do
from playground.kube.actions import Apply as ApplyDocuments
from playground.manifests.reader import read
from playground.terminal.programs.machines import workstation
from playground.terminal.sessions import Ended, Reads, Waits, start_on

LIMITS = ("terminal_actions_per_minute",)
PATIENCE = 10.0


def carry_out(cluster: Cluster, lines: Sequence[Do], files: Mapping[str, str]) -> None:
    """Each line, one after the other; one that does not end within PATIENCE seconds is left. Raises Refusal."""
    looks.attend(cluster)
    for line in lines:
        if isinstance(line, Apply):
            service.act(cluster, ApplyDocuments(read(files[line.apply]).values), secrets.token_urlsafe(12))
        else:
            _type(cluster, line)


def _type(cluster: Cluster, line: str) -> None:
    door, until = Door(cluster, LIMITS), monotonic() + PATIENCE
    with door.look() as kube:
        session = start_on(workstation(kube), ["sh", "-c", line])
    while monotonic() < until:
        step = session.step(door)
        if isinstance(step, Waits):
            _wait(door, step.until)
        elif isinstance(step, Reads):
            session.close_input()
        elif isinstance(step, Ended):
            return


def _wait(door: Door, until: int) -> None:
    """A piece of the way until the cluster's time has come."""
    sleep(wall_seconds(door, until))
