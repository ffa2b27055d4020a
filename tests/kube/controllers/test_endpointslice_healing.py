"""What becomes of EndpointSlices that others have made, changed or deleted?"""

import pytest

from playground.kube.controllers.slicing import MANAGED_BY, SERVICE_NAME
from tests.kube.controllers.slicesworld import NETWORK, bare, lengths, slices, writes
from tests.kube.world import World


def test_slices_of_an_earlier_service_are_replaced():
    world = bare(1)
    old = slices(world)[0].name
    world.store.remove(world.get("Service", "web"))
    world.service()
    world.run(0.1)
    assert writes(world) == ["create", "delete"]
    assert slices(world)[0].name != old
    assert slices(world)[0].owners[0].uid == world.get("Service", "web").uid


def test_slices_of_another_address_type_are_replaced():
    world = World(1, NETWORK)
    service = world.service()
    world.run(0.1)
    world.store.replace(slices(world)[0], address_type="IP")
    world.run(2)
    assert [each.address_type for each in slices(world)] == ["IPv4"]
    assert slices(world)[0].owners[0].uid == service.uid


def test_all_slices_of_another_address_type_are_deleted_and_packed_anew():
    world = bare(130)
    for piece, size in zip(slices(world), (80, 50), strict=True):
        everyone = [endpoint for each in slices(world) for endpoint in each.endpoints]
        world.store.replace(piece, address_type="IP", endpoints=tuple(everyone[:size]))
    writes(world)
    world.run(2)
    assert writes(world) == ["create", "create", "delete", "delete"]
    assert lengths(world) == [100, 30]
    assert {each.address_type for each in slices(world)} == {"IPv4"}


def test_what_someone_else_changed_is_mended_after_a_second():
    world = bare(2)
    world.store.replace(slices(world)[0], endpoints=())
    world.run(0.5)
    assert world.endpoints() == {}
    world.run(1)
    assert len(world.endpoints()) == 2


def test_a_slice_that_someone_deleted_comes_back():
    world = bare(2)
    world.store.remove(slices(world)[0])
    world.run(2)
    assert len(world.endpoints()) == 2


@pytest.mark.parametrize("label", [MANAGED_BY, SERVICE_NAME])
def test_a_slice_that_lost_its_label_is_let_alone_and_another_one_made(label):
    """endpointslice_controller.go, onEndpointSliceUpdate."""
    world = bare(2)
    lost = slices(world)[0]
    world.store.replace(lost, labels={key: value for key, value in lost.labels.items() if key != label})
    world.run(2)
    (made,) = [each for each in slices(world) if each.name != lost.name]
    assert len(made.endpoints) == 2
    world.store.remove(world.get("Pod", "pod0000"))
    world.run(1)
    assert [len(world.get("EndpointSlice", name).endpoints) for name in (lost.name, made.name)] == [2, 1]
