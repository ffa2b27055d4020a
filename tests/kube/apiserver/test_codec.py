"""Objects read back as they were written, and are shown as the API shows them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.kube.apiserver import codec, jsonpatch, resources
from playground.kube.apiserver.objects import ContainerState, Ended, EndpointSlice, PodState
from playground.kube.settings import ClusterSettings

SETTINGS = ClusterSettings()
WORDS = st.text("abcxyz", min_size=1, max_size=4)
LABELS = st.dictionaries(WORDS, WORDS, max_size=3)
SCALARS = st.one_of(st.integers(-9, 9), st.booleans(), WORDS)
VALUES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(WORDS, inner, max_size=2)), max_leaves=6
)
OWNERS = st.lists(
    st.fixed_dictionaries(
        {"apiVersion": st.just("v1"), "kind": WORDS, "name": WORDS, "uid": WORDS}, optional={"controller": st.just(True)}
    ),
    max_size=2,
)
METADATA = st.fixed_dictionaries(
    {"name": WORDS, "namespace": WORDS},
    optional={
        "labels": LABELS,
        "annotations": LABELS,
        "ownerReferences": OWNERS,
        "finalizers": st.lists(WORDS, min_size=1),
        "generateName": WORDS,
    },
)
ENDPOINT = st.fixed_dictionaries(
    {"addresses": st.lists(st.ip_addresses(v=4).map(str), min_size=1, max_size=1)},
    optional={
        "conditions": st.dictionaries(st.sampled_from(["ready", "serving", "terminating"]), st.booleans()),
        "nodeName": WORDS,
        "zone": WORDS,
        "hostname": WORDS,
        "targetRef": st.fixed_dictionaries({"kind": st.just("Pod"), "name": WORDS, "uid": WORDS}),
        "hints": st.fixed_dictionaries({"forZones": st.lists(WORDS.map(lambda name: {"name": name}), min_size=1)}),
    },
)
PORT = st.fixed_dictionaries({"name": WORDS}, optional={"port": st.integers(1, 9), "protocol": st.just("UDP"), "appProtocol": WORDS})
BODIES = {
    "Service": st.fixed_dictionaries({"spec": st.dictionaries(WORDS, VALUES, min_size=1)}),
    "Deployment": st.fixed_dictionaries({"spec": st.dictionaries(WORDS, VALUES, min_size=1)}),
    "ConfigMap": st.fixed_dictionaries({}, optional={"data": LABELS, "immutable": st.booleans()}),
    "Pod": st.fixed_dictionaries({"spec": st.dictionaries(WORDS, VALUES)}).flatmap(
        lambda body: st.sampled_from(["", "node-a"]).map(lambda node: {"spec": {**body["spec"], **({"nodeName": node} if node else {})}})
    ),
    "EndpointSlice": st.fixed_dictionaries(
        {"addressType": st.just("IPv4"), "endpoints": st.lists(ENDPOINT, max_size=3), "ports": st.lists(PORT, max_size=2)}
    ),
    "Endpoints": st.fixed_dictionaries({}, optional={"subsets": st.lists(st.dictionaries(WORDS, VALUES), max_size=2)}),
}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_a_learner_may_send_reads_back_as_it_was_written(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(BODIES)))
    resource = resources.by_kind(kind)
    document = {"apiVersion": resource.api_version, "kind": kind, "metadata": data.draw(METADATA), **data.draw(BODIES[kind])}
    thing = codec.decode(document, resource)
    shown = codec.encode(thing, SETTINGS)
    assert codec.decode(shown, resource) == thing
    assert codec.encode(codec.decode(shown, resource), SETTINGS) == shown
    assert msgspec.json.decode(msgspec.json.encode(thing), type=type(thing)) == thing


def test_keys_stand_in_the_order_of_the_api(world: Any, service: Any) -> None:
    world.server.create(service())
    assert list(world.json("Service", "web")) == ["apiVersion", "kind", "metadata", "spec", "status"]


def test_another_version_of_a_kind_is_shown_as_it_was_sent(world: Any) -> None:
    spec = {"maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "web"}}
    world.server.create({"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "h"}, "spec": spec})
    assert world.json("HorizontalPodAutoscaler", "h")["apiVersion"] == "autoscaling/v1"


RUNNING = ContainerState("running", 2_000_000, "", True, True, 1, None, Ended(1, "Error", 1_000_000, 1_500_000))


def shown_status(world: Any, pod: Any, state: PodState, **more: Any) -> dict[str, Any]:
    thing = world.server.create(pod()).thing
    world.store.replace(thing, state=state, **more)
    status: dict[str, Any] = world.json("Pod", "client")["status"]
    return status


def test_a_pod_that_fits_nowhere_says_why(world: Any, pod: Any) -> None:
    status = shown_status(world, pod, PodState(unschedulable="0/3 nodes are available"))
    (condition,) = status["conditions"]
    assert (condition["type"], condition["status"], condition["reason"]) == ("PodScheduled", "False", "Unschedulable")
    assert (status["phase"], status["qosClass"]) == ("Pending", "BestEffort")


def test_a_pod_with_scheduling_gates_says_that_they_hold_it_back(world: Any, pod: Any) -> None:
    """Else it looked as if a scheduler were about to look at it."""
    world.server.create(pod(schedulingGates=[{"name": "example.com/wait"}]))
    (condition,) = world.json("Pod", "client")["status"]["conditions"]
    assert (condition["status"], condition["reason"]) == ("False", "SchedulingGated")
    assert condition["message"] == "Scheduling is blocked due to non-empty scheduling gates"


def test_a_running_pod_shows_its_conditions_containers_and_addresses(world: Any, pod: Any) -> None:
    state = PodState("Running", scheduled=0, started=0, initialized=0, ready=True, ready_since=3_000_000, containers=(RUNNING,))
    status = shown_status(world, pod, state, node="node-a", ip="10.244.1.2", host_ip="192.168.0.2")
    assert [(each["type"], each["status"]) for each in status["conditions"]] == [
        ("PodReadyToStartContainers", "True"), ("Initialized", "True"), ("Ready", "True"), ("ContainersReady", "True"), ("PodScheduled", "True"),
    ]  # fmt: skip
    assert (status["podIP"], status["podIPs"], status["hostIP"]) == ("10.244.1.2", [{"ip": "10.244.1.2"}], "192.168.0.2")
    (container,) = status["containerStatuses"]
    assert container["state"] == {"running": {"startedAt": "2023-11-14T22:13:22Z"}}
    assert container["lastState"]["terminated"]["exitCode"] == 1
    assert (container["restartCount"], container["ready"], container["name"]) == (1, True, "main")
    assert container["containerID"] != container["lastState"]["terminated"]["containerID"]


def test_a_pod_that_is_not_ready_names_its_unready_containers(world: Any, pod: Any) -> None:
    waiting = ContainerState("waiting", 0, "CrashLoopBackOff", False, False, 3)
    state = PodState("Running", scheduled=0, started=0, initialized=0, containers=(waiting,))
    status = shown_status(world, pod, state, node="node-a", ip="10.244.1.2")
    ready = next(each for each in status["conditions"] if each["type"] == "Ready")
    assert (ready["reason"], ready["message"]) == ("ContainersNotReady", "containers with unready status: [main]")
    assert status["containerStatuses"][0]["state"] == {"waiting": {"reason": "CrashLoopBackOff"}}


GATES: list[tuple[str, list[dict[str, str]], dict[str, str]]] = [
    ("without gates the Node's controller gives no reason", [], {}),
    ("a closed gate is the reason", [{"conditionType": "a.b/c"}],
     {"reason": "ReadinessGatesNotReady", "message": 'corresponding condition of pod readiness gate "a.b/c" does not exist.'}),
]  # fmt: skip


@pytest.mark.parametrize(("gates", "expected"), [case[1:] for case in GATES], ids=[case[0] for case in GATES])
def test_a_pod_whose_containers_are_ready_and_who_is_not(world: Any, pod: Any, gates: Any, expected: dict[str, str]) -> None:
    world.server.create(pod(readinessGates=gates))
    state = PodState("Running", scheduled=0, started=0, initialized=0, containers=(RUNNING,))
    world.store.replace(world.store.get("Pod", "default", "client"), node="node-a", ip="10.244.1.2", state=state)
    ready = next(each for each in world.json("Pod", "client")["status"]["conditions"] if each["type"] == "Ready")
    assert ready == {"type": "Ready", "status": "False", "lastProbeTime": None, "lastTransitionTime": "2023-11-14T22:13:20Z", **expected}


def test_an_init_container_that_has_succeeded_is_ready_and_no_longer_incomplete(world: Any, pod: Any) -> None:
    world.server.create(pod(initContainers=[{"name": "first", "image": "busybox"}, {"name": "second", "image": "busybox"}]))
    succeeded = ContainerState("terminated", 0, "Completed", ended=Ended(0, "Completed", 0, 0))
    state = PodState(scheduled=0, started=0, init=(succeeded, ContainerState()), containers=(ContainerState(),))
    world.store.replace(world.store.get("Pod", "default", "client"), node="node-a", ip="10.244.1.2", state=state)
    status = world.json("Pod", "client")["status"]
    assert [each["ready"] for each in status["initContainerStatuses"]] == [True, False]
    initialized = next(each for each in status["conditions"] if each["type"] == "Initialized")
    assert initialized["message"] == "containers with incomplete status: [second]"


def test_a_sidecar_that_has_ended_is_not_ready(world: Any, pod: Any) -> None:
    """It looked as if it still served after its Pod had completed."""
    world.server.create(pod(initContainers=[{"name": "side", "image": "nginx", "restartPolicy": "Always"}]))
    ended = ContainerState("terminated", 0, "Completed", ended=Ended(0, "Completed", 0, 0))
    world.store.replace(
        world.store.get("Pod", "default", "client"),
        node="node-a",
        state=PodState("Succeeded", scheduled=0, started=0, initialized=0, init=(ended,), containers=(ended,)),
    )
    assert [each["ready"] for each in world.json("Pod", "client")["status"]["initContainerStatuses"]] == [False]


def test_a_readiness_gate_is_set_through_the_status(world: Any, pod: Any) -> None:
    world.server.create(pod(readinessGates=[{"conditionType": "example.com/fed"}]))
    conditions = [{"type": "example.com/fed", "status": "True"}, {"type": "Ready", "status": "True"}]
    changed = world.server.patch("Pod", "", "client", {"status": {"conditions": conditions, "phase": "Running"}}, "merge", "status").thing
    assert [each["type"] for each in changed.state.conditions] == ["example.com/fed"]
    assert (changed.state.ready, changed.state.phase) == (False, "Pending")


def test_an_empty_list_of_a_slice_is_shown_as_none() -> None:
    """As protobuf keeps it; else a learner's script would meet another thing in a real cluster (kubernetes/kubernetes issue 135968)."""
    shown = codec.encode(EndpointSlice("EndpointSlice", "default", "s", "s", 0, 0, address_type="IPv4"), SETTINGS)
    assert (shown["endpoints"], shown["ports"]) == (None, None)
    ports = [{"name": "", "port": 80}]
    assert jsonpatch.applied(shown, [{"op": "replace", "path": "/ports", "value": ports}])["ports"] == ports
