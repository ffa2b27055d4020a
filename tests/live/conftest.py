"""What do the tests of the socket stand on?  The same as those of the door."""

from collections.abc import Iterator

import pytest

from playground.live import consoles
from tests.clusters.conftest import cluster, elsewhere, here, limits

__all__ = ["cluster", "elsewhere", "here", "limits"]


@pytest.fixture
def no_consoles() -> Iterator[None]:
    yield
    consoles._consoles.clear()
