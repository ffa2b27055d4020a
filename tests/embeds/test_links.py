"""Which share links stand, and which do not any more."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from playground import limits
from playground.clusters.errors import TooFast
from playground.clusters.models import new_id
from playground.clusters.rates import Buckets
from playground.embeds import links
from playground.embeds.models import ShareLink
from playground.kube.errors import Refusal
from tests.pages.conftest import Visitor


def test_a_link_opens_its_cluster_and_no_other(visitor: Visitor, stranger: Visitor, link: ShareLink) -> None:
    assert links.find(link.pk) == link
    assert links.stands(link.pk, visitor.id)
    assert not links.stands(link.pk, stranger.id)


def test_a_withdrawn_link_opens_nothing(visitor: Visitor, link: ShareLink) -> None:
    links.withdraw(visitor.cluster, link.pk)
    assert links.find(link.pk) is None
    assert not links.stands(link.pk, visitor.id)
    assert list(links.of(visitor.cluster)) == []


def test_nobody_withdraws_the_link_of_somebody_elses_cluster(visitor: Visitor, stranger: Visitor, link: ShareLink) -> None:
    links.withdraw(stranger.cluster, link.pk)
    assert links.find(link.pk) == link


def test_a_link_ends_a_year_after_it_was_used_last(visitor: Visitor, link: ShareLink) -> None:
    ShareLink.objects.update(used=timezone.now() - timedelta(days=364))
    assert links.find(link.pk) == link
    assert ShareLink.objects.get().used > timezone.now() - timedelta(minutes=1)
    ShareLink.objects.update(used=timezone.now() - timedelta(days=366))
    assert links.find(link.pk) is None


@pytest.mark.parametrize("text", ["", "x", "A" * 23, "\x00" * 22, "é" * 22, "A" * 22])
def test_what_is_no_link_opens_nothing(db: None, text: str) -> None:
    assert links.find(text) is None


def test_a_cluster_has_so_many_links_and_no_more(visitor: Visitor, link: ShareLink) -> None:
    with override_settings(LIMITS=limits.Limits(share_links_per_cluster=1)), pytest.raises(Refusal, match="share_links_per_cluster"):
        links.make(visitor.cluster, [])
    assert links.of(visitor.cluster).count() == 1


def test_links_are_not_made_faster_than_the_limit_allows(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_made", Buckets(1, 3600))
    links.make(visitor.cluster, [])
    with pytest.raises(TooFast, match="share_links_per_hour"):
        links.make(visitor.cluster, [])
    assert links.of(visitor.cluster).count() == 1


def test_ids_have_128_bits_and_no_favourite_character() -> None:
    ids = {new_id() for _ in range(10_000)}
    assert len(ids) == 10_000
    assert {len(id) for id in ids} == {22}
    counts = Counter("".join(id[:-1] for id in ids))  # the last character holds two bits only
    expected = 21 * 10_000 / 64
    chi_square = sum((counts[each] - expected) ** 2 / expected for each in counts)
    assert len(counts) == 64
    assert chi_square < 130  # 63 degrees of freedom: one run in 800,000 is beyond
