"""What do programs in a Pod hear from servers outside of the cluster?  An ExternalName leads to one of them."""

from __future__ import annotations

import functools

import pytest

from playground.kube import actions
from playground.kube.network.leaving import host_of
from tests.terminal.world import World

HELLO = "Hello from {}, outside of the cluster. You come from 192.168.0.2.\n"
STRANGE = "404 Not Found: example.com does not know the host ext\n"
CERTIFICATE = (
    "curl: (60) SSL: no alternative certificate subject name matches target {}\nMore details here: https://curl.se/docs/sslcerts.html\n\n"
    "curl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about"
    " this situation and\nhow to fix it, please visit the webpage mentioned above.\n"
)
# What is typed in which Pod: what is printed, what is complained of, and the exit code.
CASES: dict[tuple[str, str], tuple[str, str, int]] = {
    ("client", "curl -sS example.com"): (HELLO.format("example.com"), "", 0),
    ("client", "curl -sS https://www.example.org"): (HELLO.format("www.example.org"), "", 0),
    ("client", "curl -sS -4 https://example.com"): (HELLO.format("example.com"), "", 0),
    ("client", "curl -sS ext"): (STRANGE, "", 0),
    ("client", "curl -sSf ext"): ("", "curl: (22) The requested URL returned error: 404\n", 22),
    ("client", "curl -sS -H 'Host: example.com' ext"): (HELLO.format("example.com"), "", 0),
    ("client", "curl -sS -H 'Host: example.com' -H 'Accept: text/plain' ext"): (HELLO.format("example.com"), "", 0),
    ("client", "curl -sS --header 'host: db.example.com:80' ext"): (HELLO.format("db.example.com"), "", 0),
    ("client", "curl -sS https://ext"): ("", CERTIFICATE.format("hostname 'ext'"), 60),
    ("client", "curl -sS -H 'Host: example.com' https://ext"): ("", CERTIFICATE.format("hostname 'ext'"), 60),
    ("client", "curl -sS https://192.0.2.10"): ("", CERTIFICATE.format("ipv4 address '192.0.2.10'"), 60),
    ("client", "curl -sSk https://ext"): (STRANGE, "", 0),
    ("client", "curl -sSk -H 'Host: example.com' https://ext"): (HELLO.format("example.com"), "", 0),
    ("client", "curl -sS http://example.com:443"): ("The plain HTTP request was sent to HTTPS port\n", "", 0),
    ("client", "curl -sS https://example.com:80"): (
        "", "curl: (35) TLS connect error: error:0A00010B:SSL routines::wrong version number\n", 35),
    ("client", "curl -sS -m 2 ext:5432"): ("", "curl: (28) Connection timed out after 2001 milliseconds\n", 28),
    ("client", "curl -sS -o /dev/null -w '%{http_code} %{remote_ip}\\n' ext"): ("404 192.0.2.10\n", "", 0),
    ("box", "wget -qO- ext"): ("", "wget: server returned error: HTTP/1.1 404 Not Found\n", 1),
    ("box", "wget -qO- --header 'Host: example.com' ext"): (HELLO.format("example.com"), "", 0),
    ("net", "nc -z -w 2 ext 443; echo $?; nc -z -w 2 ext 5432; echo $?"): ("0\n1\n", "", 0),
    ("deb", "getent hosts ext"): ("2001:db8:192::10 my.database.example.com ext.default.svc.cluster.local\n", "", 0),
    ("net", "dig +short ext.default.svc.cluster.local"): ("my.database.example.com.\n192.0.2.10\n", "", 0),
    ("net", "dig +noall +authority example.com mx"): (
        "example.com.\t\t30\tIN\tSOA\tns.example.com. hostmaster.example.com. 2025010100 7200 3600 1209600 3600\n", "", 0),
}  # fmt: skip


@functools.cache
def world() -> World:
    made = World()
    spec = {"type": "ExternalName", "externalName": "my.database.example.com"}
    made.kube.submit(actions.Apply([{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "ext"}, "spec": spec}]))
    return made


@pytest.mark.parametrize(("typed", "said"), CASES.items(), ids=[" ".join(typed) for typed in CASES])
def test_a_program_hears(typed: tuple[str, str], said: tuple[str, str, int]) -> None:
    """Else a learner would think that an ExternalName changes what a client says, and not only where it goes."""
    finished = world().sh(typed[1], typed[0])
    assert (finished.out, finished.err, finished.code) == said


def test_the_card_of_a_request_knows_the_header_that_curl_sent() -> None:
    """Else curl would print 200 and the card say 404."""
    world().sh("curl -s -H 'Host: example.com' ext", "client")
    request = world().kube.network.recent(1)[0]
    hops = {hop.title: hop for hop in world().kube.network.explain(request)}
    assert hops["Server"].what == "The server of example.com got it, for the host example.com: 200."


def test_the_log_says_a_header_only_where_it_is_another() -> None:
    """What was logged before there were headers reads as it did."""
    assert actions.Send("default/client", "ext:80") == actions.Send("default/client", "ext:80", header="")
    world().sh("curl -s ext", "client")
    assert world().kube.network.recent(1)[0].target.header == ""


def test_what_is_sent_again_says_the_same_host() -> None:
    """Else the second SYN of a connection to an ExternalName would be for an address, and the server's answer another."""
    before = world().kube.network.last
    world().sh("curl -s -m 4 ext:5432", "client")
    sent = [world().kube.network.request(number) for number in range(before + 1, world().kube.network.last + 1)]
    assert [(each.target.host, host_of(each)) for each in sent if each] == [("ext", "ext"), ("192.0.2.10", "ext"), ("192.0.2.10", "ext")]
