"""When are all containers of a Pod started anew in its sandbox?  When one ends by a rule whose action is RestartAllContainers.

Source: KEP-5532; pkg/kubelet/kuberuntime/kuberuntime_manager.go (getContainersToReset, SyncPod: killContainer with a grace of 0, so without preStop
hooks), pkg/kubelet/kubelet_pods.go (convertToAPIContainerStatuses: the words, an end without times). There is no back-off.
Simplified: what still runs is stopped at once, not one after the other.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import ContainerState, Ended, Pod
from playground.kube.apiserver.pods import EXPIRED
from playground.kube.apiserver.podstatus import RESETTING
from playground.kube.clock import SECOND
from playground.kube.kubelet.power import Power
from playground.kube.kubelet.restarting import ALL, rule_of
from playground.kube.kubelet.status import States, states
from playground.kube.kubelet.views import view

RESET = "kubelet.reset"
SAID = "The container is removed because RestartAllContainers in place"
KILLED = 137


class Resetting:
    """The Pods that are to be reset, by uid."""

    def __init__(self, machinery: Machinery, power: Power, lifecycle: Any):
        self._machinery = machinery
        self._store = machinery.store
        self._power = power
        self._lifecycle = lifecycle
        self._pods: dict[str, None] = {}
        power.on(RESET, self._reset)

    def takes(self, pod: Pod, slot: int, exit_code: int) -> bool:
        """Whether the end of a container, with this exit code, is part of a reset, or begins one."""
        if pod.state.reason == EXPIRED:
            return False
        if pod.uid in self._pods:
            return True
        rule = rule_of(view(pod).containers[slot], exit_code)
        if rule is None or rule.action != ALL:
            return False
        self._pods[pod.uid] = None
        return True

    def holds(self, pod: Pod) -> bool:
        """Nothing of it is started before nothing of it runs."""
        return pod.uid in self._pods

    def ended(self, pod: Pod, after: States) -> None:
        """A container of such a Pod has ended."""
        begins = pod.state.restarting is None or not pod.state.restarting[0]
        if begins:
            pod = self._store.replace(pod, state=replace(pod.state, restarting=(True, self._machinery.now)))
        pod = self._lifecycle.put(pod, after)
        if begins:
            self._power.after(self._lifecycle.soon(), RESET, pod)
        elif not any(state.state == "running" for state in after):
            self._power.after(0, RESET, pod)

    def _reset(self, pod: Pod) -> None:
        """The kubelet comes back to the Pod: what runs is killed, and when nothing does, all begins with the first init container."""
        if pod.deleting is not None or pod.state.reason == EXPIRED or pod.uid not in self._pods:
            return
        running = [slot for slot, state in enumerate(states(pod)) if state.state == "running"]
        if not running:
            self._begin_anew(pod)
            return
        self._lifecycle.hooks.cancel(pod)
        for slot in running:
            self._machinery.record(pod, "Normal", "Killing", "killing", "kubelet", view(pod).containers[slot].field)
            self._lifecycle.stopping.stop(pod, slot, 0)

    def _begin_anew(self, pod: Pod) -> None:
        del self._pods[pod.uid]
        seen, now = view(pod), self._machinery.now
        epoch = -self._machinery.settings.epoch * SECOND
        ended = Ended(KILLED, RESETTING, epoch, epoch, SAID)
        after = tuple(
            state
            if state.state == "waiting"
            else ContainerState("waiting", now, RESETTING, restarts=state.restarts + 1, last=ended, message=SAID)
            for state in states(pod)
        )
        state = replace(pod.state, restarting=(False, now), initialized=None if seen.inits else pod.state.initialized)
        pod = self._lifecycle.put(self._store.replace(pod, state=state), after)
        self._lifecycle.begin_all(pod, range(len(after)))

    def forget(self, pod: Pod) -> None:
        self._pods.pop(pod.uid, None)

    def state(self) -> Any:
        return list(self._pods)

    def restore(self, state: Any) -> None:
        self._pods = dict.fromkeys(state)
