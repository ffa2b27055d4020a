"""Is a request sent again that nobody answers?  At the kernel's moments, until somebody answers or its program gives up."""

from __future__ import annotations

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from tests.terminal.sessions.test_session import shown, steps
from tests.terminal.world import World, service

NOBODY = "10.244.200.200"


def requests(world: World, since: int) -> list[tuple[int, str]]:
    """When each was sent, in whole seconds after `since`, and how it ended; those of programs' own queries left out."""
    found = [each for each in reversed(world.kube.network.recent(1_000)) if not each.asks and each.time >= since]
    return [(round((each.time - since) / SECOND), each.outcome) for each in found]


@pytest.mark.parametrize("typed", ["curl -s new", "curl -s -m 5 new", "curl -s --connect-timeout 3 172.17.0.60"])
def test_right_after_its_service_is_made_a_request_is_answered_a_second_later(world: World, typed: str) -> None:
    """Else a learner who is quick would see a Service hang that a real cluster answers after a second."""
    world.kube.submit(actions.Apply([service("new", "172.17.0.60", "web")]))
    since = world.kube.now
    finished = world.sh(f"{typed}; date +%s", "client")
    assert finished.out.startswith("web-0 (")
    assert [outcome for _, outcome in requests(world, since)] == ["timeout", "ok"]
    assert 1 <= (world.kube.now - since) / SECOND < 1.2


def test_each_try_is_a_request_of_its_own_at_the_kernels_moments(world: World) -> None:
    since = world.kube.now
    finished = world.run("box", "wget", "-qO-", f"http://{NOBODY}")
    assert finished.err == f"wget: can't connect to remote host ({NOBODY}): Connection timed out\n"
    assert [second for second, _ in requests(world, since)] == [0, 1, 3, 7, 15, 31, 63, 127]
    assert round((world.kube.now - since) / SECOND, 1) == 133.7


@pytest.mark.parametrize(
    ("pod", "typed", "seconds", "tries"),
    [
        ("client", f"curl -m 2 {NOBODY}", 2, 2),
        ("client", f"curl --connect-timeout 5 {NOBODY}", 5, 3),
        ("client", f"curl {NOBODY}", 133.7, 8),
        ("box", f"wget -T 1 -qO- {NOBODY}", 1, 1),
        ("box", f"wget -T 10 -qO- {NOBODY}", 10, 4),
        ("box", f"nc -w 4 {NOBODY} 80", 4, 3),
        ("deb", f"curl -s -m 1 {NOBODY}", 1, 1),
        ("net", f"nc -zw 2 {NOBODY} 80", 2, 2),
    ],
)
def test_a_program_that_gives_up_earlier_ends_the_tries(world: World, pod: str, typed: str, seconds: float, tries: int) -> None:
    since = world.kube.now
    assert world.sh(typed, pod).code != 0
    assert (round((world.kube.now - since) / SECOND, 1), len(requests(world, since))) == (seconds, tries)


def test_what_is_refused_or_hangs_or_is_a_datagram_is_sent_once(world: World) -> None:
    """Else a learner would see requests that no kernel sends."""
    world.kube.submit(actions.Hang("web-0"))
    since = world.kube.now
    world.sh("curl -sm 5 empty; curl -sm 5 web")
    world.sh(f"echo a | nc -u -w 3 {NOBODY} 80", "box")
    assert [outcome for _, outcome in requests(world, since)] == ["refused", "timeout", "timeout"]


def test_ctrl_c_ends_the_tries(world: World) -> None:
    session = world.start("client", "sh", tty=True)
    session.feed(f"curl {NOBODY}\r")
    steps(session, world)
    session.feed("\x03")
    steps(session, world)
    session.feed("curl -s web\r")
    assert "web-0 (" in shown(session, world)


def test_the_time_of_a_late_answer_is_told(world: World) -> None:
    world.kube.submit(actions.Apply([service("new", "172.17.0.60", "web")]))
    finished = world.sh("curl -so /dev/null -w '%{http_code} %{time_total}' new", "client")
    assert finished.out.startswith("200 1.0")
