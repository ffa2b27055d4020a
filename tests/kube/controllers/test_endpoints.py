"""What the older list of a Service's addresses says (pkg/controller/endpoint/endpoints_controller_test.go), in our own words."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from playground.kube.apiserver.codec import encode
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import EMPTY, Endpoints, Object, Pod, PodState
from playground.kube.clock import SECOND
from playground.kube.controllers.endpoints import EndpointsController
from playground.kube.controllers.endpointslice import EndpointSliceController
from playground.kube.settings import ClusterSettings

LABELS = {"app": "web"}
CAPACITY = "endpoints.kubernetes.io/over-capacity"
OWN = {"endpoints.kubernetes.io/managed-by": "endpoint-controller", "service.kubernetes.io/headless": ""}
"""The Services of these tests have no address yet, which counts as headless."""
WEB = [{"port": 80, "protocol": "TCP", "targetPort": 8080}]
ANOTHER = [{"addresses": [{"ip": "6.7.8.9"}], "ports": [{"port": 1000}]}]
SAME = [
    {
        "addresses": [{"ip": "1.2.3.4", "nodeName": "node-a", "targetRef": {"kind": "Pod", "name": "pod0", "namespace": "default"}}],
        "ports": [{"port": 8080, "protocol": "TCP"}],
    }
]


class Trial:
    """The two controllers with a Service, its Pods, and an Endpoints object that may be there already."""

    def __init__(self, spec: dict[str, Any] | None, pods: list[Pod], existing: Endpoints | None = None, labels: dict[str, str] = EMPTY):
        self.machinery = Machinery(ClusterSettings())
        self.store = self.machinery.store
        EndpointSliceController(self.machinery)
        EndpointsController(self.machinery)
        with self.store.transaction():
            self.store.create(Object("Node", "", "node-a", "node-a", 0, 0))
            for each in pods:
                self.store.create(each)
            if existing is not None:
                self.store.create(existing)
            service = self.store.create(Object("Service", "default", "web", "web", 0, 0, labels, spec=spec or {"selector": LABELS}))
        self.before = self.shown()
        if spec is None:
            self.store.remove(service)
        self.machinery.clock.run_until(10 * SECOND)
        self.after = self.shown()

    def shown(self) -> Any:
        """What the API shows: for each subset the ready addresses, those not ready, and the ports; then the labels. None: no such object."""
        found = self.store.get("Endpoints", "default", "web")
        if found is None:
            return None
        document = encode(found, self.machinery.settings, self.store)
        subsets = [
            (_ips(each, "addresses"), _ips(each, "notReadyAddresses"), [_port(port) for port in each.get("ports", ())])
            for each in document.get("subsets") or ()
        ]
        return sorted(subsets), document["metadata"].get("labels", {})

    @property
    def write(self) -> str:
        if self.before == self.after:
            return "nothing"
        return "create" if self.before is None else "delete" if self.after is None else "update"


def _ips(subset: dict[str, Any], key: str) -> str:
    return " ".join(each["ip"] for each in subset.get(key, ()))


def _port(port: dict[str, Any]) -> str:
    return f"{port.get('name', '')}:{port['port']}/{port.get('protocol', 'TCP')}"


def pod(number: int = 0, ready: bool = True, phase: str = "Running", leaving: bool = False, ip: str = "", **more: Any) -> Pod:
    """pod0 has the address 1.2.3.4, pod1 1.2.3.5, and so on."""
    state = PodState(phase=phase, ready=ready)
    given = {"spec": {"containers": [{"ports": [{"name": "port0", "containerPort": 8080}]}]}, "labels": LABELS, **more}
    return Pod(
        "Pod", given.pop("namespace", "default"), f"pod{number}", f"uid-{number}-{more.get('namespace')}", 0, 0,
        deleting=0 if leaving else None, node="node-a", ip=ip or f"1.2.3.{4 + number}", state=state, **given,
    )  # fmt: skip


def present(subsets: list[dict[str, Any]], labels: dict[str, str] = OWN, **annotations: str) -> Endpoints:
    return Endpoints("Endpoints", "default", "web", "e", 0, 0, labels, annotations or EMPTY, rest={"subsets": subsets})


TWO = [{"name": "a", "port": 80, "protocol": "TCP", "targetPort": 8080}, {"name": "b", "port": 88, "protocol": "TCP", "targetPort": 8088}]
EVERYONE = {"selector": {}, "ports": WEB, "ipFamilies": ["IPv4"]}
OURS = {"selector": LABELS, "ports": WEB, "ipFamilies": ["IPv4"]}
SCTP = [{**WEB[0], "protocol": "SCTP"}]
READY = [("1.2.3.4", "", [":8080/TCP"])]

# the Service, its Pods, the Endpoints that are there; what is written, and what the subsets are then
WRITES: dict[str, tuple[dict[str, Any] | None, list[Pod], Endpoints | None, str, list[Any] | None]] = {
    "no selector: what someone wrote is left alone": ({"ports": [{"port": 80}]}, [], present(ANOTHER), "nothing", [("6.7.8.9", "", [":1000/TCP"])]),
    "nobody is selected, and nobody is listed": (OURS, [], present([]), "nothing", []),
    "nobody is selected: an empty list is made": (OURS, [], None, "create", []),
    "the protocol is the Service's": (EVERYONE, [pod()], present(ANOTHER), "update", READY),
    "SCTP too": ({**EVERYONE, "ports": SCTP}, [pod()], present(ANOTHER), "update", [("1.2.3.4", "", [":8080/SCTP"])]),
    "an empty selector selects everyone": (EVERYONE, [pod()], present([]), "update", READY),
    "also who is not ready": (EVERYONE, [pod(ready=False)], present([]), "update", [("", "1.2.3.4", [":8080/TCP"])]),
    "each where it belongs": (EVERYONE, [pod(), pod(1, ready=False)], present([]), "update", [("1.2.3.4", "1.2.3.5", [":8080/TCP"])]),
    "the same again is not written": (OURS, [pod()], present(SAME), "nothing", READY),
    "three Pods of two ports are one subset, and Pods of other namespaces are none": (
        {**OURS, "ports": TWO}, [*(pod(number) for number in range(3)), *(pod(number, namespace="other") for number in range(5))], None,
        "create", [("1.2.3.4 1.2.3.5 1.2.3.6", "", ["a:8080/TCP", "b:8088/TCP"])]),
    "headless, without ports": ({**OURS, "clusterIP": "None", "ports": []}, [pod()], None, "create", [("1.2.3.4", "", [])]),
    "who has ended is not listed": (OURS, [pod(ready=False, phase="Failed", spec={"restartPolicy": "Never"})], present([], {}), "update", []),
    "the Service is gone, and its list goes": (None, [], present([]), "delete", None),
    "an external name has none, with a selector and ports": ({"type": "ExternalName", "selector": LABELS, "ports": [{"port": 80}]}, [], None, "nothing", None),
    "nor with ports": ({"type": "ExternalName", "ports": [{"port": 80}]}, [], None, "nothing", None),
    "nor with a selector": ({"type": "ExternalName", "selector": LABELS}, [], None, "nothing", None),
    "nor with neither": ({"type": "ExternalName"}, [], None, "nothing", None),
}  # fmt: skip


@pytest.mark.parametrize(("spec", "pods", "existing", "write", "subsets"), WRITES.values(), ids=WRITES)
def test_what_is_written(spec: Any, pods: list[Pod], existing: Endpoints | None, write: str, subsets: list[Any] | None) -> None:
    trial = Trial(spec, pods, existing)
    assert trial.write == write
    assert (trial.after and trial.after[0]) == subsets
    if write in ("create", "update"):
        assert trial.after[1] == OWN


def test_what_is_deleted_is_made_again_as_long_as_there_is_a_service() -> None:
    trial = Trial(OURS, [pod()])
    before = trial.store.get("Endpoints", "default", "web")
    trial.store.remove(before)
    trial.machinery.clock.run_until(11 * SECOND)
    assert trial.shown() == trial.after
    assert trial.store.get("Endpoints", "default", "web").uid != before.uid
    trial.store.remove(trial.store.get("Service", "default", "web"))
    trial.machinery.clock.run_until(12 * SECOND)
    assert trial.shown() is None


def test_labels_follow_the_service() -> None:
    trial = Trial(OURS, [pod()], present(ANOTHER, {"old": "label"}), {"baz": "blah"})
    assert (trial.write, trial.after) == ("update", (READY, {**OWN, "baz": "blah"}))


# phase, ready, on its way out, published though not ready; addresses that are ready, and that are not
SHOWN: dict[str, tuple[str, bool, bool, bool, int, int]] = {
    "unknown, ready": ("Unknown", True, False, False, 1, 0),
    "unknown, ready, leaving": ("Unknown", True, True, False, 0, 0),
    "pending, ready, leaving": ("Pending", True, True, False, 0, 0),
    "unknown, not ready": ("Unknown", False, False, False, 0, 1),
    "pending, not ready": ("Pending", False, False, False, 0, 1),
    "succeeded": ("Succeeded", False, False, False, 0, 0),
    "running, leaving, published all the same": ("Running", False, True, True, 1, 0),
    "unknown, leaving, published all the same": ("Unknown", False, True, True, 1, 0),
    "pending, published all the same": ("Pending", False, False, True, 1, 0),
    "pending, leaving, published all the same": ("Pending", False, True, True, 1, 0),
    "failed, and not published": ("Failed", False, False, True, 0, 0),
    "succeeded, and not published": ("Succeeded", False, False, True, 0, 0),
}


@pytest.mark.parametrize(("phase", "ready", "leaving", "published", "shown", "shown_not"), SHOWN.values(), ids=SHOWN)
def test_who_is_listed(phase: str, ready: bool, leaving: bool, published: bool, shown: int, shown_not: int) -> None:
    trial = Trial({**OURS, "publishNotReadyAddresses": published}, [pod(ready=ready, phase=phase, leaving=leaving)])
    subsets, _ = trial.after
    assert ([len(ready.split()) for ready, _, _ in subsets], [len(others.split()) for _, others, _ in subsets]) == (
        ([shown], [shown_not]) if shown + shown_not else ([], [])
    )


FAMILIES = {
    "a headless Service of IPv4": (["IPv4"], "None", ("1.2.3.4", "2000::4"), "1.2.3.4"),
    "a Service of IPv6": (["IPv6"], "3000::1", ("1.2.3.4", "2000::4"), "2000::4"),
    "a headless Service of IPv6, and a Pod that has no other": (["IPv6"], "None", ("2000::4", ""), "2000::4"),
}


@pytest.mark.parametrize(("families", "ip", "pod_ips", "listed"), FAMILIES.values(), ids=FAMILIES)
def test_a_pod_is_listed_with_its_address_of_the_services_family(
    families: list[str], ip: str, pod_ips: tuple[str, str], listed: str
) -> None:
    dual = msgspec.structs.replace(pod(ip=pod_ips[0]), other_ip=pod_ips[1])
    trial = Trial({**OURS, "ipFamilies": families, "clusterIP": ip}, [dual])
    assert [ready for ready, _, _ in trial.after[0]] == [listed]


# the annotation that is there, how many are listed; Pods that are ready and that are not; how many are shown, the annotation then
NOTES: dict[str, tuple[str, int, int, int, int, int, str]] = {
    "nobody at all": ("", 0, 0, 0, 0, 0, ""),
    "past a thousand, fewer of them ready": ("", 999, 997, 4, 997, 3, "truncated"),
    "past a thousand, a thousand of them ready": ("", 999, 1000, 10, 1000, 0, "truncated"),
    "below a thousand again": ("truncated", 999, 999, 0, 999, 0, ""),
    "at a thousand again": ("truncated", 1000, 1000, 0, 1000, 0, ""),
    "an older word for it": ("warning", 1001, 1001, 0, 1000, 0, "truncated"),
    "another word": ("invalid", 1001, 1001, 0, 1000, 0, "truncated"),
}


@pytest.mark.parametrize(("note", "listed", "ready", "others", "shown", "shown_not", "then"), NOTES.values(), ids=NOTES)
def test_a_list_that_is_cut_says_so(note: str, listed: int, ready: int, others: int, shown: int, shown_not: int, then: str) -> None:
    pods = [pod(number, number < ready, ip=f"10.128.{number // 250}.{number % 250}") for number in range(ready + others)]
    old = [{"ip": f"10.64.{number // 250}.{number % 250}"} for number in range(listed)]
    trial = Trial(
        {**OURS, "clusterIP": "10.0.0.1"},
        pods,
        present([{"addresses": old, "ports": [{"port": 80}]}], **({CAPACITY: note} if note else {})),
    )
    subsets, _ = trial.after
    assert sum(len(each.split()) for each, _, _ in subsets) == shown
    assert sum(len(each.split()) for _, each, _ in subsets) == shown_not
    annotations = encode(trial.store.get("Endpoints", "default", "web"), trial.machinery.settings, trial.store)["metadata"]["annotations"]
    assert annotations.get(CAPACITY, "") == then
