"""Every way to a Service, as the simulation decides it. tests/kernel holds a real kernel to the same table."""

from __future__ import annotations

import pytest

from tests.kube.kubeproxy.journeys import journey
from tests.kube.kubeproxy.paths import NODE, SENDER, TABLE, Path
from tests.kube.kubeproxy.scenarios import GATEWAYS, NODES, Scenario, address_of


@pytest.mark.parametrize(("made", "path"), TABLE.values(), ids=TABLE)
def test_path(made: Scenario, path: Path) -> None:
    found = journey(made, path.place, path.ip, path.port)
    assert (found.outcome, sorted(found.seen)) == (path.outcome, path.pods.split())
    addresses = {ip for seen in found.seen.values() for ip in seen}
    if path.sees == SENDER:
        assert addresses == {address_of(path.place)}
    if path.sees == NODE:
        assert addresses <= {*NODES.values(), *GATEWAYS.values()}
