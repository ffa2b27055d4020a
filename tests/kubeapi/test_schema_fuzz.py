"""Does what our own OpenAPI allows, and a little beside it, ever fail the server, or reach somebody else's cluster?  Cases from schemathesis."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import unquote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core import NotSet

from playground.clusters import engine, looks, ownership, scenes
from playground.clusters.models import Action, Cluster
from playground.kube.apiserver.resources import KINDS
from playground.rest import openapi
from tests.clusters import scene
from tests.clusters.conftest import op
from tests.kubeapi.conftest import Client

pytestmark = pytest.mark.slow
VERSIONS = sorted({kind.api_version for kind in KINDS.values()})
PLACES = st.sampled_from([{"namespace": "default", "name": name} for name in ("client", "web", "web-1", "node-a", "kube-dns")] + [{}])
EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "15"))


@pytest.fixture
def neighbour(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """Somebody else's cluster."""
    monkeypatch.setattr(scenes, "find", scene.find)
    return ownership.new_cluster("n" * 22, "small", op())


def state(cluster: Cluster) -> tuple[str, int]:
    with looks.at(cluster) as kube:
        return kube.hash(), Action.objects.filter(cluster=cluster).count()


@pytest.mark.parametrize("version", VERSIONS)
def test_whatever_the_schema_allows_is_answered(client: Client, neighbour: Cluster, version: str) -> None:
    schema = schemathesis.openapi.from_dict(json.loads(openapi._built_in(engine.schema(), version).plain))
    before = state(neighbour)

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(case=schema.as_strategy(), place=PLACES)
    def check(case: Any, place: dict[str, str]) -> None:
        case.path_parameters.update({name: value for name, value in place.items() if name in case.path_parameters})
        reply = ask(client, case)
        assert reply.status < 500 or reply.json["reason"] == "Timeout", reply.body
        if reply.status >= 400:
            assert (reply.json["kind"], reply.json["code"]) == ("Status", reply.status)

    check()
    assert state(neighbour) == before


def ask(client: Client, case: Any) -> Any:
    """Send it as it would come from a server, which undoes the percents of its path."""
    body = b"" if isinstance(case.body, NotSet) else case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()
    headers = {str(name).lower(): str(value) for name, value in (case.headers or {}).items()}
    headers |= {"content-type": case.media_type} if case.media_type else {}
    query = {str(name): value for name, value in (case.query or {}).items()}
    return client.ask(case.method, unquote(case.formatted_path, errors="replace").strip("/"), body, headers, **query)
