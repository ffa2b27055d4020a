"""What is there to see in a cluster at first sight?  A few true sentences, before anything has happened."""

from __future__ import annotations

from typing import Any

from playground.clusters.narration import Say
from playground.clusters.wording import TOGETHER, counted, listed, sender_ref, sending, short

CONTROL_PLANE = "default/kubernetes"


def greeting(sections: dict[str, dict[str, Any]], now: int) -> list[Say]:
    """[time, sentence, ref] of what runs, where the Services lead, and who sends requests; from the sections of a picture."""
    services = [service for key, service in sections["services"].items() if _is_the_visitors(service) and key != CONTROL_PLANE]
    streams = list(sections["traffic"].values())
    lines = [_running(sections)]
    lines += [(_leads(each), f"Service/{each['ns']}/{each['name']}") for each in services[:TOGETHER]]
    lines += [(sending(each["from"], each["rate"], each["to"]), sender_ref(each["from"])) for each in streams[:TOGETHER]]
    return [(now, text, ref) for text, ref in lines]


def _running(sections: dict[str, dict[str, Any]]) -> tuple[str, str]:
    nodes, pods = list(sections["nodes"]), [pod for pod in sections["pods"].values() if _is_the_visitors(pod)]
    if not nodes:
        return "This cluster has no Node yet", ""
    verb = "runs" if len(nodes) == 1 else "run"
    return (f"{listed(nodes)} {verb} {counted(len(pods), 'Pod')}" if pods else f"{listed(nodes)} {verb} nothing of yours yet"), ""


def _leads(service: dict[str, Any]) -> str:
    name = short(f"{service['ns']}/{service['name']}")
    if service["type"] == "ExternalName":
        return f"{name} is another name for a host outside"
    address = f" ({service['ip']})" if service["ip"] not in ("", "None") else ""
    return (
        f"{name}{address} leads to {counted(service['ready'], 'ready endpoint')}"
        if service["ready"]
        else f"{name}{address} has no ready endpoint"
    )


def _is_the_visitors(thing: dict[str, Any]) -> bool:
    return bool(thing["ns"] != "kube-system")
