"""Does the simulated CoreDNS answer as it should?  The suites `dns` and `dns-real`: queries to small clusters.

Answers are compared as sets of records, as the format says; an SOA's serial is not compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from playground.conformance import dnstables
from playground.conformance.objects import JSON, cluster
from playground.conformance.report import Result, Unreadable, case_name, listed, tried
from playground.kube.dns.corefile import REVERSE_ZONES, Corefile
from playground.kube.dns.message import Answer, Record
from playground.kube.dns.records import Records, no_upstream

QUERIES = ("cases", "derived", "spec")
ABOUT = ("suite", "meta", "about", "fixtures")
SECTIONS = {"answers": "records", "extra": "additional", "ns": "authority"}
SRV = ("priority", "weight", "port", "target")
SOA = ("mname", "rname", "serial", "refresh", "retry", "expire", "minimum")


def run(value: dict[str, Any]) -> Iterator[Result]:
    """Every case of a file, in its order; raises Unreadable for a part that is not known."""
    known = (*QUERIES, *ABOUT, *dnstables.TABLES)
    for section in value:
        if section not in known:
            raise Unreadable(f"{section!r} is no part of a DNS file: {', '.join(known)}")
    fixtures: dict[str, Any] = value.get("fixtures") or {}
    servers: dict[str, Records] = {}
    for section in QUERIES:
        for index, case in enumerate(listed(value, section)):
            wanted = expected(case)
            yield tried(case_name(case, section, index), wanted, partial(_ask, case, wanted, fixtures, servers))
    for section, table in dnstables.TABLES.items():
        if section in value:
            yield from table(value[section], fixtures)


def corefile(config: JSON) -> Corefile:
    """The options of a case; one that this CoreDNS does not know raises ValueError."""
    if config.get("zonal"):
        raise ValueError("names with a zone (zonal) are not served")
    exposed, own = config.get("exposed_namespaces"), config.get("dns_server_ips")
    return Corefile(
        zones=tuple(zone.lower() for zone in config.get("zones", ("cluster.local.", *REVERSE_ZONES))),
        pods=config.get("pod_mode", "disabled"),
        ttl=config.get("ttl", 5),
        namespaces=None if exposed is None else tuple(exposed),
        ignore_empty_service=bool(config.get("ignore_empty_service")),
        endpoint_pod_names=bool(config.get("endpoint_pod_names")),
        fall=tuple(config.get("fallthrough") or ()),
        addresses=None if own is None else tuple(own),
        synced=config.get("synced", True) is not False,
    )


def expected(case: JSON) -> JSON:
    """What a case says of its answer, comparable: each section that it has, without what it does not compare."""
    ignored = (*case.get("do_not_compare", ()), "serial")
    wanted: JSON = {"rcode": case["rcode"], "aa": case.get("aa", case["rcode"] != "REFUSED")}
    for section in SECTIONS:
        if section in case:
            wanted[section] = _set({key: each for key, each in record.items() if key not in ignored} for record in case[section])
    return wanted | ({"truncated": case["truncated"]} if "truncated" in case else {})


def shown(record: Record) -> JSON:
    """A record as the format writes it."""
    value: JSON = {"name": record.name, "type": record.type, "ttl": record.ttl}
    if record.type in ("A", "AAAA"):
        return value | {"address": record.value}
    if record.type == "TXT":
        return value | {"text": record.value}
    fields = {"SRV": SRV, "SOA": SOA}.get(record.type, ("target",))
    return value | {field: int(part) if part.isdecimal() else part for field, part in zip(fields, record.value.split(), strict=True)}


def _ask(case: JSON, wanted: JSON, fixtures: JSON, servers: dict[str, Records]) -> JSON:
    answer = _server(case, fixtures, servers).ask(case["qname"], case["qtype"])
    ignored = (*case.get("do_not_compare", ()), "serial")
    got: JSON = {"rcode": answer.rcode, "aa": answer.authoritative}
    for section, field in SECTIONS.items():
        if section in wanted:
            records = (shown(record) for record in getattr(answer, field))
            got[section] = _set({key: each for key, each in record.items() if key not in ignored} for record in records)
    return got | ({"truncated": answer.truncated} if "truncated" in wanted else {})


def _server(case: JSON, fixtures: JSON, servers: dict[str, Records]) -> Records:
    """The server of a case; those with the same cluster and options share one."""
    config, upstream = case.get("config") or {"pod_mode": "insecure"}, case.get("upstream")
    key = json.dumps([case.get("fixture"), case.get("cluster"), config, upstream], sort_keys=True)
    if key not in servers:
        value = case["cluster"] if "cluster" in case else fixtures[case["fixture"]]
        answers = no_upstream if upstream is None else partial(_from_upstream, upstream)
        servers[key] = Records(cluster(value), corefile(config), answers)
    return servers[key]


def _from_upstream(value: JSON, name: str, type: str) -> Answer:
    listed = [Record(each["name"], each["type"], each.get("address") or each["target"], each["ttl"]) for each in value["answers"]]
    return Answer(value.get("rcode", "NOERROR"), tuple(listed), authoritative=False, truncated=bool(value.get("truncated")))


def _set(records: Any) -> list[JSON]:
    """Each record once, in an order of their own."""
    return [json.loads(each) for each in sorted({json.dumps(record, sort_keys=True) for record in records})]
