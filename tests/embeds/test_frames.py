"""What a frame gets: empty at first, then a cluster of its own, and no cookie ever."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from playground.clusters import library, looks, spending, visitors
from playground.clusters.models import Cluster
from playground.clusters.rates import Buckets
from playground.clusters.visitors import Asker
from playground.embeds import openings
from playground.embeds.models import ShareLink
from tests.pages.conftest import HTMX, Visitor

SCENE = "/embed/cluster/shop/"


def said(response: HttpResponse, name: str) -> str:
    """An attribute of the page's body."""
    return re.search(rf'<body [^>]*{name}="([^"]*)"', response.content.decode()).group(1)


def token(response: HttpResponse) -> str:
    return re.search(r"Bearer ([\w.-]+)", response.content.decode()).group(1)


def asker(response: HttpResponse) -> Asker:
    return visitors.read_token(token(response))


@pytest.fixture
def reader(db: None) -> Client:
    """A browser in which no cookie stays."""
    return Client(enforce_csrf_checks=True)


def test_an_empty_frame_makes_nothing(reader: Client) -> None:
    response = reader.get(SCENE)
    assert response.status_code == 200
    assert Cluster.objects.count() == 0


def test_a_frame_that_begins_has_a_cluster_of_the_scene_and_a_token_for_it_alone(reader: Client) -> None:
    response = reader.post(SCENE)
    cluster = Cluster.objects.get()
    assert cluster.scene == "shop"
    assert asker(response) == Asker(cluster.visitor, cluster.pk)


def test_a_frame_finds_its_cluster_again_by_its_resume_code(reader: Client) -> None:
    code = said(reader.post(SCENE), "data-resume")
    reader.post(SCENE, {"resume": code})
    assert Cluster.objects.count() == 1


@pytest.mark.parametrize("code", ["", "x", "a.b.c"])
def test_a_resume_code_that_is_not_good_begins_anew(reader: Client, code: str) -> None:
    reader.post(SCENE)
    reader.post(SCENE, {"resume": code})
    assert Cluster.objects.count() == 2


def test_a_resume_code_of_another_scene_begins_anew(reader: Client) -> None:
    code = said(reader.post("/embed/cluster/empty/"), "data-resume")
    reader.post(SCENE, {"resume": code})
    assert sorted(Cluster.objects.values_list("scene", flat=True)) == ["empty", "shop"]


def test_a_token_is_no_resume_code_and_the_other_way_round(reader: Client) -> None:
    begun = reader.post(SCENE)
    reader.post(SCENE, {"resume": token(begun)})
    assert Cluster.objects.count() == 2
    with pytest.raises(visitors.BadToken):
        visitors.read_token(said(begun, "data-resume"))


def test_a_seed_makes_other_names_and_the_same_seed_the_same(reader: Client) -> None:
    def names(address: str) -> list[str]:
        with looks.at(Cluster.objects.get(pk=asker(reader.post(address)).cluster)) as kube:
            return [pod.name for pod in kube.store.list("Pod")]

    assert names(f"{SCENE}?seed=77") == names(f"{SCENE}?seed=77") != names(SCENE)


def test_a_frame_can_begin_paused(reader: Client) -> None:
    reader.post(f"{SCENE}?paused")
    assert looks.history(Cluster.objects.get()).setting.paused


def test_who_acts_by_token_needs_no_other_proof_and_is_given_no_cookie(reader: Client) -> None:
    begun = reader.post(SCENE)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token(begun)}", **HTMX}
    base = f"/clusters/{asker(begun).cluster}/"
    shown = reader.get(f"{base}new/?form=node", **bearer)
    done = reader.post(f"{base}actions/add-node/", {"op": "one", "name": "node-x"}, **bearer)
    assert (shown.status_code, done.status_code) == (200, 200)
    assert not begun.cookies
    assert not shown.cookies
    assert not done.cookies
    assert shown["Access-Control-Allow-Origin"] == "*"
    assert "HX-Trigger" in shown["Access-Control-Expose-Headers"]


def test_cookies_beside_a_token_are_not_read(visitor: Visitor, reader: Client) -> None:
    begun = reader.post(SCENE)
    beside = visitor.client.get(visitor.base, HTTP_AUTHORIZATION=f"Bearer {token(begun)}")
    assert beside.status_code == 404


def test_a_cookie_without_a_token_still_needs_its_proof(visitor: Visitor) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = visitor.client.cookies
    assert careful.post(f"{visitor.base}actions/reset/", {"op": "one"}).status_code == 403


def test_a_frame_for_looking_only_sets_the_clock_and_nothing_else(reader: Client) -> None:
    begun = reader.post(f"{SCENE}?readonly")
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token(begun)}", **HTMX}
    base = f"/clusters/{asker(begun).cluster}/actions/"
    assert reader.post(f"{base}clock/", {"op": "one", "paused": "true", "speed": "1"}, **bearer).status_code == 200
    refused = reader.post(f"{base}add-node/", {"op": "two", "name": "node-x"}, **bearer)
    assert refused.status_code == 422
    assert "for looking only" in refused.content.decode()


def test_a_share_link_is_for_looking_until_the_first_change_makes_a_copy(visitor: Visitor, link: ShareLink, reader: Client) -> None:
    begun = reader.post(f"/embed/shared/{link.pk}/")
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token(begun)}", **HTMX}
    assert asker(begun).cluster == visitor.id
    assert said(begun, "data-resume") == ""
    before = visitor.hash()
    assert reader.get(f"{visitor.base}objects/", **bearer).status_code == 200
    done = reader.post(f"{visitor.base}actions/add-node/", {"op": "one", "name": "node-x"}, **bearer)
    assert done.status_code == 200
    assert visitor.hash() == before
    copy = Cluster.objects.exclude(pk=visitor.id).get()
    with looks.at(copy) as kube:
        assert kube.store.get("Node", "", "node-x") is not None
    resume = re.search(r'"resume": "([^"]+)"', done["HX-Trigger"]).group(1)
    again = reader.post(f"/embed/shared/{link.pk}/", {"resume": resume})
    assert asker(again) == Asker(copy.visitor, copy.pk)


def test_a_first_change_that_is_sent_twice_makes_one_copy(visitor: Visitor, link: ShareLink, reader: Client) -> None:
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token(reader.post(f'/embed/shared/{link.pk}/'))}", **HTMX}
    for _ in range(2):
        assert reader.post(f"{visitor.base}actions/add-node/", {"op": "one", "name": "node-x"}, **bearer).status_code == 200
    assert Cluster.objects.count() == 2


def test_a_first_change_that_is_refused_leaves_no_copy(visitor: Visitor, link: ShareLink, reader: Client) -> None:
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token(reader.post(f'/embed/shared/{link.pk}/'))}", **HTMX}
    assert reader.post(f"{visitor.base}actions/apply/", {"op": "one", "yaml": "a: b"}, **bearer).status_code == 422
    assert Cluster.objects.count() == 1


def test_a_share_link_for_looking_only_makes_no_copy(visitor: Visitor, link: ShareLink, reader: Client) -> None:
    begun = reader.post(f"/embed/shared/{link.pk}/?readonly=1")
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token(begun)}", **HTMX}
    for verb in ("clock", "reset"):
        assert reader.post(f"{visitor.base}actions/{verb}/", {"op": "one"}, **bearer).status_code == 422
    assert Cluster.objects.count() == 1


def test_what_a_reader_asks_counts_for_the_reader_and_not_for_the_owner(
    visitor: Visitor, link: ShareLink, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = reader.post(f"/embed/shared/{link.pk}/")
    asked: list[str] = []
    monkeypatch.setattr(spending.RATES["checks_per_minute"], "wait", lambda who: asked.append(who) or 0)
    reader.get(f"{visitor.base}selector/?selector=a%3Db", HTTP_AUTHORIZATION=f"Bearer {token(begun)}")
    assert asked == [asker(begun).visitor]


def test_unknown_and_withdrawn_links_are_answered_alike(visitor: Visitor, link: ShareLink, reader: Client) -> None:
    ShareLink.objects.update(withdrawn=link.created)
    for path in ("/embed/shared/{}/", "/shared/{}/"):
        withdrawn, unknown = reader.get(path.format(link.pk)), reader.get(path.format("A" * 22))
        assert withdrawn.status_code == unknown.status_code == 404
        nonce = re.compile(rb"nonce=\"[^\"]*\"")
        assert nonce.sub(b"", withdrawn.content) == nonce.sub(b"", unknown.content)
        assert withdrawn.headers.keys() == unknown.headers.keys()


def test_too_many_frames_of_one_address_are_told_the_limit(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openings, "_begun", Buckets(1, 3600))
    assert reader.post(SCENE).status_code == 200
    refused = reader.post(SCENE)
    assert refused.status_code == 429
    assert "embeds_per_hour_and_address" in refused.content.decode()


def test_an_unknown_scene_is_told_in_a_page_that_may_be_framed(reader: Client) -> None:
    response = reader.get("/embed/cluster/nowhere/")
    assert response.status_code == 404
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response


def test_an_operator_names_the_sites_that_may_frame(reader: Client) -> None:
    with override_settings(EMBED_ANCESTORS=["https://course.example"]):
        policy = reader.get(SCENE)["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://course.example" in policy
    assert "script-src 'self'" in policy


def test_a_site_finds_out_how_to_show_an_address_within_the_first_kilobyte(reader: Client) -> None:
    page = reader.get(f"{SCENE}?theme=dark").content.decode()
    assert 'type="application/json+oembed"' in page[:1_000]
    assert "url=http%3A%2F%2Ftestserver%2Fembed%2Fcluster%2Fshop%2F%3Ftheme%3Ddark" in page[:1_000]


# --- lessons

LESSON = "/embed/lesson/pods-move-house/"


def test_a_frame_of_a_lesson_has_a_cluster_of_the_lesson(reader: Client) -> None:
    begun = reader.post(LESSON)
    assert Cluster.objects.get().lesson == "pods-move-house"
    base = f"/clusters/{asker(begun).cluster}/lesson/"
    assert f'hx-get="{base}"' in begun.content.decode()
    pane = reader.get(base, HTTP_AUTHORIZATION=f"Bearer {token(begun)}", **HTMX)
    assert "Pods move house" in pane.content.decode()
    assert not pane.cookies


def test_a_step_is_named_by_its_number_or_its_own_name(reader: Client) -> None:
    step = library.find("pods-move-house").lesson.steps[2].id
    for name in ("3", step):
        begun = reader.post(f"{LESSON}{name}/?lang=de")
        assert f'lesson/?step={step}&amp;lang=de"' in begun.content.decode()


@pytest.mark.parametrize("path", ["/embed/lesson/nowhere/", f"{LESSON}99/", f"{LESSON}0/", f"{LESSON}nowhere/", "/embed/cluster/lesson/"])
def test_a_lesson_or_a_step_that_is_not_there_is_told(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_a_step_of_a_lesson_is_played_on_the_cluster_of_the_lesson(reader: Client) -> None:
    code = said(reader.post(LESSON), "data-resume")
    reader.post(f"{LESSON}2/", {"resume": code})
    assert Cluster.objects.count() == 1
