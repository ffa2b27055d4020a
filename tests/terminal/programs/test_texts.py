"""What do the small tools print?"""

from __future__ import annotations

import pytest

from tests.terminal.programs.tools import TABLE, TOOLS
from tests.terminal.world import World


@pytest.mark.parametrize(("script", "said"), TOOLS.items())
def test_gnus_tools(script: str, said: tuple[str, str, int]) -> None:
    finished = World().sh(script.replace("TABLE", TABLE), "deb", stdin="")
    assert (finished.out, finished.err, finished.code) == said
