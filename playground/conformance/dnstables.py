"""What do the smaller tables of a DNS file say?  Names of endpoints, the grammar of names, resolv.conf, and the search for a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from playground.conformance.objects import JSON, cluster
from playground.conformance.report import Result, Unreadable, case_name, listed, tried
from playground.kube.apiserver.objects import Endpoint
from playground.kube.dns.addresses import endpoint_name
from playground.kube.dns.corefile import REVERSE_ZONES, Corefile
from playground.kube.dns.message import Answer, Record
from playground.kube.dns.question import parse
from playground.kube.dns.records import Records
from playground.kube.dns.resolvconf import MOST_SEARCH_CHARACTERS, MOST_SEARCHES, ResolvConf, resolv_conf, within_limits
from playground.kube.dns.walk import Query, walk

Table = Callable[[JSON, JSON], Iterator[Result]]
WALKED = "derived"
OLD_SEARCHES, OLD_CHARACTERS = 6, 256
CLUSTER_DNS, DOMAIN = "10.0.0.10", "cluster.local"
NODE = ResolvConf(("8.8.8.8",), ("host.domain",), ("attempts:1",))


def endpoint_names(value: JSON, fixtures: JSON) -> Iterator[Result]:
    for index, case in enumerate(listed(value, "cases")):
        made = Endpoint(case["ip"], pod=case.get("podName", ""), hostname=case["hostname"])
        got = endpoint_name(made, bool(case.get("endpoint_pod_names")))
        yield Result(case_name(case, "endpoint_hostname", index), case["expected"], got)


def backend_lookups(value: JSON, fixtures: JSON) -> Iterator[Result]:
    """What stands behind names, and the names of that, written from the root down as CoreDNS keys it."""
    made = cluster(fixtures[value["fixture"]])
    for index, case in enumerate(listed(value, "cases")):
        wanted = {"hosts": sorted(case["hosts"]), "owner_path": sorted(set(case["owner_path"]))}
        yield tried(case_name(case, "backend_lookups", index), wanted, partial(_behind, made, case))


def _behind(made: Any, case: JSON) -> JSON:
    found = Records(made, Corefile((case["zone"],))).look(case["qname"], case["zone"], case["qtype"]).backends or []
    owners = {"/c/" + "/".join(f"{each.owner}.{case['zone']}".rstrip(".").split(".")[::-1]) for each in found}
    return {"hosts": sorted(each.host for each in found), "owner_path": sorted(owners)}


def names(value: JSON, fixtures: JSON) -> Iterator[Result]:
    """The parts of names, and names that have none."""
    for index, case in enumerate(listed(value, "cases")):
        wanted = {key: case[key] for key in ("kind", "namespace", "service", "endpoint", "port", "protocol")}
        yield tried(case_name(case, "parse_request", index), wanted, partial(_parts, case))
    for index, case in enumerate(listed(value, "invalid")):
        got = _parts(case) if case["qname"].lower().endswith(case["zone"].lower()) else None
        yield Result(case_name(case, "parse_request invalid", index), None, got)


def _parts(case: JSON) -> JSON | None:
    path = parse(case["qname"], case["zone"])
    keys = ("kind", "namespace", "service", "endpoint", "port", "protocol")
    return None if path is None else {key: getattr(path, key) for key in keys}


def resolv_confs(value: JSON, fixtures: JSON) -> Iterator[Result]:
    tables = {"pod_dns_custom": _custom, "pod_dns_type": _by_policy, "limits": _limits, "merge_options": _merged}
    for name, part in value.items():
        if name not in tables:
            raise Unreadable(f"{name!r} is no part of resolv_conf: {', '.join(tables)}")
        for index, case in enumerate(listed(part, "cases")):
            wanted, got = tables[name](case, part)
            yield Result(case_name(case, f"resolv_conf {name}", index), wanted, got)


def _custom(case: JSON, part: JSON) -> tuple[Any, Any]:
    around = part["environment"]
    on_node = around["nodeResolvConf"]
    node = ResolvConf(tuple(on_node["nameservers"]), tuple(on_node["searches"]), tuple(on_node.get("options", ())))
    config = {**(case.get("dnsConfig") or {})}
    config["options"] = [{"name": name, "value": each} for name, each in (config.get("options") or {}).items()]
    spec = {"dnsPolicy": case["dnsPolicy"], "hostNetwork": case.get("hostNetwork"), "dnsConfig": config}
    conf = resolv_conf(around["podNamespace"], spec, around["clusterDNS"][0], around["clusterDomain"], node)
    wanted = {**case["expected"], "options": sorted(case["expected"]["options"])}
    return wanted, {"servers": list(conf.servers), "searches": list(conf.searches), "options": sorted(conf.options)}


def _by_policy(case: JSON, part: JSON) -> tuple[Any, Any]:
    conf = resolv_conf("ns", {"dnsPolicy": case["dnsPolicy"], "hostNetwork": case.get("hostNetwork")}, CLUSTER_DNS, DOMAIN, NODE)
    searches = (f"ns.svc.{DOMAIN}", f"svc.{DOMAIN}", DOMAIN, *NODE.searches)
    kinds = {NODE: "host", ResolvConf(()): "none", ResolvConf((CLUSTER_DNS,), searches, ("ndots:5",)): "cluster"}
    return case["expected"], kinds.get(conf, conf)


def _limits(case: JSON, part: JSON) -> tuple[Any, Any]:
    """The Node's own file, cut to what a file may hold; an event tells of what was left out."""
    if "nameservers" in case:
        given = case["nameservers"]
        got = list(resolv_conf("ns", {"dnsPolicy": "Default"}, CLUSTER_DNS, DOMAIN, ResolvConf(tuple(given))).servers)
    else:
        given, most = case["searches"], case.get("max_search_paths", MOST_SEARCHES)
        got = list(within_limits(tuple(given), most, OLD_CHARACTERS if most == OLD_SEARCHES else MOST_SEARCH_CHARACTERS))
    return {"kept": case["expected"], "event": case["event"]}, {"kept": got, "event": got != given}


def _merged(case: JSON, part: JSON) -> tuple[Any, Any]:
    options = [dict(zip(("name", "value"), each.split(":", 1), strict=False)) for each in case["pod"]]
    spec = {"dnsPolicy": "Default", "dnsConfig": {"options": options}}
    conf = resolv_conf("ns", spec, CLUSTER_DNS, DOMAIN, ResolvConf((), (), tuple(case["existing"])))
    return sorted(case["expected"]), sorted(conf.options)


def walks(value: JSON, fixtures: JSON) -> Iterator[Result]:
    """What is asked for a name, by each library that a case speaks of; a world upstream knows every name."""
    corefile = Corefile((f"{DOMAIN}.", *REVERSE_ZONES), "insecure")
    server = Records(cluster(fixtures[value.get("fixture", WALKED)]), corefile, _world)
    for index, case in enumerate(listed(value, "cases")):
        for library in case["libc"].split(" and "):
            outcome = case["outcome"] if isinstance(case["outcome"], list) else str(case["outcome"]).split()[0]
            wanted = {"steps": case["steps"], "outcome": outcome}
            name = f"{case_name({}, 'search_walk', index)} {case['name']!r} ({library})"
            yield tried(name, wanted, partial(_walked, server, case, library))


def _walked(server: Records, case: JSON, library: str) -> JSON:
    """As the A records show it, though AAAA is asked for beside them."""
    conf = ResolvConf((), tuple(case["search"]), (f"ndots:{case['ndots']}",))
    found = walk(case["name"], conf, partial(_of_ipv4, server), library == "musl")
    steps = [{"qname": query.name, "result": _result(query)} for query in found.queries]
    upstream = bool(steps) and steps[-1]["result"] == "forwarded upstream"
    return {"steps": steps, "outcome": "upstream" if upstream else list(found.ipv4) or "fail"}


def _of_ipv4(server: Records, name: str, type: str) -> Answer:
    answer = server.answer(name, "A")
    return answer if type == "A" else Answer(answer.rcode)


def _result(query: Query) -> str:
    return query.ipv4.word if query.ipv4.authoritative else "forwarded upstream"


def _world(name: str, type: str) -> Answer:
    return Answer("NOERROR", (Record(name, "A", "192.0.2.1", 60),), authoritative=False)


TABLES: dict[str, Table] = {
    "endpoint_hostname": endpoint_names,
    "backend_lookups": backend_lookups,
    "parse_request": names,
    "resolv_conf": resolv_confs,
    "search_walk": walks,
}
