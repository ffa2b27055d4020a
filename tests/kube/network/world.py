"""A small settled cluster for tests of the network: three Nodes, CoreDNS, a client, a Service with two Pods, and a fake kubelet."""

from __future__ import annotations

import msgspec

from playground.kube.apiserver.objects import Endpoint, Pod
from playground.kube.clock import SECOND
from playground.kube.kubeproxy import Proxies
from playground.kube.network.network import Network
from playground.kube.network.resolver import Resolver
from playground.kube.network.traffic import Traffic
from tests.kube.kubeproxy.builders import RUNNING, add, add_node, add_pod, add_service, add_slice, machinery

WEB, DNS = 5000, 53
NODES = {"node-a": "192.168.0.11", "node-b": "192.168.0.12", "node-c": "192.168.0.13"}


class FakeKubelet:
    """Every running Pod accepts on its `ports`; a Node in `off` is without power."""

    def __init__(self) -> None:
        self.off: set[str] = set()
        self.hanging: set[str] = set()
        self.booted: dict[str, int] = {}
        self.ports: dict[str, set[tuple[int, str]]] = {}

    def serves(self, pod: Pod, port: int, protocol: str) -> str:
        if pod.node in self.off or pod.state.phase in ("Succeeded", "Failed"):
            return "dead"
        running = pod.state.containers and pod.state.containers[0].state == "running"
        listens = running and (port, protocol) in self.ports.get(pod.name, ())
        return "hangs" if listens and pod.name in self.hanging else "accepts" if listens else "refuses"

    def hangs(self, pod: Pod) -> bool:
        return pod.name in self.hanging

    def listener(self, pod: Pod, port: int, protocol: str) -> tuple[int, int] | None:
        return (0, pod.state.containers[0].restarts) if self.serves(pod, port, protocol) in ("accepts", "hangs") else None

    def says(self, pod: Pod, port: int, protocol: str) -> str:
        return f"Hello from {pod.name}"

    def up(self, node: str) -> bool:
        return node not in self.off

    def boots(self, node: str) -> int:
        return self.booted.get(node, 0)


class World:
    def __init__(self, seed: int = 1, settled: bool = True) -> None:
        self.machinery = machinery(seed)
        self.store = self.machinery.store
        self.kubelet = FakeKubelet()
        self.kubelet.ports = {"web-1": {(WEB, "TCP")}, "web-2": {(WEB, "TCP")}, "coredns-1": {(DNS, "UDP")}, "coredns-2": {(DNS, "UDP")}}
        self.proxies = Proxies(self.machinery)
        self.resolver = Resolver(self.machinery, self.proxies, self.kubelet)
        self.network = Network(self.machinery, self.kubelet, self.resolver)
        self.traffic = Traffic(self.machinery, self.network)
        if settled:
            self.fill()
            self.settle()

    def fill(self) -> None:
        made = self.machinery
        for name, ip in NODES.items():
            add_node(made, name, ip)
        for name in ("default", "kube-system"):
            add(made, "Namespace", "", name)
        add_pod(made, "coredns-1", "10.244.0.2", "node-a", "kube-system", spec={"dnsPolicy": "Default"})
        add_service(made, "kube-dns", "172.17.0.10", [{"name": "dns", "port": 53, "protocol": "UDP"}], namespace="kube-system")
        self.dns_slice = add_slice(
            made, "kube-dns", [self.endpoint("coredns-1", "kube-system")], [("dns", 53, "UDP")], namespace="kube-system"
        )
        add_pod(made, "client", "10.244.0.5", "node-a", host_ip=NODES["node-a"])
        add_pod(made, "web-1", "10.244.1.2", "node-b", labels={"app": "web"})
        add_pod(made, "web-2", "10.244.2.2", "node-c", labels={"app": "web"})
        add_service(made, "web-svc", "172.17.0.5", [{"port": 80, "targetPort": WEB}])
        add_slice(made, "web-svc", [self.endpoint("web-1"), self.endpoint("web-2")], [("", WEB, "TCP")])

    def settle(self) -> None:
        self.machinery.clock.run_until(self.machinery.now + SECOND)
        self.machinery.events.clear()

    def pod(self, name: str, namespace: str = "default") -> Pod:
        found: Pod = self.store.get("Pod", namespace, name)
        return found

    def endpoint(self, name: str, namespace: str = "default", ready: bool = True) -> Endpoint:
        pod = self.pod(name, namespace)
        return Endpoint(pod.ip, node=pod.node, pod=pod.name, uid=pod.uid, ready=ready, serving=ready, terminating=False)

    def endpoints(self, *endpoints: Endpoint, service: str = "web-svc", namespace: str = "default") -> None:
        """Give a Service these endpoints, and let every Node hear of it."""
        self.store.replace(self.store.get("EndpointSlice", namespace, f"{service}-1"), endpoints=endpoints)
        self.settle()

    def restart(self, name: str, state: str = "running") -> None:
        """The Pod's container ended and was started again (or waits to be)."""
        pod = self.pod(name)
        container = msgspec.structs.replace(pod.state.containers[0], restarts=pod.state.containers[0].restarts + 1, state=state)
        self.store.replace(pod, state=msgspec.structs.replace(RUNNING, containers=(container,)))

    def send(self, to: str, source: str = "client"):  # type: ignore[no-untyped-def]
        """The request that came of it."""
        return self.network.request(self.network.send(self.pod(source), to))
