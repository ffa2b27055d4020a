"""What does the EndpointSlice controller write for a case?  It runs in a small cluster until nothing is due any more."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

import msgspec

from playground.conformance.objects import JSON, node, pod, ports_from, service
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoint, EndpointSlice, Object, Pod
from playground.kube.apiserver.podtemplate import owned_by
from playground.kube.clock import SECOND
from playground.kube.controllers.endpointslice import EndpointSliceController
from playground.kube.controllers.packing import LARGEST
from playground.kube.controllers.slicing import DISTRIBUTIONS, endpoint_of, families, ports_of, slice_labels
from playground.kube.controllers.triggertimes import TRIGGERED
from playground.kube.settings import ClusterSettings

LONG_ENOUGH = 10 * SECOND
FIRST_ADDRESS = int(ip_address("10.128.0.1"))
RULE = re.compile(r"i % (\d+) (==|!=) (\d+)")
TOLD = ("actions", "slice_lengths", "endpoints", "all_endpoints_ready", "deletes", "address_type", "slice_count", "actions_first_sync",
        "actions_second_sync", "slice_ports", "slices_by_address_type", "labels_on_every_slice", "slice_name_prefix", "added", "removed")  # fmt: skip


class Trial:
    """One Service with its Pods, Nodes and slices; `actions` are the writes that the controller made."""

    def __init__(self, case: JSON):
        self.machinery = Machinery(ClusterSettings(seed=1))
        self.store = self.machinery.store
        distributions = DISTRIBUTIONS if case.get("feature_PreferSameTrafficDistribution", True) else ("PreferClose",)
        EndpointSliceController(self.machinery, case.get("max_endpoints_per_slice", LARGEST), distributions)
        self.actions: list[str] = []
        with self.store.transaction():
            self._fill(case)
        self.before = self.addresses()
        self.store.watch("EndpointSlice", self._note)
        self.run()

    def run(self) -> list[str]:
        """Let it settle; what it wrote meanwhile."""
        self.actions = []
        self.machinery.clock.run_until(self.machinery.now + LONG_ENOUGH)
        return sorted(self.actions)

    def again(self) -> list[str]:
        """What it writes when it looks at the same Service once more."""
        (owner,) = self.store.list("Service")
        self.store.replace(owner, spec={**owner.spec, "sessionAffinity": "None"})
        return self.run()

    def slices(self) -> list[EndpointSlice]:
        found: list[EndpointSlice] = self.store.list("EndpointSlice")
        return found

    def addresses(self) -> set[str]:
        return {endpoint.ip for piece in self.slices() for endpoint in piece.endpoints}

    def _fill(self, case: JSON) -> None:
        for each in case.get("nodes") or ():
            self.store.create(node(self.machinery, each))
        value = {**case["service"]}
        old = service(self.machinery, value)
        pods = [self.store.create(each) for each in self._pods(case, old)]
        self._existing(case, old, pods)
        for path, change in (case.get("change") or {}).items():
            pods = self._change(value, pods, path, change)
        self.store.create(msgspec.structs.replace(service(self.machinery, value), uid=old.uid))

    def _pods(self, case: JSON, owner: Object) -> list[Pod]:
        if "pods" in case:
            return [pod(self.machinery, each) for each in case["pods"]]
        generated = case.get("pods_generate") or {"count": sum(case.get("existing_slice_lengths") or ())}
        return [
            self._generated(generated, number, owner)
            for number in range(generated.get("i_from", 0), generated["count"] + generated.get("i_from", 0))
        ]

    def _generated(self, rule: JSON, number: int, owner: Object) -> Pod:
        value = {"name": f"pod{number}", "namespace": owner.namespace, "labels": owner.spec.get("selector"), "nodeName": "node-1", **rule}
        value |= {"name": value["name"].replace("{i}", str(number)), "podIPs": [str(ip_address(FIRST_ADDRESS + number))]}
        value |= {field: _holds(rule[field], number) for field in ("ready", "terminating") if field in rule}
        return pod(self.machinery, value)

    def _existing(self, case: JSON, owner: Object, pods: list[Pod]) -> None:
        """Slices that are there already, in the way the controller would have made them of the first Pods; those that
        `existing_slices` lists must be empty."""
        for number, each in enumerate(case.get("existing_slices") or ()):
            if each.get("endpoints"):
                raise ValueError("an existing slice with endpoints")
            self.store.create(msgspec.structs.replace(self._made(case, owner, f"empty-{number}", []), ports=ports_from(each)))
        lengths = list(case.get("existing_slice_lengths") or ())
        known = [each for each in pods if each.ip in case["existing_endpoints"]] if "existing_endpoints" in case else pods
        lengths += [len(known)] if case.get("existing_endpoints") else []
        start = 0
        for number, length in enumerate(lengths):
            self.store.create(self._made(case, owner, f"old-{number}", known[start : start + length]))
            start += length

    def _made(self, case: JSON, owner: Object, name: str, pods: list[Pod]) -> EndpointSlice:
        family = families(owner)[0]
        foreign = msgspec.structs.replace(owner, uid=self.store.new_uid())
        endpoints = tuple(endpoint_of(owner, each, self.store.get("Node", "", each.node), family) for each in pods)
        return EndpointSlice(
            "EndpointSlice", owner.namespace, name, self.store.new_uid(), 0, 0, slice_labels(owner),
            owners=owned_by(owner if case.get("owner_uid_matches", True) else foreign),
            address_type=case.get("existing_address_type", family), endpoints=endpoints, ports=ports_of(owner, pods[0]) if pods else (),
        )  # fmt: skip

    def _change(self, value: JSON, pods: list[Pod], path: str, change: Any) -> list[Pod]:
        """A field of the Service, or what becomes of the Pods."""
        port = re.fullmatch(r"ports\[(\d+)\]\.(\w+)", path)
        if port:
            ports = [dict(each) for each in value["ports"]]
            ports[int(port[1])][port[2]] = change
            value["ports"] = ports
        elif path == "every tenth pod becomes not ready":
            pods = [
                self.store.replace(each, state=msgspec.structs.replace(each.state, ready=number % 10 != 0))
                for number, each in enumerate(pods)
            ]
        elif path == "new ready pods":
            owner = service(self.machinery, value)
            pods = pods + [self.store.create(self._generated({}, number, owner)) for number in range(len(pods), len(pods) + change)]
        elif path in ("labels", "selector", "clusterIP", "ipFamilies", "publishNotReadyAddresses"):
            value[path] = change
        else:
            raise ValueError(f"change {path!r}")
        return pods

    def _note(self, old: Any, new: Any) -> None:
        self.actions.append("create" if old is None else "delete" if new is None else "update")


def wanted(case: JSON) -> JSON:
    expected = case["expected"]
    if unknown := [key for key in expected if key not in TOLD]:
        return {**expected, "cannot be run": unknown}
    return _sorted(expected)


def reconcile(case: JSON) -> JSON:
    """All that the case tells of, as the controller left it."""
    trial = Trial(case)
    told = {key: read(trial, case) for key, read in READERS.items() if key in case["expected"]}
    return _sorted(told)


def new_slice(case: JSON) -> JSON:
    value = {"selector": {"app": "none"}, "ipFamilies": ["IPv4"], "ports": [{"port": 80}], **case["service"]}
    (piece,) = Trial({**case, "service": value}).slices()
    owners = [f"{owner.kind} {owner.name} (controller={str(owner.controller).lower()})" for owner in piece.owners]
    return {
        "generateName": piece.meta["generateName"],
        "namespace": piece.namespace,
        "labels": piece.labels,
        "ownerReferences": owners,
        # The case is of newEndpointSlice, behind which the reconciler tells the time.
        "annotations": {key: each for key, each in piece.annotations.items() if key != TRIGGERED},
    }


def hints(case: JSON) -> JSON:
    """For which zones and Nodes the endpoints are meant; "" is for none."""
    labels = {"app": "hinted"}
    value = {"selector": labels, "ipFamilies": ["IPv4"], "ports": [{"port": 80}], **case["service"]}
    pods = [{"labels": labels, "podIP": str(ip_address(FIRST_ADDRESS + number)), **each} for number, each in enumerate(case["pods"])]
    endpoints = [each for piece in Trial({**case, "service": value, "pods": pods}).slices() for each in piece.endpoints]
    told: JSON = {
        "endpoints_per_zone_hint": dict(Counter(name for each in endpoints for name in each.for_zones or ("",))),
        "endpoints_with_cross_zone_hint": sum(bool(each.for_zones) and each.zone not in each.for_zones for each in endpoints),
        "endpoints_per_node_hint": dict(Counter(name for each in endpoints for name in each.for_nodes)),
    }
    return {key: each for key, each in told.items() if key in case["expected"]}


def endpoint_json(endpoint: Endpoint) -> JSON:
    """An endpoint as the format writes it: what it does not have is left out."""
    target = {"kind": "Pod", "namespace": "test", "name": endpoint.pod} if endpoint.pod else None
    value: JSON = {
        "addresses": [endpoint.ip],
        "conditions": {"ready": endpoint.ready, "serving": endpoint.serving, "terminating": endpoint.terminating},
        "hostname": endpoint.hostname,
        "nodeName": endpoint.node,
        "zone": endpoint.zone,
        "targetRef": target,
    }
    return {key: each for key, each in value.items() if each}


def sorted_json(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=lambda each: json.dumps(each, sort_keys=True))


def _holds(rule: Any, number: int) -> bool:
    """A truth value, or a rule such as `i % 3 != 0`."""
    if isinstance(rule, bool):
        return rule
    found = RULE.fullmatch(rule)
    if found is None:
        raise ValueError(f"rule {rule!r}")
    return (number % int(found[1]) == int(found[3])) == (found[2] == "==")


def _by_family(trial: Trial, case: JSON) -> JSON:
    found: dict[str, list[JSON]] = {}
    for piece in trial.slices():
        found.setdefault(piece.address_type, []).extend(endpoint_json(each) for each in piece.endpoints)
    return found


def _common_labels(trial: Trial, case: JSON) -> Any:
    every = [piece.labels for piece in trial.slices()]
    return every[0] if every and all(each == every[0] for each in every) else every


def _prefix(trial: Trial, case: JSON) -> str:
    prefix = case["expected"]["slice_name_prefix"]
    return prefix if all(piece.name.startswith(prefix) for piece in trial.slices()) else str([piece.name for piece in trial.slices()])


def _endpoints(trial: Trial, case: JSON) -> Any:
    found = [endpoint.ip for piece in trial.slices() for endpoint in piece.endpoints]
    return len(found) if isinstance(case["expected"]["endpoints"], int) else found


def _ports(trial: Trial, case: JSON) -> list[Any]:
    return [[{"name": port.name, "port": port.port, "protocol": port.protocol} for port in piece.ports] for piece in trial.slices()]


def _types(trial: Trial, case: JSON) -> str:
    return ",".join(sorted({piece.address_type for piece in trial.slices()}))


def _sorted(told: JSON) -> JSON:
    """With lists in an order of their own, for they have none."""
    flat: JSON = {key: sorted_json(each) if isinstance(each, list) else each for key, each in told.items()}
    if "slices_by_address_type" in flat:
        flat["slices_by_address_type"] = {key: sorted_json(each) for key, each in flat["slices_by_address_type"].items()}
    return flat


READERS: dict[str, Any] = {
    "actions": lambda trial, case: list(trial.actions),
    "actions_first_sync": lambda trial, case: list(trial.actions),
    "deletes": lambda trial, case: trial.actions.count("delete"),
    "slice_lengths": lambda trial, case: [len(piece.endpoints) for piece in trial.slices()],
    "slice_count": lambda trial, case: len(trial.slices()),
    "slice_ports": _ports,
    "endpoints": _endpoints,
    "all_endpoints_ready": lambda trial, case: all(endpoint.ready for piece in trial.slices() for endpoint in piece.endpoints),
    "address_type": _types,
    "added": lambda trial, case: len(trial.addresses() - trial.before),
    "removed": lambda trial, case: len(trial.before - trial.addresses()),
    "slices_by_address_type": _by_family,
    "labels_on_every_slice": _common_labels,
    "slice_name_prefix": _prefix,
    "actions_second_sync": lambda trial, case: trial.again(),
}
