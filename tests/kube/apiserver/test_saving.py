"""What is shared is written once and shared again; nothing else changes on the way."""

import msgspec
import pytest

from playground.kube.apiserver.objects import Endpoint, EndpointPort, Endpoints, EndpointSlice, Object, Owner, Pod, PodState
from playground.kube.apiserver.saving import Objects, load, save

SPEC = {"containers": [{"name": "web", "image": "nginx:1.29"}]}
OWNER = (Owner("apps/v1", "ReplicaSet", "web", "u-1", controller=True),)


def pod(name: str, **changes) -> Pod:
    return Pod(
        "Pod", "default", name, f"u-{name}", 7, 0, {"app": "web"}, owners=OWNER, spec=SPEC, node="node-a", ip="10.244.1.2", **changes
    )


def round_trip(things: list) -> list:
    return list(load(msgspec.json.decode(msgspec.json.encode(save(things)), type=Objects)))


@pytest.mark.parametrize(
    "thing",
    [
        Object("Service", "default", "web", "u-2", 3, 5, spec={"clusterIP": "172.17.0.9"}, rest={"data": {"a": "b"}}, deleting=9),
        pod("web-1", state=PodState("Running", ready=True, ready_since=4)),
        EndpointSlice("EndpointSlice", "default", "web-x", "u-3", 1, 1, endpoints=(Endpoint("10.244.1.2"),), ports=(EndpointPort("", 80),)),
        Endpoints("Endpoints", "default", "web", "u-4", 1, 1, slices=("web-x",)),
        Endpoints("Endpoints", "default", "hand", "u-5", 1, 1, rest={"subsets": []}),
    ],
    ids=lambda thing: f"{thing.kind} {thing.name}",
)
def test_an_object_comes_back_as_it_was(thing) -> None:
    (again,) = round_trip([thing])
    assert again == thing
    assert type(again) is type(thing)


def test_what_equal_pods_hold_is_one_value_in_memory_again() -> None:
    one, other = round_trip([pod("web-1"), msgspec.structs.replace(pod("web-2"), spec=dict(SPEC))])
    assert one.spec is other.spec
    assert one.labels is other.labels
    assert one.owners is other.owners


def test_equal_clusters_are_saved_alike_whatever_they_share() -> None:
    shared = [pod("web-1"), pod("web-2")]
    apart = [
        pod("web-1"),
        msgspec.structs.replace(pod("web-2"), spec=msgspec.json.decode(msgspec.json.encode(SPEC)), labels={"app": "web"}),
    ]
    assert msgspec.json.encode(save(shared)) == msgspec.json.encode(save(apart))


def test_a_spec_is_written_once_for_all_its_pods() -> None:
    assert msgspec.json.encode(save([pod(f"web-{number}") for number in range(100)])).count(b"nginx:1.29") == 1


def test_an_endpoint_holds_the_very_words_of_its_pod() -> None:
    piece = EndpointSlice(
        "EndpointSlice", "default", "web-x", "u-3", 1, 1, endpoints=(Endpoint("10.244.1.2", "node-a", pod="a", uid="u-a"),)
    )
    piece, one = round_trip([piece, pod("a")])
    (endpoint,) = piece.endpoints
    assert endpoint.ip is one.ip
    assert endpoint.node is one.node
    assert endpoint.pod is one.name
    assert endpoint.uid is one.uid
