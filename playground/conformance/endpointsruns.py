"""What does the Endpoints controller write for a case?  It runs with the EndpointSlice controller, from whose slices it is rendered."""

from __future__ import annotations

from ipaddress import ip_address

from playground.conformance.objects import JSON, pod, service
from playground.conformance.sliceruns import FIRST_ADDRESS, LONG_ENOUGH, sorted_json
from playground.kube.apiserver.codec import encode
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import EMPTY, Endpoint, EndpointPort, Endpoints, Object
from playground.kube.apiserver.rendering import truncate
from playground.kube.controllers.endpoints import EndpointsController, endpoints_labels
from playground.kube.controllers.endpointslice import EndpointSliceController
from playground.kube.controllers.triggertimes import TRIGGERED
from playground.kube.settings import ClusterSettings

HOME = "a-node"
ANNOTATION = "endpoints.kubernetes.io/over-capacity"


class Trial:
    """A Service, its Pods, and perhaps an Endpoints object; Pods that name no Node are on one of ours, which is not shown."""

    def __init__(self, value: JSON | None, pods: list[JSON], existing: JSON | None):
        self.machinery = Machinery(ClusterSettings())
        self.store = self.machinery.store
        EndpointSliceController(self.machinery)
        EndpointsController(self.machinery)
        self.key = ("default", "foo") if value is None else (value.get("namespace", "default"), value.get("name", "service"))
        with self.store.transaction():
            for name in dict.fromkeys([HOME, *(each["nodeName"] for each in pods if each.get("nodeName"))]):
                self.store.create(Object("Node", "", name, self.store.new_uid(), 0, 0))
            for each in pods:
                self.store.create(pod(self.machinery, {**each, "nodeName": each.get("nodeName") or HOME}))
            if existing is not None:
                self.store.create(Endpoints("Endpoints", self.key[0], self.key[1], self.store.new_uid(), 0, 0, **existing))
            made = service(self.machinery, value or {"name": self.key[1], "selector": {"gone": "gone"}})
            self.store.create(made)
        self.before = self.shown()
        if value is None:
            self.store.remove(made)
        self.machinery.clock.run_until(LONG_ENOUGH)
        self.after = self.shown()

    def shown(self) -> JSON | None:
        """What the API shows of the Endpoints object, but for its version and when it was last changed."""
        found = self.store.get("Endpoints", *self.key)
        if found is None:
            return None
        document = encode(found, self.machinery.settings, self.store)
        meta = document["metadata"]
        annotations = {key: each for key, each in meta.get("annotations", {}).items() if key != TRIGGERED}
        return {
            "labels": meta.get("labels", {}),
            "annotations": annotations,
            "subsets": sorted_json(map(_subset, document.get("subsets") or ())),
        }

    @property
    def write(self) -> str | None:
        if self.before == self.after:
            return None
        return "create" if self.before is None else "delete" if self.after is None else "update"


def wanted(case: JSON) -> JSON:
    expected = {**case["expected"]}
    if "subsets" in expected:
        expected["subsets"] = sorted_json(map(_subset, expected["subsets"]))
    return expected


def write(case: JSON) -> JSON:
    """The format does not say which labels an object has that is there already: none where the case tells of labels that
    are written, else those that the controller gives."""
    existing, value = None, case["service"]
    if case["existing_subsets"] is not None:
        known = EMPTY if value is None or "labels" in case["expected"] else endpoints_labels(service(Machinery(ClusterSettings()), value))
        existing = {"labels": known, "rest": {"subsets": case["existing_subsets"]}}
    trial = Trial(value, case["pods"], existing)
    told = {"write": trial.write, **(trial.after or {})}
    return {key: told.get(key) for key in case["expected"]}


def counts(case: JSON) -> JSON:
    subsets = (Trial(case["service"], [case["pod"]], None).after or {}).get("subsets", [])
    return {f"{name}_addresses": len(_all(subsets, key)) for name, key in (("ready", "addresses"), ("not_ready", "notReadyAddresses"))}


def wanted_family(case: JSON) -> JSON:
    return {
        "error": case["expected_error"],
        **({} if case["expected_error"] else {"family": case["expected_family"], "ip": case["expected_ip"]}),
    }


def family(case: JSON) -> JSON:
    """A Pod without an address of the Service's family has none in the Endpoints."""
    labels = {"app": "any"}
    value = {"selector": labels, "ports": [{"port": 80}], **case["service"]}
    subsets = (Trial(value, [{"labels": labels, **case["pod"]}], None).after or {}).get("subsets", [])
    found = [address["ip"] for address in _all(subsets, "addresses")]
    return {"error": not found, **({"family": "IPv6" if ":" in found[0] else "IPv4", "ip": found[0]} if found else {})}


def capacity(case: JSON) -> JSON:
    labels = {"app": "many"}
    value = {"selector": labels, "ipFamilies": ["IPv4"], "ports": [{"port": 80}], "clusterIP": "10.0.0.1"}
    total = case["ready_pods"] + case["not_ready_pods"]
    pods: list[JSON] = [
        {"name": f"pod{number}", "labels": labels, "podIP": str(ip_address(FIRST_ADDRESS + number)), "ready": number < case["ready_pods"]}
        for number in range(total)
    ]
    note = case.get("starting_annotation")
    old = [{"ip": str(ip_address(FIRST_ADDRESS - 1 - number))} for number in range(case["existing_addresses"])]
    existing = {"annotations": {ANNOTATION: note} if note else EMPTY, "rest": {"subsets": [{"addresses": old, "ports": [{"port": 80}]}]}}
    after = Trial(value, pods, existing).after or {}
    subsets = after.get("subsets", [])
    return {
        "ready": len(_all(subsets, "addresses")),
        "not_ready": len(_all(subsets, "notReadyAddresses")),
        "annotation": {key: each for key, each in after.get("annotations", {}).items() if key == ANNOTATION},
    }


def wanted_truncated(case: JSON) -> JSON:
    return {"ready": case["expected_ready"], "not_ready": case["expected_not_ready"]}


def truncated(case: JSON) -> JSON:
    """Each subset is a number of ready and one of not ready addresses; those that are left."""
    sizes = list(zip(case["subsets_ready"], case["subsets_not_ready"], strict=True))
    groups = [([EndpointPort(port=number)], _addresses(*size)) for number, size in enumerate(sizes)]
    left = {ports[0].port: [ready for _, ready in addresses] for ports, addresses in truncate(groups)}
    kept = [left.get(number, []) for number in range(len(sizes))]
    return {"ready": [each.count(True) for each in kept], "not_ready": [each.count(False) for each in kept]}


def _addresses(ready: int, not_ready: int) -> list[tuple[Endpoint, bool]]:
    return [(Endpoint("10.0.0.1"), number < ready) for number in range(ready + not_ready)]


def _all(subsets: list[JSON], key: str) -> list[JSON]:
    return [address for subset in subsets for address in subset.get(key, ())]


def _subset(subset: JSON) -> JSON:
    """With its lists in an order of their own, and without what is empty, the Pods' uids, and the Node of ours."""
    value: JSON = {
        key: sorted_json(_address(each) for each in subset[key]) for key in ("addresses", "notReadyAddresses") if subset.get(key)
    }
    ports = [{key: each for key, each in port.items() if each} for port in subset.get("ports") or ()]
    return value | {"ports": sorted_json({"protocol": "TCP", **port} for port in ports)}


def _address(address: JSON) -> JSON:
    target = {key: each for key, each in (address.get("targetRef") or {}).items() if key != "uid"}
    value = {**address, "targetRef": target, "nodeName": address.get("nodeName") if address.get("nodeName") != HOME else ""}
    return {key: each for key, each in value.items() if each}
