"""Does a container get the environment variables it should?  The suite `envvars`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from playground.conformance.objects import JSON, pod, service
from playground.conformance.report import Result, Unreadable, case_name, listed, tried
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object
from playground.kube.kubelet.envvars import Missing, Variable, from_services, mangled, merged, own_variables, visible
from playground.kube.kubelet.fieldrefs import pod_field
from playground.kube.settings import ClusterSettings

PARTS = ("suite", "meta", "from_services", "kubelet_services", "kubelet", "name_mangling", "docs_example")
REFERENCES = ("configMapRef", "secretRef")
KEYED = ("configMapKeyRef", "secretKeyRef")


def run(value: dict[str, Any]) -> Iterator[Result]:
    """Every case of a file, part by part; raises Unreadable for a part that is not known."""
    for part in value:
        if part not in PARTS:
            raise Unreadable(f"{part!r} is no part of an environment file: {', '.join(PARTS)}")
    for index, case in enumerate(listed(value, "from_services")):
        yield _listed(case, case_name(case, "from_services", index))
    for index, case in enumerate(listed(value, "kubelet")):
        wanted = {"error": True} if case.get("expected_env") is None else _shown(_pairs(case["expected_env"]), case)
        yield tried(case_name(case, "kubelet", index), wanted, partial(_started, case, listed(value, "kubelet_services")))
    for index, case in enumerate(listed(value.get("name_mangling") or {}, "cases")):
        yield Result(case_name(case, "name_mangling", index), case["out"], mangled(case["in"]))
    if "docs_example" in value:
        yield _listed({"order_significant": False, **value["docs_example"]}, "docs_example")


def _listed(case: JSON, name: str) -> Result:
    wanted = _shown(_pairs(case["expected_env"]), case)
    return tried(name, wanted, lambda: _shown(from_services(_services(case["services"])), case))


def _started(case: JSON, services: list[JSON]) -> Any:
    """What a container of this Pod starts with. The simulated kubelets always know the Services, so that a case in which
    one does not, and a Pod of the API server has to wait, cannot be run."""
    given, lister = case["pod"], case.get("service_lister", "synced")
    if lister not in ("synced", "none", "unsynced-empty"):
        raise ValueError(f"service_lister {lister!r}")
    if lister == "unsynced-empty" and not given.get("static"):
        raise ValueError("a kubelet that does not know the Services yet is not simulated")
    known = _services(services) if lister == "synced" else []
    found = from_services(visible(known, given["namespace"], given["enableServiceLinks"]))
    container = {
        "env": [_entry(each) for each in case.get("container_env") or ()],
        "envFrom": [_from(each) for each in case.get("container_envFrom") or ()],
    }
    subject = pod(Machinery(ClusterSettings()), {"ip": "1.2.3.4", "nodeName": "node-name", **given})
    sources = {"config_map": partial(_data, case.get("configMap_data")), "secret": partial(_data, case.get("secret_data"))}
    try:
        own = own_variables(
            container, found, given["namespace"], **sources, field=lambda source: pod_field(subject, source["fieldRef"]["fieldPath"])
        )
    except Missing:
        return {"error": True}
    return _shown(merged(own, found), case)


def _services(values: list[JSON]) -> list[Object]:
    made = Machinery(ClusterSettings())
    return [service(made, each) for each in values]


def _entry(value: JSON) -> JSON:
    """An entry of `env` as the API has it; the format writes references short."""
    if "fieldRef" in value:
        return {"name": value["name"], "valueFrom": {"fieldRef": {"fieldPath": value["fieldRef"]}}}
    sources = {key: value[key] for key in KEYED if key in value}
    return {"name": value["name"], "valueFrom": sources} if sources else value


def _from(value: JSON) -> JSON:
    sources = {key: {"name": value[key], "optional": bool(value.get("optional"))} for key in REFERENCES if key in value}
    return {"prefix": value.get("prefix", ""), **sources}


def _data(held: dict[str, str] | None, reference: JSON) -> dict[str, str] | None:
    """The one ConfigMap or Secret that a case has, under whatever name; None if it has none."""
    return held


def _pairs(values: list[JSON]) -> list[Variable]:
    return [(each["name"], each["value"]) for each in values]


def _shown(variables: Any, case: JSON) -> list[list[str]]:
    """As lists; sorted where the order does not matter."""
    found = [list(each) for each in variables]
    return found if case.get("order_significant", True) else sorted(found)
