"""What a site is told that knows oEmbed."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client

from playground.embeds.models import ShareLink

SHOP = "http://testserver/embed/cluster/shop/"


def asked(url: str, more: str = "") -> HttpResponse:
    return Client().get(f"/oembed?url={quote(url, safe='')}{more}")


def test_a_ready_cluster_is_a_bare_frame(db: None) -> None:
    told = asked(f"{SHOP}?theme=dark").json()
    assert (told["version"], told["type"], told["provider_name"]) == ("1.0", "rich", "Switchyard")
    assert (told["title"], told["width"], told["height"]) == ("A small shop", 800, 600)
    assert told["html"].startswith(f'<iframe src="{SHOP}?theme=dark" title="A small shop" width="800" height="600"')
    assert told["html"].endswith("></iframe>")


def test_a_shared_cluster_is_framed_whichever_of_its_addresses_was_pasted(link: ShareLink) -> None:
    for path in ("shared", "embed/shared"):
        assert f'src="http://testserver/embed/shared/{link.pk}/"' in asked(f"http://testserver/{path}/{link.pk}/").json()["html"]


@pytest.mark.parametrize(
    ("more", "size"),
    [
        ("&maxwidth=600&maxheight=400", (600, 400)),
        ("&maxwidth=9000", (800, 600)),
        ("&maxwidth=10&maxheight=10", (10, 10)),
        ("&maxheight=500", (800, 500)),
    ],
)
def test_a_frame_is_no_larger_than_was_asked(db: None, more: str, size: tuple[int, int]) -> None:
    told = asked(SHOP, more).json()
    assert (told["width"], told["height"]) == size


@pytest.mark.parametrize("more", ["&maxwidth=wide", "&maxheight=-1", "&maxwidth=0", "&maxwidth=٣"])
def test_a_size_that_is_none_is_refused(db: None, more: str) -> None:
    assert asked(SHOP, more).status_code == 400


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "http://[",
        "http://other.example/embed/cluster/shop/",
        "ftp://testserver/embed/cluster/shop/",
        "http://testserver/embed/cluster/nowhere/",
        "http://testserver/embed/cluster/shop/?colour=red",
        "http://testserver/clusters/",
        "http://testserver/embed/shared/AAAAAAAAAAAAAAAAAAAAAA/",
    ],
)
def test_what_cannot_be_shown_is_not_found(db: None, url: str) -> None:
    assert asked(url).status_code == 404


def test_another_format_is_not_implemented(db: None) -> None:
    assert asked(SHOP, "&format=xml").status_code == 501
    assert asked(SHOP, "&format=json").status_code == 200


def test_any_site_may_ask(db: None) -> None:
    assert asked(SHOP)["Access-Control-Allow-Origin"] == "*"
    assert asked("")["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["embed/lesson/pods-move-house/", "lessons/pods-move-house/"])
def test_a_lesson_is_framed_whichever_of_its_addresses_was_pasted(db: None, path: str) -> None:
    told = asked(f"http://testserver/{path}?lang=de").json()
    assert told["title"] == "Pods ziehen um"
    assert 'src="http://testserver/embed/lesson/pods-move-house/?lang=de"' in told["html"]
