"""What are actions called, and in which words is it told what happened?"""

from __future__ import annotations

from typing import Any, get_args

import pytest

from playground.clusters.journeys import SENTENCES
from playground.clusters.titles import LONGEST, title
from playground.clusters.wording import listed
from playground.kube import actions
from playground.kube.network.requests import ENDINGS
from tests.clusters import scene

CORDON = actions.Patch("Node", "node-a", {"spec": {"unschedulable": True}})
TITLES: list[tuple[Any, str]] = [
    (actions.Apply([scene.pod("web")]), "Apply Pod web"),
    (actions.Apply([scene.pod("web"), scene.service("web")]), "Apply 2 objects"),
    (actions.Create([{"kind": "Pod", "metadata": {"generateName": "web-"}}]), "Create Pod"),
    (actions.Replace(scene.service("web")), "Edit Service web"),
    (CORDON, "Cordon node-a"),
    (actions.Patch("Node", "node-a", {"spec": {"unschedulable": None}}), "Uncordon node-a"),
    (actions.Patch("Pod", "web", {"metadata": {"labels": {"app": "x"}}}), "Change Pod web"),
    (actions.Scale("Deployment", "web", 5), "Scale Deployment web to 5"),
    (actions.Delete("Pod", "web"), "Delete Pod web"),
    (actions.AddNode(), "Add Node"),
    (actions.Undo("web"), "Roll Deployment web back"),
    (actions.Undo("agent", "default", 0, "DaemonSet"), "Roll DaemonSet agent back"),
    (actions.Undo("web", "default", 2), "Roll Deployment web back to revision 2"),
    (actions.Drain("node-a"), "Drain node-a"),
    (actions.Evict("client"), "Evict Pod client"),
    (actions.PowerOff("node-a"), "Power off node-a"),
    (actions.PowerOn("node-a"), "Power on node-a"),
    (actions.Hang("web-1"), "Hang Pod web-1"),
    (actions.Wake("web-1"), "Let Pod web-1 go on"),
    (actions.StopProxy("node-a"), "Stop kube-proxy on node-a"),
    (actions.StartProxy("node-a"), "Start kube-proxy on node-a"),
    (actions.Crash("web"), "Crash a container of Pod web"),
    (actions.SetProbe("web", "readiness", False), "Make the readiness probe of Pod web fail"),
    (actions.WriteFiles("web", written={"/tmp/x": ""}), "Write /tmp/x in Pod web"),
    (actions.WriteFiles("web", removed=("/tmp/x", "/tmp/y")), "Remove /tmp/x and 1 more in Pod web"),
    (actions.StartTraffic("client", "web:80"), "Start traffic from client to web:80"),
    (actions.StopTraffic("stream-1"), "Stop traffic stream-1"),
    (actions.Send("client", "web:80"), "Send 1 request from client to web:80"),
    (actions.Say(7, "GET /a\n\n"), "Say GET /a over the connection of request 7"),
    (actions.Forward("web", 80), "Forward a connection to port 80 of Pod web"),
    (actions.Lookup("default/client", "web-svc"), "Look web-svc up from default/client"),
    (actions.Ping("default/client", "10.244.1.2"), "Ping 10.244.1.2 from default/client"),
    (actions.Batch("Expose two Pods", [CORDON]), "Expose two Pods"),
]


@pytest.mark.parametrize(("action", "words"), TITLES, ids=[words for _, words in TITLES])
def test_title(action: Any, words: str) -> None:
    assert title(action) == words


def test_every_action_has_a_title() -> None:
    assert {type(action) for action, _ in TITLES} == set(get_args(actions.Action))


def test_a_title_fits_its_column() -> None:
    assert len(title(actions.Delete("Pod", "x" * 253))) == LONGEST


def test_every_end_of_a_request_has_a_sentence() -> None:
    assert set(ENDINGS.values()) <= set(SENTENCES)


@pytest.mark.parametrize(
    ("names", "words"),
    [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), (["a", "b", "c", "d"], "a, b and 2 more")],
)
def test_names_are_listed(names: list[str], words: str) -> None:
    assert listed(names) == words
