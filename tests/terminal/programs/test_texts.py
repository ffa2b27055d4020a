"""What do the small tools print?"""

from __future__ import annotations

import pytest

from tests.terminal.programs.tools import TABLE, TOOLS
from tests.terminal.world import shared


@pytest.mark.parametrize(("script", "said"), TOOLS.items())
def test_gnus_tools(script: str, said: tuple[str, str, int]) -> None:
    finished = shared().sh(script.replace("TABLE", TABLE), "deb", stdin="")
    assert (finished.out, finished.err, finished.code) == said
