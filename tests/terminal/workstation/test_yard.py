"""Which action do the playground's own words ask for?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.kube.actions import (
    AddNode,
    Crash,
    Hang,
    PowerOff,
    PowerOn,
    Scale,
    Send,
    SetProbe,
    StartProxy,
    StartTraffic,
    StopProxy,
    StopTraffic,
    Wake,
)
from playground.terminal.workstation.errors import BadWords
from playground.terminal.workstation.yard import COMMANDS, action

ACTIONS: dict[str, Any] = {
    "power-off node-a": PowerOff("node-a"),
    "power-on no/node-a": PowerOn("node-a"),
    "stop-proxy node-a": StopProxy("node-a"),
    "start-proxy node/node-a": StartProxy("node-a"),
    "hang web-1 -n shop": Hang("web-1", "shop"),
    "wake pod/web-1": Wake("web-1", "default"),
    "stop-dns": Scale("Deployment", "coredns", 0, "kube-system"),
    "start-dns": Scale("Deployment", "coredns", 2, "kube-system"),
    "add-node": AddNode(),
    "add-node node-x --labels zone=a,disk=ssd": AddNode("node-x", {"zone": "a", "disk": "ssd"}),
    "crash x": Crash("x", "default"),
    "crash pod/x -c web --exit-code 137 -n shop": Crash("x", "shop", "web", 137),
    "fail-readiness pod x": SetProbe("x", "readiness", False, "default"),
    "pass-readiness x": SetProbe("x", "readiness", True, "default"),
    "reset-liveness x": SetProbe("x", "liveness", None, "default"),
    "start-traffic client frontend-svc:80 --rate 2.5 --keep-alive": StartTraffic("default/client", "frontend-svc:80", 2.5, True),
    "start-traffic pod/client frontend-svc:80 -n shop": StartTraffic("shop/client", "frontend-svc:80"),
    "start-traffic outside:203.0.113.7 192.168.0.2:30080 --rate=5": StartTraffic("outside:203.0.113.7", "192.168.0.2:30080", 5.0),
    "stop-traffic traffic/3": StopTraffic("3"),
    "send client 172.17.0.5:80 --count=30": Send("default/client", "172.17.0.5:80", 30),
    "send node:node-a 172.17.0.5:80": Send("node:node-a", "172.17.0.5:80"),
}
REFUSED = {
    "power-off": "one node is to be named, not 0",
    "power-off pod/x": "pod/x is no node",
    "power-off a b": "one node is to be named, not 2",
    "crash pod/": "must have a single resource and name",
    "crash x --nope": "unknown flag: --nope",
    "crash x --exit-code=soon": 'invalid argument "soon" for "--exit-code" flag',
    "stop-dns now": "nothing else is to be named",
    "add-node --labels a": "key=value",
    "start-traffic client": "a sender and a target are to be named",
    "start-traffic client svc:80 --rate=0": "it must be a number of more than 0",
    "start-traffic client svc:80 --rate=nan": "it must be a number of more than 0",
    "stop-traffic": "one stream is to be named",
}


@pytest.mark.parametrize("line", ACTIONS)
def test_a_line_asks_for(line: str) -> None:
    assert action(line.split()) == ACTIONS[line]


@pytest.mark.parametrize("line", REFUSED)
def test_a_line_is_refused(line: str) -> None:
    with pytest.raises(BadWords) as caught:
        action(line.split())
    assert REFUSED[line] in str(caught.value)


PIECES = st.sampled_from("pod pod/x x node:a outside a=b --rate=1 --count=1 -n --labels / -- - --x ...".split())


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(COMMANDS)), st.lists(PIECES | st.text(max_size=5), max_size=5))
def test_any_words_are_an_action_or_refused_and_never_fail_otherwise(name: str, words: list[str]) -> None:
    try:
        action([name, *words])
    except BadWords as error:
        assert str(error)  # noqa: PT017
