"""What comes of the hooks of containers?  postStart beside a container's start, preStop before its SIGTERM.

Source: pkg/kubelet/kuberuntime/kuberuntime_container.go (startContainer, executePreStopHook), pkg/kubelet/lifecycle/handlers.go;
an exec is run as a container's own command is (commands.py), but nothing that it prints is kept, and it ends with its container, with 137.
Simplified: an exec with anything that is not simulated passes when its `sleep`s are over; a request to a `host` passes; the answer to a request takes
no time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Pod
from playground.kube.clock import SECOND
from playground.kube.kubelet.backoff import where
from playground.kube.kubelet.commands import Commands, Ran
from playground.kube.kubelet.power import Power
from playground.kube.kubelet.prober import Prober, address, refused
from playground.kube.kubelet.status import states
from playground.kube.kubelet.views import POST_START, PRE_STOP, Hook, view

DUE, LATE = "kubelet.hook", "kubelet.latehook"
KILLED = 137
# A handler that the kubelet does not know, as Go prints it.
TCP = "&LifecycleHandler{{Exec:nil,HTTPGet:nil,TCPSocket:&TCPSocketAction{{Port:{{0 {} }},Host:{},}},Sleep:nil,}}"


class Row(msgspec.Struct, array_like=True):
    """A hook that goes on. `deadline` is until when preStop has time, `late` says that this is over, `error` why postStart failed."""

    deadline: int = 0
    late: bool = False
    error: str = ""


class Hooks:
    """By Pod, slot and name; `done(pod, slot, name, well, deadline)` is called when a hook is over, or has no more time."""

    def __init__(
        self, machinery: Machinery, power: Power, prober: Prober, commands: Commands, done: Callable[[Pod, int, str, bool, int], None]
    ):
        self._machinery = machinery
        self._power = power
        self._prober = prober
        self._commands = commands
        self._done = done
        self._rows: dict[str, dict[tuple[int, str], Row]] = {}
        commands.beside_ended = self._ran
        power.on(DUE, self._due)
        power.on(LATE, self._late)

    def begin(self, pod: Pod, slot: int, name: str, deadline: int = 0) -> None:
        """The hook of a running container begins; one with a deadline has time until then."""
        hook = view(pod).containers[slot].hooks[name]
        self._rows.setdefault(pod.uid, {})[slot, name] = Row(deadline)
        if deadline:
            self._power.after(deadline - self._machinery.now, LATE, pod, slot, states(pod)[slot].restarts, name, deadline)
        if hook.how == "exec" and self._commands.unknown_beside(pod.spec, slot, hook.command) is None:
            self._commands.begin_beside(pod, slot, name)
        else:
            self._power.after(hook.lasts, DUE, pod, slot, states(pod)[slot].restarts, name)

    def holds(self, pod: Pod) -> bool:
        """Its kubelet is busy with a postStart hook, and starts no other container until that is over or its container is gone."""
        return any(name == POST_START for _, name in self._rows.get(pod.uid, ()))

    def cancel(self, pod: Pod) -> None:
        """All containers of the Pod are stopped: its postStart hooks are given up."""
        self._drop(pod, lambda _, name: name == POST_START)

    def end(self, pod: Pod, slot: int) -> str:
        """A container has ended: why its postStart hook failed, "" if it did not."""
        if pod.uid not in self._rows:
            return ""
        for name in (POST_START, PRE_STOP):
            row = self._rows.get(pod.uid, {}).get((slot, name))
            hook = view(pod).containers[slot].hooks.get(name)
            if row is not None and not row.error and hook is not None and hook.how == "exec":
                row.error = _of_exec(pod, slot, hook, _exited(hook, KILLED, ""), "")
                self._tell(pod, slot, name)
        failed = self._rows.get(pod.uid, {}).get((slot, POST_START), Row()).error
        self._drop(pod, lambda each, _: each == slot)
        return failed

    def forget(self, pod: Pod) -> None:
        self._rows.pop(pod.uid, None)

    def _ran(self, pod: Pod, slot: int, name: str, ran: Ran | str) -> None:
        """The command of a hook has ended, or (a text) could not be started."""
        hook = view(pod).containers[slot].hooks[name]
        if isinstance(ran, str):
            self._over(pod, slot, name, _of_exec(pod, slot, hook, ran, ""))
        else:
            error = _of_exec(pod, slot, hook, _exited(hook, ran.status, ran.complaint), ran.printed) if ran.status else ""
            self._over(pod, slot, name, error)

    def _due(self, pod: Pod, slot: int, restarts: int, name: str) -> None:
        """A hook that is no command is asked, or its time is over."""
        state, hook = states(pod)[slot], view(pod).containers[slot].hooks[name]
        if state.state != "running" or state.restarts != restarts:
            return
        if hook.how == "httpGet" and not hook.host and self._prober.hangs(pod, slot):
            self._power.after(SECOND, DUE, pod, slot, restarts, name)
        else:
            self._over(pod, slot, name, self._error(pod, slot, hook))

    def _error(self, pod: Pod, slot: int, hook: Hook) -> str:
        if hook.how == "tcpSocket":
            return f"Cannot run handler: invalid handler: {TCP.format(hook.port, hook.host)}"
        if hook.how != "httpGet" or hook.host or self._listens(pod, hook.port):
            return ""
        to = address(pod.ip, hook.port)
        said = f"HTTP lifecycle hook ({hook.path}) for {_place(pod, slot)} failed - error: "
        return f'{said}Get "{hook.scheme}://{to}{hook.path if hook.path.startswith("/") else f"/{hook.path}"}": {refused(to)}'

    def _listens(self, pod: Pod, port: int) -> bool:
        """A container of the Pod that runs takes connections there."""
        running = (each for each in view(pod).ports.get((port, "TCP"), ()) if states(pod)[each].state == "running")
        return any(self._prober.listens(pod, each) for each in running)

    def _late(self, pod: Pod, slot: int, restarts: int, name: str, deadline: int) -> None:
        """The hook goes on beside what now happens to its container."""
        row = self._rows.get(pod.uid, {}).get((slot, name))
        if row is not None and row.deadline == deadline and not row.late and states(pod)[slot].restarts == restarts:
            row.late = True
            self._done(pod, slot, name, False, deadline)

    def _over(self, pod: Pod, slot: int, name: str, error: str) -> None:
        row = self._rows.get(pod.uid, {}).get((slot, name))
        if row is None or row.error:
            return
        row.error = error
        if error:
            self._tell(pod, slot, name)
        if name == PRE_STOP or not error:
            self._drop(pod, lambda *key: key == (slot, name))
        if not row.late:
            self._done(pod, slot, name, not error, row.deadline)

    def _tell(self, pod: Pod, slot: int, name: str) -> None:
        word, field = ("PostStart" if name == POST_START else "PreStop"), view(pod).containers[slot].field
        self._machinery.record(pod, "Warning", f"Failed{word}Hook", f"{word}Hook failed", "kubelet", field)
        if name == POST_START:
            self._machinery.record(pod, "Normal", "Killing", f"Failed{word}Hook", "kubelet", field)

    def _drop(self, pod: Pod, unwanted: Callable[[int, str], bool]) -> None:
        kept = {key: row for key, row in self._rows.pop(pod.uid, {}).items() if not unwanted(*key)}
        if kept:
            self._rows[pod.uid] = kept

    def state(self) -> list[Any]:
        return [[uid, slot, name, msgspec.to_builtins(row)] for uid, found in self._rows.items() for (slot, name), row in found.items()]

    def restore(self, state: list[Any]) -> None:
        for uid, slot, name, row in state:
            self._rows.setdefault(uid, {})[slot, name] = msgspec.convert(row, Row)


def _of_exec(pod: Pod, slot: int, hook: Hook, error: str, output: str) -> str:
    said = msgspec.json.encode(output).decode()
    return f"Exec lifecycle hook ([{' '.join(hook.command)}]) for {_place(pod, slot)} failed - error: {error}, message: {said}"


def _exited(hook: Hook, status: int, complaint: str) -> str:
    return f"command '{' '.join(hook.command)}' exited with {status}: {complaint}"


def _place(pod: Pod, slot: int) -> str:
    return f'Container "{view(pod).containers[slot].name}" in Pod "{where(pod)}"'
