"""What does the inspector say of one object, tab by tab?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playground.kube.apiserver.resources import SCALABLE
from playground.manifests import writer
from playground.pages import labels
from playground.pages.facts import endpoints, events, inside, nodes, other, places, pods, relations, rules, services, words, workloads
from playground.pages.facts.values import Editors, Link, Overview

OVERVIEWS = {
    "Pod": pods.overview,
    "Service": services.overview,
    "Node": nodes.overview,
    **dict.fromkeys(workloads.PURPOSE, workloads.overview),
}
TABS = {
    "overview": ("Overview", None),
    "endpoints": ("Endpoints", {"Service"}),
    "rules": ("Rules", {"Service", "Node"}),
    "iptables": ("iptables", {"Node"}),
    "inside": ("Inside", {"Pod"}),
    "yaml": ("YAML", None),
    "events": ("Events", None),
}


@dataclass(frozen=True)
class Inspection:
    """One object as one tab shows it; what other tabs need is left empty. `created` is the cluster's time in microseconds. `place` is the
    console's there. `follows` are the refs whose change changes it."""

    ref: str
    kind: str
    namespace: str
    name: str
    tab: str
    tabs: tuple[tuple[str, str], ...]
    labels: dict[str, str]
    created: int
    age: str
    owners: tuple[Link, ...]
    overview: Overview
    inert: bool
    editors: Editors
    place: str = ""
    streams: tuple[Any, ...] = ()
    endpoints: tuple[endpoints.EndpointRow, ...] = ()
    endpoints_caption: str = ""
    no_endpoints: str = ""
    rules: tuple[rules.RuleRow, ...] = ()
    host_ports: tuple[str, ...] = ()
    rule_text: tuple[rules.Program, ...] = ()
    environments: tuple[inside.Environment, ...] = ()
    resolv_conf: str = ""
    events: tuple[events.EventRow, ...] = ()
    yaml: str = ""
    follows: tuple[str, ...] = field(default=())


def inspect(running: Any, kind: str, namespace: str, name: str, tab: str) -> Inspection | None:
    """None if there is no such object; an unknown tab is the overview."""
    thing = running.store.get(kind, namespace, name)
    if thing is None:
        return None
    tabs = tuple((key, title) for key, (title, kinds) in TABS.items() if kinds is None or kind in kinds)
    tab = tab if tab in dict(tabs) else "overview"
    inert = other.is_inert(kind)
    overview = (other.overview if inert else OVERVIEWS.get(kind, other.overview))(running, thing)
    return Inspection(
        ref=thing.ref,
        kind=kind,
        namespace=namespace,
        name=name,
        tab=tab,
        tabs=tabs,
        labels=thing.labels,
        created=thing.created,
        age=words.age(running.now - thing.created),
        owners=relations.owners(running, thing),
        overview=overview,
        inert=inert,
        editors=_editors(running, thing),
        place=places.of_object(thing),
        streams=tuple(pods.streams_from(running, thing)) if kind == "Pod" else (),
        endpoints=endpoints.of_service(running, thing) if tab == "endpoints" else (),
        endpoints_caption=endpoints.caption_of(thing) if tab == "endpoints" else "",
        no_endpoints=endpoints.none_of(thing) if tab == "endpoints" else "",
        rules=rules.shown(running, thing) if tab == "rules" else (),
        host_ports=rules.host_ports(running, thing) if tab in ("rules", "iptables") else (),
        rule_text=rules.tables(running, name) if tab == "iptables" else (),
        environments=inside.environments(running, thing) if tab == "inside" else (),
        resolv_conf=inside.resolv_conf(running, thing) if tab == "inside" else "",
        events=events.of_object(running, thing) if tab == "events" else (),
        yaml=writer.write(running.server.encode(thing)) if tab == "yaml" else "",
        follows=(thing.ref, *(link.ref for group in overview.groups for link in group.links)),
    )


def _editors(running: Any, thing: Any) -> Editors:
    return Editors(
        labels=labels.written(thing.labels),
        selector=labels.written(thing.spec.get("selector") or {}) if _has_selector(thing) else None,
        replicas=thing.spec.get("replicas", 1) if thing.kind in SCALABLE else None,
        source=f"{thing.namespace}/{thing.name}" if thing.kind == "Pod" else "",
        targets=services.targets(running) if thing.kind == "Pod" else (),
    )


def _has_selector(thing: Any) -> bool:
    return thing.kind == "Service" and thing.spec.get("type") != "ExternalName"
