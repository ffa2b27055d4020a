"""Can a container be started, and what does its kubelet say of it?  Its image, its environment and its command decide.

Source: pkg/kubelet/kuberuntime/kuberuntime_container.go (startContainer), pkg/kubelet/kubelet_pods.go (convertToAPIContainerStatuses);
containerd internal/cri/server/container_start.go (exit code 128, StartError, no start time).
pkg/kubelet/images/image_manager.go (EnsureImageExists).
Simplified: images are never pulled: how long it took, and how large one is, is made up.
"""

from __future__ import annotations

import hashlib

from msgspec.structs import replace

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import ContainerState, Ended, Pod
from playground.kube.chance import mix
from playground.kube.clock import SECOND
from playground.kube.kubelet.awaited import Awaited
from playground.kube.kubelet.backoff import START_ERROR, where
from playground.kube.kubelet.commands import Commands
from playground.kube.kubelet.environments import Environments
from playground.kube.kubelet.envvars import Missing
from playground.kube.kubelet.imagenames import problem
from playground.kube.kubelet.prober import Prober
from playground.kube.kubelet.views import POST_START, view

CONFIG_ERROR, INVALID_IMAGE, RUN_ERROR = "CreateContainerConfigError", "InvalidImageName", "RunContainerError"
HOOK_ERROR = "PostStartHookError"
NOT_STARTED = 128
# Milliseconds that a look at the registry takes, at least; bytes of an image, at least and (beyond that) at most.
SHORTEST, SMALLEST, LARGEST = 200, 2_000_000, 180_000_000
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
        self._say(pod, "Normal", "Created", "Container created", container.field)
        complaint = self._commands.complaint(pod, slot)
        if complaint:
            message = RUNC_SAYS.format(complaint)
            self._say(pod, "Warning", "Failed", f"Error: {message}", container.field)
            # It has no start time, which the API shows as that of the epoch.
            failed = Ended(NOT_STARTED, START_ERROR, -self._machinery.settings.epoch * SECOND, now, message)
            return ContainerState("waiting", now, RUN_ERROR, restarts=restarts, last=failed, message=message)
        self._say(pod, "Normal", "Started", "Container started", container.field)
        if POST_START in container.hooks:
            return ContainerState("running", now, "", restarts=restarts, last=last, shown=before)
        started, ready = self._marks(pod, slot)
        return ContainerState("running", now, "", started, ready, restarts, last=last)

    def hooked(self, pod: Pod, slot: int, state: ContainerState) -> ContainerState:
        """What the state of a running container is when its postStart hook is done."""
        started, ready = self._marks(pod, slot)
        return replace(state, started=started, ready=ready, shown=None)

    def _marks(self, pod: Pod, slot: int) -> tuple[bool, bool]:
        """Whether it has started and is ready as soon as it runs."""
        probes = view(pod).containers[slot].probes
        started = "startup" not in probes
        return started, started and "readiness" not in probes and self._prober.forced(pod, "readiness") is not False

    def _obstacle(self, pod: Pod, slot: int) -> tuple[str, str] | None:
        """Why a container cannot be created, as a reason and a message, or None: then its environment is taken."""
        container = view(pod).containers[slot]
        field, unusable = container.field, problem(container.image)
        if unusable:
            self._say(pod, "Warning", "InspectFailed", unusable, field)
            self._say(pod, "Warning", "Failed", f"Error: {INVALID_IMAGE}", field)
            return INVALID_IMAGE, unusable
        self._pull(pod, slot)
        try:
            self._environments.take(pod, slot)
        except Missing as missing:
            self._say(pod, "Warning", "Failed", f"Error: {missing}", field)
            if missing.kind:
                self._awaited.wait(pod, missing.kind, missing.name)
            return CONFIG_ERROR, str(missing)
        if container.objection:
            why = f'{container.objection} (pod: "{where(pod)}", container: {container.name})'
            self._say(pod, "Warning", "Failed", f"Error: {why}", field)
            return CONFIG_ERROR, why
        return None

    def _pull(self, pod: Pod, slot: int) -> None:
        """Say how the image came to be there."""
        container = view(pod).containers[slot]
        if not container.pulls:
            said = f'Container image "{container.image}" already present on machine and can be accessed by the pod'
            self._say(pod, "Normal", "Pulled", said, container.field)
            return
        number = int(hashlib.sha256(container.image.encode()).hexdigest()[:8], 16)
        took, size = f"{SHORTEST + mix(self._machinery.now + number) % SHORTEST}ms", SMALLEST + number % LARGEST
        self._say(pod, "Normal", "Pulling", f'Pulling image "{container.image}"', container.field)
        said = f'Successfully pulled image "{container.image}" in {took} ({took} including waiting). Image size: {size} bytes.'
        self._say(pod, "Normal", "Pulled", said, container.field)

    def _say(self, pod: Pod, type: str, reason: str, message: str, field: str) -> None:
        self._machinery.record(pod, type, reason, message, "kubelet", field)
