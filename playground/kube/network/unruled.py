"""What does a packet meet that no Service's rule caught?  Its address says: a Pod, a machine, nobody, or a place that no way leads to."""

from __future__ import annotations

from playground.kube.apiserver.objects import Pod
from playground.kube.clock import SECOND
from playground.kube.kubeproxy.chains import address
from playground.kube.network.hostports import CHAIN
from playground.kube.network.requests import Hop, Request
from playground.kube.network.senders import Machine, is_runtime
from playground.kube.network.wire import Passage
from playground.kube.outside import THE_WORLD, capital
from playground.kube.settings import ClusterSettings, family_of

AS_IT_IS = "It is no Service's address, so kube-proxy leaves the packet as it is."
TOO_SOON = "A Service has just got it, and the kube-proxy of that Node has not heard of it yet."
OUTWARDS = "It is no Service's address, so that the rules of kube-proxy pass it by, and in no network of the cluster: {} sends it on, out of the cluster."
ALREADY_OUTSIDE = "The sender is outside as well: the cluster has no part in it."


def unruled_hop(request: Request, passage: Passage, settings: ClusterSettings) -> Hop:
    asked = (
        f"{address(request.address, request.target.port)}/{request.target.protocol}"
        if request.target.port
        else f"{request.address} by ICMP"
    )
    if passage.mapped and passage.pod is not None:
        return _host_port(asked, request.ruled_by, passage, passage.pod)
    what, why = _words(asked, request, passage, settings)
    return Hop("network", "Address", what, why, {"address": asked, "node": request.ruled_by})


def _host_port(asked: str, node: str, passage: Passage, pod: Pod) -> Hop:
    inside = address(passage.ip, passage.port)
    what = f"{asked} on Node {node} is a hostPort of Pod {pod.name}: it leads to {inside}."
    why = f"The network plugin portmap wrote a rule for it when the Pod's network was set up, in the chain {CHAIN}, which comes after those of kube-proxy. "
    why += "No Service has a part in it: nothing is chosen, and whether the Pod is ready does not count."
    return Hop(
        "network", "Host port", what, why, {"plugin": "portmap", "chains": [CHAIN], "node": node, "endpoint": inside, "pod": pod.name}
    )


def _words(asked: str, request: Request, passage: Passage, settings: ClusterSettings) -> tuple[str, str]:
    node = request.ruled_by
    if is_runtime(request.source):
        inside = f"{asked} inside of Pod {passage.pod.name if passage.pod else ''}, where the container runtime of {node} connected."
        return inside, (
            "kubectl port-forward goes to one Pod, which was chosen when it began: the API server hands the connection to that Pod's kubelet. "
            "No name, no Service and no rule of kube-proxy has a part in it, and nothing is balanced."
        )
    if request.target.loopback:
        who = "machine" if isinstance(request.source, Machine) else "Pod"
        return f"{asked} is the {who} itself.", f"A loopback address never leaves the {who}'s own network."
    if passage.pod is not None:
        return f"{asked} is Pod {passage.pod.name} itself.", AS_IT_IS
    if passage.reach == "nobody":
        return f"Nobody has {asked}{' yet' if _is_too_soon(passage) else ''}.", _nobody(request, passage, node, settings)
    if passage.beyond is not None:
        return f"{asked} is outside of the cluster: {passage.beyond.site.name}.", OUTWARDS.format(node) if node else ALREADY_OUTSIDE
    if passage.reach == "outside":
        way = f"No rule of kube-proxy is for it: the packet leaves {node}, and no answer comes." if node else "No answer comes."
        return f"{asked} is outside of the cluster, where nobody has it.", f"{way} {capital(THE_WORLD)}."
    if passage.reach == "unrouted":
        why = "Addresses of Pods and ClusterIPs exist only inside of the cluster: outside, no way leads to them. "
        return f"{asked} cannot be reached from outside.", why + "A node port, a load balancer or an external address is needed."
    if passage.reach == "no source":
        return f"{asked} cannot be reached.", f"The sender has no {family_of(request.address)} address to send from."
    if passage.reach == "closed":
        return f"Nothing came through at {asked}.", _closed(passage)
    if passage.reach == "dead" and passage.node:
        return f"{asked} leads to Node {passage.node}.", "That Node is off or booting: nothing on it answers."
    return f"{asked} is a Node or the API server.", TOO_SOON if _is_too_soon(passage) else AS_IT_IS


def _nobody(request: Request, passage: Passage, node: str, settings: ClusterSettings) -> str:
    why = f"No rule on Node {node} is for this address and port: the packet goes on as it is, and nothing answers. "
    if _is_too_soon(passage):
        return why + TOO_SOON
    why += f"Service addresses are in {' and '.join(settings.service_networks)}, and only their declared ports have rules."
    if passage.decision.stopped is not None:
        since = (request.time - passage.decision.stopped) / SECOND
        why += f" The kube-proxy of that Node was stopped {since:.1f} s before: it has not heard of what came after."
    return why


def _is_too_soon(passage: Passage) -> bool:
    """The kube-proxy of a Node that runs will hear of it within a second."""
    return passage.decision.behind and passage.decision.stopped is None


def _closed(passage: Passage) -> str:
    """Why a load balancer passed nothing on."""
    balanced = passage.balanced
    if balanced is not None and not balanced.healthy and not balanced.unhealthy:
        return "The load balancer knows no Node to send it to."
    return (
        "The load balancer has no such port, or its Service no node port for it, or the sender is in none of its loadBalancerSourceRanges."
    )
