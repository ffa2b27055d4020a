"""Which containers are started anew because their image was changed?  Those, whatever their restart policy and the crashes before.

Source: pkg/kubelet/kuberuntime/kuberuntime_manager.go (computePodActions: containerChanged).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import ContainerState, Pod
from playground.kube.kubelet.power import Power
from playground.kube.kubelet.starting import CONFIG_ERROR, INVALID_IMAGE
from playground.kube.kubelet.status import states
from playground.kube.kubelet.views import view


class Renewing:
    """By Pod the slots that are being stopped for their image."""

    def __init__(self, machinery: Machinery, power: Power, lifecycle: Any):
        self._machinery = machinery
        self._power = power
        self._lifecycle = lifecycle
        self._outdated: dict[str, dict[int, None]] = {}

    def renew(self, old: Pod, new: Pod) -> None:
        """A Pod's spec has changed."""
        for slot, (before, after) in enumerate(zip(view(old).containers, view(new).containers, strict=False)):
            if before.image == after.image or (slot < view(new).inits and not after.sidecar) or not self._power.works(new.node):
                continue
            state = states(new)[slot] if states(new) else ContainerState()
            self._lifecycle.forgive(new, slot)
            if state.state == "running":
                said = f"Container {after.name} definition changed, will be restarted"
                self._machinery.record(new, "Normal", "Killing", said, "kubelet", after.field)
                self._outdated.setdefault(new.uid, {})[slot] = None
                self._lifecycle.stopping.stop(new, slot)
            elif state.last is not None:
                self._lifecycle.restart_soon(new, slot, state.restarts)
            elif state.reason in (INVALID_IMAGE, CONFIG_ERROR):
                self._lifecycle.run_soon(new)

    def take(self, pod: Pod, slot: int) -> bool:
        """The container was stopped for its image; said once."""
        slots = self._outdated.get(pod.uid, {})
        if slot not in slots:
            return False
        del slots[slot]
        if not slots:
            del self._outdated[pod.uid]
        return True

    def forget(self, pod: Pod) -> None:
        self._outdated.pop(pod.uid, None)

    def state(self) -> Any:
        return {uid: list(slots) for uid, slots in self._outdated.items()}

    def restore(self, state: Any) -> None:
        self._outdated = {uid: dict.fromkeys(slots) for uid, slots in state.items()}
