"""How does a Pod live on its Node?  Sandbox, init containers in order, containers, restarts with back-off.

Source: content/en/docs/concepts/workloads/pods/pod-lifecycle.md, pkg/kubelet/kuberuntime/kuberuntime_manager.go (SyncPod,
computePodActions), pkg/kubelet/active_deadline.go.
Simplified: images are pulled and containers started together, after one time drawn by chance.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.allocators import PodAddresses
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import ContainerState, Ended, Pod
from playground.kube.apiserver.pods import EXPIRED, is_finished
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.kubelet import ports
from playground.kube.kubelet.awaited import Awaited
from playground.kube.kubelet.backoff import BackOffs, sentences
from playground.kube.kubelet.commands import Commands
from playground.kube.kubelet.environments import Environments
from playground.kube.kubelet.execprobes import ExecProbes
from playground.kube.kubelet.files import Files
from playground.kube.kubelet.hooks import Hooks
from playground.kube.kubelet.judging import Judging
from playground.kube.kubelet.lastwords import last_words
from playground.kube.kubelet.power import Power
from playground.kube.kubelet.prober import Prober
from playground.kube.kubelet.probing import Probing
from playground.kube.kubelet.renewing import Renewing
from playground.kube.kubelet.resetting import Resetting
from playground.kube.kubelet.restarting import goes_on, restarts
from playground.kube.kubelet.sandboxes import Sandboxes
from playground.kube.kubelet.starting import CONFIG_ERROR, HOOK_ERROR, INVALID_IMAGE, RUN_ERROR, Starting
from playground.kube.kubelet.status import States, has_succeeded, is_fresh, is_over, next_number, settled, states
from playground.kube.kubelet.views import POST_START, PRE_STOP, view

RUN, EXIT, RESTART, EXPIRE = "kubelet.run", "kubelet.exit", "kubelet.restart", "kubelet.expire"
RETRY, RECONCILE, UNSTARTED = "kubelet.retry", "kubelet.reconcile", "kubelet.unstarted"
LAST_SYNC, LAST_MOUNT = 15 * SECOND, 122 * SECOND
START_TIME = (400 * MILLISECOND, 1_500 * MILLISECOND)


class Lifecycle:
    """Starts and restarts the containers of Pods; `end` is told when a container's process has ended."""

    def __init__(self, machinery: Machinery, power: Power, addresses: PodAddresses):
        self._machinery = machinery
        self._store = machinery.store
        self._power = power
        self._back_offs = BackOffs()
        self._anew: dict[str, list[int]] = {}
        self.judging = Judging(machinery, self)
        self.prober = Prober(machinery, power, self.judging.probed)
        self.files = Files(machinery.settings.limits)
        self.environments = Environments(machinery, self.files)
        self.commands = Commands(machinery, power, self.prober, self.files, self.end)
        self._execs = ExecProbes(machinery, power, self.commands, self.prober.forced, self.judging.judge)
        self.probing = Probing(machinery, self.prober, self._execs)
        self._awaited = Awaited(machinery, self._retry_later)
        self.sandboxes = Sandboxes(machinery, power, addresses, self.environments, self._awaited, self)
        self._starting = Starting(machinery, self.environments, self.prober, self.commands, self._awaited)
        self.hooks = Hooks(machinery, power, self.prober, self.commands, self._hooked)
        self._renewing = Renewing(machinery, power, self)
        self._resetting = Resetting(machinery, power, self)
        self.stopping: Any = None
        power.on(RUN, self.run)
        power.on(EXIT, self._exit)
        power.on(RESTART, self._restart)
        power.on(EXPIRE, self._expire)
        power.on(RETRY, self._retry)
        power.on(RECONCILE, self._reconcile)
        power.on(UNSTARTED, self._unstarted)

    # --- from a bound Pod to running containers

    def soon(self) -> int:
        """After how long a kubelet comes to what there is to do."""
        return self._machinery.chance.between(*START_TIME)

    def run_soon(self, pod: Pod) -> None:
        self._power.after(self.soon(), RUN, pod)

    def run(self, pod: Pod) -> None:
        """Start what can be started: the init containers one after the other, and then all others, up to a postStart hook, at once."""
        if pod.deleting is not None or pod.state.reason == EXPIRED or self.hooks.holds(pod) or self._resetting.holds(pod):
            return
        seen, present = view(pod), states(pod)
        for slot in range(seen.inits):
            state, sidecar = present[slot], seen.containers[slot].sidecar
            if self._is_due(pod, slot):
                pod = self._start(pod, (slot,))
                if not (sidecar and states(pod)[slot].started):
                    return
            elif not (state.started if sidecar else has_succeeded(state)):
                return
        slots = tuple(slot for slot in range(seen.inits, len(present)) if self._is_due(pod, slot))
        if slots:
            self._start(pod, slots)

    def _is_due(self, pod: Pod, slot: int) -> bool:
        """It has never been started, or not in this sandbox."""
        return is_fresh(states(pod)[slot]) or slot in self._anew.get(pod.uid, ())

    def _start(self, pod: Pod, slots: tuple[int, ...], present: States = ()) -> Pod:
        """Start containers of a Pod whose states are `present`, or those that are stored; those after one with a postStart hook not yet."""
        seen, after = view(pod), list(present or states(pod))
        for place, slot in enumerate(slots, 1):
            before = after[slot]
            after[slot] = self._starting.begin(pod, slot, before, next_number(before))
            if after[slot].shown is not None:
                slots = slots[:place]
                break
        if left := [slot for slot in self._anew.pop(pod.uid, ()) if slot not in slots]:
            self._anew[pod.uid] = left
        pod = self.put(pod, tuple(after))
        for slot in (slot for slot in slots if after[slot].reason == RUN_ERROR):
            self._power.after(self.soon(), UNSTARTED, pod, slot, after[slot].restarts)
        for slot in (slot for slot in slots if after[slot].state == "running"):
            if after[slot].shown is None:
                self._probe(pod, slot)
            else:
                self.hooks.begin(pod, slot, POST_START)
            process = seen.containers[slot].process
            if ports.taken(pod, slot):
                self.exit_after(ports.GIVES_UP_AFTER, pod, slot, ports.EXIT_CODE)
            elif self.commands.runs(pod, slot):
                self.commands.begin(pod, slot)
            elif process.lasts is not None:
                self.exit_after(process.lasts, pod, slot, process.exit_code)
        return pod

    def _probe(self, pod: Pod, slot: int) -> None:
        """The first probes of a container that runs."""
        self.probing.begin(pod, slot, ("readiness", "liveness") if states(pod)[slot].started else ("startup",))

    def _hooked(self, pod: Pod, slot: int, name: str, well: bool, deadline: int) -> None:
        """A hook is over, or has no more time."""
        if name == PRE_STOP:
            self.stopping.hooked(pod, slot, deadline)
        elif not well:
            self.stopping.stop(pod, slot)
        else:
            present = states(pod)
            pod = self.put(pod, (*present[:slot], self._starting.hooked(pod, slot, present[slot]), *present[slot + 1 :]))
            self._probe(pod, slot)
            self.run(pod)

    def _unstarted(self, pod: Pod, slot: int, restarts: int) -> None:
        """The kubelet comes back to a container that could not be started, or whose hook has failed: as to one that has ended."""
        state = states(pod)[slot]
        if pod.deleting is not None or state.reason not in (RUN_ERROR, HOOK_ERROR) or state.restarts != restarts or state.last is None:
            return
        if self._restarts(pod, slot, state.last.exit_code):
            self._back_off(pod, slot, states(pod), state.last)
            return
        failed = ContainerState("terminated", self._machinery.now, state.last.reason, restarts=restarts, ended=state.last)
        pod = self.put(pod, (*states(pod)[:slot], failed, *states(pod)[slot + 1 :]))
        if _is_done(pod):
            self.stopping.stop_rest(pod)

    def _retry_later(self, pod: Pod) -> None:
        """What the Pod waited for has changed; its kubelet finds that out when it tries again."""
        begun = pod.state.started or 0
        longest = LAST_SYNC if pod.ip else min(self._machinery.now - begun, LAST_MOUNT)
        self._power.after(self._machinery.chance.between(0, longest), RETRY, pod)

    def _retry(self, pod: Pod) -> None:
        if not pod.ip:
            self.sandboxes.begin(pod)
            return
        for slot, state in enumerate(states(pod)):
            if state.reason in (CONFIG_ERROR, INVALID_IMAGE) and state.last is not None:
                self._restart(pod, slot, state.restarts)
                pod = self._store.by_uid(pod.uid)
        self.run(pod)

    # --- ends and restarts

    def exit_after(self, delay: int, pod: Pod, slot: int, exit_code: int) -> None:
        """The process that runs in this slot now will end by itself."""
        self._power.after(delay, EXIT, pod, slot, states(pod)[slot].restarts, exit_code)

    def _exit(self, pod: Pod, slot: int, restarts: int, exit_code: int) -> None:
        state = states(pod)[slot]
        if state.state == "running" and state.restarts == restarts:
            self.end(pod, slot, exit_code)

    def end(self, pod: Pod, slot: int, exit_code: int) -> None:
        """The process that runs in this slot has ended."""
        failed, said = self.hooks.end(pod, slot), last_words(pod, slot, exit_code, self.files, self.commands)
        self._leave(pod, slot)
        after = list(states(pod))
        before = after[slot]
        ended = Ended(exit_code, "Error" if exit_code else "Completed", before.since, self._machinery.now, said)
        after[slot] = ContainerState("terminated", ended.finished, ended.reason, restarts=before.restarts, ended=ended, last=before.last)
        if pod.deleting is None and self._resetting.takes(pod, slot, exit_code):
            self._resetting.ended(pod, tuple(after))
            return
        if pod.deleting is None and self._renewing.take(pod, slot):
            self._start(pod, (slot,), tuple(after))
            return
        if pod.deleting is None and self._restarts(pod, slot, exit_code):
            if failed:
                self._wait_for_hook(pod, slot, tuple(after), failed)
            else:
                self._back_off(pod, slot, tuple(after), ended)
            return
        pod = self.put(pod, tuple(after))
        if pod.deleting is not None:
            self.stopping.ended(pod)
        elif _is_done(pod):
            self.stopping.stop_rest(pod)
        elif failed or (slot < view(pod).inits and exit_code == 0):
            self.run_soon(pod)

    def _wait_for_hook(self, pod: Pod, slot: int, after: States, failed: str) -> None:
        """A container whose postStart hook failed has ended, and what had to wait for the hook is started."""
        before = after[slot]
        waiting = ContainerState("waiting", before.since, HOOK_ERROR, restarts=before.restarts, last=before.ended, message=failed)
        pod = self.put(pod, (*after[:slot], waiting, *after[slot + 1 :]))
        self._power.after(self.soon(), UNSTARTED, pod, slot, waiting.restarts)
        self.run(pod)

    def _leave(self, pod: Pod, slot: int) -> None:
        """What went on in a container is over with it."""
        self.probing.end(pod, slot)
        self.files.end(pod, slot)
        self.commands.end(pod, slot)

    def mind_deadline(self, pod: Pod) -> None:
        """The Pod may be active for so long from its start."""
        deadline, started = view(pod).deadline, pod.state.started
        if deadline is not None and started is not None:
            self._power.after(max(0, started + deadline - self._machinery.now), EXPIRE, pod)

    def _expire(self, pod: Pod) -> None:
        """Its time is over."""
        deadline, started = view(pod).deadline, pod.state.started or 0
        if is_finished(pod) or pod.deleting is not None or deadline is None or self._machinery.now < started + deadline:
            return
        said = "Pod was active on the node longer than the specified deadline"
        self._say(pod, "Normal", EXPIRED, said)
        pod = self._store.replace(pod, state=replace(pod.state, reason=EXPIRED, message=said))
        self.stopping.stop_rest(self.put(pod, states(pod)))

    def _restarts(self, pod: Pod, slot: int, exit_code: int) -> bool:
        """One that is stopped for a probe is started again whatever code it ends with (computePodActions)."""
        again = restarts(view(pod), slot, exit_code) or (self._back_offs.is_stopped(pod, slot) and goes_on(view(pod), slot))
        return again and not _is_done(pod)

    def renew(self, old: Pod, new: Pod) -> None:
        """A Pod's spec has changed."""
        self._renewing.renew(old, new)

    def forgive(self, pod: Pod, slot: int) -> None:
        """How often it has crashed does not matter any more."""
        self._back_offs.forgive(pod, slot)

    def stop_for_probe(self, pod: Pod, slot: int, grace: int | None) -> None:
        """Stop a container whose probe has failed."""
        self._back_offs.stops(pod, slot)
        self.stopping.stop(pod, slot, grace)

    def restart_soon(self, pod: Pod, slot: int, restarts: int) -> None:
        self._power.after(self.soon(), RESTART, pod, slot, restarts)

    def _back_off(self, pod: Pod, slot: int, after: States, ended: Ended) -> None:
        """One that was stopped for a probe and need not wait is started in the same go: no status tells that it has ended."""
        for_probe = self._back_offs.is_stopped(pod, slot)
        delay = self._back_offs.delay(pod, slot, ended, after[slot].last)
        if not delay:
            between = ContainerState("waiting", ended.finished, restarts=after[slot].restarts, last=ended) if for_probe else after[slot]
            pod = self.put(pod, (*after[:slot], between, *after[slot + 1 :]))
            self.restart_soon(pod, slot, after[slot].restarts)
            return
        container = view(pod).containers[slot]
        message, told = sentences(delay, container.name, pod)
        waiting = ContainerState("waiting", ended.finished, "CrashLoopBackOff", restarts=after[slot].restarts, last=ended, message=message)
        pod = self.put(pod, (*after[:slot], waiting, *after[slot + 1 :]))
        self._say(pod, "Warning", "BackOff", told, container.field)
        self._power.after(delay, RESTART, pod, slot, waiting.restarts)

    def _restart(self, pod: Pod, slot: int, restarts: int) -> None:
        state = states(pod)[slot]
        if self._resetting.holds(pod) or slot in self._anew.get(pod.uid, ()):
            return
        if pod.deleting is None and not _is_done(pod) and state.state != "running" and state.restarts == restarts:
            pod = self._start(pod, (slot,))
            if slot < view(pod).inits:
                self.run(pod)

    def revive(self, pod: Pod) -> None:
        """The Node has power again: what ran has ended, and starts again."""
        if is_finished(pod):
            return
        if not pod.ip:
            self.sandboxes.begin(pod)
            return
        self._renewing.forget(pod)
        self._resetting.forget(pod)
        self.hooks.forget(pod)
        self._back_offs.forget(pod)
        after, now = list(states(pod)), self._machinery.now
        for slot, state in enumerate(after):
            self._leave(pod, slot)
            if state.state == "running":
                ended = Ended(255, "Unknown", state.since, now)
                after[slot] = ContainerState("terminated", now, "Unknown", restarts=state.restarts, ended=ended, last=state.last)
        pod = self.put(pod, tuple(after))
        if not _is_done(pod):
            self._begin_anew(pod)

    def _begin_anew(self, pod: Pod) -> None:
        """Its sandbox is gone: another is made, and all begins with the first init container."""
        seen, present = view(pod), states(pod)
        self._say(pod, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
        self._anew[pod.uid] = [
            slot for slot, state in enumerate(present) if slot < seen.inits or not (has_succeeded(state) and seen.policy == "OnFailure")
        ]
        self.mind_deadline(pod)
        self.sandboxes.begin_again(pod)

    def reconcile_after(self, delay: int, pod: Pod) -> None:
        """Look again whether the Pod is ready: its containers are as they were."""
        self._power.after(delay, RECONCILE, pod)

    def _reconcile(self, pod: Pod) -> None:
        if pod.deleting is None and not is_finished(pod) and states(pod):
            self.put(pod, states(pod))

    def begin_all(self, pod: Pod, slots: Iterable[int]) -> None:
        """Start these containers anew, the init containers first."""
        self._renewing.forget(pod)
        self._anew[pod.uid] = list(slots)
        self.run_soon(pod)

    # --- the rest

    def put_final(self, pod: Pod) -> Pod:
        """Write the state of a Pod none of whose containers will run again."""
        return self.put(pod, states(pod), final=True)

    def forget(self, pod: Pod) -> None:
        """The Pod is gone."""
        self.probing.forget(pod)
        self.environments.forget(pod)
        self.commands.forget(pod)
        self.files.forget(pod)
        self._awaited.forget(pod)
        self._back_offs.forget(pod)
        self.hooks.forget(pod)
        self._renewing.forget(pod)
        self._resetting.forget(pod)
        self._anew.pop(pod.uid, None)
        self.sandboxes.forget(pod)

    def put(self, pod: Pod, after: States, final: bool = False) -> Pod:
        put: Pod = self._store.replace(pod, state=settled(pod, view(pod), after, self._machinery.now, final))
        return put

    def _say(self, pod: Pod, type: str, reason: str, message: str, field: str = "") -> None:
        self._machinery.record(pod, type, reason, message, "kubelet", field)

    def state(self) -> list[Any]:
        return [self._anew, *(part.state() for part in self._parts())]

    def restore(self, state: list[Any]) -> None:
        anew, *saved = state
        self._anew = {uid: list(slots) for uid, slots in anew.items()}
        for part, kept in zip(self._parts(), saved, strict=True):
            part.restore(kept)

    def _parts(self) -> tuple[Any, ...]:
        return (
            self._back_offs,
            self.prober,
            self._execs,
            self.environments,
            self.commands,
            self.files,
            self._awaited,
            self.sandboxes,
            self.hooks,
            self._renewing,
            self._resetting,
        )


def _is_done(pod: Pod) -> bool:
    """Its containers have ended for good, or its time is over: what still runs is stopped."""
    return is_finished(pod) or pod.state.reason == EXPIRED or is_over(view(pod), states(pod))
