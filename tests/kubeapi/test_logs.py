"""What `kubectl logs` is answered: the requests that a container has answered."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from playground.clusters import looks, service
from playground.clusters.models import Cluster
from playground.kube.actions import Apply, Crash, PowerOff, Send
from tests.clusters import scene
from tests.clusters.conftest import op
from tests.kubeapi.conftest import Client

PODS = "api/v1/namespaces/default/pods"


@pytest.fixture
def asked(cluster: Cluster) -> Cluster:
    """The cluster, after ten requests to its two web servers."""
    service.act(cluster, Send("client", "web:80", 10), op())
    return cluster


def lines(client: Client, pod: str, **query: Any) -> list[str]:
    reply = client.ask("GET", f"{PODS}/{pod}/log", **query)
    assert (reply.status, reply.type) == (200, "text/plain"), reply.body
    return reply.body.decode().splitlines()


def test_each_request_that_was_answered_is_a_line_of_who_answered_it(client: Client, asked: Cluster) -> None:
    found = lines(client, "web-1") + lines(client, "web-2")
    assert len(found) == 10
    with looks.at(asked) as kube:
        address = kube.store.get("Pod", "default", "client").ip
        moment = datetime.fromtimestamp(kube.settings.epoch + kube.now // 1_000_000, UTC)
    assert set(found) == {f'{address} - - [{moment:%d/%b/%Y:%H:%M:%S} +0000] "GET / HTTP/1.1" 200'}
    assert lines(client, "client") == []


def test_who_asks_is_whom_the_container_saw(client: Client, cluster: Cluster) -> None:
    door = {**scene.service("door"), "spec": {"type": "NodePort", "selector": {"app": "web"}, "ports": [{"port": 80}]}}
    service.act(cluster, Apply([door]), op())
    with looks.at(cluster) as kube:
        kube.advance(kube.now + 3_000_000)
        port = kube.store.get("Service", "default", "door").spec["ports"][0]["nodePort"]
        node = kube.store.get("Node", "", "node-a").status["addresses"][0]["address"]
    service.act(cluster, Send("outside:203.0.113.10", f"{node}:{port}", 8), op())
    assert {line.split()[0] for line in lines(client, "web-1") + lines(client, "web-2")} == {node}


def test_the_last_lines_and_their_times_can_be_asked_for(client: Client, asked: Cluster) -> None:
    assert len(lines(client, "web-1", tailLines=1)) == 1
    assert lines(client, "web-1", tailLines=0) == []
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000000Z 10\.244\.", lines(client, "web-1", tailLines=1, timestamps="true")[0])
    assert lines(client, "web-1", limitBytes=4) == ["10.2"]


def test_only_what_is_new_enough_can_be_asked_for(client: Client, asked: Cluster) -> None:
    with looks.at(asked) as kube:
        sent = kube.now
        kube.advance(kube.now + 10_000_000)
        after = datetime.fromtimestamp(kube.settings.epoch + sent // 1_000_000 + 1, UTC)
    assert lines(client, "web-1", sinceSeconds=5) == []
    assert lines(client, "web-1", sinceSeconds=20)
    assert lines(client, "web-1", sinceTime=f"{after:%Y-%m-%dT%H:%M:%SZ}") == []


def test_a_started_again_container_has_nothing_to_say_and_the_one_before_has(client: Client, asked: Cluster) -> None:
    before = lines(client, "web-1")
    service.act(asked, Crash("web-1"), op())
    with looks.at(asked) as kube:
        kube.advance(kube.now + 5_000_000)
    assert lines(client, "web-1") == []
    assert lines(client, "web-1", previous="true") == before


REFUSED = {
    "another container": ("web-1", {"container": "nope"}, 400, "container nope is not valid for pod web-1"),
    "no one before": ("web-1", {"previous": "true"}, 400, 'previous terminated container "main" in pod "web-1" not found'),
    "a time that is none": ("web-1", {"sinceTime": "yesterday"}, 400, "sinceTime: Invalid isoformat string: 'yesterday'"),
    "nobody": ("nobody", {}, 404, 'pods "nobody" not found'),
}


@pytest.mark.parametrize(("pod", "query", "code", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_shown_is_refused(client: Client, pod: str, query: dict[str, str], code: int, message: str) -> None:
    reply = client.ask("GET", f"{PODS}/{pod}/log", **query)
    assert (reply.status, reply.json["message"]) == (code, message)


def test_of_several_containers_one_has_to_be_named(client: Client, cluster: Cluster) -> None:
    several = scene.pod("several")
    several["spec"]["containers"] = [{"name": name, "image": "nginx"} for name in "ab"]
    service.act(cluster, Apply([several]), op())
    message = client.ask("GET", f"{PODS}/several/log").json["message"]
    assert message == "a container name must be specified for pod several, choose one of: [a b]"
    assert client.ask("GET", f"{PODS}/several/log", container="a").json["message"] == "pod several does not have a host assigned"


def test_a_kubelet_that_is_off_gives_no_logs(client: Client, cluster: Cluster) -> None:
    service.act(cluster, PowerOff("node-a"), op())
    assert "10250: connect: no route to host" in client.ask("GET", f"{PODS}/web-1/log").json["message"]


def test_a_followed_log_goes_on_and_ends_with_the_container(client: Client, asked: Cluster) -> None:
    loop = asyncio.new_event_loop()
    follow: Any = client._ask("GET", f"{PODS}/web-1/log", None, None, {"follow": "true"}, loop)
    chunks = follow.chunks().__aiter__()
    assert len(loop.run_until_complete(chunks.__anext__()).splitlines()) == len(lines(client, "web-1"))
    service.act(asked, Send("client", "web:80", 10), op())
    client._runtime.tick(1.0)
    assert b"GET / HTTP/1.1" in loop.run_until_complete(chunks.__anext__())
    service.act(asked, Crash("web-1"), op())
    client._runtime.tick(1.05)
    with pytest.raises(StopAsyncIteration):
        loop.run_until_complete(chunks.__anext__())
    follow.close()
    loop.close()
