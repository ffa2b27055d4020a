"""What does a browser know of a cluster?  Nodes, Pods, Services, rules and streams of traffic, as docs/architecture.md lists them.

A picture is a pure function of the running cluster. It is kept, not made anew: an event marks the keys that it may have
changed, and only those are looked at again and compared with what was sent last. `hash` proves that a browser, which
applied every frame, knows what the engine knows: the sum, modulo 2**64, of a 64-bit BLAKE2b of every `[section, key, value]`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from playground.kube.apiserver.balancing import addresses_of
from playground.kube.apiserver.objects import EndpointSlice, Object, Pod
from playground.kube.events import Changed, Event, PowerChanged, ProxyChanged, RulesSynced, TrafficChanged
from playground.kube.explain import reached, statusword
from playground.kube.kubeproxy.chains import address

Change = tuple[str, str, Any]
Value = dict[str, Any] | None
MASK = (1 << 64) - 1
SERVICE_NAME = "kubernetes.io/service-name"
_encode = msgspec.json.Encoder(order="sorted").encode


class Picture:
    """The picture of one running kube cluster. `sections` is what was last told; do not change it."""

    def __init__(self, kube: Any):
        self._kube = kube
        self._sum = 0
        self._dirty: dict[tuple[str, str], None] = {}
        self._services: dict[str, dict[str, None] | None] = {}
        self._names: dict[str, dict[str, None]] = {}
        self._views: dict[str, Callable[[str], Value]] = {
            "nodes": self._node,
            "pods": self._pod,
            "services": self._service,
            "rules": self._rules,
            "traffic": self._stream,
        }
        self.sections: dict[str, dict[str, Any]] = {name: {} for name in self._views}
        self._mark_all()
        self.changes()

    @property
    def hash(self) -> str:
        return f"{self._sum:016x}"

    def mark(self, event: Event) -> None:
        """Remember what an event may have changed."""
        if isinstance(event, Changed):
            self._mark_object(event.new if event.new is not None else event.old)
        elif isinstance(event, RulesSynced):
            for port in event.ports:
                self._mark_rules(_service_of(port), event.nodes)
        elif isinstance(event, TrafficChanged):
            self._dirty["traffic", event.stream] = None
        elif isinstance(event, PowerChanged | ProxyChanged):
            self._mark_node(event.node)

    def changes(self) -> list[Change]:
        """What is different from the last call, in the order in which it was marked; None for what is gone."""
        dirty, self._dirty = self._dirty, {}
        return [change for section, key in dirty for change in self._changed(section, key)]

    # --- what may have changed

    def _mark_all(self) -> None:
        store = self._kube.store
        for kind in ("Node", "Pod", "Service"):
            for thing in store.list(kind):
                self._mark_object(thing)
        for stream in self._kube.traffic.streams():
            self._dirty["traffic", stream.id] = None

    def _mark_object(self, thing: Any) -> None:
        if thing.kind == "Pod":
            self._dirty["pods", _key(thing)] = None
        elif thing.kind == "Node":
            self._mark_node(thing.name)
        elif thing.kind == "Service":
            self._mark_service(_key(thing))
        elif thing.kind == "EndpointSlice" and SERVICE_NAME in thing.labels:
            self._mark_service(f"{thing.namespace}/{thing.labels[SERVICE_NAME]}")

    def _mark_node(self, node: str) -> None:
        self._dirty["nodes", node] = None
        self._dirty["rules", node] = None
        self._services[node] = None

    def _mark_service(self, service: str) -> None:
        self._dirty["services", service] = None
        self._mark_rules(service, self.sections["rules"])

    def _mark_rules(self, service: str, nodes: Iterable[str]) -> None:
        for node in nodes:
            self._dirty["rules", node] = None
            marked = self._services.setdefault(node, {})
            if marked is not None:
                marked[service] = None

    def _changed(self, section: str, key: str) -> list[Change]:
        known = self.sections[section]
        old, new = known.get(key), self._views[section](key)
        if old == new:
            return []
        if old is not None:
            self._sum = (self._sum - entry_hash(section, key, old)) & MASK
            del known[key]
        if new is not None:
            self._sum = (self._sum + entry_hash(section, key, new)) & MASK
            known[key] = new
        return [(section, key, new)]

    # --- how each thing looks

    def _node(self, key: str) -> Value:
        node = self._kube.store.get("Node", "", key)
        if node is None:
            return None
        status = node.status
        return {
            "name": key,
            "ip": next((each["address"] for each in status.get("addresses", ()) if each.get("type") == "InternalIP"), ""),
            "cidr": node.spec.get("podCIDR", ""),
            "zone": node.labels.get("topology.kubernetes.io/zone", ""),
            "ready": any(each["type"] == "Ready" and each["status"] == "True" for each in status.get("conditions", ())),
            "on": self._kube.kubelet.powered(key),
            "proxied": self._kube.proxies.stopped(key) is None,
            "schedulable": not node.spec.get("unschedulable", False),
        }

    def _pod(self, key: str) -> Value:
        pod = self._kube.store.get("Pod", *key.split("/"))
        if pod is None:
            return None
        containers, owner = pod.state.containers, pod.controller
        return {
            "ns": pod.namespace,
            "name": pod.name,
            "node": pod.node,
            "ip": pod.ip,
            "phase": pod.state.phase,
            "status": statusword.word(pod),
            "ready": pod.state.ready,
            "containers": [sum(each.ready for each in containers), len(pod.spec.get("containers", ()))],
            "restarts": sum(each.restarts for each in containers),
            "terminating": pod.deleting is not None,
            "labels": pod.labels,
            "owner": f"{owner.kind}/{owner.name}" if owner else "",
            "app": _app(pod, owner.name if owner else pod.name),
            "ports": _ports(pod, self._kube.kubelet.listens(pod)),
            "since": statusword.since(pod),
        }

    def _service(self, key: str) -> Value:
        service = self._kube.store.get("Service", *key.split("/"))
        if service is None:
            return None
        spec = service.spec
        endpoints = self._endpoints(service)
        ready = sum(state == "ready" for *_, state in endpoints)
        return {
            "ns": service.namespace,
            "name": service.name,
            "type": spec.get("type", "ClusterIP"),
            "ip": spec.get("clusterIP", ""),
            "ports": [_port(each) for each in spec.get("ports", ())],
            "selector": spec.get("selector"),
            "app": _app(service, (spec.get("selector") or {}).get("app") or service.name),
            "internal": spec.get("internalTrafficPolicy", "Cluster"),
            "external": spec.get("externalTrafficPolicy"),
            "balancer": list(addresses_of(service)) if spec.get("type") == "LoadBalancer" else None,
            "endpoints": endpoints,
            "ready": ready,
            "notReady": len(endpoints) - ready,
            **({"families": spec["ipFamilies"]} if len(spec.get("ipFamilies", ())) > 1 else {}),
            **({"externalName": spec.get("externalName", "")} if spec.get("type") == "ExternalName" else {}),
        }

    def _endpoints(self, service: Object) -> list[list[str]]:
        """Those that it can lead to, each Pod once."""
        return [_endpoint(piece, each) for piece in reached.slices(self._kube.machinery, service) for each in piece.endpoints]

    def _rules(self, key: str) -> Value:
        """All rules of a Node, of which only those of marked Services (None: of all) are asked for again."""
        services = self._services.pop(key, None)
        if self._kube.store.get("Node", "", key) is None:
            return None
        names = None if services is None else [name for service in services for name in self._names_of(service)]
        known = self.sections["rules"].get(key, {})
        kept = {} if services is None else {port: rule for port, rule in known.items() if _service_of(port) not in services}
        for rule in self._kube.proxies.rules(key, names):
            self._names.setdefault(_service_of(rule.name), {})[rule.name] = None
            kept[rule_key(rule, rule.outside)] = _rule(rule)
        return kept

    def _names_of(self, service: str) -> Iterable[str]:
        """What the ports of a Service are called, or were when a Node last heard of them."""
        names = self._names.setdefault(service, {})
        names.update(dict.fromkeys(self._kube.proxies.names(*service.split("/"))))
        return names

    def _stream(self, key: str) -> Value:
        stream = self._kube.traffic.stream(key)
        if stream is None:
            return None
        return {"id": key, "from": stream.source, "to": stream.to, "rate": _number(stream.rate), "keepAlive": stream.keep_alive}


def entry_hash(section: str, key: str, value: Any) -> int:
    """64 bits of the canonical JSON (sorted keys, no spaces) of `[section, key, value]`."""
    return int.from_bytes(hashlib.blake2b(_encode((section, key, value)), digest_size=8).digest(), "big")


def picture_hash(sections: dict[str, dict[str, Any]]) -> str:
    """The hash of a whole picture, as a browser that holds it can reckon: `clock`, `history` and `cluster` do not count."""
    total = sum(entry_hash(section, key, value) for section, known in sections.items() for key, value in known.items())
    return f"{total & MASK:016x}"


def rule_key(port: Any, outside: bool) -> str:
    """`default/web:http`, or with the port's number where it has no name; of what comes from outside `default/web:http/outside`;
    of IPv6 with `/IPv6` at its end."""
    name = port.name if ":" in port.name else f"{port.name}:{port.port}"
    return f"{name}{'/outside' if outside else ''}{'/IPv6' if port.family == 'IPv6' else ''}"


def _ports(pod: Any, listens: Iterable[tuple[int, str]]) -> list[int | str]:
    """Where a Pod can be reached, as far as it says so: the declared ones of the ports that it listens on, or all if none is declared."""
    containers = pod.spec.get("containers", ())
    declared = {(port["containerPort"], port.get("protocol", "TCP")) for each in containers for port in each.get("ports", ())}
    found = sorted(set(listens))
    shown = [each for each in found if each in declared] or found
    return [port if protocol == "TCP" else f"{port}/{protocol}" for port, protocol in shown]


def _key(thing: Any) -> str:
    return f"{thing.namespace}/{thing.name}"


def _app(thing: Pod | Object, otherwise: str) -> str:
    return thing.labels.get("app") or thing.labels.get("app.kubernetes.io/name") or otherwise


def _port(port: dict[str, Any]) -> dict[str, Any]:
    target = port.get("targetPort", port["port"])
    return {"name": port.get("name", ""), "port": port["port"], "target": target, "protocol": port.get("protocol", "TCP")}


def _endpoint(piece: EndpointSlice, endpoint: Any) -> list[str]:
    """[Pod or "", address with the slice's first port, Node, state]."""
    port = piece.ports[0].port if piece.ports else None
    pod = f"{piece.namespace}/{endpoint.pod}" if endpoint.pod else ""
    return [pod, address(endpoint.ip, port) if port else endpoint.ip, endpoint.node, _state(endpoint)]


def _state(endpoint: Any) -> str:
    if endpoint.ready is not False:  # unknown counts as ready (discovery/v1 EndpointConditions)
        return "ready"
    if not endpoint.terminating:
        return "not-ready"
    return "serving" if endpoint.serving is not False else "terminating"


def _service_of(port: str) -> str:
    """`default/web` of `default/web:http`, as of `default/web`."""
    return port.partition(":")[0]


def _rule(rule: Any) -> dict[str, Any]:
    return {
        "address": rule.address,
        "protocol": rule.protocol,
        "verdict": rule.verdict,
        "endpoints": list(rule.endpoints),
        "count": rule.count,
        "behind": rule.behind,
        **({"nodePort": rule.node_port} if rule.outside else {}),
    }


def _number(rate: float) -> float | int:
    """2.0 is 2, as JavaScript writes it: equal values have equal JSON."""
    return int(rate) if rate == int(rate) else rate
