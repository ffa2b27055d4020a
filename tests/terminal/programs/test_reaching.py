"""What do ping and nc print?"""

from __future__ import annotations

import pytest

from playground.kube.network import containerlogs
from playground.terminal.sessions import Ended, Reads, Waits, Wrote
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


def access(world: World, pod: str = "web-0") -> list[str]:
    """What the server there has logged, from the request line on."""
    found = containerlogs.lines(world.kube, world.kube.store.get("Pod", "default", pod), 0)
    return [text.partition('] "')[2] for _, text in found]


@pytest.mark.parametrize(
    ("typed", "logged"),
    [
        ("nc -zv web 80", []),
        ("nc -v web 80 </dev/null", []),
        ("nc web 80", []),
        ("echo | nc web 80", []),
        ("echo hello | nc web 80", ['hello" 400']),
        ("printf 'a\"b\\001' | nc web 80", ['a\\x22b\\x01" 400']),
        ("echo 'GET /x' | nc web 80", ['GET /x" 200']),
        ("printf 'GET /x HTTP/1.0\\r\\n\\r\\n' | nc web 80", ['GET /x HTTP/1.0" 200']),
        ("printf 'GET / HTTP/1.1\\r\\n\\r\\n' | nc web 80", ['GET / HTTP/1.1" 400']),
        ("printf 'GET / HTTP/1.1\\r\\nHost: web\\r\\n\\r\\n' | nc web 80", ['GET / HTTP/1.1" 200']),
        ("wget -qO- web/nope?a=b", ['GET /nope?a=b HTTP/1.1" 200']),
        ("wget -q --spider web", ['HEAD / HTTP/1.1" 200']),
        ("wget -qO- https://web:80", ['\\x16\\x03\\x01" 400']),
    ],
)
def test_a_server_logs_what_was_asked_of_it(world: World, typed: str, logged: list[str]) -> None:
    """Else a learner would think that a look at a port is a request, and that all requests ask for the same."""
    world.sh(typed, "box")
    assert access(world) == logged


def test_curl_says_what_it_asks_for(world: World) -> None:
    world.sh("curl -s -X POST -d a=b web/form; curl -s https://web:80", "client")
    assert access(world) == ['POST /form HTTP/1.1" 200', '\\x16\\x03\\x01" 400']


def test_what_is_no_request_is_answered_with_400(world: World) -> None:
    said = world.sh("echo hello | nc web 80", "box").out
    assert said.startswith("HTTP/1.1 400 Bad Request\r\nDate: ")
    assert said.endswith("Connection: close\r\n\r\n400 Bad Request\n")


def test_a_request_of_a_version_is_answered_with_a_head(world: World) -> None:
    said = world.sh("printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc web 80", "box").out
    assert said.startswith("HTTP/1.1 200 OK\r\n")
    assert said.endswith("\r\n\r\nweb-0 (registry.k8s.io/e2e-test-images/agnhost:2.53)\n")


def test_the_api_server_speaks_to_nobody_without_tls(world: World) -> None:
    assert world.sh("echo GET / | nc kubernetes 443", "box").out == "Client sent an HTTP request to an HTTPS server.\n"


def test_what_is_typed_after_the_connection_is_said_over_it(world: World) -> None:
    """Else a learner who speaks HTTP by hand would have to type before they know whether somebody is there."""
    session, door, heard = world.start("box", "nc", "-v", "web", "80"), Direct(world.kube), []
    while not isinstance(step := session.step(door), Reads):
        heard += [step.text] if isinstance(step, Wrote) else []
    assert heard == [f"web ({WEB}:80) open\n"]
    before = world.kube.network.last
    assert access(world) == []
    session.feed("GET /typed\n")
    while not isinstance(step := session.step(door), Ended):
        heard += [step.text] if isinstance(step, Wrote) else []
    assert heard[1:] == ["web-0 (registry.k8s.io/e2e-test-images/agnhost:2.53)\n"]
    assert (access(world), world.kube.network.last) == (['GET /typed" 200'], before)
