"""What do `kubectl create service` and `kubectl expose` make?

Source: staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go, pkg/cmd/expose/expose.go; pkg/polymorphichelpers (mapbasedselectorforobject.go).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl import documents
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Look, Program
from playground.terminal.kubectl.builder import NOTHING_NAMED, Wish, find
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.flags import required
from playground.terminal.kubectl.making.overriding import overridden
from playground.terminal.kubectl.making.words import failed, name_of, pairs, port_number
from playground.terminal.kubectl.submitting import COMMON, SHOWN, made, meta, submit, told

JSON = dict[str, Any]
SERVICE = f"{COMMON} tcp:list"
CLUSTER_IP, NODE_PORT, EXTERNAL_NAME = f"{SERVICE} clusterip:text", f"{SERVICE} node-port:whole", f"{SERVICE} external-name:text"
EXPOSE = f"""{SHOWN} port:text target-port:text name:text protocol:text cluster-ip:text selector:text labels/l:text type:text external-ip:text
    load-balancer-ip:text session-affinity:text overrides:text override-type:text filename/f:list"""
TYPES = {"clusterip": "ClusterIP", "nodeport": "NodePort", "loadbalancer": "LoadBalancer"}
UNSELECTED = "couldn't retrieve selectors via --selector flag or introspection"
EXPOSABLE = ("Deployment", "Pod", "ReplicaSet", "ReplicationController", "Service")


def service(type: str) -> Callable[[Call], Program]:
    return partial(_service, type)


def _service(type: str, call: Call) -> Program:
    name = name_of(call)
    if not call.flags.of("tcp") and call.flags.text("clusterip") != "None":
        raise Wrong("at least one tcp port specifier must be provided")
    ports = [_port(each) for each in call.flags.of("tcp", [])]
    if call.flags.of("node-port"):
        ports[0]["nodePort"] = call.flags.of("node-port")
    labels = {"app": name}
    spec: JSON = {"ports": ports, "selector": labels, "type": TYPES[type]}
    spec |= {"clusterIP": call.flags.text("clusterip")} if call.flags.text("clusterip") else {}
    empty = {"status": {"loadBalancer": {}}}
    document = {"apiVersion": "v1", "kind": "Service", "metadata": meta(call, name, labels), "spec": spec, **empty}
    try:
        return (yield from made(call, document))
    except Refusal as refusal:
        raise failed(f"{TYPES[type]} service", refusal) from None


def external_name(call: Call) -> Program:
    required(call.flags, "external-name")
    name = name_of(call)
    spec = {"externalName": call.flags.text("external-name"), "selector": {"app": name}, "type": "ExternalName"}
    document = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": meta(call, name, {"app": name}),
        "spec": spec,
        "status": {"loadBalancer": {}},
    }
    return (yield from made(call, document))


def _port(text: str) -> JSON:
    """`80` or `80:5000`"""
    port, _, target = text.partition(":")
    number = _unsigned(port)
    aim: int | str = _unsigned(target or port) if (target or port).isdecimal() else target
    return {"name": text.replace(":", "-"), "port": number, "protocol": "TCP", "targetPort": aim}


def _unsigned(text: str) -> int:
    """As strconv.ParseUint reads 16 bits."""
    if not text.isdecimal():
        raise Wrong(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    if int(text) > 65535:
        raise Wrong(f'strconv.ParseUint: parsing "{text}": value out of range')
    return int(text)


def expose(call: Call) -> Program:
    if not call.words and "filename" not in call.flags:
        raise Wrong(NOTHING_NAMED)
    if "filename" in call.flags:
        infos = [Info(each.resource, each.document, each.source) for each in (yield from documents.given(call))]
    else:
        found = yield Look(partial(_looked, call))
        if found.error is not None:
            raise found.error
        infos = found.infos
    for info in infos:
        document = overridden(call, _exposed(call, info))
        shown, warnings = yield from submit(call, document)
        yield from told(call, shown, "exposed", warnings)
    return 0


def _looked(call: Call, kube: Cluster) -> Any:
    return find(kube, Wish(call.words, call.namespace))


def _exposed(call: Call, info: Info) -> JSON:
    flags, kind = call.flags, info.resource
    if kind.kind not in EXPOSABLE:
        raise Wrong(f"cannot expose a {kind.titled}")
    selector = pairs(flags.text("selector")) if flags.text("selector") else _selector(info)
    labels = pairs(flags.text("labels")) if flags.text("labels") else info.document["metadata"].get("labels")
    target = flags.text("target-port")
    ports = []
    for number, protocol in _asked_ports(call, info):
        aim: int | str = int(target) if target.isdecimal() else target or number
        ports.append({"port": number, "protocol": protocol, "targetPort": aim})
    if len(ports) > 1:
        ports = [{"name": f"port-{place}", **port} for place, port in enumerate(ports, 1)]
    spec: JSON = {"ports": ports, "selector": selector}
    for field, name in (
        ("type", "type"),
        ("clusterIP", "cluster-ip"),
        ("sessionAffinity", "session-affinity"),
        ("loadBalancerIP", "load-balancer-ip"),
    ):
        spec |= {field: flags.text(name)} if flags.text(name) else {}
    spec |= {"externalIPs": [flags.text("external-ip")]} if flags.text("external-ip") else {}
    about = meta(call, flags.text("name") or info.name[:63], labels)
    return {"apiVersion": "v1", "kind": "Service", "metadata": about, "spec": spec, "status": {"loadBalancer": {}}}


def _asked_ports(call: Call, info: Info) -> list[tuple[int, str]]:
    """The ports that were said, or those of the containers; of a Service its own."""
    own = _own_ports(info)
    said = call.flags.text("port")
    protocol = call.flags.text("protocol")
    if said:
        known = dict(own)
        return [(port_number(each), protocol or known.get(int(each), "TCP")) for each in said.split(",")]
    if not own:
        raise Wrong("couldn't find port via --port flag or introspection")
    return [(number, protocol or each) for number, each in own]


def _own_ports(info: Info) -> list[tuple[int, str]]:
    spec = info.document.get("spec", {})
    if info.resource.kind == "Service":
        return [(each["port"], each.get("protocol", "TCP")) for each in spec.get("ports") or ()]
    inner = spec if info.resource.kind == "Pod" else spec.get("template", {}).get("spec", {})
    return [
        (port["containerPort"], port.get("protocol", "TCP")) for each in inner.get("containers") or () for port in each.get("ports") or ()
    ]


def _selector(info: Info) -> dict[str, str]:
    """The labels by which a Service selects the Pods of an object."""
    selector = info.document["metadata"].get("labels") or {}
    if info.resource.kind != "Pod":
        selector = info.document.get("spec", {}).get("selector") or {}
        if selector.get("matchExpressions"):
            raise Wrong(f"{UNSELECTED}: couldn't convert expressions - {_expressions(selector)} to map-based selector format")
        selector = selector.get("matchLabels", {}) if info.resource.kind in ("Deployment", "ReplicaSet") else selector
    if not selector and info.source:
        raise Wrong(f"{UNSELECTED}: invalid {info.resource.word.lower()}: no selectors, therefore cannot be exposed")
    if not selector:
        raise Wrong(
            f"{UNSELECTED}: the {info.resource.word.lower()} has no {'labels' if info.resource.kind == 'Pod' else 'selectors'} and cannot be exposed"
        )
    return dict(selector)


def _expressions(selector: JSON) -> str:
    """`%v` of Go's []metav1.LabelSelectorRequirement."""
    each = [f"{{{one['key']} {one['operator']} [{' '.join(one.get('values') or ())}]}}" for one in selector["matchExpressions"]]
    return f"[{' '.join(each)}]"
