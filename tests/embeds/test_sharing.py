"""What an owner does in the dialogs that share and embed a cluster, and what whoever has the link sees."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from playground.clusters import library, ownership
from playground.embeds import links
from playground.embeds.models import ShareLink
from tests.embeds.test_frames import asker
from tests.pages.conftest import HTMX, Visitor
from tests.pages.test_every_page import Reader


def test_an_owner_makes_a_link_and_withdraws_it(visitor: Visitor) -> None:
    made = visitor.client.post(f"{visitor.base}share/", {"sites": ""}, **HTMX)
    link = ShareLink.objects.get()
    assert f"http://testserver/shared/{link.pk}/" in made.content.decode()
    gone = visitor.client.post(f"{visitor.base}share/withdraw/", {"link": link.pk}, **HTMX)
    assert link.pk not in gone.content.decode()
    assert links.find(link.pk) is None


def test_without_a_script_the_dialogs_are_pages(visitor: Visitor) -> None:
    made = visitor.client.post(f"{visitor.base}share/", {"sites": ""}, follow=True)
    assert made.redirect_chain == [(f"{visitor.base}share/", 302)]
    assert "<html" in made.content.decode()
    assert "<html" in visitor.get("embed/").content.decode()


def test_a_site_that_cannot_be_read_is_told_and_what_was_typed_is_kept(visitor: Visitor) -> None:
    refused = visitor.client.post(f"{visitor.base}share/", {"sites": "course.example"}, **HTMX)
    assert refused.status_code == 422
    assert "write https://course.example" in refused.content.decode()
    assert ">course.example</textarea>" in refused.content.decode()
    assert not ShareLink.objects.exists()


def test_the_sites_of_a_link_may_frame_it_and_no_others(visitor: Visitor) -> None:
    visitor.client.post(f"{visitor.base}share/", {"sites": "https://course.example"})
    response = Client().get(f"/embed/shared/{ShareLink.objects.get().pk}/")
    assert "frame-ancestors 'self' https://course.example" in response["Content-Security-Policy"]


def test_whoever_opens_the_link_is_a_visitor_with_a_token_for_looking(link: ShareLink) -> None:
    reader = Client()
    response = reader.get(f"/shared/{link.pk}/")
    assert reader.cookies["visitor"].value
    assert (asker(response).cluster, asker(response).share) == (link.cluster_id, link.pk)
    assert asker(response).visitor != link.cluster.visitor
    assert 'type="application/json+oembed"' in response.content.decode()[:1_000]


def test_a_link_shows_the_cluster_and_none_of_what_only_its_owner_may_do(link: ShareLink) -> None:
    page = Client().get(f"/shared/{link.pk}/").content.decode()
    assert "/share/" not in page
    assert 'data-hide="terminal"' in page


@pytest.mark.parametrize("path", ["share/", "embed/", "embed/?readonly=1&hide=terminal&hide=story&theme=dark&seed=4", "embed/?seed=x"])
def test_the_dialogs_are_sound(visitor: Visitor, link: ShareLink, path: str) -> None:
    for response in (visitor.get(path), visitor.fragment(path)):
        read = Reader(response.content.decode())
        assert (read.wrong, read.open) == ([], [] if b"<html" not in response.content else read.open)
        assert len(read.ids) == len(set(read.ids))
        assert [each for each in read.named if each[1].get("id") not in read.labelled and "aria-label" not in each[1]] == []


def code(visitor: Visitor, query: str, name: str = "code-iframe") -> str:
    page = visitor.fragment(f"embed/?{query}").content.decode()
    return re.search(rf'id="{name}"[^>]*>([^<]*)</textarea>', page).group(1)


def test_the_code_has_what_was_chosen(visitor: Visitor) -> None:
    chosen = "what=scene&readonly=1&hide=terminal&hide=story&theme=dark&seed=4&lang="
    assert "/embed/cluster/shop/?readonly=1&amp;amp;hide=terminal,story&amp;amp;theme=dark&amp;amp;seed=4" in code(visitor, chosen)
    element = code(visitor, chosen, "code-element")
    assert "&lt;kube-playground scene=&quot;shop&quot;" in element
    assert "hide=&quot;terminal,story&quot; readonly&gt;" in element


def test_a_shared_cluster_is_embedded_by_its_link_and_without_a_seed(visitor: Visitor, link: ShareLink) -> None:
    assert f"/embed/shared/{link.pk}/?theme=dark" in code(visitor, f"what={link.pk}&theme=dark&seed=4")


def test_the_link_of_another_cluster_is_not_embedded(visitor: Visitor, stranger: Visitor) -> None:
    theirs = links.make(stranger.cluster, [])
    assert "/embed/cluster/shop/" in code(visitor, f"what={theirs.pk}")


def test_a_lesson_is_embedded_whole_or_at_a_step(visitor: Visitor) -> None:
    visitor.client.get("/lessons/pods-move-house/")
    visitor.base = f"/clusters/{ownership.of(visitor.cluster.visitor)[0].pk}/"
    step = library.find("pods-move-house").lesson.steps[1].id
    assert "/embed/lesson/pods-move-house/?lang=de&quot;" in code(visitor, "lang=de")
    assert f"/embed/lesson/pods-move-house/{step}/&quot;" in code(visitor, f"step={step}")
    assert f"lesson=&quot;pods-move-house&quot; step=&quot;{step}&quot;" in code(visitor, f"step={step}", "code-element")
