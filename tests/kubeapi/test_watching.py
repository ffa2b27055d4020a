"""What a watch tells."""

from __future__ import annotations

from typing import Any

from playground.clusters import looks, service
from playground.clusters.models import Cluster
from playground.kube.actions import Apply, Delete, Patch
from tests.clusters import scene
from tests.clusters.conftest import op
from tests.kubeapi.conftest import TABLE, Client

PODS = "api/v1/namespaces/default/pods"
SERVICES = "api/v1/namespaces/default/services"


def version_of(client: Client, path: str) -> str:
    return client.get(path)["metadata"]["resourceVersion"]


def test_a_watch_from_a_version_tells_what_came_after_it(client: Client, cluster: Cluster) -> None:
    version = version_of(client, SERVICES)
    service.act(cluster, Apply([scene.service("one")]), op())
    with client.watch(SERVICES, resourceVersion=version) as watch:
        assert watch.many(1) == [("ADDED", "one")]
        service.act(cluster, Patch("Service", "one", {"spec": {"selector": {"app": "client"}}}), op())
        changed = watch.next()
        assert (changed["type"], changed["object"]["spec"]["selector"]) == ("MODIFIED", {"app": "client"})
        service.act(cluster, Delete("Service", "one"), op())
        gone = watch.next()
        assert gone["type"] == "DELETED"
        assert int(gone["object"]["metadata"]["resourceVersion"]) > int(changed["object"]["metadata"]["resourceVersion"])


def test_a_watch_from_nowhere_begins_with_what_is_there(client: Client) -> None:
    with client.watch(SERVICES) as watch:
        assert watch.many(2) == [("ADDED", "kubernetes"), ("ADDED", "web")]


def test_initial_events_end_in_a_bookmark(client: Client) -> None:
    asked = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}
    with client.watch(SERVICES, fieldSelector="metadata.name=web", **asked) as watch:
        assert watch.many(1) == [("ADDED", "web")]
        mark = watch.next()
        assert (mark["type"], mark["object"]["kind"]) == ("BOOKMARK", "Service")
        assert mark["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
        assert mark["object"]["metadata"]["resourceVersion"] == version_of(client, SERVICES)


def test_initial_events_need_the_match_that_goes_with_them(client: Client) -> None:
    reply = client.ask("GET", SERVICES, watch="true", sendInitialEvents="true")
    assert (reply.status, reply.json["reason"]) == (422, "Invalid")


def test_to_leave_the_selection_is_to_be_deleted_and_to_enter_it_to_be_added(client: Client, cluster: Cluster) -> None:
    version = version_of(client, PODS)
    with client.watch(PODS, resourceVersion=version, labelSelector="app=web") as watch:
        service.act(cluster, Patch("Pod", "web-1", {"metadata": {"labels": {"app": "other"}}}), op())
        assert watch.many(1) == [("DELETED", "web-1")]
        service.act(cluster, Patch("Pod", "web-1", {"metadata": {"labels": {"app": "web"}}}), op())
        assert watch.many(1) == [("ADDED", "web-1")]


def test_rows_are_told_with_the_columns_in_the_first_event_only(client: Client, cluster: Cluster) -> None:
    with client.watch(SERVICES, accept=TABLE) as watch:
        first, second = watch.next(), watch.next()
        assert [each["name"] for each in first["object"]["columnDefinitions"]][:2] == ["Name", "Type"]
        assert second["object"]["columnDefinitions"] is None
        assert second["object"]["rows"][0]["cells"][:2] == ["web", "ClusterIP"]


def test_a_version_that_is_forgotten_or_not_yet_there_is_expired(client: Client, cluster: Cluster) -> None:
    with looks.at(cluster) as kube:
        revision = kube.store.revision
        kube.store._forgotten = revision - 1
    for version in (1, revision + 100):
        reply = client.ask("GET", SERVICES, watch="true", resourceVersion=version)
        assert (reply.status, reply.json["reason"]) == (410, "Expired")


def test_after_an_undo_a_watch_ends_as_expired_for_its_past_is_gone(client: Client, cluster: Cluster) -> None:
    with client.watch(SERVICES, resourceVersion=version_of(client, SERVICES)) as watch:
        service.act(cluster, Apply([scene.service("one")]), op())
        assert watch.many(1) == [("ADDED", "one")]
        service.undo(cluster, op())
        error = watch.next()
        assert (error["type"], error["object"]["code"], error["object"]["reason"]) == ("ERROR", 410, "Expired")
        assert watch.next() is None


def test_a_watch_ends_after_the_seconds_that_it_asked_for(client: Client) -> None:
    with client.watch(SERVICES, resourceVersion=version_of(client, SERVICES), timeoutSeconds=1) as watch:
        watch._loop.time = iter_time(watch._loop)  # type: ignore[method-assign]
        assert watch.next() is None


def iter_time(loop: Any) -> Any:
    """A clock that has moved far on whenever it is asked again."""
    begun, asked = loop.time(), [0]

    def time() -> float:
        asked[0] += 1
        return begun + asked[0] * 10

    return time


def test_there_are_so_many_watches_of_a_cluster_and_no_more(client: Client, limits: Any) -> None:
    limits(api_watches=1)
    with client.watch(SERVICES):
        reply = client.ask("GET", SERVICES, watch="true")
        assert (reply.status, reply.headers["Retry-After"]) == (429, "1")
    with client.watch(SERVICES):
        pass


def test_a_refused_watch_takes_no_place(client: Client, limits: Any) -> None:
    limits(api_watches=1)
    client.ask("GET", SERVICES, watch="true", resourceVersion="999999")
    with client.watch(SERVICES):
        pass


def test_nobody_is_called_while_nothing_changes(client: Client, cluster: Cluster) -> None:
    with client.watch("api/v1/namespaces/default/configmaps", resourceVersion="0") as watch:
        for _ in range(100):
            watch.tick()
        with looks.at(cluster) as kube:
            revision = kube.store.revision
        calls = []
        for running in client._runtime._all():
            running.listeners.join(Counting(calls))
        for _ in range(20):
            watch.tick()
        with looks.at(cluster) as kube:
            assert kube.store.revision == revision
        assert not calls


class Counting:
    def __init__(self, calls: list[int]):
        self._calls = calls

    def hear(self, kube: Any, run: str) -> None:
        self._calls.append(1)


def test_a_watcher_keeps_the_clock_running(client: Client, cluster: Cluster) -> None:
    with client.watch(SERVICES) as watch:
        for running in client._runtime._all():
            running.attended_until = 0.0
        for _ in range(20):
            watch.tick(0.1)
        with looks.at(cluster) as kube:
            assert kube.now > scene.OPENS_AT + 1_000_000


def test_what_components_tell_is_seen_by_who_watches_events(client: Client, cluster: Cluster) -> None:
    path = "api/v1/namespaces/default/events"
    with client.watch(path, resourceVersion=version_of(client, path)) as watch:
        service.act(cluster, Delete("Pod", "web-1"), op())
        told = watch.next()
        assert (told["type"], told["object"]["reason"], told["object"]["involvedObject"]["name"]) == ("ADDED", "Killing", "web-1")
