"""Can a container be started, and what does its kubelet say of it?  Its image, its environment and its command decide.

Source: pkg/kubelet/kuberuntime/kuberuntime_container.go (startContainer), pkg/kubelet/kubelet_pods.go (convertToAPIContainerStatuses);
containerd internal/cri/server/container_start.go (exit code 128, StartError, no start time).
Simplified: images are never pulled.
"""

from __future__ import annotations

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import ContainerState, Ended, Pod
from playground.kube.clock import SECOND
from playground.kube.kubelet.awaited import Awaited
from playground.kube.kubelet.backoff import START_ERROR
from playground.kube.kubelet.commands import Commands
from playground.kube.kubelet.environments import Environments
from playground.kube.kubelet.envvars import Missing
from playground.kube.kubelet.imagenames import problem
from playground.kube.kubelet.prober import Prober
from playground.kube.kubelet.views import view

CONFIG_ERROR, INVALID_IMAGE, RUN_ERROR = "CreateContainerConfigError", "InvalidImageName", "RunContainerError"
NOT_STARTED = 128
RUNC_SAYS = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed:"
    " unable to start container process: error during container init: {}: unknown"
)


class Starting:
    """Tries to start containers; what goes on in them once they run is for others."""

    def __init__(self, machinery: Machinery, environments: Environments, prober: Prober, commands: Commands, awaited: Awaited):
        self._machinery = machinery
        self._environments = environments
        self._prober = prober
        self._commands = commands
        self._awaited = awaited

    def begin(self, pod: Pod, slot: int, before: ContainerState, restarts: int) -> ContainerState:
        """What a container's state is after the try, which was `before`."""
        container, now, last = view(pod).containers[slot], self._machinery.now, before.ended or before.last
        why = self._obstacle(pod, slot)
        if why:
            return ContainerState("waiting", now, why[0], restarts=before.restarts, last=last, message=why[1])
        self._say(pod, "Normal", "Created", f"Container created: {container.name}", container.field)
        complaint = self._commands.complaint(pod, slot)
        if complaint:
            message = RUNC_SAYS.format(complaint)
            self._say(pod, "Warning", "Failed", f"Error: {message}", container.field)
            # It has no start time, which the API shows as that of the epoch.
            failed = Ended(NOT_STARTED, START_ERROR, -self._machinery.settings.epoch * SECOND, now, message)
            return ContainerState("waiting", now, RUN_ERROR, restarts=restarts, last=failed, message=message)
        self._say(pod, "Normal", "Started", f"Container started: {container.name}", container.field)
        started = "startup" not in container.probes
        ready = started and "readiness" not in container.probes and self._prober.forced(pod, "readiness") is not False
        return ContainerState("running", now, "", started, ready, restarts, last=last)

    def _obstacle(self, pod: Pod, slot: int) -> tuple[str, str] | None:
        """Why a container cannot be created, as a reason and a message, or None: then its environment is taken."""
        container = view(pod).containers[slot]
        image, field, unusable = container.image, container.field, problem(container.image)
        if unusable:
            self._say(pod, "Warning", "InspectFailed", unusable, field)
            self._say(pod, "Warning", "Failed", f"Error: {INVALID_IMAGE}", field)
            return INVALID_IMAGE, unusable
        self._say(pod, "Normal", "Pulled", f'Container image "{image}" already present on machine', field)
        try:
            self._environments.take(pod, slot)
        except Missing as missing:
            self._say(pod, "Warning", "Failed", f"Error: {missing}", field)
            self._awaited.wait(pod, missing.kind, missing.name)
            return CONFIG_ERROR, str(missing)
        return None

    def _say(self, pod: Pod, type: str, reason: str, message: str, field: str) -> None:
        self._machinery.record(pod, type, reason, message, "kubelet", field)
