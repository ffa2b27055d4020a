"""Every way to a Service, and what becomes of it: the table that the simulation and a real kernel are both held to.

Two Nodes with Pods a1, a2 and b1, b2; clients outside that reach everything by node-a or node-b. Source of each row: the tests
of pkg/proxy/iptables/proxier_test.go (TestInternalExternalMasquerade, TestExternalTrafficPolicyLocal, TestInternalTrafficPolicy,
TestLoadBalancer, TestNoEndpointsReject, TestTerminatingEndpointsTrafficPolicyLocal, TestNodePorts), tried on a kernel.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from playground.kube.apiserver.objects import Endpoint, EndpointPort, EndpointSlice, Object
from tests.kube.kubeproxy.builders import endpoint
from tests.kube.kubeproxy.scenarios import PODS, Scenario, node_of

CLUSTER_IP, BALANCER, EXTERNAL, NODE_A, NODE_B = "10.96.0.10", "203.0.113.10", "198.51.100.10", "192.168.50.11", "192.168.50.12"
PORT, NODE_PORT, HEALTH = 80, 30080, 32000
SENDER, NODE = "the sender", "the Node"


class Path(NamedTuple):
    """From `place` to `ip:port`: `outcome` as of a journey, the Pods that may answer, and whose address they see."""

    place: str
    ip: str
    port: int
    outcome: str
    pods: str = ""
    sees: str = ""


def service(endpoints: str, spec: dict[str, Any], ip_mode: str = "VIP", state: str = "ready") -> Scenario:
    """One LoadBalancer Service with these Pods as endpoints; one that is written `b1-` is `state` in place of ready."""
    full = {
        "type": "LoadBalancer", "clusterIP": CLUSTER_IP, "ports": [{"port": PORT, "protocol": "TCP", "nodePort": NODE_PORT}],
        "externalIPs": [EXTERNAL], "healthCheckNodePort": HEALTH, **spec,
    }  # fmt: skip
    status = {"loadBalancer": {"ingress": [{"ip": BALANCER, "ipMode": ip_mode}]}}
    made = Object("Service", "shop", "web", "", 0, 0, spec=full, status=status)
    labels = {"kubernetes.io/service-name": "web"}
    listed = tuple(_endpoint(each, state) for each in endpoints.split())
    piece = EndpointSlice("EndpointSlice", "shop", "web-1", "", 0, 0, labels=labels, endpoints=listed, ports=(EndpointPort(port=8080),))
    return Scenario((made,), (piece,))


def _endpoint(word: str, state: str) -> Endpoint:
    pod = word.rstrip("-")
    return endpoint(PODS[pod], state if word.endswith("-") else "ready", node_of(pod))


ETP, ITP = {"externalTrafficPolicy": "Local"}, {"internalTrafficPolicy": "Local"}
RANGES = {"loadBalancerSourceRanges": ["192.168.50.100/32", " 10.244.1.0/24"]}
NODE_RANGE = {"loadBalancerSourceRanges": ["192.168.50.8/29"]}

PLAIN = service("a1 b1 b2", {})
EXTERNAL_LOCAL = service("a1 b1", ETP)
NONE_ON_A = service("b1 b2", ETP)
INTERNAL_LOCAL = service("a1 b1", ITP)
INTERNAL_NONE_ON_A = service("b1", ITP)
EMPTY = service("", {})
EMPTY_LOCAL = service("", {**ETP, **ITP})
UNREADY = service("a1- b1-", ETP, state="not-ready")
LEAVING = service("a1- b1", ETP, state="serving")
ALL_LEAVING = service("a1- b1-", {}, state="serving")
GONE = service("b1-", {**ETP, **ITP}, state="serving")
GUARDED = service("a1", RANGES)
GUARDED_LOCAL = service("b1", {**RANGES, **ETP})
ADMITTED = service("a1", NODE_RANGE)
PROXIED = service("a1", {}, ip_mode="Proxy")
ALONE = service("a1", {})
STICKY = service("a1 a2 b1 b2", {"sessionAffinity": "ClientIP"})

TABLE: dict[str, tuple[Scenario, Path]] = {
    "a Pod to a ClusterIP is seen as itself": (PLAIN, Path("a2", CLUSTER_IP, PORT, "ok", "a1 b1 b2", SENDER)),
    "a Node to a ClusterIP is masqueraded": (PLAIN, Path("node-a", CLUSTER_IP, PORT, "ok", "a1 b1 b2", NODE)),
    "a client outside can use a ClusterIP if its packet comes to a Node": (PLAIN, Path("client-a", CLUSTER_IP, PORT, "ok", "a1 b1 b2", NODE)),
    "a port that the Service has not is nobody's": (PLAIN, Path("a2", CLUSTER_IP, 81, "timeout")),
    "an endpoint that is sent to itself sees a Node": (ALONE, Path("a1", CLUSTER_IP, PORT, "ok", "a1", NODE)),
    "an endpoint on another Node is no hairpin": (ALONE, Path("b1", CLUSTER_IP, PORT, "ok", "a1", SENDER)),
    "a client to a node port": (PLAIN, Path("client-a", NODE_A, NODE_PORT, "ok", "a1 b1 b2", NODE)),
    "every Node has the node port": (PLAIN, Path("client-a", NODE_B, NODE_PORT, "ok", "a1 b1 b2", NODE)),
    "a Pod to a node port is masqueraded, unlike to a ClusterIP": (PLAIN, Path("a2", NODE_A, NODE_PORT, "ok", "a1 b1 b2", NODE)),
    "a Pod to the node port of another Node": (PLAIN, Path("a2", NODE_B, NODE_PORT, "ok", "a1 b1 b2", NODE)),
    "a Node to its own node port": (PLAIN, Path("node-a", NODE_A, NODE_PORT, "ok", "a1 b1 b2", NODE)),
    "a Node to its own node port on loopback": (PLAIN, Path("node-a", "127.0.0.1", NODE_PORT, "ok", "a1 b1 b2", NODE)),
    "a node port that nobody has is refused": (PLAIN, Path("client-a", NODE_A, 30999, "refused")),
    "a client to a load balancer's address": (PLAIN, Path("client-b", BALANCER, PORT, "ok", "a1 b1 b2", NODE)),
    "a Pod to its own cluster's load balancer never leaves its Node": (PLAIN, Path("a2", BALANCER, PORT, "ok", "a1 b1 b2", NODE)),
    "a client to an external address": (PLAIN, Path("client-a", EXTERNAL, PORT, "ok", "a1 b1 b2", NODE)),
    "external Local: the endpoint on this Node alone, and it sees the client": (EXTERNAL_LOCAL, Path("client-a", NODE_A, NODE_PORT, "ok", "a1", SENDER)),
    "external Local, the load balancer's address": (EXTERNAL_LOCAL, Path("client-b", BALANCER, PORT, "ok", "b1", SENDER)),
    "external Local, an external address": (EXTERNAL_LOCAL, Path("client-b", EXTERNAL, PORT, "ok", "b1", SENDER)),
    "external Local does not touch the ClusterIP": (EXTERNAL_LOCAL, Path("client-a", CLUSTER_IP, PORT, "ok", "a1 b1", NODE)),
    "external Local, a Node without endpoints drops what comes from outside": (NONE_ON_A, Path("client-a", NODE_A, NODE_PORT, "timeout")),
    "external Local, the load balancer's address on such a Node": (NONE_ON_A, Path("client-a", BALANCER, PORT, "timeout")),
    "external Local, a Pod there takes the short way, and is seen": (NONE_ON_A, Path("a1", NODE_A, NODE_PORT, "ok", "b1 b2", SENDER)),
    "external Local, a Pod to the load balancer's address": (NONE_ON_A, Path("a1", BALANCER, PORT, "ok", "b1 b2", SENDER)),
    "external Local, the Node itself takes the short way, masqueraded": (NONE_ON_A, Path("node-a", BALANCER, PORT, "ok", "b1 b2", NODE)),
    "external Local, the Node by its loopback": (NONE_ON_A, Path("node-a", "127.0.0.1", NODE_PORT, "ok", "b1 b2", NODE)),
    "external Local, a Pod of another Node comes as from outside": (NONE_ON_A, Path("b1", NODE_A, NODE_PORT, "timeout")),
    "internal Local: the endpoint on this Node alone": (INTERNAL_LOCAL, Path("a2", CLUSTER_IP, PORT, "ok", "a1", SENDER)),
    "internal Local holds for the Node too": (INTERNAL_LOCAL, Path("node-b", CLUSTER_IP, PORT, "ok", "b1", NODE)),
    "internal Local does not touch node ports": (INTERNAL_LOCAL, Path("a2", NODE_A, NODE_PORT, "ok", "a1 b1", NODE)),
    "internal Local and no endpoint here: dropped": (INTERNAL_NONE_ON_A, Path("a2", CLUSTER_IP, PORT, "timeout")),
    "internal Local and no endpoint here: the Node too": (INTERNAL_NONE_ON_A, Path("node-a", CLUSTER_IP, PORT, "timeout")),
    "internal Local and no endpoint here: the load balancer works": (INTERNAL_NONE_ON_A, Path("a2", BALANCER, PORT, "ok", "b1", NODE)),
    "no endpoint: a Pod is refused": (EMPTY, Path("a1", CLUSTER_IP, PORT, "refused")),
    "no endpoint: a Node is refused": (EMPTY, Path("node-a", CLUSTER_IP, PORT, "refused")),
    "no endpoint: a client at a node port is refused": (EMPTY, Path("client-a", NODE_A, NODE_PORT, "refused")),
    "no endpoint: a client at the load balancer's address is refused": (EMPTY, Path("client-a", BALANCER, PORT, "refused")),
    "no endpoint: a Node's packet to the load balancer leaves, as no hook leads it to the rule": (EMPTY, Path("node-a", BALANCER, PORT, "timeout")),
    "no endpoint: a Node is refused at its own node port": (EMPTY, Path("node-a", NODE_A, NODE_PORT, "refused")),
    "no endpoint anywhere is refused, not dropped, whatever the policies": (EMPTY_LOCAL, Path("client-a", NODE_A, NODE_PORT, "refused")),
    "no endpoint anywhere and internal Local: refused": (EMPTY_LOCAL, Path("a1", CLUSTER_IP, PORT, "refused")),
    "endpoints that are not ready are none": (UNREADY, Path("client-a", NODE_A, NODE_PORT, "refused")),
    "external Local uses a terminating endpoint here although others are ready": (LEAVING, Path("client-a", NODE_A, NODE_PORT, "ok", "a1", SENDER)),
    "the ClusterIP of the same Service does not": (LEAVING, Path("a2", CLUSTER_IP, PORT, "ok", "b1", SENDER)),
    "only terminating endpoints: they serve": (ALL_LEAVING, Path("client-a", BALANCER, PORT, "ok", "a1 b1", NODE)),
    "one terminating endpoint elsewhere turns a refusal into silence": (GONE, Path("a1", CLUSTER_IP, PORT, "timeout")),
    "and for clients": (GONE, Path("client-a", NODE_A, NODE_PORT, "timeout")),
    "a source in the ranges": (GUARDED, Path("client-a", BALANCER, PORT, "ok", "a1", NODE)),
    "a source out of the ranges is dropped": (GUARDED, Path("client-b", BALANCER, PORT, "timeout")),
    "the node port is not guarded": (GUARDED, Path("client-b", NODE_B, NODE_PORT, "ok", "a1", NODE)),
    "an external address is not guarded": (GUARDED, Path("client-b", EXTERNAL, PORT, "ok", "a1", NODE)),
    "a Pod in the ranges": (GUARDED, Path("a2", BALANCER, PORT, "ok", "a1", NODE)),
    "a Pod out of the ranges is dropped": (GUARDED, Path("b1", BALANCER, PORT, "timeout")),
    "the Node out of the ranges is dropped": (GUARDED, Path("node-a", BALANCER, PORT, "timeout")),
    "in the ranges, but no endpoint on this Node": (GUARDED_LOCAL, Path("client-a", BALANCER, PORT, "timeout")),
    "a range that holds the Node lets the Node in": (ADMITTED, Path("node-a", BALANCER, PORT, "ok", "a1", NODE)),
    "ipMode Proxy: a Pod's packet goes out to the load balancer": (PROXIED, Path("a2", BALANCER, PORT, "timeout")),
    "affinity keeps to one endpoint": (STICKY, Path("a1", CLUSTER_IP, PORT, "ok", "a1 a2 b1 b2", "")),
    "affinity holds for clients of a node port": (STICKY, Path("client-a", NODE_A, NODE_PORT, "ok", "a1 a2 b1 b2", NODE)),
    "nobody listens on the health check's port in this lab, but it is let through": (EXTERNAL_LOCAL, Path("client-a", NODE_A, HEALTH, "refused")),
}  # fmt: skip
