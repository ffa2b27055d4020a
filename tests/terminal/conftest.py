from __future__ import annotations

import pytest

from tests.terminal.world import World


@pytest.fixture
def world() -> World:
    return World()
