"""Two sessions of the API, a page that posts forms, one that watches, and a script act on one cluster at once: is anything lost, doubled or out of order?"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client as Browser

from playground.clusters import service
from playground.clusters.models import Action, Cluster
from playground.clusters.runtime import Runtime
from playground.clusters.visitors import COOKIE
from playground.kube.actions import Patch
from playground.kubeapi import access
from tests.clusters.conftest import op
from tests.kubeapi.conftest import Client
from tests.live.client import Page, cookie_of

pytestmark = pytest.mark.django_db(transaction=True)
WEB = "api/v1/namespaces/default/services/web"
TURNS = 12
Work = Callable[[], None]


def together(*works: Work) -> None:
    """Each in a thread of its own, all begun at once; what one raises is raised here."""
    gate, failed = threading.Barrier(len(works)), []

    def run(work: Work) -> None:
        try:
            gate.wait(20)
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


class Session:
    """Somebody who writes marks of their own, and notes what was acknowledged."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.acknowledged: list[str] = []

    def marks(self, write: Callable[[str], bool]) -> Work:
        def work() -> None:
            for turn in range(TURNS):
                mark = f"{self.name}-{turn}"
                if write(mark):
                    self.acknowledged.append(mark)

        return work


def test_every_acknowledged_write_is_in_the_log_once_and_in_order(client: Client, cluster: Cluster, here: Runtime) -> None:
    second, browser = Client(access.grant(cluster, True).pk, here), Browser()
    browser.cookies[COOKIE] = cookie_of(cluster.visitor)

    def by_api(session: Client) -> Callable[[str], bool]:
        return lambda mark: session.patch(WEB, {"metadata": {"annotations": {"mark": mark}}}).status == 200

    def by_page(mark: str) -> bool:
        fields = {"kind": "Service", "name": "web", "namespace": "default", "labels": f"mark={mark}", "before": ""}
        return browser.post(f"/clusters/{cluster.pk}/actions/label/", {"op": op(), **fields}, HTTP_HX_REQUEST="true").status_code == 200

    def by_script(mark: str) -> bool:
        return bool(service.act(cluster, Patch("Service", "web", {"metadata": {"annotations": {"script": mark}}}, "default"), op()).lines)

    def ticks() -> None:
        for number in range(60):
            here.tick(number / 20)

    sessions = [Session(name) for name in ("one", "two", "page", "script")]
    writers = [by_api(client), by_api(second), by_page, by_script]
    together(
        *(session.marks(write) for session, write in zip(sessions, writers, strict=True)), lambda: [here.tick(n / 20) for n in range(60)]
    )  # type: ignore[func-returns-value]
    rows = list(Action.objects.filter(cluster=cluster).order_by("seq").values_list("seq", "payload"))
    assert [seq for seq, _ in rows] == list(range(1, len(rows) + 1))
    for session in sessions:
        assert len(session.acknowledged) == TURNS
        places = [[seq for seq, payload in rows if f'{mark}"' in payload] for mark in session.acknowledged]
        assert all(len(each) == 1 for each in places), session.name
        assert places == sorted(places)


def test_a_counter_that_is_replaced_under_its_resourceversion_loses_no_count(client: Client, cluster: Cluster, here: Runtime) -> None:
    conflicts: list[str] = []

    def count(session: Client) -> Work:
        def work() -> None:
            done = 0
            while done < TURNS:
                found = session.get(WEB)
                notes = found["metadata"].setdefault("annotations", {})
                notes["count"] = str(int(notes.get("count", "0")) + 1)
                reply = session.ask("PUT", WEB, found)
                done += reply.status == 200
                if reply.status != 200:
                    conflicts.append(reply.json["reason"])

        return work

    sessions = [client, *(Client(access.grant(cluster, True).pk, here) for _ in range(2))]
    together(*map(count, sessions))
    assert client.get(WEB)["metadata"]["annotations"]["count"] == str(3 * TURNS)
    assert set(conflicts) <= {"Conflict"}


def test_of_two_who_read_the_same_version_the_second_is_told_of_the_conflict(client: Client, cluster: Cluster, here: Runtime) -> None:
    second = Client(access.grant(cluster, True).pk, here)
    found = client.get(WEB)
    assert client.ask("PUT", WEB, {**found, "metadata": {**found["metadata"], "labels": {"a": "1"}}}).status == 200
    reply = second.ask("PUT", WEB, {**found, "metadata": {**found["metadata"], "labels": {"a": "2"}}})
    assert (reply.status, reply.json["reason"]) == (409, "Conflict")
    assert client.get(WEB)["metadata"]["labels"] == {"a": "1"}


def test_what_kubectl_changes_is_in_the_pages_next_frame(client: Client, cluster: Cluster, here: Runtime) -> None:
    """A frame is made 20 times a second: what is acknowledged between two of them is in the second, and the page's own watch of it is told as early."""

    async def test() -> None:
        page = await Page.open(here, cluster)
        while page.socket.output_queue.qsize():
            await page.take()
        for number in range(5):
            change = {"metadata": {"labels": {"tier": f"n{number}"}}}
            assert (await asyncio.to_thread(client.patch, "api/v1/namespaces/default/pods/web-1", change)).status == 200
            page.tick(0.05)
            frame = await page.take()
            assert frame["type"] == "frame"
            assert f'"n{number}"' in json.dumps([value for _, key, value in frame["changes"] if key.endswith("web-1")])
        await page.leave()

    asyncio.run(asyncio.wait_for(test(), 60))
