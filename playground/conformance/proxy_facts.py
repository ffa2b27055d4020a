"""Do the small tables beside kube-proxy's rules hold: probabilities, hashes, what is proxied, what is counted?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from playground.conformance.report import Result
from playground.kube.apiserver import codec, resources
from playground.kube.apiserver.objects import Endpoint, EndpointPort, EndpointSlice, Object
from playground.kube.kubeproxy.chains import hash16
from playground.kube.kubeproxy.config import ProxyConfig
from playground.kube.kubeproxy.healthcheck import health_answer
from playground.kube.kubeproxy.iptables import ruleset
from playground.kube.kubeproxy.iptables.rule import probability
from playground.kube.kubeproxy.portrules import DROP
from playground.kube.kubeproxy.table import Table, rules_in, table_of

NODE = "test-node"
CONFIG = ProxyConfig(node=NODE, node_ip="192.168.0.2", local_ips=("127.0.0.1", "192.168.0.2"))


def facts(value: dict[str, Any]) -> Iterator[Result]:
    """One result for each row of `other_expectations`; a table that nobody knows here is a failed case."""
    for name, table in value.items():
        known = KNOWN.get(name)
        if known is None:
            yield Result(name, table, "no such behaviour here")
        else:
            yield from (Result(f"{name}: {case}", expected, got) for case, expected, got in known(table))


Row = tuple[str, Any, Any]


def _probability(table: dict[str, Any]) -> Iterator[Row]:
    return ((f"1 of {count}", expected, probability(int(count))) for count, expected in table["expected"].items())


def _ip_mode(table: dict[str, Any]) -> Iterator[Row]:
    for case in table["cases"]:
        entry = {"ip": "1.2.3.4"} | ({"ipMode": case["ipMode"]} if case["ipMode"] else {})
        service = _service(spec={"type": "LoadBalancer"}, status={"loadBalancer": {"ingress": [entry]}})
        config = msgspec.structs.replace(CONFIG, ip_mode=case["loadBalancerIPModeGate"])
        written = ruleset(config, rules_in(_table(service, ["test-node"], config).held.values())).written("nat")
        yield case["name"], case["ruleExpected"], any("-d 1.2.3.4 " in line for line in written)


def _not_proxied(table: dict[str, Any]) -> Iterator[Row]:
    for case in table["cases"]:
        service = codec.decode(
            {"apiVersion": "v1", "kind": "Service", "metadata": META, "spec": case["spec"]}, resources.by_kind("Service")
        )
        yield case["name"], case["servicePortsProxied"], len(rules_in(table_of(CONFIG, [service], []).held.values()))


def _health(table: dict[str, Any]) -> Iterator[Row]:
    """The number of Services with a local ready endpoint, of one Service whose endpoints are all on this Node."""
    for case in table["cases"]:
        endpoints = [Endpoint(f"10.0.1.{n}", node=NODE, **{k: c.get(k) for k in CONDITIONS}) for n, c in enumerate(case["endpoints"], 1)]
        (rules,) = rules_in(table_of(CONFIG, [_service()], [_slice(endpoints)]).held.values())
        yield case["name"], case["servicesWithLocalReady"], int(health_answer(CONFIG, rules).count > 0)


def _no_local(table: dict[str, Any]) -> Iterator[Row]:
    """Service ports that drop because a policy is Local and the endpoints are elsewhere."""
    for case in table["cases"]:
        policies = {name: case[name] for name in ("internalTrafficPolicy", "externalTrafficPolicy") if case[name]}
        kind = {"type": "NodePort"} if case["externalTrafficPolicy"] else {}
        (rules,) = rules_in(_table(_service(spec={**kind, **policies}), case["nodes"], CONFIG).held.values())
        dropped = [rules.internal(CONFIG).verdict == DROP, rules.way(CONFIG, rules.port.external_local).verdict == DROP]
        yield case["name"], [case["internal"], case["external"]], [int(each) for each in dropped]


def _random_fully(_: dict[str, Any]) -> Iterator[Row]:
    for fully in (True, False):
        lines = ruleset(msgspec.structs.replace(CONFIG, random_fully=fully), []).written("nat")
        ends = [line.endswith(" --random-fully") for line in lines if "-j MASQUERADE" in line]
        yield f"random fully: {fully}", [fully], ends


def _invalid(table: dict[str, Any]) -> Iterator[Row]:
    for case in table["cases"]:
        config = msgspec.structs.replace(CONFIG, tcp_be_liberal=case["tcpLiberal"], nfacct=case["nfacct"])
        found = [line for line in ruleset(config, []).written("filter") if "--ctstate INVALID" in line]
        name = f"liberal {case['tcpLiberal']}, nfacct {case['nfacct']}"
        yield name, [case["rule"]] if case["rule"] else [], found


def _hashes(table: dict[str, Any]) -> Iterator[Row]:
    return ((each["input"], each["hash16"], hash16(each["input"])) for each in table["vectors"])


# --- the objects that the tables speak of

META = {"namespace": "ns1", "name": "svc1"}
CONDITIONS = ("ready", "serving", "terminating")


def _service(spec: dict[str, Any] | None = None, status: dict[str, Any] | None = None) -> Object:
    ports = [{"port": 80, "protocol": "TCP", "nodePort": 123}]
    return Object("Service", "ns1", "svc1", "", 0, 0, spec={"clusterIP": "172.30.1.1", "ports": ports, **(spec or {})}, status=status or {})


def _slice(endpoints: list[Endpoint]) -> EndpointSlice:
    labels = {"kubernetes.io/service-name": "svc1"}
    ports = (EndpointPort(port=80),)
    return EndpointSlice("EndpointSlice", "ns1", "svc1-1", "", 0, 0, labels=labels, endpoints=tuple(endpoints), ports=ports)


def _table(service: Object, nodes: list[str], config: ProxyConfig) -> Table:
    """The Service with one ready endpoint on each of these Nodes."""
    return table_of(config, [service], [_slice([Endpoint(f"10.0.1.{n}", node=node, ready=True) for n, node in enumerate(nodes, 1)])])


KNOWN: dict[str, Callable[[dict[str, Any]], Iterator[Row]]] = {
    "compute_probability": _probability,
    "load_balancer_ip_mode": _ip_mode,
    "services_not_proxied": _not_proxied,
    "health_check_local_ready_services": _health,
    "no_local_endpoints_metric": _no_local,
    "kube_postrouting_random_fully": _random_fully,
    "drop_invalid_rule": _invalid,
    "chain_hash_vectors": _hashes,
}
