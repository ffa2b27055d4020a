"""Which command line does a short line stand for, and which object a short name?"""

from __future__ import annotations

import pytest

from playground.terminal.workstation.errors import BadWords
from playground.terminal.workstation.lines import command, full, full_name
from tests.terminal.world import World, shared

COMMANDS = {
    "delete pod x": "kubectl delete pod x",
    "kubectl delete pod x": "kubectl delete pod x",
    "kubectl get pods -o name | grep web": "kubectl get pods -o name | grep web",
    "-n shop delete pod x": "kubectl -n shop delete pod x",
    "set selector svc web 'app in'": "kubectl set selector svc web 'app in'",
    "power-off node-a": "switchyard power-off node-a",
    "switchyard power-off node-a": "switchyard power-off node-a",
}


@pytest.mark.parametrize("line", COMMANDS)
def test_kubectl_and_switchyard_may_be_left_out(line: str) -> None:
    assert command(line) == COMMANDS[line]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("delte pod x", 'unknown command "delte" for "kubectl"'),
        ("kubectl delte pod x", 'unknown command "delte" for "kubectl"'),
        ("rollout sideways deploy/x", 'unknown command "sideways deploy/x"'),
        ("port-forward pod/x 80", "kubectl port-forward is not simulated in this terminal"),
        ("delete pod 'x", "a quote or a backslash is never closed"),
    ],
)
def test_a_line_without_a_command_is_refused_before_it_is_typed(line: str, said: str) -> None:
    with pytest.raises(BadWords) as caught:
        command(line)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("kubectl delete pod we...", "kubectl delete pod web-0"),
        ("kubectl delete pod/we... svc/d...", "kubectl delete pod/web-0 svc/db"),
        ("switchyard crash we... --exit-code=3", "switchyard crash web-0 --exit-code=3"),
        ("switchyard send clien... web:80", "switchyard send client web:80"),
        ("kubectl drain no/node-...", "kubectl drain no/node-a"),
        ("kubectl delete pod nobody-...", "kubectl delete pod nobody-..."),
        ("kubectl delete pod core...", "kubectl delete pod core..."),
        ("echo foo/we...", "echo foo/we..."),
    ],
)
def test_three_dots_stand_for_the_first_name_that_begins_so(line: str, whole: str) -> None:
    assert full(shared().kube, line) == whole


def test_the_namespace_of_a_line_is_where_its_names_are_looked_for() -> None:
    assert full(shared().kube, "kubectl delete pod core... -n kube-system").startswith("kubectl delete pod coredns-")


def test_of_pods_those_that_stay_are_meant_before_those_that_go(world: World) -> None:
    assert full_name(world.kube, "Pod", "default", "de...") == "deb"
    assert full_name(world.kube, "Pod", "default", "d...") == "db-0"
    assert full_name(world.kube, "Pod", "default", "db-0") == "db-0"
    assert world.run_on_workstation("kubectl delete pod db-0 --wait=false").code == 0
    assert full_name(world.kube, "Pod", "default", "d...") == "deb"
