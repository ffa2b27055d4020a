"""What do the kubelets do?  Each runs the Pods bound to its Node while the Node has power.

Source: pkg/kubelet/kubelet.go.
One object stands for the kubelets of all Nodes: they share no state but what is kept by Node and by Pod.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.allocators import Allocators, Full
from playground.kube.apiserver.leases import noticed
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import SILENCE, boot_id, is_registered
from playground.kube.apiserver.objects import JSON, Object, Pod
from playground.kube.apiserver.pods import is_finished
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.errors import Refusal, bad_request, over_limit
from playground.kube.events import PowerChanged
from playground.kube.kubelet.commands import Line, Software
from playground.kube.kubelet.envvars import Variable
from playground.kube.kubelet.files import Changes, Held
from playground.kube.kubelet.images import Port
from playground.kube.kubelet.leases import Leases
from playground.kube.kubelet.lifecycle import Lifecycle
from playground.kube.kubelet.power import Power
from playground.kube.kubelet.registration import booted, node_object
from playground.kube.kubelet.status import states
from playground.kube.kubelet.stopping import Stopping
from playground.kube.kubelet.views import view

HEARS_AFTER = 5 * MILLISECOND
BOOT_TIME = SECOND
BOOT = "kubelet.boot"


class Kubelet:
    """All Nodes' kubelets. Methods that act raise Refusal before they change anything."""

    def __init__(self, machinery: Machinery, allocators: Allocators):
        self._machinery = machinery
        self._store = machinery.store
        self._allocators = allocators
        self._power = Power(machinery)
        self._lifecycle = Lifecycle(machinery, self._power, allocators.pod_addresses)
        self._stopping = self._lifecycle.stopping = Stopping(machinery, self._power, self._lifecycle)
        self._leases = Leases(machinery, self._power)
        self._boots: dict[str, int] = {}
        self._listeners: dict[str, tuple[Pod, dict[Port, tuple[int, ...]] | None]] = {}
        machinery.clock.on(BOOT, self._boot)
        machinery.store.watch("Pod", self._pod_changed, of=("node", "spec", "deleting"))
        machinery.store.watch("Pod", self._state_changed, of=("state",))
        machinery.store.watch("Node", self._node_changed)

    # --- Nodes

    def register(self, name: str, labels: dict[str, str]) -> Object:
        """Make and store the object of a new Node, which is Ready at once."""
        try:
            made = node_object(self._machinery, self._allocators, name, labels)
        except Full as full:
            raise over_limit(str(full)) from full
        stored: Object = self._store.create(made)
        self._leases.begin(stored)
        self._machinery.record(stored, "Normal", "Starting", "Starting kubelet.", "kubelet")
        self._machinery.record(stored, "Normal", "NodeReady", f"Node {name} status is now: NodeReady", "kubelet")
        return stored

    def powered(self, node: str) -> bool:
        return self._power.is_on(node)

    def up(self, node: str) -> bool:
        """The Node has power and has booted."""
        return self._power.is_up(node)

    def boots(self, node: str) -> int:
        """How often its power was switched."""
        return self._boots.get(node, 0)

    def power(self, node: str, on: bool) -> None:
        """Cut or restore a Node's power; nothing happens if it is so already. A Node that no kubelet registered has none."""
        known = self._store.get("Node", "", node)
        if known is None or not is_registered(known):
            raise bad_request(f'node "{node}" has no kubelet: nobody registered it')
        if self._power.is_on(node) is on:
            return
        self._boots[node] = number = self._boots.get(node, 0) + 1
        if on:
            self._power.boot(node)
            self._machinery.clock.after(BOOT_TIME, BOOT, node, number)
        else:
            self._power.cut(node)
            self._machinery.clock.at(noticed(self._leases.fall_silent(node)), SILENCE, known.uid, boot_id(known))
        self._machinery.tell(PowerChanged(self._machinery.now, node, on))

    def _boot(self, name: str, number: int) -> None:
        node = self._store.get("Node", "", name)
        if node is None or number != self._boots[name] or not self._power.booted(name):
            return
        node = self._store.replace(node, status=booted(self._machinery, node))
        self._leases.begin(node)
        self._machinery.record(node, "Normal", "Starting", "Starting kubelet.", "kubelet")
        said = f"Node {name} has been rebooted, boot id: {boot_id(node)}"
        self._machinery.record(node, "Warning", "Rebooted", said, "kubelet")
        self._revive(name)

    def _revive(self, node: str) -> None:
        for pod in self._store.find(self._machinery.pods_by_node, node):
            if pod.deleting is not None:
                self._stopping.revive(pod)
            else:
                self._lifecycle.revive(pod)

    # --- Pods

    def crash(self, pod: Pod, container: str, exit_code: int) -> None:
        """Make the process of a running container (without a name, the Pod's first) end with an exit code."""
        slot = self._slot(pod, container)
        name = view(pod).containers[slot].name
        if not self._power.works(pod.node) or not _runs(pod, slot):
            raise _not_running(pod, name)
        self._lifecycle.exit_after(0, pod, slot, exit_code)

    def hang(self, pod: Pod) -> None:
        """Make the processes of a Pod's running containers stand still."""
        slots = [slot for slot in range(len(states(pod))) if _runs(pod, slot)]
        if not self._power.works(pod.node) or not slots:
            raise _not_running(pod, view(pod).containers[-1].name)
        self._lifecycle.prober.hang(pod, slots)

    def wake(self, pod: Pod) -> None:
        """Let them go on."""
        self._lifecycle.prober.hang(pod, [])

    def hangs(self, pod: Pod) -> bool:
        """Some process of the Pod stands still."""
        return self._lifecycle.prober.hanging(pod)

    def set_probe(self, pod: Pod, probe: str, passes: bool | None) -> None:
        """Make a Pod's containers answer `readiness`, `liveness` or `startup` well, badly, or (None) by themselves.
        A container without a readiness probe follows at once; the other kinds need a probe."""
        asked = [container for container in view(pod).containers if probe in container.probes]
        if probe != "readiness" and not asked:
            raise bad_request(f'pod "{pod.name}" has no {probe} probe')
        self._lifecycle.prober.force(pod, probe, passes)
        if probe == "readiness" and self._power.works(pod.node):
            self._lifecycle.judging.force_ready(pod, passes)

    def forced(self, pod: Pod, probe: str) -> bool | None:
        """How a Pod's containers were made to answer a probe; None: they answer by themselves."""
        return self._lifecycle.prober.forced(pod, probe)

    def serves(self, pod: Pod, port: int, protocol: str = "TCP") -> str:
        """What a connection to a Pod meets: `accepts`, `refuses`, `hangs` when its process stands still, or `dead` when nothing is there."""
        now = self._store.by_uid(pod.uid)
        listeners = self._listeners_of(now) if now is not None and self._power.works(now.node) else None
        if listeners is None:
            return "dead"
        slot = self._listening(now, listeners.get((port, protocol), ()))
        if slot is None:
            return "refuses"
        return "hangs" if self._lifecycle.prober.hangs(now, slot) else "accepts"

    def listener(self, pod: Pod, port: int, protocol: str = "TCP") -> tuple[int, int] | None:
        """The process that listens there, as the slot of its container and that one's restarts; None if none does."""
        now = self._store.by_uid(pod.uid)
        listeners = self._listeners_of(now) if now is not None and self._power.works(now.node) else None
        slot = self._listening(now, (listeners or {}).get((port, protocol), ()))
        return None if slot is None else (slot, states(now)[slot].restarts)

    def _listening(self, pod: Pod, slots: tuple[int, ...]) -> int | None:
        """The first of these slots whose process listens."""
        for slot in slots:
            if self._lifecycle.prober.listens(pod, slot):
                return slot
        return None

    def _listeners_of(self, pod: Pod) -> dict[Port, tuple[int, ...]] | None:
        """The slots of the running containers behind each port, None without an address; read once for each state a Pod is in."""
        known = self._listeners.get(pod.uid)
        if known is None or known[0] is not pod:
            known = self._listeners[pod.uid] = pod, _listeners(pod) if pod.ip and not is_finished(pod) else None
        return known[1]

    def listens(self, pod: Pod) -> tuple[Port, ...]:
        """The ports on which the Pod's containers listen when they run, as (port, protocol)."""
        return tuple(view(pod).ports)

    def says(self, pod: Pod, port: int, protocol: str = "TCP") -> str:
        """What the application behind a port answers: its Pod's name, so that a learner sees who it was."""
        slots = view(pod).ports.get((port, protocol), ())
        image = view(pod).containers[slots[0]].image if slots else ""
        return f"{pod.name} ({image})" if image else pod.name

    def environment(self, pod: Pod, container: str) -> tuple[Variable, ...]:
        """The environment variables that a container (without a name, the Pod's first) was last started with, as (name,
        value); none if it never was. Raises Refusal for a container that the Pod does not have."""
        return self._lifecycle.environments.of(pod, self._slot(pod, container))

    def environment_of_services(self, pod: Pod, container: str) -> tuple[Variable, ...]:
        """Which variables of Services a container was last started with, also such as it sets itself. Raises Refusal as `environment` does."""
        return self._lifecycle.environments.of_services(pod, self._slot(pod, container))

    def _slot(self, pod: Pod, container: str) -> int:
        names = [each.name for each in view(pod).containers]
        if not container:
            return view(pod).inits
        if container not in names:
            raise bad_request(f"container {container} is not valid for pod {pod.name}: it has {', '.join(names)}")
        return names.index(container)

    def files(self, pod: Pod, slot: int) -> Held:
        """What was written into a container, text by path, None of a directory."""
        return self._lifecycle.files.of(pod, slot)

    def write(self, pod: Pod, container: str, changes: Changes) -> None:
        """Change the files of a running container (without a name, the Pod's first)."""
        slot = self._slot(pod, container)
        if not self._power.works(pod.node) or not _runs(pod, slot):
            raise _not_running(pod, view(pod).containers[slot].name)
        self._lifecycle.files.check(pod, slot, changes)
        self._lifecycle.files.change(pod, slot, changes)

    def install(self, software: Software | None, cluster: Any) -> None:
        """What containers can run, and the cluster that it asks."""
        self._lifecycle.commands.install(software, cluster)

    def runs(self, pod: Pod, slot: int) -> bool:
        """Whether a container's command is run, rather than guessed at."""
        return self._lifecycle.commands.runs(pod, slot)

    def unknown(self, spec: JSON, slot: int) -> str:
        """What in the command of a container of a Pod's spec is not simulated, so that it is guessed at; "" if that is not why."""
        return self._lifecycle.commands.unknown(spec, slot)

    def unknown_in_probe(self, spec: JSON, slot: int, command: tuple[str, ...]) -> str | None:
        """What in the command of an exec probe is not simulated; None if it is run."""
        return self._lifecycle.commands.probes(spec, slot, command)

    def unknown_in_hook(self, spec: JSON, slot: int, command: tuple[str, ...]) -> str | None:
        """What in the command of a hook is not simulated; None if it is run."""
        return self._lifecycle.commands.unknown_beside(spec, slot, command)

    @property
    def lines(self) -> int:
        """How many lines all commands of containers have printed."""
        return self._lifecycle.commands.lines

    def printed(self, pod: Pod, slot: int, after: int = 0) -> list[Line]:
        """What a container's command printed since there were `after` lines in all: virtual microseconds, and a line without its end."""
        return self._lifecycle.commands.printed(pod, slot, after)

    # --- what the kubelets hear

    def _pod_changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._listeners.pop(old.uid, None)
            self._lifecycle.forget(old)
            self._stopping.forget(old)
        elif not new.node:
            return
        elif old is None or not old.node:
            self._lifecycle.sandboxes.begin_after(HEARS_AFTER, new)
        elif old.spec is not new.spec:
            self._lifecycle.mind_deadline(new)
            self._lifecycle.renew(old, new)
        if new is not None and new.deleting is not None and (old is None or old.deleting != new.deleting):
            self._stopping.terminate_after(HEARS_AFTER, new)

    def _state_changed(self, old: Any, new: Any) -> None:
        """A condition that others set may open a readiness gate."""
        if old is not None and new is not None and old.state.conditions != new.state.conditions and new.spec.get("readinessGates"):
            self._lifecycle.reconcile_after(HEARS_AFTER, new)

    def _node_changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._power.forget(old.name)
        elif old is None and is_registered(new):
            self._revive(new.name)
        elif old is not None and self._power.works(new.name) and bool(old.spec.get("unschedulable")) != bool(new.spec.get("unschedulable")):
            word = "NodeNotSchedulable" if new.spec.get("unschedulable") else "NodeSchedulable"
            self._machinery.record(new, "Normal", word, f"Node {new.name} status is now: {word}", "kubelet")

    # --- saving

    def state(self) -> list[Any]:
        return [self._power.state(), self._lifecycle.state(), self._stopping.state(), self._boots]

    def restore(self, state: list[Any]) -> None:
        power, lifecycle, stopping, boots = state
        self._power.restore(power)
        self._lifecycle.restore(lifecycle)
        self._stopping.restore(stopping)
        self._boots = dict(boots)


def _listeners(pod: Pod) -> dict[Port, tuple[int, ...]]:
    return {port: tuple(slot for slot in slots if _runs(pod, slot)) for port, slots in view(pod).ports.items()}


def _runs(pod: Pod, slot: int) -> bool:
    found = states(pod)
    return slot < len(found) and found[slot].state == "running"


def _not_running(pod: Pod, container: str) -> Refusal:
    return Refusal(409, "Conflict", f'container "{container}" in pod "{pod.name}" is not running')
