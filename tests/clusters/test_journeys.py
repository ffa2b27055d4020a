"""How does a request that leaves the cluster look in a frame?"""

from __future__ import annotations

import pytest

from playground.clusters import journeys
from playground.kube.network.senders import Machine
from tests.kube.network.test_leaving import alias, ended, manual
from tests.kube.network.world import World

CASES = {
    "answered": (World, "example.com:80", "default/client to example.com:80: example.com, outside, answered"),
    "by a name that it does not know": (
        alias, "ext:80", "default/client to ext:80: example.com, outside, answered 404: it does not know the host ext"),
    "over TLS": (alias, "ext:443", "default/client to ext:443: example.com, outside, has no certificate for ext"),
    "on another port": (World, "example.com:22", "default/client to example.com:22: example.com, outside, lets nothing through to that port"),
    "by a Service": (manual, "shop:80", "default/client to shop:80: example.com, outside, answered 404: it does not know the host shop"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "to", "sentence"), CASES.values(), ids=CASES)
def test_its_sentence_names_the_server(make: type[World], to: str, sentence: str) -> None:
    """Else a learner would read that the machine at an address answered, and not whose it is."""
    entry = journeys.entry(ended(make(), to)[0])
    assert (entry[8], entry[9], f"default/{entry[10]}") == ("outside:example.com", "192.0.2.10", sentence)


def test_requests_to_a_server_outside_are_counted_together() -> None:
    world = World()
    assert journeys.flow(ended(world, "example.com:80")[0]) == ("default/client", "example.com:80", "outside:example.com", "ok")
    assert journeys.flow(ended(world, "192.0.2.10:80", Machine("203.0.113.10"))[0])[2] == "outside:example.com"


def test_what_reaches_nobody_outside_has_no_end_there() -> None:
    """Else a dot would fly to a server that routing did not lead to."""
    entry = journeys.entry(ended(World(), "192.0.2.11:80")[0])
    assert (entry[6:8], entry[8:10]) == (["timeout", "network"], [None, None])
    assert entry[10] == "client to 192.0.2.11:80: no answer came: nobody outside has that address"


def test_a_host_with_braces_is_told_as_it_is() -> None:
    request, _ = ended(World(), "example.com:80", header="{endpoint} {x}")
    assert journeys.sentence(request).endswith("it does not know the host {endpoint} {x}")
