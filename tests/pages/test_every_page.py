"""What holds at every address: who may see it, how it is asked for, its headers, and HTML that is sound?"""

from __future__ import annotations

import uuid
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.test import Client
from django.test.utils import override_settings

from playground.pages.urls import of_a_cluster
from tests.pages.conftest import HTMX, Visitor

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "circle", "rect"}
PAGES = [
    "",
    "objects/",
    "objects/Pod/default/client/",
    "objects/Pod/default/client/?tab=yaml",
    "objects/Pod/default/client/?tab=events",
    "objects/Service/default/frontend-svc/",
    "objects/Service/default/frontend-svc/?tab=endpoints",
    "objects/Service/default/frontend-svc/?tab=rules",
    "objects/Deployment/default/frontend/",
    "objects/Node/-/node-a/",
    "objects/Node/-/nobody/",
    "requests/",
    "requests/1/",
    "requests/99999999/",
    "what-if/?source=default/client&to=frontend-svc:80",
    "what-if/?source=default/client&to=frontend-svc:80&count=10000&change=internalTrafficPolicy:Local",
    "what-if/?source=default/client&to=",
    "new/",
    "new/?form=service",
    "new/?form=traffic",
    "new/?form=node",
    "proposal/?pods=default/client",
    "selector/?selector=app%3Dfrontend",
    "terminal/places/",
    "terminal/places/?place=pod/default/gone/main",
    "selecting/?labels=app%3Dfrontend&name=client",
]
TEXTS = ["nodes/node-a/iptables.txt", "nodes/node-a/ip6tables.txt", "nodes/nobody/iptables.txt"]
POSTS = ["lint/", "actions/reset/", "actions/apply/"]


class Reader(HTMLParser):
    """Collects what can be checked cheaply."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.named: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.forms: list[dict] = []
        self.wrong: list[str] = []
        self.in_label = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attributes = dict(pairs)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "label":
            self.in_label += 1
            self.labelled.add(attributes.get("for"))
        if tag == "form":
            self.forms.append({"method": attributes.get("method"), "action": attributes.get("action"), "names": set()})
        if tag in ("input", "select", "textarea"):
            if self.open.count("form"):
                self.forms[-1]["names"].add(attributes.get("name"))
            if attributes.get("type") != "hidden" and not self.in_label:
                self.named.append((tag, attributes))
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        if {"hx-select", "hx-select-oob"} & attributes.keys() and attributes.get("hx-disinherit") != "*":
            self.wrong.append(f"<{tag}> passes its hx-select on to the forms in it")
        self.wrong += [f"<{tag} {name}>" for name in attributes if name == "style" or name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if tag == "label":
            self.in_label -= 1
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()


@pytest.mark.parametrize("path", PAGES)
def test_html_is_sound(visitor: Visitor, path: str) -> None:
    for response in (visitor.get(path), visitor.fragment(path)):
        read = Reader(response.content.decode())
        assert read.wrong == []
        assert read.open in ([], ["p"])
        assert [name for name, times in Counter(read.ids).items() if times > 1] == []
        assert [each for each in read.named if each[1].get("id") not in read.labelled and "aria-label" not in each[1]] == []


@pytest.mark.parametrize("path", [*PAGES, "/clusters/", "/fidelity/"])
def test_a_page_has_one_title_and_its_headings_in_order(visitor: Visitor, path: str) -> None:
    response = visitor.client.get(path) if path.startswith("/") else visitor.get(path)
    levels = Reader(response.content.decode()).headings
    assert levels.count(1) <= 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), levels


@pytest.mark.parametrize("path", PAGES)
def test_every_form_that_acts_has_an_op_a_token_and_an_action_without_script(visitor: Visitor, path: str) -> None:
    for form in Reader(visitor.fragment(path).content.decode()).forms:
        assert form["action"] or form["method"] == "dialog"
        if form["method"] == "post":
            assert {"op", "csrfmiddlewaretoken"} <= form["names"]


@pytest.mark.parametrize("path", [*PAGES, *TEXTS, "/clusters/", "/fidelity/", "/nowhere/"])
def test_every_answer_has_the_headers_that_protect(visitor: Visitor, path: str) -> None:
    response = visitor.client.get(path) if path.startswith("/") else visitor.get(path)
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [*PAGES, *TEXTS])
def test_a_strangers_cluster_is_answered_as_one_that_does_not_exist_byte_for_byte(visitor: Visitor, stranger: Visitor, path: str) -> None:
    theirs = stranger.client.get(visitor.base + path)
    nobodys = stranger.client.get(f"/clusters/{'A' * 22}/{path}")
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.content == nobodys.content
    for response in (theirs, nobodys):
        del response.headers["Expires"]  # says what time it is
    assert dict(theirs.headers) == dict(nobodys.headers)


@pytest.mark.parametrize("path", POSTS)
def test_a_stranger_cannot_act(visitor: Visitor, stranger: Visitor, path: str) -> None:
    before = visitor.hash()
    fields = {"op": uuid.uuid4().hex, "yaml": "a: b"}
    theirs = stranger.client.post(visitor.base + path, fields)
    nobodys = stranger.client.post(f"/clusters/{'A' * 22}/{path}", fields)
    assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert visitor.hash() == before


@pytest.mark.parametrize("path", POSTS)
def test_what_acts_takes_no_get(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 405


@pytest.mark.parametrize("path", [*PAGES, *TEXTS])
def test_what_shows_takes_no_post(visitor: Visitor, path: str) -> None:
    assert visitor.client.post(visitor.base + path, {}).status_code == 405


@pytest.mark.parametrize("path", [*PAGES, *TEXTS])
def test_who_only_asks_for_the_headers_gets_them(visitor: Visitor, path: str) -> None:
    response = visitor.client.head(visitor.base + path)
    assert (response.status_code, response.content) == (visitor.get(path).status_code, b"")


def test_every_address_of_a_cluster_is_tried_here() -> None:
    tried = {path.split("?")[0].split("/")[0] for path in PAGES + TEXTS + POSTS}
    assert {str(each.pattern).split("/")[0] for each in of_a_cluster} == tried


@pytest.mark.parametrize("path", POSTS)
def test_a_post_without_a_token_is_refused(visitor: Visitor, path: str) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = visitor.client.cookies
    response = careful.post(visitor.base + path, {"op": "x"}, **HTMX)
    said = response.content.decode()
    assert response.status_code == 403
    assert "Not allowed" in said
    assert 'role="alert"' in said
    assert "<html" not in said


def test_a_body_that_is_too_large_names_the_limit(visitor: Visitor) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1_000):
        response = visitor.press("apply", yaml="x" * 2_000)
    assert response.status_code == 413
    assert "body_bytes" in response.content.decode()
    assert "<html" not in response.content.decode()


def test_too_many_fields_name_the_limit(visitor: Visitor) -> None:
    response = visitor.press("expose", pods=[f"default/p{number}" for number in range(150)])
    assert response.status_code == 413
    assert "form_fields" in response.content.decode()
