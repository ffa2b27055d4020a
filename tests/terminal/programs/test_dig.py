"""What does dig print?  The layout is that of dig 9.18."""

from __future__ import annotations

import re

import pytest

from playground.terminal.programs.dig import _columns
from tests.terminal.world import API, DNS, WEB, World, shared

ZONE = "svc.cluster.local"


def message(text: str) -> str:
    """Without what is drawn for each message: its id and its cookie."""
    return re.sub(r"(id:|COOKIE:) [0-9a-f]+", r"\1 *", text)


def test_a_message_with_its_flags_and_sections(world: World) -> None:
    finished = world.sh(f"dig web.default.{ZONE}", "net")
    assert finished.code == 0
    assert message(finished.out) == (
        f"\n; <<>> DiG 9.18.24 <<>> web.default.{ZONE}\n;; global options: +cmd\n;; Got answer:\n"
        ";; WARNING: .local is reserved for Multicast DNS\n;; You are currently testing what happens when an mDNS query is leaked to DNS\n"
        ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: *\n;; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1\n"
        ";; WARNING: recursion requested but not available\n\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n; COOKIE: * (echoed)\n"
        f";; QUESTION SECTION:\n;web.default.{ZONE}.\tIN\tA\n\n;; ANSWER SECTION:\nweb.default.{ZONE}. 30 IN\tA\t{WEB}\n\n"
        f";; Query time: 1 msec\n;; SERVER: {DNS}#53({DNS}) (UDP)\n;; WHEN: Tue Nov 14 22:13:50 UTC 2023\n;; MSG SIZE  rcvd: 115\n\n"
    )


def test_the_size_is_that_of_a_message_whose_names_are_not_compressed(world: World) -> None:
    """129 bytes is what a CoreDNS answers for this name to a dig with its cookie."""
    assert ";; MSG SIZE  rcvd: 129\n" in world.sh(f"dig kubernetes.default.{ZONE}", "net").out


def test_a_negative_answer_shows_the_soa(world: World) -> None:
    out = world.sh(f"dig nope.default.{ZONE}", "net").out
    assert "status: NXDOMAIN" in out
    assert re.search(
        r";; AUTHORITY SECTION:\ncluster\.local\.\t\t30\tIN\tSOA\tns\.dns\.cluster\.local\. hostmaster\.cluster\.local\. \d+ 7200 1800 86400 30\n",
        out,
    )


@pytest.mark.parametrize(
    ("typed", "out", "code"),
    [
        (f"dig +short web.default.{ZONE}", f"{WEB}\n", 0),
        ("dig +short web", "", 0),
        ("dig +short +search web", f"{WEB}\n", 0),
        (f"dig +short -x {API}", f"kubernetes.default.{ZONE}.\n", 0),
        (f"dig +short SRV _http._tcp.web.default.{ZONE}", f"0 100 80 web.default.{ZONE}.\n", 0),
        (f"dig +short @{DNS} dns-version.cluster.local TXT", '"1.1.0"\n', 0),
        (f"dig +short @kube-dns.kube-system web.default.{ZONE}", f"{WEB}\n", 0),
        (f"dig +noall +answer web.default.{ZONE}", f"web.default.{ZONE}. 30 IN\tA\t{WEB}\n", 0),
        ("dig +short +tries=1 @10.244.9.9 x", ";; communications error to 10.244.9.9#53: timed out\n;; no servers could be reached\n", 9),
    ],
)  # fmt: skip
def test_short_and_other_forms(typed: str, out: str, code: int) -> None:
    finished = shared().sh(typed, "net")
    assert (finished.out, finished.code) == (out, code)


def test_a_silent_server_is_waited_for_three_times(world: World) -> None:
    assert world.sh("dig @10.244.9.9 x", "net").code == 9
    assert world.seconds == pytest.approx(15)


def test_a_name_outside_the_zone_is_recursed_for(world: World) -> None:
    assert ";; flags: qr rd ra; QUERY: 1, ANSWER: 1" in world.sh("dig example.com", "net").out
    assert ";; flags: qr rd ra; QUERY: 1, ANSWER: 0" in world.sh("dig example.test", "net").out


@pytest.mark.parametrize("flag", ["+trace", "+tcp", "+vc", "+nssearch"])
def test_a_flag_that_would_ask_otherwise_is_said_not_to_be_simulated(world: World, flag: str) -> None:
    """Else a learner would take the answer of the one server for what the flag asks."""
    finished = world.sh(f"dig {flag} example.com", "net")
    assert (finished.out, finished.err, finished.code) == ("", f"dig: {flag} is not simulated in this playground\n", 1)


def test_several_names_are_said_to_be_too_many(world: World) -> None:
    finished = world.sh("dig web A nope A", "net")
    assert (finished.out, finished.err, finished.code) == (
        "",
        "dig: this playground answers one question at a time: dig [@SERVER] NAME [TYPE]\n",
        1,
    )


@pytest.mark.parametrize("typed", ["dig --what", "dig -t"])
def test_an_unknown_option_is_told(world: World, typed: str) -> None:
    finished = world.sh(typed, "net")
    assert finished.err.startswith(f"Invalid option: {typed.split()[1]}\n\nUsage:  dig [@global-server]")
    assert finished.code == 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("a.example.", "30", "IN", "A"), "a.example.\t\t30\tIN\tA"),
        (("example.com.", "3600", "IN", "A"), "example.com.\t\t3600\tIN\tA"),
        (("a-name-of-twenty-3chars.", "30", "IN", "A"), "a-name-of-twenty-3chars. 30\tIN\tA"),
        (
            ("kubernetes.default.svc.cluster.local.", "30", "IN", "A", "10.96.0.1"),
            "kubernetes.default.svc.cluster.local. 30 IN A\t10.96.0.1",
        ),
        ((";example.com.", "", "IN", "A"), ";example.com.\t\t\tIN\tA"),
    ],
)
def test_columns_stand_at_24_32_40_and_48(words: tuple[str, ...], line: str) -> None:
    assert _columns(*words) == line
