"""What does a program find around it where there is no container: on a Node, or on the learner's workstation outside of the cluster?

Simplified: a Node's own files are few, and no process but the one that asks runs there.
"""

from __future__ import annotations

from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal, not_found
from playground.kube.network.senders import NODE, OUTSIDE
from playground.terminal.programs.container import HOSTS, PATH, Container, Kubeconfig
from playground.terminal.programs.images import COMMON, NETWORK, Image

# Of a usual machine that are not simulated: each says so.
USUAL = frozenset("base64 diff find git gzip jq less man more nano openssl python3 scp ssh sudo tar vi vim watch yq".split())
TOOLS = COMMON | NETWORK | {"bash", "dash", "getent", "wget", "ping", "nc", "awk"} | USUAL
NODE_IMAGE = Image("node", TOOLS | {"iptables-save", "ip6tables-save"}, "bash")
WORKSTATION_IMAGE = Image("workstation", TOOLS | {"kubectl", "switchyard"}, "dash", home="/home/learner", user=1000)


def node(kube: Cluster, name: str) -> Container:
    """A Node's own shell, as root. Raises Refusal."""
    found = kube.store.get("Node", "", name)
    if found is None:
        raise not_found("nodes", name)
    if not kube.kubelet.up(name):
        raise Refusal(500, "InternalError", f"ssh: connect to host {name} port 22: No route to host")
    return _machine(kube, f"{NODE}:{name}", name, NODE_IMAGE, found.uid)


def workstation(kube: Cluster, kubeconfig: Kubeconfig = Kubeconfig()) -> Container:  # noqa: B008 - it is never changed
    """A machine outside of the cluster, with a kubectl that reaches it."""
    return _machine(kube, OUTSIDE, "workstation", WORKSTATION_IMAGE, "", kubeconfig)


def _machine(kube: Cluster, source: str, hostname: str, image: Image, uid: str, kubeconfig: Kubeconfig | None = None) -> Container:
    sender = kube.network.senders.require(source)
    env = (("PATH", PATH), ("TERM", "xterm"), ("HOME", image.home))
    return Container(
        namespace="default",
        pod="",
        name="",
        image=image,
        uid=uid,
        slot=0,
        restarts=0,
        hostname=hostname,
        ip=sender.ip,
        env=env,
        resolv=kube.network.resolv_conf(sender),
        hosts=f"{HOSTS}{sender.ip}\t{hostname}\n",
        epoch=kube.settings.epoch,
        user=image.user,
        group=image.user,
        groups=(image.user,),
        machine=source,
        kubeconfig=kubeconfig,
    )
