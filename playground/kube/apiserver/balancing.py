"""What does a Service say of its load balancer, and a Node?  Whether it wants one, at which addresses it stands; whether it takes part.

Source: staging/src/k8s.io/cloud-provider/controllers/service/controller.go (wantsLoadBalancer).
"""

from __future__ import annotations

from playground.kube.apiserver.objects import Object

EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"


def takes_part(node: Object) -> bool:
    """Load balancers send to this Node, as far as its object says."""
    return EXCLUDED not in node.labels


def is_wanted(service: Object) -> bool:
    """Whether the cloud is to make a load balancer: one of another class is somebody else's to make."""
    return service.deleting is None and service.spec.get("type") == "LoadBalancer" and not service.spec.get("loadBalancerClass")


def addresses_of(service: Object) -> tuple[str, ...]:
    """status.loadBalancer.ingress[].ip"""
    ingress = (service.status.get("loadBalancer") or {}).get("ingress") or ()
    return tuple(each["ip"] for each in ingress if each.get("ip"))


def mode_of(service: Object, address: str) -> str:
    """How the load balancer at an address passes packets on: VIP leaves the destination as it is, Proxy opens its own connection."""
    ingress = (service.status.get("loadBalancer") or {}).get("ingress") or ()
    return next((each.get("ipMode") or "VIP" for each in ingress if each.get("ip") == address), "VIP")
