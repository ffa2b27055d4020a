"""Can it be asked how many requests would fare, now and after a change, without anything being sent?"""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from playground.clusters import looks, spending
from playground.clusters.rates import Buckets
from tests.pages.conftest import Visitor

ASKED = {"source": "default/client", "to": "frontend-svc:80", "count": "1000000"}


def ask(visitor: Visitor, **more: str) -> str:
    response = visitor.fragment(f"what-if/?{urlencode({**ASKED, **more})}")
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def counts(said: str) -> list[int]:
    return [int(each.replace(",", "")) for each in re.findall(r'<span class="num">([\d,]+)</span>', said)]


def test_a_million_requests_are_shared_out_among_the_endpoints(visitor: Visitor) -> None:
    found = counts(ask(visitor))
    assert (len(found), sum(found)) == (3, 1_000_000)
    assert all(330_000 < each < 337_000 for each in found)


def test_with_a_change_both_answers_stand_side_by_side(visitor: Visitor) -> None:
    said = ask(visitor, change="internalTrafficPolicy:Local")
    found = counts(said)
    assert sum(found[0::2]) == sum(found[1::2]) == 1_000_000
    assert max(found[1::2]) == 1_000_000
    assert "internalTrafficPolicy of frontend-svc is Local" in said


def test_nothing_is_sent_and_nothing_changes(visitor: Visitor) -> None:
    before = visitor.hash()
    ask(visitor, change="internalTrafficPolicy:Local")
    assert visitor.hash() == before


def test_each_endpoint_and_its_node_can_be_imagined_away(visitor: Visitor, frontend: str) -> None:
    said = ask(visitor, change=f"unready:default/{frontend}")
    assert f"Pod {frontend} is not ready" in said
    home = visitor.found("Pod", "client").node
    node = next(node for name in visitor.names("Pod", "frontend-") if (node := visitor.found("Pod", name).node) != home)
    assert "timed out" in ask(visitor, change=f"off:{node}")


def test_without_htmx_it_is_a_page(visitor: Visitor) -> None:
    whole = visitor.get(f"what-if/?{urlencode(ASKED)}").content.decode()
    assert "<html" in whole
    assert "What if?" in whole


BAD = {
    "no target": ({"to": ""}, "To"),
    "a bad target": ({"to": "frontend-svc"}, "expected name:port"),
    "no such sender": ({"source": "default/nobody"}, "not found"),
    "no such count": ({"count": "7"}, "Count"),
    "no such change": ({"change": "everything"}, "expected one of internalTrafficPolicy:Local"),
}


@pytest.mark.parametrize(("more", "words"), BAD.values(), ids=BAD)
def test_a_bad_question_is_refused(visitor: Visitor, more: dict[str, str], words: str) -> None:
    response = visitor.fragment(f"what-if/?{urlencode({**ASKED, **more})}")
    assert response.status_code in (404, 422)
    assert words in response.content.decode()


def test_too_many_questions_are_refused(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(spending.RATES, "what_ifs_per_minute", Buckets(1, 60))
    ask(visitor)
    response = visitor.fragment(f"what-if/?{urlencode(ASKED)}")
    assert response.status_code == 429
    assert "what_ifs_per_minute" in response.content.decode()


def test_a_request_leads_to_the_question(visitor: Visitor) -> None:
    with looks.at(visitor.cluster) as running:
        request = running.network.recent(1)[0]
    said = visitor.fragment(f"requests/{request.number}/?at={request.time}").content.decode()
    assert "what-if/?source=default/client&amp;to=frontend-svc%3A80" in said
