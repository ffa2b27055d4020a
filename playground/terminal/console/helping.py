"""What can one type here?  The programs of the place, and lines for the cluster at hand."""

from __future__ import annotations

from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.console import places
from playground.terminal.console.completion import programs, targets
from playground.terminal.programs.container import Container

SYSTEM = "kube-system"


def text(kube: Cluster, place: str) -> str:
    """The help of a place, in lines."""
    try:
        there = places.container(kube, place)
    except Refusal as refusal:
        return f"Nothing can be run here just now: {refusal.message}\n"
    lines = [where(there), "", "Try:", *(f"  {line}" for line in examples(kube, there))]
    lines += ["", "Programs:", f"  {' '.join(programs(there))}"]
    lines += [
        "",
        "Also:",
        "  help   this page",
        "  clear  an empty screen",
        "Tab completes a word, the arrows bring back earlier lines, Ctrl-C interrupts.",
    ]
    return "\n".join(lines) + "\n"


def examples(kube: Cluster, there: Container) -> list[str]:
    """Lines for the place that name what is in this cluster; what becomes of them is the cluster's business."""
    if there.machine and "kubectl" in there.image.programs:
        return _on_the_workstation(kube)
    asked = min(targets(kube, there.namespace), key=_speaks_no_http, default="kubernetes:443")
    name = asked.partition(":")[0]
    lines = ["iptables-save -t nat"] if "iptables-save" in there.image.programs else []
    if there.machine:
        lines += [f"curl -s {address}" for address in sorted(_addresses(kube), key=_speaks_no_http)[:1]]
    elif "curl" in there.image.programs:
        lines += [f"curl -s {asked}", f"while true; do curl -s {asked}; sleep 1; done"]
    elif "wget" in there.image.programs:
        lines += [f"wget -qO- {asked}"]
    if not there.machine:
        lines += [f"nslookup {name}"] if "nslookup" in there.image.programs else [f"getent hosts {name}"]
        lines += ["cat /etc/resolv.conf", "env | grep SERVICE"]
    return lines


def where(there: Container) -> str:
    """Where one is, in a sentence."""
    if "kubectl" in there.image.programs and there.machine:
        return "This is a workstation outside of the cluster, with kubectl."
    if there.machine:
        return f"This is the Node {there.hostname} itself, as root."
    return f"This is the container {there.name} of the Pod {there.pod} (Namespace {there.namespace}), image {there.image.name}."


def _on_the_workstation(kube: Cluster) -> list[str]:
    deployments = [each for each in kube.store.list("Deployment") if each.namespace != SYSTEM]
    pods = [each for each in kube.store.list("Pod") if each.namespace != SYSTEM]
    lines = [f"kubectl scale deployment {each.name}{_in(each.namespace)} --replicas=5" for each in deployments[:1]]
    lines += [f"kubectl delete pod {each.name}{_in(each.namespace)}" for each in pods[-1:]]
    lines += [f"curl -s {address}" for address in _node_ports(kube)[:1]]
    lines += [f"switchyard power-off {each.name}" for each in kube.store.list("Node")[-1:]]
    return lines


def _speaks_no_http(target: str) -> bool:
    """Of several targets one at port 80 is tried first."""
    return not target.endswith(":80")


def _in(namespace: str) -> str:
    return "" if namespace == "default" else f" -n {namespace}"


def _addresses(kube: Cluster) -> list[str]:
    services = [each for each in kube.store.list("Service") if each.namespace != SYSTEM and each.name != "kubernetes"]
    return [
        f"{each.spec['clusterIP']}:{port['port']}" for each in services for port in each.spec.get("ports", ())[:1] if _has_ip(each.spec)
    ]


def _node_ports(kube: Cluster) -> list[str]:
    nodes = kube.store.list("Node")
    address = kube.network.senders.require(f"node:{nodes[0].name}").ip if nodes else ""
    ports = [port["nodePort"] for each in kube.store.list("Service") for port in each.spec.get("ports", ()) if port.get("nodePort")]
    return [f"{address}:{port}" for port in ports if address]


def _has_ip(spec: dict[str, object]) -> bool:
    return spec.get("clusterIP") not in (None, "", "None")
