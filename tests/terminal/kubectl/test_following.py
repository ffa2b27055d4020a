"""What is printed until Ctrl-C?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.terminal.programs import machines
from playground.terminal.sessions import start_on
from playground.terminal.sessions.beside import Beside
from tests.terminal.world import World, pod


class Followed:
    """A line of the workstation that goes on, and what it printed since it was asked last."""

    def __init__(self, world: World, line: str) -> None:
        self._world, self._beside, self._seen = world, Beside(world.kube), 0
        self.run = self._beside.begin(start_on(machines.workstation(world.kube), ["sh", "-c", line]))

    def after(self, seconds: float, action: Any = None) -> list[str]:
        if action is not None:
            self._world.kube.submit(action)
        self._beside.advance(self._world.kube.now + round(seconds * SECOND))
        new, self._seen = self.run.out[self._seen :], len(self.run.out)
        return new.splitlines()


def test_a_watch_prints_each_change_in_columns_as_wide_as_they_were(world: World) -> None:
    watch = Followed(world, "kubectl get pods -w")
    first = watch.after(0)
    assert first[0] == "NAME      READY   STATUS    RESTARTS   AGE"
    changed = watch.after(2, actions.Delete("Pod", "box", "default", 1))
    assert changed[0] == "box       1/1     Terminating   0          30s"
    assert len({line.index("0   ") for line in changed}) == 1
    assert watch.run.code is None


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("kubectl get pod box -w --no-headers", ["box   1/1   Running   0     30s", "box   1/1   Terminating   0     30s"]),
        ("kubectl get pods -l app=db -w -o name", ["pod/db-0"]),
        ("kubectl get pods --watch-only -o name", ["pod/box"]),
        (
            "kubectl get pod box -w --output-watch-events",
            ["EVENT      NAME   READY   STATUS    RESTARTS   AGE", "ADDED      box    1/1     Running   0          30s"],
        ),
    ],
)
def test_a_watch_shows_what_was_asked_for(world: World, line: str, lines: list[str]) -> None:
    watch = Followed(world, line)
    assert watch.after(0.5, actions.Delete("Pod", "box", "default", 20))[: len(lines)] == lines


def test_what_leaves_the_selection_is_told_as_deleted_and_what_enters_as_added(world: World) -> None:
    watch = Followed(world, "kubectl get pods -l app=db --watch-only --output-watch-events --no-headers")
    assert watch.after(1, actions.Patch("Pod", "db-0", {"metadata": {"labels": {"app": "x"}}}, "default"))[0].startswith("DELETED ")
    assert watch.after(1, actions.Patch("Pod", "db-0", {"metadata": {"labels": {"app": "db"}}}, "default"))[0].startswith("ADDED ")


def test_a_log_is_followed_until_its_container_ends(world: World) -> None:
    log = Followed(world, "kubectl logs -f web-0; echo over")
    assert log.after(1) == []
    assert "GET / HTTP/1.1" in log.after(1, actions.Send("default/client", "web:80"))[0]
    assert log.after(5, actions.Delete("Pod", "web-0", "default", 1))[-1] == "over"


def test_events_are_told_as_they_happen(world: World) -> None:
    events = Followed(world, "kubectl events -w --for pod/box")
    assert events.after(0)[0].split() == ["LAST", "SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]
    assert any("Killing" in line for line in events.after(2, actions.Delete("Pod", "box", "default", 1)))


def test_more_than_one_kind_is_not_watched(world: World) -> None:
    assert "you may only specify a single resource type" in Followed(world, "kubectl get pods,svc -w").run.err


def test_logs_of_several_are_followed_together_until_the_last_one_ends(world: World) -> None:
    log = Followed(world, "kubectl logs -f -l 'app in (web, far)' --prefix; echo over")
    assert log.after(1) == []
    assert log.after(1, actions.Send("default/client", "web:80"))[0].startswith("[pod/web-0/main] ")
    assert log.after(5, actions.Delete("Pod", "web-0", "default", 1)) == []
    assert log.after(5, actions.Delete("Pod", "far-0", "default", 1))[-1] == "over"


def test_what_a_container_prints_after_one_has_attached_is_shown_until_it_ends(world: World) -> None:
    world.kube.submit(actions.Send("default/client", "web:80"))
    attached = Followed(world, "kubectl attach web-0 -q; echo over")
    assert attached.after(1) == []
    assert "GET / HTTP/1.1" in attached.after(1, actions.Send("default/client", "web:80"))[0]
    assert attached.after(5, actions.Delete("Pod", "web-0", "default", 1))[-1] == "over"


def test_a_container_that_takes_input_is_handed_what_is_typed_and_ends_with_its_command(world: World) -> None:
    world.kube.submit(actions.Apply([pod("typed", "busybox", command=["cat"], stdin=True)]))
    world.kube.advance(world.kube.now + 5 * SECOND)
    done = world.run_on_workstation("echo hello | kubectl attach -i typed; echo $?")
    assert done.out == "hello\n0\n"
    assert done.err.startswith("All commands and output from this session will be recorded in container logs")
    world.kube.advance(world.kube.now + 15 * SECOND)
    assert [each.state.containers[0].restarts for each in world.kube.store.list("Pod") if each.name == "typed"] == [1]


def test_a_pod_is_run_attached_to_and_removed_again(world: World) -> None:
    run = Followed(world, "kubectl run -i --rm --restart=Never tmp --image=busybox -- sh -c 'wget -q -O - web; exit 3'; echo $?")
    assert run.after(0) == []
    printed = run.after(20)
    assert printed[1:] == ['pod "tmp" deleted from default namespace', "3"]
    assert "GET" in printed[0] or "web-0" in printed[0]
    assert run.run.err.endswith("pod default/tmp terminated (Error)\n")


def test_what_is_run_is_removed_when_one_goes_away(world: World) -> None:
    run = Followed(world, "kubectl run -i --rm tmp --image=busybox -- cat")
    run.after(10)
    run.run.session.interrupt()
    run.after(1)
    assert run.run.out.endswith('pod "tmp" deleted from default namespace\n')
