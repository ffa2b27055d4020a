"""Can every request be looked at, hop by hop, also one long past?"""

import re

from playground.clusters import looks
from tests.pages.conftest import Visitor


def test_the_latest_requests_and_the_streams_are_listed(visitor: Visitor) -> None:
    said = visitor.fragment("requests/").content.decode()
    assert "frontend-svc:80" in said
    assert "4/s" in said
    assert re.search(r'requests/\d+/\?at=\d+"', said)


def test_the_newest_request_comes_first(visitor: Visitor) -> None:
    numbers = [row.number for row in visitor.fragment("requests/").context["rows"]]
    assert numbers == sorted(numbers, reverse=True)


def test_failures_can_be_listed_alone(visitor: Visitor) -> None:
    visitor.press("send", source="default/client", to="nowhere:80", count=1)
    said = visitor.fragment("requests/?only=failures").content.decode()
    assert "no such name" in said
    assert "answered by" not in said


def test_a_card_tells_every_hop_with_its_reason(visitor: Visitor) -> None:
    with looks.at(visitor.cluster) as running:
        request = running.network.recent(1)[0]
    said = visitor.fragment(f"requests/{request.number}/?at={request.time}").content.decode()
    for word in ("How did request", "frontend-svc.default.svc.cluster.local", "KUBE-SERVICES", request.endpoint, "Answered"):
        assert word in said


def test_a_card_of_a_failure_asks_why(visitor: Visitor) -> None:
    visitor.press("send", source="default/client", to="redis-master:99", count=1)
    with looks.at(visitor.cluster) as running:
        request = running.network.recent(1)[0]
    said = visitor.fragment(f"requests/{request.number}/").content.decode()
    assert f"Why did request {request.number} fail?" in said
    assert 'data-state="drop"' in said


def test_a_request_that_never_was_is_said_to_be_missing(visitor: Visitor) -> None:
    for path in ("requests/99999999/", "requests/99999999/?at=5", "requests/1/?at=3"):
        response = visitor.fragment(path)
        assert response.status_code == 404
        assert "no such request" in response.content.decode()
