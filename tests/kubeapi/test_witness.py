"""Two kubectl, a page that watches and posts, and a program in a Pod or a lesson, at once on a real server: one cluster for all, each write once in its log."""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import httpx_ws
import pytest

from tests.kubeapi.kubectl import Kubectl

pytestmark = pytest.mark.slow
TURNS = 4


class Browser:
    """A visitor's browser: it posts forms, and watches its cluster."""

    def __init__(self, url: str, start: str = "/"):
        self._url = url
        self.client = httpx.Client(base_url=url, headers={"Origin": url}, timeout=30)
        self.place = self.client.get(start).headers["location"]
        self.page = self.client.get(self.place).text

    def kubeconfig(self) -> str:
        return self.client.get(f"{self.place}kubeconfig").text

    def press(self, verb: str, op: str, **fields: Any) -> int:
        return self.post(f"actions/{verb}/", op, **fields)

    def lesson(self, verb: str, step: str, **fields: Any) -> int:
        """A button of the lesson's pane, for which the server does what the step does."""
        return self.post(f"lesson/{verb}/?step={step}", secrets.token_urlsafe(12), **fields)

    def post(self, address: str, op: str, **fields: Any) -> int:
        token = re.search(r'csrfmiddlewaretoken"[^>]*value="([^"]+)"|X-CSRFToken&quot;: &quot;([^&]+)', self.page)
        headers = {"HX-Request": "true", "X-CSRFToken": next(filter(None, token.groups())) if token else ""}
        return self.client.post(f"{self.place}{address}", data={"op": op, **fields}, headers=headers).status_code

    def watch(self) -> Iterator[dict[str, Any]]:
        """Pictures and frames, each acknowledged as a page does."""
        with httpx_ws.connect_ws(f"{self._url}{self.place}live", self.client) as socket:
            while True:
                message = json.loads(socket.receive_text(timeout=60))
                socket.send_text(json.dumps({"type": "ack", "seq": message.get("last", message.get("seq"))}))
                yield message


@pytest.fixture
def browser(server: Any) -> Browser:
    return Browser(server.url)


def log_of(server: Any, browser: Browser) -> list[tuple[int, str]]:
    with sqlite3.connect(f"file:{server.variables['DATABASE_URL'].removeprefix('sqlite:///')}?mode=ro", uri=True) as database:
        asked = "SELECT seq, payload FROM clusters_action WHERE cluster_id = ? ORDER BY seq"
        return list(database.execute(asked, [browser.place.split("/")[2]]))


def annotate(who: Kubectl, name: str) -> list[str]:
    """Again and again, by a kubectl; what was written, in order."""
    marks = [f"{name}-{turn}" for turn in range(TURNS)]
    for mark in marks:
        who(f"annotate service frontend-svc {name}={mark} --overwrite")
    return marks


def test_nothing_is_lost_between_two_kubectl_a_page_and_a_program(server: Any, browser: Browser, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (Kubectl(tmp_path / name, browser.kubeconfig()) for name in ("one", "two"))
    one("wait --for=condition=Ready pod/client --timeout=40s")
    frames = browser.watch()
    assert next(frames)["type"] == "picture"

    def page() -> list[str]:
        marks = [f"page-{turn}" for turn in range(TURNS)]
        for mark in marks:
            fields = {"kind": "Pod", "name": "client", "namespace": "default", "labels": f"app=client\nmark={mark}", "before": "app=client"}
            assert browser.press("label", mark, **fields) == 200
        return marks

    def program() -> list[str]:
        said = "".join(one("exec client -- curl -s frontend-svc:80") for _ in range(TURNS))
        assert said.count("frontend-") == TURNS
        return []

    with ThreadPoolExecutor(4) as threads:
        works = [threads.submit(annotate, one, "one"), threads.submit(annotate, two, "two"), threads.submit(page), threads.submit(program)]
        marks = [work.result() for work in works]
    rows = log_of(server, browser)
    assert [seq for seq, _ in rows] == list(range(1, len(rows) + 1))
    for own in marks:
        places = [[seq for seq, payload in rows if f'{mark}"' in payload] for mark in own]
        assert all(len(each) == 1 for each in places), own
        assert places == sorted(places)
    assert sum('"do":"send"' in payload for _, payload in rows) == TURNS
    assert one("get service frontend-svc -o jsonpath={.metadata.annotations.two}") == f"two-{TURNS - 1}"
    wanted = f"page-{TURNS - 1}"
    assert any(wanted in json.dumps(frame) for frame in frames)


def test_nothing_is_lost_between_two_kubectl_a_page_and_a_lesson(server: Any, tmp_path: Path) -> None:
    learner = Browser(server.url, "/lessons/keep-it-on-my-node/")
    assert learner.client.get(f"{learner.place}lesson/").status_code == 200
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (Kubectl(tmp_path / name, learner.kubeconfig()) for name in ("one", "two"))

    def page() -> list[str]:
        marks = [f"page-{turn}" for turn in range(TURNS)]
        for mark in marks:
            fields = {"kind": "Service", "name": "frontend-svc", "namespace": "default", "labels": f"mark={mark}", "before": ""}
            assert learner.press("label", mark, **fields) == 200
        return marks

    def lesson() -> list[str]:
        presses = [("predict", "default", {"answer": "local", "confidence": "fairly"}), ("act", "default", {}), ("skip", "switch", {})]
        for verb, step, fields in (*presses, ("act", "switch", {})):
            assert learner.lesson(verb, step, **fields) in (200, 302)
        return []

    with ThreadPoolExecutor(4) as threads:
        works = [threads.submit(annotate, one, "one"), threads.submit(annotate, two, "two"), threads.submit(page), threads.submit(lesson)]
        marks = [work.result() for work in works]
    rows = log_of(server, learner)
    assert [seq for seq, _ in rows] == list(range(1, len(rows) + 1))
    for own in marks:
        places = [[seq for seq, payload in rows if f'{mark}"' in payload] for mark in own]
        assert all(len(each) == 1 for each in places), own
        assert places == sorted(places)
    assert sum('"internalTrafficPolicy":"Local"' in payload for _, payload in rows) == 1
    told = one("get service frontend-svc -o jsonpath={.spec.internalTrafficPolicy}{.metadata.annotations.two}{.metadata.labels.mark}")
    assert told == f"Localtwo-{TURNS - 1}page-{TURNS - 1}"
    steps = learner.client.get("/lessons/progress.json").json()["lessons"]["keep-it-on-my-node"]["steps"]
    assert (steps["default"]["right"], bool(steps["default"]["acted"])) == (False, True)
    assert (steps["switch"]["skipped"], bool(steps["switch"]["acted"])) == (True, True)


def test_who_replaces_what_somebody_else_has_changed_is_told_of_the_conflict(browser: Browser, tmp_path: Path) -> None:
    kubectl = Kubectl(tmp_path, browser.kubeconfig())
    mine = kubectl("get service frontend-svc -o yaml")
    assert browser.press("label", "other", kind="Service", name="frontend-svc", namespace="default", labels="tier=front", before="") == 200
    refused = kubectl.fails("replace -f -", mine.replace("type: ClusterIP", "type: NodePort"))
    assert "the object has been modified; please apply your changes to the latest version and try again" in refused
    assert kubectl("get service frontend-svc -o jsonpath={.spec.type}{.metadata.labels.tier}") == "ClusterIPfront"
