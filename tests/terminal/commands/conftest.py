from __future__ import annotations

import pytest

from playground.kube.cluster import Cluster
from playground.terminal.commands import SOFTWARE
from tests.laws.histories import schema
from tests.terminal.commands.cluster import started


@pytest.fixture
def kube() -> Cluster:
    return Cluster.restore(started(), schema(), SOFTWARE)
