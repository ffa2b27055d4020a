"""Which ServiceCIDR has the cluster's own range, and which IPAddresses stand for the ClusterIPs of its Services?

Source: pkg/controlplane/controller/defaultservicecidr; pkg/registry/core/service/ipallocator/ipallocator.go (createIPAddress), KEP-1880.
Simplified: they are read off the Services when somebody looks, so that they are not changed, not deleted, and not told in watches.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from playground.kube.apiserver.objects import Object
from playground.kube.apiserver.store import Store
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings

KINDS = ("IPAddress", "ServiceCIDR")
DEFAULT = "kubernetes"
FINALIZER = "networking.k8s.io/service-cidr-finalizer"
FAMILY, MANAGER = "ipaddress.kubernetes.io/ip-family", "ipaddress.kubernetes.io/managed-by"
OWN = -(1 << 40)


def listed(settings: ClusterSettings, store: Store, kind: str) -> list[Object]:
    """Of a kind, in no order."""
    if kind == "ServiceCIDR":
        return [_range(settings, store)]
    return [_address(service, text) for service in store.list("Service") for text in _cluster_ips(service)]


def single(settings: ClusterSettings, store: Store, kind: str, name: str) -> Object | None:
    return next((each for each in listed(settings, store, kind) if each.name == name), None)


def kept(kind: str, name: str) -> Refusal:
    """What is said to whoever would change or delete one."""
    why = f"{kind} {name} goes by the cluster's range and its Services; to change or delete it is not simulated here"
    return Refusal(403, "Forbidden", why)


def _cluster_ips(service: Any) -> list[str]:
    return [each for each in service.spec.get("clusterIPs") or () if each != "None"]


def _range(settings: ClusterSettings, store: Store) -> Object:
    ready = {
        "lastTransitionTime": timestamp(settings, 0),
        "message": "Kubernetes default Service CIDR is ready",
        "reason": "",
        "status": "True",
        "type": "Ready",
    }
    return Object(
        kind="ServiceCIDR",
        namespace="",
        name=DEFAULT,
        uid=store.uid_at(OWN),
        version=1,
        created=0,
        meta={"finalizers": [FINALIZER]},
        spec={"cidrs": list(settings.service_networks)},
        status={"conditions": [ready]},
    )


def _address(service: Any, text: str) -> Object:
    """Its uid is the Service's, with the address in the place of the last digits."""
    ip = ipaddress.ip_address(text)
    return Object(
        kind="IPAddress",
        namespace="",
        name=str(ip),
        uid=f"{service.uid[:24]}{int(ip) % (1 << 48):012x}",
        version=service.version,
        created=service.created,
        labels={FAMILY: f"IPv{ip.version}", MANAGER: "ipallocator.k8s.io"},
        spec={"parentRef": {"name": service.name, "namespace": service.namespace, "resource": "services"}},
    )
