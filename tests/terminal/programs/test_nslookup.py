"""What do the three nslookups print, and getent and host?"""

from __future__ import annotations

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from tests.terminal.world import API, DNS, WEB, World, shared

ZONE = "svc.cluster.local"
BIND = f"Server:\t\t{DNS}\nAddress:\t{DNS}#53\n\n"
BOX = f"Server:\t\t{DNS}\nAddress:\t{DNS}:53\n\n"
OLD = f"Server:    {DNS}\nAddress 1: {DNS} kube-dns.kube-system.{ZONE}\n\n"
OLD_USAGE = "BusyBox nslookup\n\nUsage: nslookup [HOST] [SERVER]\n"
HOST_USAGE = "Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time] [-R number] [-m flag] hostname [server]\n"
NXDOMAIN = "** server can't find {}: NXDOMAIN\n\n"
CASES: dict[tuple[str, str], tuple[str, str, int]] = {
    ("net", "nslookup web"): (f"{BIND}Name:\tweb.default.{ZONE}\nAddress: {WEB}\n\n", "", 0),
    ("net", "nslookup kube-dns.kube-system"): (f"{BIND}Name:\tkube-dns.kube-system.{ZONE}\nAddress: {DNS}\n\n", "", 0),
    ("net", "nslookup nope"): (BIND + NXDOMAIN.format("nope"), "", 1),
    ("net", f"nslookup {API}"): (f"1.0.17.172.in-addr.arpa\tname = kubernetes.default.{ZONE}.\n\n", "", 0),
    ("net", f"nslookup -type=SRV _http._tcp.web.default.{ZONE}"): (
        f"{BIND}_http._tcp.web.default.{ZONE}\tservice = 0 100 80 web.default.{ZONE}.\n\n", "", 0),
    ("net", f"nslookup -type=aaaa web.default.{ZONE}"): (f"{BIND}*** Can't find web.default.{ZONE}: No answer\n\n", "", 0),
    ("net", "nslookup -type=XY web"): (f"unknown query type: XY\n{BIND}Name:\tweb.default.{ZONE}\nAddress: {WEB}\n\n", "", 0),
    ("net", "nslookup web nope"): ("nslookup: couldn't get address for 'nope': not found\n", "", 1),
    ("net", "nslookup web kube-dns.kube-system"): (
        f"Server:\t\tkube-dns.kube-system\nAddress:\t{DNS}#53\n\nName:\tweb.default.{ZONE}\nAddress: {WEB}\n\n", "", 0),
    ("box", f"nslookup -type=a web.default.{ZONE} kube-dns.kube-system"): (
        f"Server:\t\tkube-dns.kube-system\nAddress:\t{DNS}:53\n\nName:\tweb.default.{ZONE}\nAddress: {WEB}\n\n", "", 0),
    ("box", "nslookup web"): (
        BOX + f"Name:\tweb.default.{ZONE}\nAddress: {WEB}\n\n" + NXDOMAIN.format(f"web.{ZONE}") + NXDOMAIN.format("web.cluster.local")
        + "\n" + NXDOMAIN.format(f"web.{ZONE}") + NXDOMAIN.format("web.cluster.local"), "", 1),
    ("box", f"nslookup web.default.{ZONE}"): (f"{BOX}Name:\tweb.default.{ZONE}\nAddress: {WEB}\n\n\n", "", 0),
    ("box", "nslookup web.default"): (BOX + NXDOMAIN.format("web.default") * 2, "", 1),
    ("box", f"nslookup -type=a web.default.{ZONE} {DNS}"): (f"{BOX}Name:\tweb.default.{ZONE}\nAddress: {WEB}\n\n", "", 0),
    ("box", f"nslookup {API}"): (f"{BOX}1.0.17.172.in-addr.arpa\tname = kubernetes.default.{ZONE}\n\n", "", 0),
    ("box", "nslookup -type=xy web"): ("", 'nslookup: invalid query type "xy"\n', 1),
    ("old", "nslookup web"): (f"{OLD}Name:      web\nAddress 1: {WEB} web.default.{ZONE}\n", "", 0),
    ("old", "nslookup web.default"): (f"{OLD}Name:      web.default\nAddress 1: {WEB} web.default.{ZONE}\n", "", 0),
    ("old", "nslookup nope"): (OLD, "nslookup: can't resolve 'nope'\n", 1),
    ("net", "nslookup -type=aaaa web"): (f"{BIND}*** Can't find web: No answer\n\n", "", 0),
    ("net", "dig +search +noall +comments web aaaa | grep -o 'status: [A-Z]*'"): ("status: NOERROR\n", "", 0),
    ("deb", "getent hosts web"): (f"{WEB}     web.default.{ZONE}\n", "", 0),
    ("net", "getent hosts web"): (f"{WEB}       web.default.{ZONE}  web.default.{ZONE} web\n", "", 0),
    ("net", "getent hosts nope; echo $?"): ("2\n", "", 0),
    ("deb", f"getent hosts {API}"): (f"{API}      kubernetes.default.{ZONE}\n", "", 0),
    ("deb", "getent hosts localhost"): ("::1             localhost ip6-localhost ip6-loopback\n", "", 0),
    ("net", "getent hosts localhost"): ("::1               localhost  localhost\n", "", 0),
    ("deb", "getent ahosts web"): (f"{WEB}     STREAM web.default.{ZONE}\n{WEB}     DGRAM\n{WEB}     RAW\n", "", 0),
    ("net", "getent ahosts web"): (f"{WEB}     STREAM web.default.{ZONE}\n{WEB}     DGRAM  web.default.{ZONE}\n", "", 0),
    ("net", "getent what x"): ("", "Unknown database: what\n", 1),
    ("net", "host web"): (f"web.default.{ZONE} has address {WEB}\n", "", 0),
    ("net", "host nope"): ("Host nope not found: 3(NXDOMAIN)\n", "", 1),
    ("net", f"host {API}"): (f"1.0.17.172.in-addr.arpa domain name pointer kubernetes.default.{ZONE}.\n", "", 0),
    ("net", "host -t srv _http._tcp.web"): (f"_http._tcp.web.default.{ZONE} has SRV record 0 100 80 web.default.{ZONE}.\n", "", 0),
    ("net", "host -tAAAA web"): (f"web.default.{ZONE} has no AAAA record\n", "", 0),
    ("net", "host -t txt dns-version.cluster.local"): ('dns-version.cluster.local descriptive text "1.1.0"\n', "", 0),
    ("net", f"host -W 2 web {DNS}"): (
        f"Using domain server:\nName: {DNS}\nAddress: {DNS}#53\nAliases: \n\nweb.default.{ZONE} has address {WEB}\n", "", 0),
    ("net", "host web nope"): ("host: couldn't get address for 'nope': not found\n", "", 1),
    ("net", "host -v web"): ("", "host: -v is not simulated in this playground\n", 1),
    ("net", "host -x web"): ("", HOST_USAGE, 1),
    ("old", f"nslookup web {DNS}"): (f"{OLD}Name:      web\nAddress 1: {WEB} web.default.{ZONE}\n", "", 0),
    ("old", "nslookup web kube-dns.kube-system"): (f"{OLD}Name:      web\nAddress 1: {WEB} web.default.{ZONE}\n", "", 0),
    ("old", "nslookup web nope"): ("", "nslookup: bad address 'nope'\n", 1),
    ("old", "nslookup -type=a web"): ("", OLD_USAGE, 1),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "said"), CASES.items(), ids=[" ".join(typed) for typed in CASES])
def test_look_ups(typed: tuple[str, str], said: tuple[str, str, int]) -> None:
    """Else a learner would take a name without an IPv6 address for NXDOMAIN, or glibc's getent for that of Alpine's images."""
    finished = shared().sh(typed[1], typed[0])
    assert (finished.out, finished.err, finished.code) == said


def test_a_headless_service_has_the_addresses_of_its_pods(world: World) -> None:
    assert world.sh("nslookup peers", "net").out == f"{BIND}Name:\tpeers.default.{ZONE}\nAddress: {world.ip('web-0')}\n\n"


def test_an_alias_of_a_name_outside_ends_with_that_names_failure(world: World) -> None:
    """Else it would be said that db.corp was found."""
    spec = {"type": "ExternalName", "externalName": "db.corp"}
    world.kube.submit(actions.Apply([{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "ext"}, "spec": spec}]))
    found = world.sh("nslookup ext", "net")
    assert (found.out, found.code) == (f"{BIND}ext.default.{ZONE}\tcanonical name = db.corp.\n" + NXDOMAIN.format("db.corp"), 1)
    found = world.sh("host ext", "net")
    lacks = "Host db.corp not found: 3(NXDOMAIN)\n" * 2
    assert (found.out, found.code) == (f"ext.default.{ZONE} is an alias for db.corp.\n{lacks}", 1)


def test_an_alias_of_a_name_outside_has_that_names_addresses(world: World) -> None:
    """Else a learner would think that an ExternalName is a name without an address."""
    spec = {"type": "ExternalName", "externalName": "my.database.example.com"}
    world.kube.submit(actions.Apply([{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "ext"}, "spec": spec}]))
    found = world.sh("nslookup ext", "net")
    lines = "".join(f"Name:\tmy.database.example.com\nAddress: {each}\n" for each in ("192.0.2.10", "2001:db8:192::10"))
    assert (found.out, found.code) == (f"{BIND}ext.default.{ZONE}\tcanonical name = my.database.example.com.\n{lines}\n", 0)


def test_the_old_nslookup_asks_the_server_that_is_named(world: World) -> None:
    """Else a learner would think that a server answers which is not there (busybox 1.28, networking/nslookup.c, set_default_dns)."""
    found = world.sh("nslookup web 10.244.9.9", "old")
    assert (found.out, found.err, found.code) == ("Server:    10.244.9.9\nAddress 1: 10.244.9.9\n\n", "nslookup: can't resolve 'web'\n", 1)
    assert world.seconds >= 10


@pytest.mark.parametrize("typed", ["getent hosts web", "wget -qO- web", "ping -c1 web", "nc -z web 80", "curl -s web"])
def test_without_coredns_every_program_of_musl_waits_as_long(world: World, typed: str) -> None:
    """Else a learner would think that it is the program that waits for a lost CoreDNS, where it is musl, five seconds in each."""
    world.kube.submit(actions.Scale("Deployment", "coredns", 0, "kube-system"))
    world.kube.advance(world.kube.now + 60 * SECOND)
    before = world.seconds
    assert world.sh(typed, "client").code != 0
    assert world.seconds - before == pytest.approx(5)


@pytest.mark.parametrize(
    ("pod", "out", "err", "seconds"),
    [
        ("net", f";; communications error to {DNS}#53: connection refused\n" * 3 + ";; no servers could be reached\n\n", "", 0),
        ("box", ";; connection timed out; no servers could be reached\n\n", "nslookup: read: Connection refused\n" * 2, 5),
        ("old", f"Server:    {DNS}\nAddress 1: {DNS}\n\n", "nslookup: can't resolve 'web'\n", 0),
    ],
)
def test_without_coredns_no_server_is_reached(world: World, pod: str, out: str, err: str, seconds: float) -> None:
    world.kube.submit(actions.Scale("Deployment", "coredns", 0, "kube-system"))
    world.kube.advance(world.kube.now + 60 * SECOND)
    before = world.seconds
    finished = world.sh("nslookup web", pod)
    assert (finished.out, finished.err, finished.code) == (out, err, 1)
    assert world.seconds - before == pytest.approx(seconds)
