"""Who may do what, and which headers protect them: every address that the server answers, asked by everybody there is. An address without a row fails."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from playground.clusters import ownership, visitors
from playground.clusters.visitors import Asker
from playground.courses import slips
from playground.embeds import links
from tests.embeds.conftest import patient_links
from tests.pages.conftest import HTMX, Visitor, patient_limits, stranger, visitor

__all__ = ["patient_limits", "patient_links", "stranger", "visitor"]

ASKERS = ("owner", "stranger", "link", "frame", "looking frame", "another's frame", "nobody", "expired", "forged")
FORGED = {"expired": 401, "forged": 401}
# What is said to whom: 0 stands for anything below 400.
EVERYBODY = {**dict.fromkeys(ASKERS, 0), **FORGED}
VISITORS = {**EVERYBODY, "link": 404, "frame": 404, "looking frame": 404, "another's frame": 404}
WHO_MAY_LOOK = {"owner": 0, "link": 0, "frame": 0, "looking frame": 0, "stranger": 404, "another's frame": 404, "nobody": 404, **FORGED}
WHO_MAY_ACT = {**WHO_MAY_LOOK, "looking frame": 422}
WHO_MAY_LEARN = {**WHO_MAY_LOOK, "link": 404}
OWNER = {**dict.fromkeys(ASKERS, 404), "owner": 0, **FORGED}

CLUSTER = "clusters/<str:id>/"
ROWS: dict[str, tuple[str, str, dict[str, int]]] = {
    "healthz": ("GET", "/healthz", EVERYBODY),
    "readyz": ("GET", "/readyz", EVERYBODY),
    "": ("GET", "/", VISITORS),
    "clusters/": ("GET", "/clusters/", VISITORS),
    "fidelity/": ("GET", "/fidelity/", EVERYBODY),
    "embed/cluster/<str:scene>/": ("GET", "/embed/cluster/shop/", EVERYBODY),
    "embed/lesson/<str:name>/": ("GET", "/embed/lesson/pods-move-house/", EVERYBODY),
    "embed/lesson/<str:name>/<str:step>/": ("GET", "/embed/lesson/pods-move-house/2/", EVERYBODY),
    "embed/shared/<str:link>/": ("GET", "/embed/shared/{link}/", EVERYBODY),
    "shared/<str:link>/": ("GET", "/shared/{link}/", VISITORS),
    "embed.js": ("GET", "/embed.js", EVERYBODY),
    "embed.1.js": ("GET", "/embed.1.js", EVERYBODY),
    "oembed": ("GET", "/oembed?url=http://testserver/embed/cluster/shop/", EVERYBODY),
    "lessons/": ("GET", "/lessons/", VISITORS),
    "lessons/next/": ("GET", "/lessons/next/", VISITORS),
    "lessons/summary/": ("GET", "/lessons/summary/", VISITORS),
    "lessons/summary/<str:slip>/": ("GET", "/lessons/summary/{slip}/", EVERYBODY),
    "lessons/progress/": ("POST", "/lessons/progress/", {**VISITORS, **dict.fromkeys(("owner", "stranger", "nobody"), 422)}),
    "lessons/progress.json": ("GET", "/lessons/progress.json", VISITORS),
    "lessons/<slug:name>/": ("GET", "/lessons/pods-move-house/", VISITORS),
    "lessons/<slug:name>/<slug:step>/": ("GET", "/lessons/pods-move-house/2/", VISITORS),
    "teachers/": ("GET", "/teachers/", EVERYBODY),
    "clusters/<str:id>/kubeconfig": ("GET", "{base}kubeconfig", {**OWNER, "frame": 0}),
    CLUSTER + "share/": ("GET", "{base}share/", OWNER),
    CLUSTER + "share/withdraw/": ("POST", "{base}share/withdraw/", OWNER),
    CLUSTER + "embed/": ("GET", "{base}embed/", OWNER),
    CLUSTER + "lesson/": ("GET", "{lesson}lesson/", WHO_MAY_LEARN),
    CLUSTER + "lesson/goals/": ("POST", "{lesson}lesson/goals/", WHO_MAY_LEARN),
    CLUSTER + "lesson/summary/": ("GET", "{lesson}lesson/summary/", WHO_MAY_LEARN),
    CLUSTER + "lesson/<str:verb>/": ("POST", "{lesson}lesson/reset-step/", {**WHO_MAY_LEARN, "looking frame": 422}),
    CLUSTER: ("GET", "{base}", WHO_MAY_LOOK),
    CLUSTER + "objects/": ("GET", "{base}objects/", WHO_MAY_LOOK),
    CLUSTER + "objects/<str:kind>/<str:namespace>/<str:name>/": ("GET", "{base}objects/Pod/default/client/", WHO_MAY_LOOK),
    CLUSTER + "nodes/<str:node>/iptables.txt": ("GET", "{base}nodes/node-a/iptables.txt", WHO_MAY_LOOK),
    CLUSTER + "nodes/<str:node>/ip6tables.txt": ("GET", "{base}nodes/node-a/ip6tables.txt", WHO_MAY_LOOK),
    CLUSTER + "requests/": ("GET", "{base}requests/", WHO_MAY_LOOK),
    CLUSTER + "requests/<int:number>/": ("GET", "{base}requests/1/", WHO_MAY_LOOK),
    CLUSTER + "what-if/": ("GET", "{base}what-if/?source=default/client&to=frontend-svc:80", WHO_MAY_LOOK),
    CLUSTER + "new/": ("GET", "{base}new/", WHO_MAY_LOOK),
    CLUSTER + "proposal/": ("GET", "{base}proposal/?pods=default/client", WHO_MAY_LOOK),
    CLUSTER + "selector/": ("GET", "{base}selector/?selector=a%3Db", WHO_MAY_LOOK),
    CLUSTER + "selecting/": ("GET", "{base}selecting/?labels=a%3Db&name=client", WHO_MAY_LOOK),
    CLUSTER + "lint/": ("POST", "{base}lint/", WHO_MAY_LOOK),
    CLUSTER + "terminal/places/": ("GET", "{base}terminal/places/", WHO_MAY_LOOK),
    CLUSTER + "terminal/completion/": ("GET", "{base}terminal/completion/", WHO_MAY_LOOK),
    CLUSTER + "actions/<str:verb>/": ("POST", "{base}actions/reset/", WHO_MAY_ACT),
}
FRAMED = ("embed/cluster/<str:scene>/", "embed/lesson/<str:name>/", "embed/lesson/<str:name>/<str:step>/", "embed/shared/<str:link>/")
UNLISTED = ("lessons/summary/<str:slip>/", "embed/shared/<str:link>/", "shared/<str:link>/")


def addresses(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every route of the server, as it is written in its `urls.py`."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, route)
        else:
            yield route


class Everybody:
    """Everybody who can ask for the addresses of one visitor's two clusters: `{base}` a ready one, `{lesson}` a lesson's."""

    def __init__(self, visitor: Visitor, stranger: Visitor, monkeypatch: pytest.MonkeyPatch):
        owner = visitor.cluster.visitor
        lesson = ownership.new_cluster(owner, "lesson/pods-move-house", "lesson")
        self.cookies = {"owner": visitor.client.cookies, "stranger": stranger.client.cookies}
        self.links = {each.pk: links.make(each, []).pk for each in (visitor.cluster, lesson)}
        self.tokens = {each.pk: self._tokens(owner, each.pk, stranger, monkeypatch) for each in (visitor.cluster, lesson)}
        self.own, self.lesson = visitor.id, lesson.pk
        self.values = {
            "base": visitor.base,
            "lesson": f"/clusters/{lesson.pk}/",
            "link": self.links[visitor.id],
            "slip": slips.written(owner, lesson.lesson),
        }

    def _tokens(self, owner: str, id: str, stranger: Visitor, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
        with monkeypatch.context() as earlier:
            earlier.setattr(signing.time, "time", lambda: 1_000_000_000)
            expired = visitors.token(Asker(owner, id))
        return {
            "link": visitors.token(Asker(visitors.new_visitor(), id, share=self.links[id])),
            "frame": visitors.token(Asker(owner, id)),
            "looking frame": visitors.token(Asker(owner, id, acts=False)),
            "another's frame": visitors.token(Asker(stranger.cluster.visitor, stranger.id)),
            "expired": expired,
            "forged": visitors.token(Asker(owner, id))[:-3] + "AAA",
        }

    def ask(self, asker: str, method: str, path: str) -> HttpResponse:
        client = Client()
        if asker in self.cookies:
            client.cookies = self.cookies[asker]
        tokens = self.tokens[self.lesson if "{lesson}" in path else self.own]
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {tokens[asker]}"} if asker in tokens else {}
        address = path.format(**self.values)
        if method == "POST":
            return client.post(address, {"op": uuid.uuid4().hex}, **HTMX, **bearer)
        return client.get(address, **bearer)


@pytest.fixture
def everybody(visitor: Visitor, stranger: Visitor, monkeypatch: pytest.MonkeyPatch) -> Everybody:
    visitor.press("send", source="default/client", to="frontend-svc:80", count=1)
    return Everybody(visitor, stranger, monkeypatch)


def test_every_address_has_a_row() -> None:
    assert sorted(addresses()) == sorted(ROWS)


def test_who_may_do_what_and_every_answer_has_the_headers_that_protect(everybody: Everybody) -> None:
    found = {}
    for route, (method, path, _) in ROWS.items():
        answers = {asker: everybody.ask(asker, method, path) for asker in ASKERS}
        found[route] = {asker: answer.status_code if answer.status_code >= 400 else 0 for asker, answer in answers.items()}
        for asker, answer in answers.items():
            check_headers(answer, route, asker in everybody.tokens[everybody.own] or route in FRAMED)
    assert {route: row for route, row in found.items() if row != ROWS[route][2]} == {}


def check_headers(answer: HttpResponse, route: str, cookieless: bool) -> None:
    framed = route in FRAMED and answer.status_code != 401
    unlisted = route in UNLISTED and answer.status_code < 400
    policy = answer["Content-Security-Policy"]
    assert ("frame-ancestors *" if framed else "frame-ancestors 'none'") in policy, route
    assert answer.get("X-Frame-Options") == (None if framed else "DENY"), route
    assert "default-src 'none'" in policy, route
    assert "unsafe" not in policy, route
    assert answer["X-Content-Type-Options"] == "nosniff", route
    assert answer["Referrer-Policy"] == ("no-referrer" if unlisted else "same-origin"), route
    assert answer.get("X-Robots-Tag") == ("noindex" if unlisted else None), route
    assert not (cookieless and answer.cookies), route


@pytest.mark.parametrize("origin", ["null", "https://course.example"])
@pytest.mark.parametrize("path", ["/embed/cluster/shop/", "{base}", "{base}actions/reset/"])
def test_a_frame_of_any_origin_is_told_that_it_may_send_its_token_and_no_cookie(everybody: Everybody, origin: str, path: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = Client().options(path.format(**everybody.values), headers=headers)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize("path", ["/", "/clusters/", "/shared/{link}/"])
def test_what_a_cookie_opens_is_read_by_no_other_origin(everybody: Everybody, path: str) -> None:
    for asker in ("owner", "nobody"):
        assert "Access-Control-Allow-Origin" not in everybody.ask(asker, "GET", path)
    assert "Access-Control-Allow-Origin" not in everybody.ask("owner", "GET", "{base}")
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert "Access-Control-Allow-Origin" not in Client().options(path.format(**everybody.values), headers=headers)
