"""kube-proxy knows whether an address stands in more than one of a Service's slices."""

import pytest

from playground.kube.apiserver.objects import Endpoint, EndpointSlice
from playground.kube.kubeproxy.watched import WatchedService


def slice_of(name: str, *ips: str) -> EndpointSlice:
    return EndpointSlice("EndpointSlice", "default", name, f"u-{name}", 1, 0, endpoints=tuple(map(Endpoint, ips)))


@pytest.fixture
def watched() -> WatchedService:
    return WatchedService(("default", "web"))


def test_an_address_in_two_slices_is_doubled(watched: WatchedService) -> None:
    watched.put_in(slice_of("a", "10.0.0.1", "10.0.0.2"))
    watched.put_in(slice_of("b", "10.0.0.3"))
    assert not watched.doubled
    watched.put_in(slice_of("b", "10.0.0.3", "10.0.0.1"))
    assert watched.doubled


def test_an_address_twice_in_one_slice_is_not(watched: WatchedService) -> None:
    watched.put_in(slice_of("a", "10.0.0.1", "10.0.0.1"))
    watched.put_in(slice_of("b", "10.0.0.3"))
    assert not watched.doubled


def test_a_doubled_address_that_leaves_a_slice_is_doubled_no_more(watched: WatchedService) -> None:
    watched.put_in(slice_of("a", "10.0.0.1"))
    watched.put_in(slice_of("b", "10.0.0.1"))
    watched.put_in(slice_of("b", "10.0.0.2"))
    assert not watched.doubled


def test_with_one_slice_left_none_is_doubled_until_another_comes_back(watched: WatchedService) -> None:
    one, other, third = (slice_of(name, "10.0.0.1") for name in "abc")
    for each in (one, other, third):
        watched.put_in(each)
    watched.take_out(other)
    assert watched.doubled
    watched.take_out(third)
    assert not watched.doubled
    watched.put_in(other)
    assert watched.doubled


def test_an_emptied_slice_is_counted_again_when_it_fills(watched: WatchedService) -> None:
    watched.put_in(slice_of("a"))
    watched.put_in(slice_of("b"))
    watched.put_in(slice_of("a", "10.0.0.1"))
    watched.put_in(slice_of("b", "10.0.0.1"))
    assert watched.doubled
