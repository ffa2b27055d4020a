"""What stands behind a name?  Addresses with their ports, or another name.

Source: coredns plugin/kubernetes/kubernetes.go (Records, findServices, findPods), ns.go (nsAddrs), reverse.go (serviceRecordForIP).
"""

from __future__ import annotations

from typing import NamedTuple

from playground.kube.apiserver.objects import Object
from playground.kube.dns.addresses import read_address, undashed
from playground.kube.dns.corefile import Corefile
from playground.kube.dns.directory import ANY_ADDRESS, NO_PORTS, Directory, Piece, Port, cluster_ips, is_headless
from playground.kube.dns.message import Dependency
from playground.kube.dns.question import Path

DNS_SERVICE = "kube-system", "kube-dns"


class Backend(NamedTuple):
    """`host` is an address or, of an external name, that name; `owner` is its own name without the zone; port -1 is none."""

    host: str
    port: int
    owner: str


class Found(NamedTuple):
    """`backends` is None if no such name exists, empty if it exists with nothing behind it."""

    backends: list[Backend] | None
    needs: tuple[Dependency, ...] = ()


class Backends:
    def __init__(self, directory: Directory, corefile: Corefile):
        self._directory = directory
        self._corefile = corefile

    def behind(self, path: Path) -> Found:
        """What is behind a name below `svc` or `pod`."""
        need: Dependency = ("namespace", path.namespace)
        if not path.kind:
            return Found([])
        if not path.service and (path.kind == "svc" or self._corefile.pods != "disabled"):
            return Found([] if self._directory.exposes(path.namespace) else None, (need,))
        return self._pod(path, need) if path.kind == "pod" else self._service(path, need)

    def nameservers(self, zone: str) -> Found:
        """The Services whose endpoints the server's own addresses are, with all their addresses; without any the server itself as `ns.dns`."""
        own, found, known = self._own_addresses(), [], False
        for ip in own:
            for piece in self._directory.slices_at(ip):
                known = True
                service = self._directory.service(piece.namespace, piece.service)
                found += _served(service, piece) if service is not None else []
        needs: tuple[Dependency, ...] = (ANY_ADDRESS, ("endpoints", *DNS_SERVICE))
        return Found(found if known else [Backend(ip, 0, "ns.dns") for ip in own], needs)

    def named(self, ip: str) -> Found:
        """The names of whoever has an address: of the Service, or else of the endpoint under each of its Services."""
        service = self._directory.service_at(ip)
        if service is not None:
            return Found([Backend(ip, 0, _name(service))], (ANY_ADDRESS,))
        found = [
            Backend(ip, 0, f"{name}.{piece.service}.{piece.namespace}.svc")
            for piece in self._directory.slices_at(ip)
            for name, endpoint in piece.endpoints
            if endpoint.ip == ip
        ]
        return Found(found or None, (ANY_ADDRESS,))

    def _own_addresses(self) -> list[str]:
        if self._corefile.addresses is not None:
            return list(self._corefile.addresses)
        return [endpoint.ip for piece in self._directory.slices(*DNS_SERVICE) for _, endpoint in piece.endpoints]

    def _pod(self, path: Path, need: Dependency) -> Found:
        """`insecure` echoes any address in a namespace that exists, `verified` wants a Pod that has it; labels further left do not matter."""
        mode, ip = self._corefile.pods, undashed(path.service)
        owner = f"{path.service}.{path.namespace}.pod"
        if mode == "verified":
            held = any(pod.namespace == path.namespace for pod in self._directory.pods(ip))
            return Found([Backend(ip, 0, owner)] if held and self._directory.exposes(path.namespace) else None, (need, ("pod", ip)))
        echoed = mode == "insecure" and self._directory.exposes(path.namespace) and read_address(ip) is not None
        return Found([Backend(ip, 0, owner)] if echoed else None, (need,))

    def _service(self, path: Path, namespace: Dependency) -> Found:
        need: Dependency = ("service", path.namespace, path.service)
        service = self._directory.service(path.namespace, path.service)
        if service is None:
            return Found(None, (need,))
        if not self._directory.exposes(path.namespace):
            return Found(None, (need, namespace))
        if service.spec.get("type") == "ExternalName":
            return Found(_external(service, path), (need,))
        endpoints: Dependency = ("endpoints", path.namespace, path.service)
        if is_headless(service) or path.endpoint:
            return Found(self._endpoints(service, path) or None, (need, endpoints))
        if not self._corefile.ignore_empty_service:
            return Found(_virtual(service, path), (need,))
        empty = not any(piece.named for piece in self._directory.slices(path.namespace, path.service))
        return Found(None if empty else _virtual(service, path), (need, endpoints))

    def _endpoints(self, service: Object, path: Path) -> list[Backend]:
        """Of all names or of one: each endpoint once for each of its ports that fits."""
        found: list[Backend] = []
        for piece in self._directory.slices(path.namespace, path.service):
            ports = [port[2] for port in piece.ports if _fits(port, path)]
            listed = [(path.endpoint, each) for each in piece.named.get(path.endpoint, ())] if path.endpoint else piece.endpoints
            found += [Backend(each.ip, port, f"{name}.{_name(service)}") for name, each in listed for port in ports]
        return found


def _external(service: Object, path: Path) -> list[Backend] | None:
    """An alias has neither ports nor endpoints; a name that is an address is none."""
    target = service.spec.get("externalName") or ""
    if path.endpoint or path.port or path.protocol or not target or read_address(target) is not None:
        return None
    return [Backend(target, 0, _name(service))]


def _virtual(service: Object, path: Path) -> list[Backend] | None:
    """The Service's own addresses, once for each port that fits: without a port that fits there is no such name."""
    listed = [
        ((port.get("name") or "").lower(), (port.get("protocol") or "TCP").lower(), port["port"])
        for port in service.spec.get("ports") or ()
    ]
    ports = [port[2] for port in listed or NO_PORTS if _fits(port, path)]
    return [Backend(ip, port, _name(service)) for port in ports for ip in cluster_ips(service)] if ports else None


def _served(service: Object, piece: Piece) -> list[Backend]:
    if is_headless(service):
        return [Backend(endpoint.ip, 0, f"{name}.{_name(service)}") for name, endpoint in piece.endpoints]
    return [Backend(ip, 0, _name(service)) for ip in cluster_ips(service)]


def _fits(port: Port, path: Path) -> bool:
    """A port or protocol that the name does not say fits any."""
    return path.port in ("", port[0]) and path.protocol in ("", port[1])


def _name(service: Object) -> str:
    return f"{service.name}.{service.namespace}.svc"
