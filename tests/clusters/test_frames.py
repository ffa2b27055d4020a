"""Does a watcher that applied every frame know what the engine knows?"""

from __future__ import annotations

import json
from collections import deque
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playground.clusters import engine
from playground.clusters.frames import SHOWN_REQUESTS, Reporter
from playground.clusters.hub import Hub
from playground.clusters.picture import Picture
from playground.kube.actions import AddNode, Apply, Delete, PowerOff, PowerOn, Send, StartProxy, StartTraffic, StopProxy, StopTraffic
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal
from tests.clusters import scene
from tests.clusters.watcher import Watcher

SINGLES = {"clock": {"speed": 1.0, "paused": False}, "history": {"undo": None, "redo": None}, "cluster": {"id": "x", "title": "y"}}


class Heard(Hub):
    """A hub with one watcher, without a loop."""

    def __init__(self, watcher: Watcher):
        super().__init__()
        self.watcher = watcher
        self.texts: list[str] = []

    def offer(self, text: str) -> None:
        self.texts.append(text)
        assert self.watcher.take(text) == {"type": "ack", "seq": self.number}

    show = offer


class Watched:
    """A running kube cluster, told to a watcher."""

    def __init__(self) -> None:
        made = scene.find("small")
        self.kube = engine.create(made.settings)
        for action in made.actions:
            self.kube.submit(action)
        self.kube.advance(made.opens_at)
        self.watcher = Watcher()
        self.hub = Heard(self.watcher)
        self.reporter = Reporter(self.kube, self.hub, SINGLES, deque())
        self.reporter.show(SINGLES)

    def frame(self, seconds: float = 0.05, singles: dict[str, Any] = SINGLES, heartbeat: bool = False) -> bool:
        self.kube.advance(self.kube.now + int(seconds * SECOND))
        self.reporter.hear(self.kube.events())
        return self.reporter.frame(singles, heartbeat)


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_picture_holds_every_section(watched: Watched) -> None:
    picture = watched.watcher.picture
    assert list(picture["nodes"]) == ["node-a"]
    assert {"default/client", "default/web-1", "default/web-2"} <= set(picture["pods"])
    assert picture["services"]["default/web"]["selector"] == {"app": "web"}
    assert picture["clock"] == {"now": watched.kube.now, "speed": 1.0, "paused": False}
    assert picture["pods"]["default/web-1"]["status"] == "Running"


def test_nothing_new_is_no_frame_but_a_heartbeat_tells_the_time(watched: Watched) -> None:
    watched.frame(5)
    while watched.frame(0.001):
        pass
    assert not watched.frame(0)
    assert watched.frame(0, heartbeat=True)
    assert json.loads(watched.hub.texts[-1])["now"] == watched.kube.now


def test_settings_of_the_clock_are_told_when_they_change(watched: Watched) -> None:
    paused = {**SINGLES, "clock": {"speed": 1.0, "paused": True}}
    watched.frame(singles=paused)
    assert watched.watcher.picture["clock"]["paused"]
    watched.frame(singles=paused)
    assert "clock" not in [section for section, _, _ in json.loads(watched.hub.texts[-1])["changes"]] or not watched.frame(0, paused)


def test_a_burst_of_2000_events_ends_with_the_engines_hash(watched: Watched) -> None:
    watched.kube.submit(Apply([scene.pod(f"more-{number}") for number in range(40)]))
    watched.frame()
    watched.kube.submit(Send("client", "web:80", 1900))
    for _ in range(40):
        watched.frame(0.5)
    assert watched.watcher.reckoned == watched.watcher.hash == Picture(watched.kube).hash
    assert sum(watched.watcher.flows.values()) == 1900


def test_a_frame_shows_some_requests_and_counts_all(watched: Watched) -> None:
    watched.kube.submit(Send("client", "web:80", 500))
    watched.frame()
    message = json.loads(watched.hub.texts[-1])
    assert len(message["requests"]) == SHOWN_REQUESTS
    assert sum(count for *_, count in message["flows"]) == 500
    assert len(message["requests"][0]) == 13


def test_a_picture_brings_the_recent_requests(watched: Watched) -> None:
    watched.kube.submit(Send("client", "web:80", 3))
    watched.frame()
    watched.reporter.show(SINGLES)
    requests = json.loads(watched.hub.texts[-1])["requests"]
    assert [request[0] for request in requests] == sorted(request[0] for request in requests)
    assert len(requests) == 3


def test_a_deleted_pod_is_told_in_words(watched: Watched) -> None:
    watched.kube.submit(Delete("Pod", "web-1"))
    for _ in range(60):
        watched.frame()
    says = " / ".join(watched.watcher.says)
    assert "web-1 was deleted: it is terminating, and its endpoint in web is soon no longer ready" in says
    assert "web-1 is gone" in says
    assert "default/web-1" not in watched.watcher.picture["pods"]


def test_the_first_picture_greets_with_what_there_is_to_see(watched: Watched) -> None:
    greeted = json.loads(watched.hub.texts[0])["says"]
    assert [[text, ref] for _, text, ref in greeted] == [
        ["node-a runs 3 Pods", ""],
        [f"web ({watched.watcher.picture['services']['default/web']['ip']}) leads to 2 ready endpoints", "Service/default/web"],
    ]


def test_rules_are_told_only_when_what_a_node_does_has_changed(watched: Watched) -> None:
    watched.kube.submit(Delete("Pod", "web-1"))
    for _ in range(200):
        watched.frame()
    told = [text for text in watched.watcher.says if text.startswith("the rules")]
    assert told == ["the rules on node-a now forward web to 1 endpoint"]


def test_many_of_one_sort_are_one_sentence(watched: Watched) -> None:
    watched.kube.submit(Apply([scene.pod(f"more-{number}") for number in range(9)]))
    watched.frame(0)
    assert "9 Pods were created" in watched.watcher.says


def test_what_follows_of_that_sort_is_told_once_a_second(watched: Watched) -> None:
    for number in range(40):
        watched.kube.submit(Apply([scene.pod(f"more-{number}-{each}") for each in range(5)]))
        watched.frame(0.05)
    created = [text for text in watched.watcher.says if text.endswith("Pods were created")]
    assert created[0] == "5 Pods were created"
    assert len(created) in (2, 3)


ACTIONS = st.one_of(
    st.builds(lambda n: Apply([scene.pod(f"web-{n}")]), st.integers(1, 4)),
    st.builds(lambda n: Delete("Pod", f"web-{n}"), st.integers(1, 4)),
    st.builds(lambda n: Apply([scene.service(f"web-{n}")]), st.integers(1, 3)),
    st.builds(lambda n: Delete("Service", f"web-{n}"), st.integers(1, 3)),
    st.builds(lambda n: AddNode(f"node-{n}"), st.sampled_from("bc")),
    st.builds(PowerOff, st.sampled_from(["node-a", "node-b"])),
    st.builds(PowerOn, st.sampled_from(["node-a", "node-b"])),
    st.builds(StopProxy, st.sampled_from(["node-a", "node-b"])),
    st.builds(StartProxy, st.sampled_from(["node-a", "node-b"])),
    st.builds(lambda n: Delete("Node", f"node-{n}"), st.sampled_from("bc")),
    st.just(StartTraffic("client", "web:80", 5.0)),
    st.just(StopTraffic("stream-1")),
    st.builds(lambda count: Send("client", "web:80", count), st.integers(1, 80)),
)


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(ACTIONS, st.floats(0, 4)), max_size=10))
def test_what_frames_add_up_to_is_the_picture_made_anew(history: list[tuple[Any, float]]) -> None:
    watched = Watched()
    for action, seconds in history:
        try:
            watched.kube.submit(action)
        except Refusal:
            continue
        watched.frame(seconds)
        anew = Picture(watched.kube)
        assert watched.reporter.picture.sections == anew.sections
        assert watched.watcher.reckoned == anew.hash == watched.reporter.picture.hash


def test_what_no_picture_holds_is_named_so_that_its_words_are_asked_for_again() -> None:
    watched = Watched()
    watched.kube.submit(Apply([{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}}]))
    assert watched.frame(0)
    assert json.loads(watched.hub.texts[-1])["others"] == ["ConfigMap/default/settings"]
    watched.kube.submit(Delete("ConfigMap", "settings", "default"))
    assert watched.frame(0)
    assert json.loads(watched.hub.texts[-1])["others"] == ["ConfigMap/default/settings"]
    assert not watched.frame(0)
