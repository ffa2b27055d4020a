"""Which Pod has a port of a Node's own?  One that names it as a hostPort: the network plugin portmap leads it there, and no Service has a part in it.

Source: containernetworking/plugins plugins/meta/portmap (chain CNI-HOSTPORT-DNAT, behind kube-proxy's in PREROUTING and OUTPUT, for addresses
of type LOCAL; its rules mark what comes from the Pod itself or from 127.0.0.1 to be masqueraded), pkg/kubelet/kuberuntime/kuberuntime_sandbox.go
(only ports of `containers` are mapped), pkg/kubelet/container/helpers.go (MakePortMappings).
Simplified: the rules are not kept as text; each datagram of a socket is led anew.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.pods import is_finished
from playground.kube.kubeproxy.addresses import canonical

CHAIN = "CNI-HOSTPORT-DNAT"
ANY = ("", "0.0.0.0", "::")
Place = tuple[str, str, int]


class Mapping(msgspec.Struct, frozen=True, gc=False):
    """A Pod's port `inside` under the Node's port `outside`, at the Node's address `address` or ("") at all of them."""

    outside: int
    inside: int
    protocol: str
    address: str = ""


class HostPorts:
    """The mappings of all Pods that have an address, by (Node, protocol, port)."""

    def __init__(self, machinery: Machinery):
        self._store = machinery.store
        self._pods = machinery.store.index("Pod", _places, of=("node", "ip", "spec"))

    def find(self, node: str, ip: str, protocol: str, port: int) -> tuple[Pod, str, int] | None:
        """The Pod that has this port at an address of the Node's own (or, of IPv4, its loopback): with its address and its port there."""
        if ip == "::1":
            return None
        for pod in self._store.find(self._pods, (node, protocol, port)):
            inner = next((each for each in (pod.ip, pod.other_ip) if each and (":" in each) == (":" in ip)), "")
            for each in mappings(pod) if inner else ():
                if (each.outside, each.protocol) == (port, protocol) and each.address in ("", ip):
                    return pod, inner, each.inside
        return None


def mappings(pod: Pod) -> tuple[Mapping, ...]:
    """What portmap leads to a Pod, once it has an address."""
    return _mappings.of(pod.spec) if pod.ip and pod.node and not is_finished(pod) else ()


def _places(pod: Pod) -> tuple[Place, ...]:
    found = _mappings.of(pod.spec) if pod.ip and pod.node else ()
    return tuple(dict.fromkeys((pod.node, each.protocol, each.outside) for each in found))


def _read(spec: JSON) -> tuple[Mapping, ...]:
    """A Pod in its Node's network needs none: it listens on the Node itself."""
    if spec.get("hostNetwork"):
        return ()
    ports: list[Any] = [port for container in spec.get("containers") or () for port in container.get("ports") or ()]
    wanted = [port for port in ports if port.get("hostPort")]
    return tuple(
        Mapping(each["hostPort"], each["containerPort"], each.get("protocol") or "TCP", _address(each.get("hostIP", ""))) for each in wanted
    )


def _address(written: str) -> str:
    return "" if written in ANY else canonical(written)


_mappings: Memo[tuple[Mapping, ...]] = Memo(_read)
