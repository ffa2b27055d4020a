"""How is an object written as the API's JSON, and read from it?

Source: the kinds' types in staging/src/k8s.io/api; times are RFC 3339, as metav1.Time writes them.
Simplified: an endpoint of a slice keeps its first address only, which is all that kube-proxy uses, and refers to Pods only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.kube.apiserver import leases, resources, tokenvolume
from playground.kube.apiserver.nodes import addresses
from playground.kube.apiserver.objects import EMPTY, Endpoint, EndpointPort, Endpoints, EndpointSlice, Lease, Object, Owner, Pod
from playground.kube.apiserver.podstatus import pod_status
from playground.kube.apiserver.rendering import OVER_CAPACITY, render
from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.shared import shared, with_shared_template
from playground.kube.apiserver.store import Store
from playground.kube.apiserver.timestamps import fine_timestamp, timestamp
from playground.kube.settings import ClusterSettings

JSON = dict[str, Any]
_TYPED_META = (
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "deletionTimestamp",
    "labels",
    "annotations",
    "ownerReferences",
)
_TOP = ("apiVersion", "kind", "metadata", "spec", "status")
_DROPPED_META = ("selfLink",)
_CONDITIONS = ("ready", "serving", "terminating")


def encode(thing: Any, settings: ClusterSettings, store: Store | None = None, now: int = 0) -> JSON:
    """The API's JSON of an object. Its values are the store's own: copy before changing anything in it.
    `store` is needed for Endpoints that are rendered from their slices, and for a second address in a Pod's hostIPs; `now` for
    Leases that a kubelet renews and Nodes that it reports."""
    resource = resources.by_kind(thing.kind)
    document: JSON = {
        "apiVersion": thing.rest.get("apiVersion", resource.api_version),
        "kind": resource.word,
        "metadata": _metadata(thing, settings),
    }
    document |= _body(thing, settings, store)
    if isinstance(thing, Endpoints) and thing.slices is not None:
        document |= _rendered(thing, document["metadata"], store)
    if thing.kind == "Node" and store is not None:
        document["status"] = _with_heartbeats(thing, settings, store, now)
    if isinstance(thing, Lease) and thing.since is not None:
        document["spec"] = {**thing.spec, "renewTime": fine_timestamp(settings, leases.renewed(thing, now))}
    return document


def _with_heartbeats(node: Object, settings: ClusterSettings, store: Store, now: int) -> JSON:
    """The Node's status as its kubelet reported it last; what that changed is stored, when it was is reckoned."""
    lease = store.get("Lease", leases.NAMESPACE, node.name)
    if lease is None or lease.since is None:
        return node.status
    told = timestamp(settings, leases.reported(lease, now))
    conditions = node.status.get("conditions", ())
    return {
        **node.status,
        "conditions": [
            {**each, "lastHeartbeatTime": max(each["lastHeartbeatTime"], told)} if "lastHeartbeatTime" in each else each
            for each in conditions
        ],
    }


def decode(document: JSON, resource: Resource) -> Any:
    """The object that a document describes, without uid, version and time of creation. The document becomes part of it."""
    meta = document.get("metadata", {})
    common: JSON = {
        "kind": resource.kind,
        "namespace": meta.get("namespace", "") if resource.namespaced else "",
        "name": meta.get("name", ""),
        "uid": "",
        "version": 0,
        "created": 0,
        "labels": meta.get("labels") or EMPTY,
        "annotations": meta.get("annotations") or EMPTY,
        "owners": tuple(_owner(each) for each in meta.get("ownerReferences", ())),
        "meta": {key: value for key, value in sorted(meta.items()) if key not in _TYPED_META and key not in _DROPPED_META} or EMPTY,
        "spec": with_shared_template(document.get("spec", EMPTY)),
        "rest": _rest(document, resource),
    }
    return _DECODERS.get(resource.kind, _object)(document, common)


def _metadata(thing: Any, settings: ClusterSettings) -> JSON:
    meta = dict(thing.meta)
    meta |= {"annotations": thing.annotations} if thing.annotations else {}
    meta |= {"labels": thing.labels} if thing.labels else {}
    meta |= {"deletionTimestamp": timestamp(settings, thing.deleting)} if thing.deleting is not None else {}
    meta |= {"namespace": thing.namespace} if thing.namespace else {}
    meta |= {"ownerReferences": [_owner_json(each) for each in thing.owners]} if thing.owners else {}
    meta["name"] = thing.name
    if thing.uid:
        meta |= {"creationTimestamp": timestamp(settings, thing.created), "resourceVersion": str(thing.version), "uid": thing.uid}
    return dict(sorted(meta.items()))


def _body(thing: Any, settings: ClusterSettings, store: Store | None) -> JSON:
    rest = {key: value for key, value in thing.rest.items() if key != "apiVersion"}
    if isinstance(thing, Pod):
        spec = tokenvolume.shown(thing.spec, thing.uid) if thing.uid else thing.spec
        spec = {**spec, "nodeName": thing.node} if thing.node else spec
        stamp: Callable[[int], str] = lambda time: timestamp(settings, time)  # noqa: E731
        return {**rest, "spec": spec, "status": pod_status(thing, stamp, _hosts(thing, store))}
    if isinstance(thing, EndpointSlice):
        return _slice_body(thing, rest)
    body = {**rest, **({"spec": thing.spec} if thing.spec else {}), **({"status": thing.status} if thing.status else {})}
    return dict(sorted(body.items()))


def _hosts(pod: Pod, store: Store | None) -> tuple[str, ...]:
    """The addresses of a Pod's Node, as long as it is the one that the Pod was started on."""
    node = store.get("Node", "", pod.node) if store is not None and pod.host_ip else None
    found = addresses(node) if node is not None else ()
    return found if pod.host_ip in found else ()


def _rendered(thing: Endpoints, metadata: JSON, store: Store | None) -> JSON:
    """What the Endpoints controller wrote: the subsets, and a note if there were too many addresses."""
    if store is None:
        raise ValueError("Endpoints that are rendered from slices need the store")
    subsets, cut = render(thing, store)
    note = {"annotations": {**thing.annotations, OVER_CAPACITY: "truncated"}} if cut else {}
    return {"metadata": dict(sorted({**metadata, **note}.items())), **({"subsets": subsets} if subsets else {})}


def _rest(document: JSON, resource: Resource) -> JSON:
    rest = {key: document[key] for key in sorted(document) if key not in _TOP}
    if document["apiVersion"] != resources.by_kind(resource.kind).api_version:
        rest["apiVersion"] = document["apiVersion"]
    return rest or EMPTY


def _object(document: JSON, common: JSON) -> Object:
    return Object(**common, status=document.get("status", EMPTY))


def _pod(document: JSON, common: JSON) -> Pod:
    spec = dict(common["spec"])
    node, uid = spec.pop("nodeName", ""), document["metadata"].get("uid", "")
    return Pod(**{**common, "spec": shared(tokenvolume.stored(spec, uid) if uid else spec)}, node=node)


def _endpoints(document: JSON, common: JSON) -> Endpoints:
    return Endpoints(**common)


def _lease(document: JSON, common: JSON) -> Lease:
    return Lease(**common)


def _slice(document: JSON, common: JSON) -> EndpointSlice:
    rest = {key: value for key, value in common["rest"].items() if key not in ("addressType", "endpoints", "ports")}
    return EndpointSlice(
        **{**common, "rest": rest or EMPTY},
        address_type=document.get("addressType", "IPv4"),
        endpoints=tuple(_endpoint(each) for each in document.get("endpoints") or ()),
        ports=tuple(_port(each) for each in document.get("ports") or ()),
    )


def _slice_body(piece: EndpointSlice, rest: JSON) -> JSON:
    """A list that is empty comes back from etcd as none, and these two are shown all the same (kubernetes/kubernetes issue 135968)."""
    endpoints = [_endpoint_json(each, piece.namespace) for each in piece.endpoints]
    ports = [_port_json(each) for each in piece.ports]
    return {**rest, "addressType": piece.address_type, "endpoints": endpoints or None, "ports": ports or None}


def _endpoint(value: JSON) -> Endpoint:
    target, hints, conditions = value.get("targetRef", {}), value.get("hints", {}), value.get("conditions", {})
    is_pod = target.get("kind") == "Pod"
    return Endpoint(
        ip=value["addresses"][0],
        node=value.get("nodeName", ""),
        zone=value.get("zone", ""),
        pod=target.get("name", "") if is_pod else "",
        uid=target.get("uid", "") if is_pod else "",
        hostname=value.get("hostname", ""),
        ready=conditions.get("ready"),
        serving=conditions.get("serving"),
        terminating=conditions.get("terminating"),
        for_zones=tuple(each["name"] for each in hints.get("forZones", ())),
        for_nodes=tuple(each["name"] for each in hints.get("forNodes", ())),
    )


def _endpoint_json(endpoint: Endpoint, namespace: str) -> JSON:
    conditions = {name: getattr(endpoint, name) for name in _CONDITIONS}
    hints = {"forNodes": [{"name": each} for each in endpoint.for_nodes], "forZones": [{"name": each} for each in endpoint.for_zones]}
    target = {"kind": "Pod", "name": endpoint.pod, "namespace": namespace, "uid": endpoint.uid} if endpoint.pod else {}
    value: JSON = {
        "addresses": [endpoint.ip],
        "conditions": {name: each for name, each in conditions.items() if each is not None},
        "hints": {name: each for name, each in hints.items() if each},
        "hostname": endpoint.hostname,
        "nodeName": endpoint.node,
        "targetRef": {name: each for name, each in target.items() if each},
        "zone": endpoint.zone,
    }
    return {name: each for name, each in value.items() if each or name == "conditions"}


def _port(value: JSON) -> EndpointPort:
    return EndpointPort(value.get("name", ""), value.get("port"), value.get("protocol", "TCP"), value.get("appProtocol", ""))


def _port_json(port: EndpointPort) -> JSON:
    value = {"appProtocol": port.app_protocol or None, "name": port.name, "port": port.port, "protocol": port.protocol}
    return {name: each for name, each in value.items() if each is not None}


def _owner(value: JSON) -> Owner:
    return Owner(
        value.get("apiVersion", ""), value.get("kind", ""), value.get("name", ""), value.get("uid", ""),
        bool(value.get("controller")), bool(value.get("blockOwnerDeletion")),
    )  # fmt: skip


def _owner_json(owner: Owner) -> JSON:
    value: JSON = {"apiVersion": owner.api_version, "blockOwnerDeletion": owner.block, "controller": owner.controller}
    value |= {"kind": owner.kind, "name": owner.name, "uid": owner.uid}
    return {name: each for name, each in value.items() if each is not False}


_DECODERS: dict[str, Callable[[JSON, JSON], Any]] = {"Pod": _pod, "EndpointSlice": _slice, "Endpoints": _endpoints, "Lease": _lease}
