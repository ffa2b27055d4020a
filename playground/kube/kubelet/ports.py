"""Is a container's port taken?  All containers of a Pod have one network, in which a port is listened on once.

Source: bind(2), EADDRINUSE; nginx tries for 2.5 s (src/core/ngx_connection.c) and then ends with 1, as servers do.
"""

from __future__ import annotations

from playground.kube.apiserver.objects import Pod
from playground.kube.clock import MILLISECOND
from playground.kube.kubelet.status import states
from playground.kube.kubelet.views import view

GIVES_UP_AFTER, EXIT_CODE = 2_500 * MILLISECOND, 1


def taken(pod: Pod, slot: int) -> bool:
    """Whether another running container of the Pod listens already on a port that this one, just started, wants."""
    containers, now = view(pod).containers, states(pod)
    wanted = frozenset(containers[slot].process.listens)
    for other, state in enumerate(now):
        before = state.since < now[slot].since or (state.since == now[slot].since and other < slot)
        if other != slot and state.state == "running" and before and not wanted.isdisjoint(containers[other].process.listens):
            return True
    return False
