"""What is a Node, what runs on it, and what can be done to it?"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.nodes import addresses, pod_networks
from playground.kube.apiserver.pods import is_finished
from playground.kube.apiserver.requests import pod_requests
from playground.kube.clock import SECOND
from playground.pages.facts import relations, words
from playground.pages.facts.states import node_badge, node_ready
from playground.pages.facts.values import Button, Fact, Overview, Row

MEBIBYTE = 1 << 20


def overview(running: Any, node: Any) -> Overview:
    on = running.kubelet.powered(node.name)
    pods = running.store.find(running.machinery.pods_by_node, node.name)
    return Overview(
        sentence=_sentence(running, node, on),
        badge=node_badge(running, node),
        facts=_facts(node, pods),
        groups=(relations.pods_group("Pods on it", pods, "No Pod is on it."),),
        rows=_rows(node, on, running.proxies.stopped(node.name) is None),
    )


def _sentence(running: Any, node: Any, on: bool) -> str:
    if not on:
        seen = "still believes it is ready" if node_ready(node) else "has noticed, and marks its Pods not ready"
        return f"Its power is off: nothing on it answers. The control plane {seen}.{_patience(node)}"
    if not node_ready(node):
        return f"Its kubelet has not been heard from: its Pods count as not ready.{_patience(node)}"
    since = running.proxies.stopped(node.name)
    if since is not None:
        ago = (running.now - since) // SECOND
        return f"Its kube-proxy was stopped {ago} s ago: its rules are still those of then, and lead to Pods that may be gone."
    if node.spec.get("unschedulable"):
        return "It is cordoned: its Pods go on, and the scheduler puts no new ones here."
    return "A machine of the cluster: its kubelet runs Pods, its kube-proxy writes the rules by which its kernel sends Service addresses on to Pods."


def _patience(node: Any) -> str:
    """That the Pods of a Node that is not ready may stay, or ""."""
    if node_ready(node) or any(each["effect"] == "NoExecute" for each in node.spec.get("taints", ())):
        return ""
    return " No Pod is evicted from it for now: too many Nodes are silent at once."


def _facts(node: Any, pods: list[Any]) -> tuple[Fact, ...]:
    own, networks = addresses(node), pod_networks(node)
    taints = ", ".join(f"{taint['key']}:{taint['effect']}" for taint in node.spec.get("taints", ()))
    return (
        Fact(words.plural(own, "Address", "Addresses"), ", ".join(own) or "none"),
        Fact(words.plural(networks, "Pod network"), ", ".join(networks) or "none", note="Pods on it get their addresses from here"),
        Fact("Zone", node.labels.get("topology.kubernetes.io/zone", "none")),
        Fact("Taints", taints or "none"),
        Fact("Requested", _requested(node, pods), note="by its Pods: the scheduler puts no Pod here that asks for more than is left"),
    )


def _requested(node: Any, pods: list[Any]) -> str:
    asked = [pod_requests(pod.spec) for pod in pods if not is_finished(pod)]
    cpu, memory = (sum(each.get(name, 0) for each in asked) for name in ("cpu", "memory"))
    has = node.status.get("allocatable", {})
    return f"{cpu}m of {has.get('cpu', 0)} CPUs, {-(-memory // MEBIBYTE)}Mi of {has.get('memory', 0)} of memory"


def _rows(node: Any, on: bool, proxied: bool) -> tuple[Row, ...]:
    place = {"name": node.name}
    cordoned = node.spec.get("unschedulable")
    schedule = (
        Button("uncordon", "Uncordon", place, "The scheduler may put Pods here again")
        if cordoned
        else Button("cordon", "Cordon", place, "The scheduler puts no new Pods here")
    )
    power = (
        Button("power-off", "Power off", place, "Its kubelet, kube-proxy and containers stop without a word", "danger")
        if on
        else Button("power-on", "Power on", place, "It starts again and reports to the control plane", "primary")
    )
    proxy = (
        Button("stop-proxy", "Stop kube-proxy", place, "Its rules stay as they are and follow no change any more", "danger")
        if proxied
        else Button("start-proxy", "Start kube-proxy", place, "It writes all rules anew", "primary")
    )
    drain = Button("drain", "Drain", place, "Cordon it and evict its Pods")
    delete = Button("delete", "Delete", {"kind": "Node", "namespace": "", "name": node.name}, "Take it out of the cluster", "danger")
    return Row("Scheduling", (schedule, drain)), Row("Machine", (*((proxy,) if on else ()), power, delete))
