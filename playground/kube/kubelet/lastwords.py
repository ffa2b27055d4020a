"""What has a container said at its end?  What it wrote into its termination message file, or else the end of its logs.

Source: pkg/kubelet/kuberuntime/kuberuntime_container.go (getTerminationMessage, readLastStringFromContainerLogs), pkg/kubelet/container/runtime.go
(the limits), pkg/kubelet/status/status_manager.go (normalizeStatus: 12 KB for all containers of a Pod).
"""

from __future__ import annotations

from playground.kube.apiserver.objects import Pod
from playground.kube.kubelet.commands import Commands
from playground.kube.kubelet.files import Files
from playground.kube.kubelet.status import states
from playground.kube.kubelet.views import view

# In bytes, but for the lines.
OF_A_FILE, OF_A_LOG, LINES, OF_A_POD = 4_096, 2_048, 80, 12 * 1_024


def last_words(pod: Pod, slot: int, exit_code: int, files: Files, commands: Commands) -> str:
    """The message of a container that ends now; it is still in the Pod's state as running."""
    seen = view(pod)
    said = _end(files.read(pod, slot, seen.containers[slot].message_path), OF_A_FILE)
    if not said and exit_code and seen.containers[slot].falls_back:
        lines = [line for time, line in commands.printed(pod, slot) if time >= states(pod)[slot].since]
        said = _end("".join(f"{line}\n" for line in lines[-LINES:]), OF_A_LOG)
    return said.encode()[: OF_A_POD // len(seen.containers)].decode(errors="ignore") if said else ""


def _end(text: str, most: int) -> str:
    return text if len(text) * 4 <= most else text.encode()[-most:].decode(errors="ignore")
