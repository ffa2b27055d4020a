"""Where can the console be, and how does a line go on?"""

from __future__ import annotations

import pytest

from playground.clusters import spending
from playground.clusters.rates import Buckets
from tests.pages.conftest import HTMX, Visitor


def options(visitor: Visitor, **query: str) -> str:
    return visitor.client.get(f"{visitor.base}terminal/places/", query, **HTMX).content.decode()


def test_every_container_and_node_is_a_place(visitor: Visitor, frontend: str) -> None:
    said = options(visitor)
    assert '<option value="workstation">' in said
    assert f'<option value="pod/default/{frontend}/' in said
    assert '<option value="node/node-a">node-a</option>' in said


def test_the_chosen_place_stays_chosen_also_when_its_pod_is_gone(visitor: Visitor) -> None:
    assert '<option value="node/node-a" selected>' in options(visitor, place="node/node-a")
    assert '<option value="pod/default/gone/main" selected>gone</option>' in options(visitor, place="pod/default/gone/main")


@pytest.mark.parametrize("place", ["<script>", "pod", "node/", "/", "pod/<b>/<i>"])
def test_a_place_that_is_none_does_no_harm(visitor: Visitor, place: str) -> None:
    said = options(visitor, place=place)
    assert "<script>" not in said
    assert "<i>" not in said


def complete(visitor: Visitor, place: str, line: str) -> dict[str, object]:
    answer = visitor.client.get(f"{visitor.base}terminal/completion/", {"place": place, "line": line})
    assert answer.status_code == 200
    return answer.json()


def test_a_name_is_completed_from_the_cluster(visitor: Visitor) -> None:
    assert complete(visitor, "workstation", "kubectl scale deployment front") == {"start": 25, "words": ["frontend"]}


def test_nothing_is_completed_where_nothing_is(visitor: Visitor) -> None:
    assert complete(visitor, "pod/default/gone/main", "cu") == {"start": 2, "words": []}


@pytest.mark.parametrize("path", ["terminal/places/", "terminal/completion/?place=workstation&line=k"])
def test_a_stranger_finds_nothing(visitor: Visitor, stranger: Visitor, path: str) -> None:
    answer = stranger.client.get(visitor.base + path)
    assert answer.status_code == 404
    assert answer.content == stranger.client.get(f"/clusters/{'x' * 22}/{path}").content


def test_who_completes_too_often_is_told_the_limit(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(spending.RATES, "checks_per_minute", Buckets(1, 60))
    path = f"{visitor.base}terminal/completion/?place=workstation&line=k"
    assert visitor.client.get(path, **HTMX).status_code == 200
    answer = visitor.client.get(path, **HTMX)
    assert answer.status_code == 429
    assert "checks_per_minute" in answer.content.decode()


def test_a_pod_and_a_node_offer_a_terminal_and_a_service_does_not(visitor: Visitor, frontend: str) -> None:
    assert f'data-terminal-place="pod/default/{frontend}/' in visitor.fragment(f"objects/Pod/default/{frontend}/").content.decode()
    assert 'data-terminal-place="node/node-a"' in visitor.fragment("objects/Node/-/node-a/").content.decode()
    assert "data-terminal-place" not in visitor.fragment("objects/Service/default/frontend-svc/").content.decode()
