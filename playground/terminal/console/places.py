"""Where can a learner be?  `workstation`, `node/NAME`, or `pod/NAMESPACE/NAME/CONTAINER`; without a container it is the Pod's first."""

from __future__ import annotations

from playground.kube.cluster import Cluster
from playground.kube.errors import bad_request
from playground.terminal.programs import machines
from playground.terminal.programs.container import Container, find
from playground.terminal.programs.limits import Limits
from playground.terminal.sessions.session import Session

WORKSTATION, NODE, POD = "workstation", "node", "pod"


def container(kube: Cluster, place: str) -> Container:
    """What a program finds around it there. Raises Refusal."""
    kind, *names = place.split("/")
    if place == WORKSTATION:
        return machines.workstation(kube)
    if kind == NODE and len(names) == 1:
        return machines.node(kube, names[0])
    if kind == POD and len(names) in (2, 3):
        return find(kube, names[0], names[1], names[2] if len(names) == 3 else "", tty=True)
    raise bad_request(f'"{place[:80]}" is no place: workstation, node/NAME or pod/NAMESPACE/NAME/CONTAINER')


def begin(kube: Cluster, place: str) -> Session:
    """A shell there, on a terminal. Raises Refusal, NoProgram."""
    there = container(kube, place)
    return Session(there, ["bash" if there.image.shell == "bash" and there.machine else "sh"], True, Limits(), page=True)
