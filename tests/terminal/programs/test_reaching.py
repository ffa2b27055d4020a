"""What do ping and nc print?"""

from __future__ import annotations

import pytest

from playground.terminal.sessions import Ended, Waits, Wrote
from playground.terminal.sessions.direct import Direct
from tests.terminal.world import EMPTY, UNUSED, WEB, World


def test_a_pod_answers_a_ping(world: World) -> None:
    ip = world.ip("far-0")
    finished = world.sh(f"ping -c 2 {ip}", "box")
    assert finished.code == 0
    assert finished.out == (
        f"PING {ip} ({ip}): 56 data bytes\n64 bytes from {ip}: seq=0 ttl=63 time=0.500 ms\n64 bytes from {ip}: seq=1 ttl=63 time=0.500 ms\n"
        f"\n--- {ip} ping statistics ---\n2 packets transmitted, 2 packets received, 0% packet loss\nround-trip min/avg/max = 0.500/0.500/0.500 ms\n"
    )


def test_a_cluster_ip_does_not_answer_a_ping(world: World) -> None:
    finished = world.sh("ping -c 2 -W 1 web", "box")
    assert (
        finished.out
        == f"PING web ({WEB}): 56 data bytes\n\n--- web ping statistics ---\n2 packets transmitted, 0 packets received, 100% packet loss\n"
    )
    assert finished.code == 1
    assert world.seconds == pytest.approx(2)


def test_ping_without_a_count_goes_on_until_it_is_interrupted(world: World) -> None:
    session, door, said = world.start("box", "ping", "localhost"), Direct(world.kube), ""
    for _ in range(40):
        step = session.step(door)
        if isinstance(step, Wrote):
            said += step.text
        elif isinstance(step, Waits):
            world.kube.advance(step.until)
            if world.seconds > 3.5:
                session.interrupt()
        else:
            break
    assert isinstance(step, Ended)
    assert said.endswith("4 packets transmitted, 4 packets received, 0% packet loss\nround-trip min/avg/max = 0.500/0.500/0.500 ms\n")


@pytest.mark.parametrize(
    ("pod", "typed", "err", "code"),
    [
        ("box", "ping -c1 nope", "ping: bad address 'nope'\n", 1),
        ("made-up", "ping -c1 nope", "ping: nope: Name or service not known\n", 2),
        ("box", "ping -c1 2001:db8::5", "ping: sendto: Network is unreachable\n", 1),
        ("alpine", "ping -c1 2001:db8::5", "ping: sendto: Network unreachable\n", 1),
        ("made-up", "ping -c1 2001:db8::5", "ping: connect: Network is unreachable\n", 2),
    ],
)
def test_what_cannot_be_pinged(world: World, pod: str, typed: str, err: str, code: int) -> None:
    """In the words of the image's C library; nothing was sent, and no statistics are told."""
    finished = world.sh(typed, pod)
    assert "statistics" not in finished.out
    assert (finished.err, finished.code) == (err, code)


@pytest.mark.parametrize(
    ("pod", "typed", "err", "code", "seconds"),
    [
        ("box", "nc -zv web 80", f"web ({WEB}:80) open\n", 0, 0),
        ("box", "nc -z web 80", "", 0, 0),
        ("box", "nc -zv empty 80", f"nc: empty ({EMPTY}:80): Connection refused\n", 1, 0),
        ("box", f"nc -zv -w 2 {UNUSED} 80", f"nc: {UNUSED} ({UNUSED}:80): timed out\n", 1, 2),
        ("box", "nc -zv nope 80", "nc: bad address 'nope'\n", 1, 0),
        ("net", "nc -zv web 80", f"Connection to web ({WEB}) 80 port [tcp/*] succeeded!\n", 0, 0),
        ("net", "nc -vz empty 80", f"nc: connect to empty ({EMPTY}) port 80 (tcp) failed: Connection refused\n", 1, 0),
        ("net", f"nc -zvw3 {UNUSED} 80", f"nc: connect to {UNUSED} ({UNUSED}) port 80 (tcp) timed out: Operation in progress\n", 1, 3),
        ("made-up", f"nc -zvw3 {UNUSED} 80", f"nc: connect to {UNUSED} ({UNUSED}) port 80 (tcp) timed out: Operation now in progress\n", 1, 3),
        ("alpine", f"nc -zv {UNUSED} 80", f"nc: {UNUSED} ({UNUSED}:80): Operation timed out\n", 1, 133.7),
        ("box", f"nc -zv {UNUSED} 80", f"nc: {UNUSED} ({UNUSED}:80): Connection timed out\n", 1, 133.7),
        ("net", "nc -zv web", "nc: missing port number\n", 1, 0),
        ("net", "nc -zv web 99999", "nc: port number invalid: 99999\n", 1, 0),
    ],
)  # fmt: skip
def test_nc(world: World, pod: str, typed: str, err: str, code: int, seconds: float) -> None:
    """Else a learner would think that nc without -w gives up soon, or that a timeout has the same words in every image."""
    finished = world.sh(typed, pod)
    assert (finished.err, finished.code) == (err, code)
    assert world.seconds == pytest.approx(seconds)


def test_nc_sends_what_it_is_given_and_prints_the_answer(world: World) -> None:
    assert world.sh("echo GET / | nc web 80", "box").out == "web-0 (registry.k8s.io/e2e-test-images/agnhost:2.53)\n"


def test_nc_over_udp_hears_only_a_refusal(world: World) -> None:
    assert world.sh("nc -zvu kube-dns.kube-system 53", "net").err.endswith(" 53 port [udp/*] succeeded!\n")
    assert world.sh("nc -zvu web 80", "net").code == 0
    refused = world.sh(f"nc -zvu {world.ip('web-0')} 9", "net")
    assert (refused.err, refused.code) == (
        f"nc: connect to {world.ip('web-0')} ({world.ip('web-0')}) port 9 (udp) failed: Connection refused\n",
        1,
    )
