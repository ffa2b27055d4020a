"""What do tests of lessons stand on?  A small folder of lessons of their own, and a visitor who plays one of them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from playground.clusters import library, looks, spending
from playground.clusters.models import Cluster
from playground.courses import doing, keeping, seeing, ticking
from playground.courses.records import LessonRecord, StepRecord

LESSONS = Path(__file__).parent / "lessons"
NAME = "local-means-local"
HTMX = {"HTTP_HX_REQUEST": "true"}


class Player:
    """A browser of one visitor, in the lesson."""

    def __init__(self, name: str = NAME, lang: str = "") -> None:
        self.client = Client()
        self.lesson = name
        response = self.client.get(f"/lessons/{name}/", {"lang": lang} if lang else {})
        found = re.match(r"/clusters/([^/]+)/", response["Location"])
        assert found is not None
        self.cluster = Cluster.objects.get(pk=found[1])
        self.base = f"/clusters/{self.cluster.pk}/"
        self.pane()

    def pane(self, step: str = "", htmx: bool = True, **headers: str) -> HttpResponse:
        return self.client.get(f"{self.base}lesson/", {"step": step} if step else {}, **({**HTMX, **headers} if htmx else headers))

    def press(self, verb: str, step: str, htmx: bool = True, op: str = "", **fields: Any) -> HttpResponse:
        """Without htmx as a browser without JavaScript does it: the server's own hands. With `hands="page"` as a page does that has run the lines."""
        if verb == "act" and fields.get("hands") == "page":
            self.run_lines(step)
        fields = {"op": op or uuid.uuid4().hex, **fields}
        return self.client.post(f"{self.base}lesson/{verb}/?step={step}", fields, **(HTMX if htmx else {}))

    def run_lines(self, step: str) -> None:
        unit = library.library().units[self.lesson]
        doing.carry_out(self.cluster, unit.lesson.step(step).do, unit.files)

    def predict(self, answer: Any = "drop", confidence: str = "certain", step: str = "switch") -> HttpResponse:
        return self.press("predict", step, answer=answer, confidence=confidence)

    def tick(self, step: str, **fields: str) -> HttpResponse:
        return self.client.post(f"{self.base}lesson/goals/?step={step}", fields, **HTMX)

    @property
    def record(self) -> LessonRecord:
        return keeping.one(self.cluster.visitor, self.lesson)

    def own(self, step: str) -> StepRecord:
        return self.record.step(step)

    def policy(self) -> str:
        with looks.at(self.cluster) as kube:
            return str(kube.store.get("Service", "default", "frontend-svc").spec["internalTrafficPolicy"])

    def later(self, seconds: float) -> None:
        """Time passes in the cluster, as it does while somebody watches."""
        with looks.at(self.cluster) as kube:
            kube.advance(kube.now + int(seconds * 1_000_000))


@pytest.fixture(autouse=True)
def own_lessons(settings: Any) -> Iterator[None]:
    """These lessons come before the project's."""
    settings.LESSONS_PATH = LESSONS
    for kept in (library.library, seeing._opened):
        kept.cache_clear()
    ticking._answers.clear()
    ticking._checked.clear()
    yield
    for kept in (library.library, seeing._opened):
        kept.cache_clear()


@pytest.fixture(autouse=True)
def patient_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests press more often than people may; the tests of limits bring their own."""
    for buckets in spending.RATES.values():
        monkeypatch.setattr(buckets, "wait", lambda key: 0)


@pytest.fixture(autouse=True)
def time_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody watches, and no thread moves the clock: it comes where a program waits for it to come."""

    def wait(door: Any, until: int) -> None:
        with door.look() as kube:
            kube.advance(until)

    monkeypatch.setattr(doing, "_wait", wait)
    monkeypatch.setattr(looks, "attend", lambda cluster: None)


@pytest.fixture
def player(db: None) -> Player:
    return Player()


@pytest.fixture
def stranger(db: None) -> Player:
    return Player()
