"""Has a Pod what its containers need before they can start?  Its volumes, a sandbox, addresses.

Source: pkg/kubelet/kubelet.go (SyncPod), pkg/kubelet/kuberuntime/kuberuntime_sandbox.go.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.allocators import Full, PodAddresses
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import addresses
from playground.kube.apiserver.objects import ContainerState, Pod
from playground.kube.apiserver.pods import is_finished
from playground.kube.clock import SECOND
from playground.kube.kubelet.awaited import Awaited
from playground.kube.kubelet.environments import Environments
from playground.kube.kubelet.power import Power
from playground.kube.kubelet.status import settled
from playground.kube.kubelet.views import view
from playground.kube.kubelet.volumes import unmounted

BEGIN = "kubelet.begin"
CREATING = ContainerState()
INITIALIZING = ContainerState(reason="PodInitializing")


class Sandboxes:
    """Makes them; `_starved` are by Node the Pods for which it has no address."""

    def __init__(
        self, machinery: Machinery, power: Power, free: PodAddresses, environments: Environments, awaited: Awaited, lifecycle: Any
    ):
        self._machinery = machinery
        self._store = machinery.store
        self._power = power
        self._free = free
        self._environments = environments
        self._awaited = awaited
        self._lifecycle = lifecycle
        self._starved: dict[str, dict[str, None]] = {}
        power.on(BEGIN, self.begin)

    def begin_after(self, delay: int, pod: Pod) -> None:
        self._power.after(delay, BEGIN, pod)

    def begin(self, pod: Pod) -> None:
        """Make the sandbox of a Pod that has none, if that can be; then its containers are started."""
        if pod.deleting is not None or pod.ip or is_finished(pod):
            return
        seen, lacking = view(pod), unmounted(pod, partial(self._environments.held_by, pod))
        hosts = addresses(self._store.get("Node", "", pod.node)) or ("",)
        if lacking is not None:
            self._say(pod, "FailedMount", lacking.message)
            self._awaited.wait(pod, lacking.source.kind, lacking.source.name)
            self._present(pod, (), hosts[0])
            return
        try:
            ips = hosts if seen.host_network else self._free.take(pod.node)
        except Full as full:
            self._say(pod, "FailedCreatePodSandBox", f"Failed to create pod sandbox: {full}")
            self._starved.setdefault(pod.node, {})[pod.uid] = None
            return
        self._lifecycle.run_soon(self._present(pod, ips, hosts[0]))

    def begin_again(self, pod: Pod) -> None:
        """The sandbox is gone: another is made, with addresses of its own."""
        state = replace(pod.state, sandbox_since=self._machinery.now)
        if view(pod).host_network:
            self._lifecycle.run_soon(self._store.replace(pod, state=state))
        else:
            self.begin(self._store.replace(pod, ip="", other_ip="", state=state))

    def _present(self, pod: Pod, ips: tuple[str, ...], host: str) -> Pod:
        """Say that the kubelet has the Pod, and (with addresses) that its sandbox is there."""
        ip, other_ip = (*ips, "", "")[:2]
        if pod.state.started is not None:
            state = replace(pod.state, sandbox_since=self._machinery.now) if ip else pod.state
            put: Pod = self._store.replace(pod, ip=ip, other_ip=other_ip, state=state)
            return put
        seen = view(pod)
        first = INITIALIZING if seen.inits else CREATING
        state = settled(pod, seen, (first,) * len(seen.containers), self._machinery.now)
        pod = self._store.replace(pod, ip=ip, other_ip=other_ip, host_ip=host, state=replace(state, started=self._machinery.now))
        self._lifecycle.mind_deadline(pod)
        return pod

    def forget(self, pod: Pod) -> None:
        """The Pod is gone; its address may be another's now."""
        for uid in self._starved.pop(pod.node, ()):
            waiting = self._store.by_uid(uid)
            if waiting is not None:
                self.begin_after(SECOND, waiting)

    def _say(self, pod: Pod, reason: str, message: str) -> None:
        self._machinery.record(pod, "Warning", reason, message, "kubelet")

    def state(self) -> Any:
        return {node: list(uids) for node, uids in self._starved.items()}

    def restore(self, state: Any) -> None:
        self._starved = {node: dict.fromkeys(uids) for node, uids in state.items()}
