"""Where do the yard's tests get their page from?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.yard.harness import Yard


@pytest.fixture
def make_yard(browser: Browser) -> Iterator[Callable[..., Yard]]:
    """Makes pages; each must end the test without an error in its console."""
    yards: list[Yard] = []

    def make(**context: Any) -> Yard:
        yards.append(Yard(browser, **({"viewport": {"width": 1280, "height": 900}} | context)))
        return yards[-1]

    yield make
    for yard in yards:
        yard.page.context.close()
    assert [problem for yard in yards for problem in yard.problems] == []


@pytest.fixture
def yard(make_yard: Callable[..., Yard]) -> Yard:
    return make_yard()
