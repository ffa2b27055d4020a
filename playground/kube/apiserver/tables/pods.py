"""What does `kubectl get pods` print of a Pod?

Source: pkg/printers/internalversion/printers.go (printPod).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables.ages import since
from playground.kube.apiserver.tables.layout import NONE

JSON = dict[str, Any]


def cells(pod: JSON, now: int) -> list[Any]:
    """Name, Ready, Status, Restarts, Age; wide: IP, Node, Nominated Node, Readiness Gates."""
    spec, status, meta = pod.get("spec", {}), pod.get("status", {}), pod["metadata"]
    told = _Told(spec, status)
    addresses = status.get("podIPs") or [{}]
    return [
        meta["name"],
        f"{told.ready}/{told.total}",
        _ending(meta, status) or told.reason,
        told.restarts_text(now),
        since(meta.get("creationTimestamp"), now),
        addresses[0].get("ip") or NONE,
        spec.get("nodeName") or NONE,
        status.get("nominatedNodeName") or NONE,
        _gates(spec, status),
    ]


def word(pod: JSON) -> str:
    """The STATUS column alone."""
    return _ending(pod["metadata"], pod.get("status", {})) or _Told(pod.get("spec", {}), pod.get("status", {})).reason


class _Told:
    """What the statuses of a Pod's containers add up to."""

    def __init__(self, spec: JSON, status: JSON):
        self.ready = 0
        self.reason = status.get("reason") or status.get("phase", "")
        if any(each.get("type") == "PodScheduled" and each.get("reason") == "SchedulingGated" for each in status.get("conditions", ())):
            self.reason = "SchedulingGated"
        self.sidecars = {each["name"] for each in spec.get("initContainers", ()) if each.get("restartPolicy") == "Always"}
        self.total = len(spec.get("containers", ())) + len(self.sidecars)
        self._restarted: list[tuple[int, str]] = []
        initializing = self._initialize(spec, status.get("initContainerStatuses", ()))
        if not initializing or _condition(status, "Initialized"):
            self._restarted = [each for name, *each in self._of_init if name in self.sidecars]  # type: ignore[misc]
            self._run(status)

    def restarts_text(self, now: int) -> str:
        count = sum(number for number, _ in self._restarted)
        last = max((ended for _, ended in self._restarted), default="")
        return f"{count} ({since(last, now)} ago)" if count and last else str(count)

    def _initialize(self, spec: JSON, statuses: list[JSON]) -> bool:
        """Whether an init container is not done yet; the reason says which."""
        self._of_init = []
        for place, each in enumerate(statuses):
            self._of_init.append((each["name"], each.get("restartCount", 0), _last_ended(each)))
            self._restarted.append((each.get("restartCount", 0), _last_ended(each)))
            state = each.get("state", {})
            if "terminated" in state and state["terminated"].get("exitCode") == 0:
                continue
            if each["name"] in self.sidecars and each.get("started"):
                self.ready += bool(each.get("ready"))
                continue
            self.reason = _init_reason(state, place, len(spec.get("initContainers", ())))
            return True
        return False

    def _run(self, status: JSON) -> None:
        running = False
        for each in reversed(status.get("containerStatuses", ())):
            self._restarted.append((each.get("restartCount", 0), _last_ended(each)))
            state = each.get("state", {})
            if state.get("waiting", {}).get("reason"):
                self.reason = state["waiting"]["reason"]
            elif "terminated" in state:
                self.reason = state["terminated"].get("reason") or _exit(state["terminated"])
            elif each.get("ready") and "running" in state:
                running = True
                self.ready += 1
        if self.reason == "Completed" and running:
            self.reason = "Running" if _condition(status, "Ready") else "NotReady"


def _ending(meta: JSON, status: JSON) -> str:
    if "deletionTimestamp" not in meta:
        return ""
    if status.get("reason") == "NodeLost":
        return "Unknown"
    return "" if status.get("phase") in ("Succeeded", "Failed") else "Terminating"


def _init_reason(state: JSON, place: int, total: int) -> str:
    if "terminated" in state:
        return f"Init:{state['terminated'].get('reason') or _exit(state['terminated'])}"
    waiting = state.get("waiting", {}).get("reason", "")
    return f"Init:{waiting}" if waiting not in ("", "PodInitializing") else f"Init:{place}/{total}"


def _exit(terminated: JSON) -> str:
    return f"Signal:{terminated['signal']}" if terminated.get("signal") else f"ExitCode:{terminated.get('exitCode', 0)}"


def _last_ended(status: JSON) -> str:
    return str(status.get("lastState", {}).get("terminated", {}).get("finishedAt") or "")


def _condition(status: JSON, kind: str) -> bool:
    return any(each.get("type") == kind and each.get("status") == "True" for each in status.get("conditions", ()))


def _gates(spec: JSON, status: JSON) -> str:
    gates = spec.get("readinessGates", ())
    true = sum(_condition(status, each.get("conditionType", "")) for each in gates)
    return f"{true}/{len(gates)}" if gates else NONE
