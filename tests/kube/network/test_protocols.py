"""What becomes of a request that is not TCP: which port it finds, what its sender sees, and what its program prints."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.errors import Refusal
from playground.kube.network.targets import target
from tests.kube.kubeproxy.builders import add_pod, add_service, add_slice
from tests.kube.network.world import World

PORTS = [{"name": name, "port": 7000, "protocol": name.upper()} for name in ("tcp", "udp", "sctp")]


def game(*protocols: str) -> World:
    """A Service with port 7000 of each protocol, and a Pod that listens on these."""
    world = World()
    add_pod(world.machinery, "game-1", "10.244.1.7", "node-b")
    add_service(world.machinery, "game", "172.17.0.70", PORTS)
    add_slice(world.machinery, "game", [world.endpoint("game-1")], [(port["name"], 7000, port["protocol"]) for port in PORTS])
    world.kubelet.ports["game-1"] = {(7000, protocol) for protocol in protocols}
    world.settle()
    return world


def told(world: World, to: str) -> dict[str, Any]:
    return {hop.title: hop for hop in world.network.explain(world.send(to))}


@pytest.mark.parametrize(
    ("text", "host", "port", "protocol"),
    [
        ("kube-dns.kube-system:53/UDP", "kube-dns.kube-system", 53, "UDP"),
        ("game:7000/SCTP", "game", 7000, "SCTP"),
        ("10.244.1.7:80/TCP", "10.244.1.7", 80, "TCP"),
        ("localhost:53/UDP", "localhost", 53, "UDP"),
        ("web-svc:80", "web-svc", 80, "TCP"),
    ],
)
def test_a_target_may_name_its_protocol(text: str, host: str, port: int, protocol: str) -> None:
    read = target(text)
    assert (read.host, read.port, read.protocol, read.text) == (host, port, protocol, text)


@pytest.mark.parametrize("protocol", ["udp", "ICMP", "", "UDP/TCP"])
def test_an_unknown_protocol_is_refused(protocol: str) -> None:
    world = World()
    with pytest.raises(Refusal) as refusal:
        world.send(f"web-svc:80/{protocol}")
    assert f'Unsupported value: "{protocol}": supported values: "SCTP", "TCP", "UDP"' in refusal.value.message
    assert world.network.state()["number"] == 0


@pytest.mark.parametrize("protocol", ["TCP", "UDP", "SCTP"])
def test_only_what_listens_on_the_same_protocol_answers(protocol: str) -> None:
    world = game(protocol)
    outcomes = {each: world.send(f"game:7000/{each}").outcome for each in ("TCP", "UDP", "SCTP")}
    assert outcomes == {each: "ok" if each == protocol else "refused" for each in outcomes}


@pytest.mark.parametrize("protocol", ["UDP", "SCTP"])
def test_the_card_names_the_protocol_and_the_rules_of_its_port(protocol: str) -> None:
    hops = told(game(protocol), f"game:7000/{protocol}")
    assert f"172.17.0.70:7000/{protocol} is the Service default/game." in hops["Service"].what
    assert hops["Service"].detail["port"] == f"default/game:{protocol.lower()}"
    assert all(f"-p {protocol.lower()} " in line for line in hops["Rule"].detail["rules"] if "--dport" in line or "DNAT" in line)
    assert len([line for line in hops["Rule"].detail["rules"] if "DNAT" in line]) == 1


@pytest.mark.parametrize(
    ("protocol", "outcome", "why", "prints"),
    [
        ("TCP", "refused", "refused", "curl: (7)"),
        ("UDP", "refused", "ICMP message says at once that the port is unreachable", "Ncat: Connection refused."),
        ("SCTP", "timeout", "SCTP does not give up for it", "Ncat: TIMEOUT."),
    ],
)
def test_without_endpoints_every_protocol_is_rejected_but_sctp_does_not_hear_it(protocol: str, outcome: str, why: str, prints: str) -> None:
    world = game(protocol)
    world.endpoints(service="game")
    request = world.send(f"game:7000/{protocol}")
    assert (request.outcome, request.where, request.passage.reach) == (outcome, "proxy", "REJECT")
    hops = told(world, f"game:7000/{protocol}")
    assert why in hops["Rule"].why
    assert hops["Answer"].detail["prints"].startswith(prints)


@pytest.mark.parametrize("protocol", ["TCP", "UDP", "SCTP"])
def test_a_local_policy_without_local_endpoints_drops_every_protocol(protocol: str) -> None:
    world = game(protocol)
    service = world.store.get("Service", "default", "game")
    world.store.replace(service, spec={**service.spec, "internalTrafficPolicy": "Local"})
    world.settle()
    request = world.send(f"game:7000/{protocol}")
    assert (request.outcome, request.where) == ("timeout", "proxy")


@pytest.mark.parametrize("protocol", ["TCP", "UDP", "SCTP"])
def test_session_affinity_holds_for_every_protocol(protocol: str) -> None:
    world = game(protocol)
    for number in range(2, 6):
        add_pod(world.machinery, f"game-{number}", f"10.244.2.{number + 10}", "node-c")
        world.kubelet.ports[f"game-{number}"] = {(7000, protocol)}
    service = world.store.get("Service", "default", "game")
    world.store.replace(service, spec={**service.spec, "sessionAffinity": "ClientIP"})
    world.endpoints(*[world.endpoint(f"game-{number}") for number in range(1, 6)], service="game")
    assert len({world.send(f"game:7000/{protocol}").endpoint for _ in range(20)}) == 1


PRINTED = {
    "UDP answered": ("game:7000/UDP", "nc -u", "Hello from game-1"),
    "UDP, nobody listens": ("10.244.1.7:9/UDP", "nc -u", "Ncat: Connection refused."),
    "UDP, nobody has the address": ("10.244.1.99:9/UDP", "nc -u", "Ncat: Idle timeout expired (2000 ms)."),
    "UDP, out of the cluster": ("8.8.8.8:53/UDP", "nc -u", "Ncat: Idle timeout expired (2000 ms)."),
    "UDP, of a family that the Pod does not have": ("[2001:db8::53]:53/UDP", "nc -u", "Ncat: Network is unreachable."),
    "UDP, no such name": ("nowhere:53/UDP", "nc -u", 'Ncat: Could not resolve hostname "nowhere": Name or service not known. QUITTING.'),
    "SCTP answered": ("game:7000/SCTP", "ncat --sctp", "Hello from game-1"),
    "SCTP, nobody listens": ("10.244.1.7:9/SCTP", "ncat --sctp", "Ncat: Connection refused."),
    "SCTP, nobody has the address": ("10.244.1.99:9/SCTP", "ncat --sctp", "Ncat: TIMEOUT."),
    "TCP answered": ("game:7000", "curl", "Hello from game-1"),
}


@pytest.mark.parametrize(("to", "program", "prints"), PRINTED.values(), ids=PRINTED)
def test_each_protocol_has_a_program_of_its_own(to: str, program: str, prints: str) -> None:
    detail = told(game("TCP", "UDP", "SCTP"), to)["Answer"].detail
    assert (detail["program"], detail["prints"]) == (program, prints)


def test_the_api_server_listens_on_tcp_only_and_a_name_server_on_both() -> None:
    world = World()
    assert [world.send(f"192.168.0.1:6443/{each}").outcome for each in ("TCP", "UDP", "SCTP")] == ["ok", "refused", "refused"]
    assert [world.send(f"192.168.0.254:53/{each}").outcome for each in ("TCP", "UDP", "SCTP")] == ["ok", "ok", "refused"]


def test_dns_servers_answer_on_udp() -> None:
    request = World().send("kube-dns.kube-system:53/UDP")
    assert (request.outcome, request.endpoint) == ("ok", "kube-system/coredns-1")


def test_what_no_rule_catches_is_named_with_its_protocol() -> None:
    assert told(World(), "10.244.1.2:53/UDP")["Address"].what == "10.244.1.2:53/UDP is Pod web-1 itself."
