"""What do programs do with addresses of IPv6, and with names of both families?

Each family that a program left out would have taught that a Service of IPv6 is broken, or that a client reaches it by IPv4.
"""

from __future__ import annotations

import functools
from ipaddress import ip_address

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.terminal.sessions import start
from playground.terminal.sessions.direct import Finished, run
from tests.kube.dual import cluster, pod, pods, service, spec
from tests.laws.histories import schema

ZONE = "default.svc.cluster.local"
IMAGES = {
    "curl": "curlimages/curl:8.16.0", "box": "busybox:1.37", "old": "busybox:1.28", "net": "nicolaka/netshoot", "deb": "nginx:1.29", "tools": "dnsutils",
}  # fmt: skip


@functools.cache
def _snapshot() -> bytes:
    six = service("six", "SingleStack", ipFamilies=["IPv6"])
    clients = [pod(name, image) for name, image in IMAGES.items()]
    return cluster(service(), service("old", None), six, service("peers", clusterIP="None"), *clients).snapshot()


@pytest.fixture
def made() -> Cluster:
    return Cluster.restore(_snapshot(), schema())


def sh(made: Cluster, pod_name: str, script: str) -> Finished:
    return run(start(made, "default", pod_name, "", ["sh", "-c", script]), made)


def own(made: Cluster, name: str) -> str:
    found: str = made.store.get("Pod", "default", name).other_ip
    return found


def test_curl_tells_both_families_and_begins_with_ipv6(made: Cluster) -> None:
    """Else a learner would think that a name of both families has one of them only, or that curl begins with IPv4."""
    ipv4, ipv6 = spec(made)["clusterIPs"]
    assert sh(made, "curl", "curl -sv web").err.startswith(
        f"* Host web:80 was resolved.\n* IPv6: {ipv6}\n* IPv4: {ipv4}\n*   Trying [{ipv6}]:80...\n"
        f"* Established connection to web ({ipv6} port 80) from {own(made, 'curl')} port 40000 \n"
    )


def test_curl_tells_the_family_that_was_refused_before_the_one_that_answers(made: Cluster) -> None:
    """Else a learner would think that curl gives up when IPv6 is refused, or would not see that its answer came by IPv4."""
    ipv4, ipv6 = spec(made)["clusterIPs"]
    made.submit(actions.Patch("Service", "web", {"spec": {"selector": None}}, "default"))
    made.submit(actions.Delete("EndpointSlice", slice_of(made, "IPv6"), "default"))
    made.advance(made.now + 3 * SECOND)
    assert (
        f"*   Trying [{ipv6}]:80...\n* connect to {ipv6} port 80 from {own(made, 'curl')} port 40000 failed: Connection refused\n"
        f"*   Trying {ipv4}:80...\n* Established connection to web ({ipv4} port 80)"
    ) in sh(made, "curl", "curl -sv web").err


def slice_of(made: Cluster, family: str) -> str:
    return next(
        each.name for each in made.store.list("EndpointSlice", "default") if each.name.startswith("web-") and each.address_type == family
    )


def test_curl_of_an_ipv6_address(made: Cluster) -> None:
    """Else a learner would think that an IPv6 address cannot be asked by a URL, where it stands in brackets."""
    six = spec(made, "six")["clusterIP"]
    assert sh(made, "curl", f"curl -sv http://[{six}]/").err.startswith(
        f"*   Trying [{six}]:80...\n* Established connection to {six} ({six} port 80) from {own(made, 'curl')} port 40000 \n"
    )


@pytest.mark.parametrize(
    ("typed", "out", "code"),
    [
        ("curl -4 -so /dev/null -w '%{remote_ip}' web", "{ipv4}", 0),
        ("curl -6 -so /dev/null -w '%{remote_ip}' web", "{ipv6}", 0),
        ("curl --ipv6 -s old", "", 6),
        ("curl --ipv4 -s six", "", 6),
        ("curl -4 -s http://[{six}]/", "", 6),
    ],
)
def test_curl_keeps_to_the_family_that_it_is_told(made: Cluster, typed: str, out: str, code: int) -> None:
    """Else a learner would think that `-4` and `-6` are wishes, and that a Service of one family answers by the other too."""
    ipv4, ipv6 = spec(made)["clusterIPs"]
    finished = sh(made, "curl", typed.replace("{six}", spec(made, "six")["clusterIP"]))
    assert (finished.out, finished.code) == (out.format(ipv4=ipv4, ipv6=ipv6) if out else "", code)


@pytest.mark.parametrize("pod_name", ["box", "curl"])
def test_busybox_takes_ipv4_as_its_project_builds_it_and_as_alpines_library_orders(made: Cluster, pod_name: str) -> None:
    """Else a learner would think that BusyBox's wget and nc reach a Service of both families by IPv6, as curl does."""
    ipv4 = spec(made)["clusterIPs"][0]
    assert sh(made, pod_name, "wget -O- web").err.startswith(f"Connecting to web ({ipv4}:80)\n")
    assert sh(made, pod_name, "nc -zv web 80").err == f"web ({ipv4}:80) open\n"


def test_busybox_tries_one_address_and_no_other(made: Cluster) -> None:
    """Else a learner would think that BusyBox's wget falls back to the other family as curl does, where it fails."""
    made.submit(actions.Patch("Service", "web", {"spec": {"selector": None}}, "default"))
    made.submit(actions.Delete("EndpointSlice", slice_of(made, "IPv4"), "default"))
    made.advance(made.now + 3 * SECOND)
    assert (
        sh(made, "box", "wget -qO- web").err == f"wget: can't connect to remote host ({spec(made)['clusterIPs'][0]}): Connection refused\n"
    )
    assert sh(made, "curl", "curl -s web").code == 0
    assert sh(made, "net", "nc -z web 80").code == 0


def test_a_service_of_ipv6_alone_is_reached_by_every_program(made: Cluster) -> None:
    """Else a learner would think that a Service of IPv6 alone is broken, because wget, nc or getent cannot do with its address."""
    six = spec(made, "six")["clusterIP"]
    assert sh(made, "box", "wget -O- six").err.startswith(f"Connecting to six ([{six}]:80)\n")
    assert sh(made, "box", "nc -zv six 80").err == f"six ([{six}]:80) open\n"
    assert sh(made, "net", f"nc -zv {six} 80").err == f"Connection to {six} ({six}) 80 port [tcp/*] succeeded!\n"
    assert sh(made, "box", "wget -qO- six:81 -T 1").err == "wget: download timed out\n"
    assert sh(made, "deb", "getent hosts six").out == f"{six} six.{ZONE}\n"
    assert sh(made, "box", "ping -c1 -W1 six").out.startswith(f"PING six ({six}): 56 data bytes\n\n---")


def test_a_pod_is_pinged_by_the_family_that_is_said(made: Cluster) -> None:
    """Else a learner would think that Pods answer by IPv4 alone, or that ping6 takes IPv4 for a name without an IPv6 address."""
    one = pods(made)[0]
    for typed in (f"ping -c1 {one.other_ip}", f"ping6 -c1 {one.other_ip}"):
        assert f"64 bytes from {one.other_ip}: seq=0" in sh(made, "box", typed).out
    assert "(10.244." in sh(made, "box", "ping -4 -c1 peers").out
    assert "(fd00:10:244:" in sh(made, "box", "ping -6 -c1 peers").out
    assert sh(made, "box", "ping6 -c1 old").err == "ping6: bad address 'old'\n"
    assert sh(made, "tools", f"ping -c1 {one.other_ip}").out.startswith(f"PING {one.other_ip}({one.other_ip}) 56 data bytes\n")


def test_binds_nslookup_finds_a_service_that_has_ipv6_alone(made: Cluster) -> None:
    """The search stops at the first name that exists: else it would be said that this Service does not exist."""
    finished = sh(made, "net", "nslookup six")
    assert (
        finished.out
        == f"Server:\t\t172.17.0.10\nAddress:\t172.17.0.10#53\n\nName:\tsix.{ZONE}\nAddress: {spec(made, 'six')['clusterIP']}\n\n"
    )
    assert finished.code == 0


@pytest.mark.parametrize(
    ("pod_name", "typed"),
    [("net", "nslookup {}"), ("box", "nslookup {}"), ("old", "nslookup {}"), ("net", "host {}"), ("net", "dig +short -x {}")],
)
def test_an_ipv6_address_is_looked_up_backwards(made: Cluster, pod_name: str, typed: str) -> None:
    """Else a learner would think that only an IPv4 address leads back to the name of its Service."""
    six = spec(made, "six")["clusterIP"]
    finished = sh(made, pod_name, typed.format(six))
    assert f"six.{ZONE}" in finished.out
    assert finished.code == 0
    if pod_name != "old" and "dig" not in typed:
        assert ip_address(six).reverse_pointer in finished.out


def test_a_name_server_may_be_an_ipv6_address(made: Cluster) -> None:
    """Else a learner would think that CoreDNS can be asked by its IPv4 address only."""
    dns = next(each for each in made.store.list("Pod", "kube-system") if each.labels.get("k8s-app") == "kube-dns").other_ip
    ipv4 = spec(made)["clusterIPs"][0]
    assert sh(made, "net", f"dig +short @{dns} web.{ZONE}").out == f"{ipv4}\n"
    assert sh(made, "net", f"nslookup web {dns}").out.startswith(f"Server:\t\t{dns}\nAddress:\t{dns}#53\n\n")
    assert sh(made, "box", f"nslookup web.{ZONE} {dns}").out.startswith(f"Server:\t\t{dns}\nAddress:\t[{dns}]:53\n\n")


def test_getent_lists_addresses_in_the_order_of_the_c_library(made: Cluster) -> None:
    """Else a learner would think that all images put the same family first, where glibc begins with IPv6 here and musl with IPv4."""
    ipv4, ipv6 = spec(made)["clusterIPs"]
    assert [line.split()[0] for line in sh(made, "deb", "getent ahosts web").out.splitlines()] == [ipv6] * 3 + [ipv4] * 3
    assert [line.split()[0] for line in sh(made, "net", "getent ahosts web").out.splitlines()] == [ipv4] * 2 + [ipv6] * 2


def test_host_tells_both_families(made: Cluster) -> None:
    """Else a learner would think that a Service of both families has no IPv6 address in DNS."""
    ipv4, ipv6 = spec(made)["clusterIPs"]
    assert sh(made, "net", "host web").out == f"web.{ZONE} has address {ipv4}\nweb.{ZONE} has IPv6 address {ipv6}\n"


def test_the_loopback_address_of_ipv6_is_the_pod_itself_to_dig_and_ping(made: Cluster) -> None:
    """Else a learner would think that ::1 leads to the cluster's name server or nowhere, and not to the Pod itself."""
    assert ";; communications error to ::1#53: connection refused\n" in sh(made, "net", "dig +short @::1 web").out
    assert "64 bytes from ::1: seq=0" in sh(made, "box", "ping -c1 ::1").out
