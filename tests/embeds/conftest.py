"""What do tests of frames and links stand on?  Pages' visitors, and a share link of one's cluster."""

from __future__ import annotations

import pytest

from playground.embeds import links, openings
from playground.embeds.models import ShareLink
from tests.pages.conftest import Visitor, patient_limits, stranger, visitor

__all__ = ["patient_limits", "stranger", "visitor"]


@pytest.fixture(autouse=True)
def patient_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests of limits bring their own."""
    for buckets in (links._made, openings._begun):
        monkeypatch.setattr(buckets, "wait", lambda key: 0)


@pytest.fixture
def link(visitor: Visitor) -> ShareLink:
    return links.make(visitor.cluster, [])
