"""What do tests of pages stand on?  A visitor's browser without JavaScript, one with htmx, and a cluster of the first scene."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from playground.clusters import looks, spending
from playground.clusters.models import Cluster

HTMX = {"HTTP_HX_REQUEST": "true"}


class Visitor:
    """A browser with the cookie of one visitor, looking at one cluster."""

    def __init__(self) -> None:
        self.client = Client()
        response = self.client.get("/")
        self.id = re.fullmatch(r"/clusters/([^/]+)/", response["Location"]).group(1)
        self.base = f"/clusters/{self.id}/"
        self.cluster = Cluster.objects.get(pk=self.id)

    def get(self, path: str = "", **headers: Any) -> HttpResponse:
        return self.client.get(self.base + path, **headers)

    def fragment(self, path: str) -> HttpResponse:
        return self.get(path, **HTMX)

    def press(self, verb: str, htmx: bool = True, op: str = "", **fields: Any) -> HttpResponse:
        headers = HTMX if htmx else {}
        return self.client.post(f"{self.base}actions/{verb}/", {"op": op or uuid.uuid4().hex, **fields}, **headers)

    def found(self, kind: str, name: str, namespace: str = "default") -> Any:
        with looks.at(self.cluster) as running:
            return running.store.get(kind, namespace, name)

    def names(self, kind: str, prefix: str = "") -> list[str]:
        with looks.at(self.cluster) as running:
            return [thing.name for thing in running.store.list(kind) if thing.name.startswith(prefix)]

    def hash(self) -> str:
        with looks.at(self.cluster) as running:
            return running.hash()


@pytest.fixture
def visitor(db: None) -> Visitor:
    return Visitor()


@pytest.fixture
def stranger(db: None) -> Visitor:
    return Visitor()


@pytest.fixture
def frontend(visitor: Visitor) -> str:
    """The name of one Pod of the frontend."""
    return visitor.names("Pod", "frontend-")[0]


@pytest.fixture(autouse=True)
def patient_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests press more often than people may; the tests of limits bring their own."""
    for buckets in spending.RATES.values():
        monkeypatch.setattr(buckets, "wait", lambda key: 0)
