"""How does a visitor come to a cluster, and to another one?"""

import uuid

from django.test import Client

from playground.clusters import ownership, spending
from playground.clusters.errors import TooFast
from playground.clusters.models import Cluster
from playground.clusters.rates import Buckets
from tests.pages.conftest import Visitor


def test_a_new_visitor_gets_a_cluster_at_once_and_comes_back_to_it(visitor: Visitor) -> None:
    assert visitor.client.get("/")["Location"] == visitor.base
    assert Cluster.objects.count() == 1


def test_the_page_shows_the_yard_of_this_cluster(visitor: Visitor) -> None:
    page = visitor.get()
    assert page.status_code == 200
    assert f'data-live="{visitor.base}live"' in page.content.decode()
    assert "no-cache" in page["Cache-Control"]


def test_the_page_tells_what_the_cluster_is_for_and_what_can_be_undone_without_script(visitor: Visitor, frontend: str) -> None:
    assert "Nothing to undo" in visitor.get().content.decode()
    visitor.press("delete", kind="Pod", namespace="default", name=frontend)
    page = visitor.get().content.decode()
    assert "Kill a Pod and watch who answers next." in page
    assert f"Undo: Delete Pod {frontend}" in page
    assert "The picture needs JavaScript" in page


def test_the_list_names_ready_clusters_and_ones_own(visitor: Visitor, stranger: Visitor) -> None:
    listed = visitor.client.get("/clusters/").content.decode()
    assert visitor.base in listed
    assert stranger.base not in listed
    assert "A small shop" in listed
    assert 'value="empty"' in listed


def test_the_list_greets_a_visitor_without_a_cluster(db: None) -> None:
    assert "You have no cluster yet" in Client().get("/clusters/").content.decode()


def test_another_cluster_is_started_from_a_ready_one_and_is_the_latest(visitor: Visitor) -> None:
    response = visitor.client.post("/clusters/", {"scene": "empty", "op": uuid.uuid4().hex})
    assert response.status_code == 302
    assert response["Location"] not in ("", visitor.base)
    assert visitor.client.get("/")["Location"] == response["Location"]
    assert visitor.client.get(response["Location"]).status_code == 200


def test_the_same_op_starts_one_cluster(visitor: Visitor) -> None:
    wish = {"scene": "empty", "op": uuid.uuid4().hex}
    assert visitor.client.post("/clusters/", wish)["Location"] == visitor.client.post("/clusters/", wish)["Location"]


def test_an_unknown_ready_cluster_is_refused_with_those_there_are(visitor: Visitor) -> None:
    response = visitor.client.post("/clusters/", {"scene": "nowhere", "op": uuid.uuid4().hex})
    assert response.status_code == 422
    said = response.content.decode()
    assert "nowhere" in said
    assert "shop" in said


def test_too_many_new_clusters_are_refused_with_the_seconds_to_wait(visitor: Visitor, monkeypatch) -> None:
    def refuse(*args: object) -> None:
        raise TooFast("clusters_per_hour", 20, 7)

    monkeypatch.setattr(ownership, "new_cluster", refuse)
    response = visitor.client.post("/clusters/", {"scene": "empty", "op": uuid.uuid4().hex})
    assert (response.status_code, response["Retry-After"]) == (429, "7")
    assert "clusters_per_hour" in response.content.decode()


def test_so_many_new_clusters_of_one_address_are_enough_however_many_visitors_ask(db: None, monkeypatch) -> None:
    monkeypatch.setitem(spending.RATES, "clusters_per_hour_and_address", Buckets(2, 3600))
    asked = [Client().get("/", REMOTE_ADDR=address) for address in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2")]
    assert [response.status_code for response in asked] == [302, 302, 429, 302]
    assert "clusters_per_hour_and_address" in asked[2].content.decode()


def test_the_list_costs_the_same_however_many_clusters_there_are(visitor: Visitor, django_assert_num_queries) -> None:
    for _ in range(3):
        visitor.client.post("/clusters/", {"scene": "empty", "op": uuid.uuid4().hex})
    with django_assert_num_queries(1):
        visitor.client.get("/clusters/")
