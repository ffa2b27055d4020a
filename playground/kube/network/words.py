"""What does the program that sent a request print?  curl over TCP; Ncat (`nc`) over UDP and SCTP, which curl does not speak.

Source: curl's tool_operate.c and lib/connect.c, with --connect-timeout 2, which is for names too; nmap's ncat/ncat_connect.c
and ncat_main.c, as `ncat -u -i 2s` and `ncat --sctp -w 2s -i 2s`.
"""

from __future__ import annotations

from playground.kube.apiserver.names import parse_ip
from playground.kube.clock import MILLISECOND
from playground.kube.kubelet.images import image_name
from playground.kube.kubelet.views import view
from playground.kube.network.asking import BAD_REQUEST, code_of
from playground.kube.network.leaving import host_of, said, speaks_tls
from playground.kube.network.requests import Request
from playground.kube.network.targets import ICMP, TCP, UDP
from playground.kube.network.wire import Kubelets
from playground.kube.outside import FOUND

MALFORMED = "400 Bad Request"
PLAIN_TO_TLS = "Client sent an HTTP request to an HTTPS server."
CLOSES = ("redis", "valkey", "redis-master", "gb-redis-follower", "postgres", "coredns")
GREETS = ("mysql", "mariadb", "memcached", "nats", "rabbitmq")
NO_HTTP = {"closes": "curl: (52) Empty reply from server", "greets": "curl: (1) Received HTTP/0.9 when not allowed"}
PROGRAMS = {"TCP": "curl", "UDP": "nc -u", "SCTP": "ncat --sctp", "ICMP": "ping"}


def printed(request: Request, kubelet: Kubelets) -> str:
    """What the program prints: the answer, or its error; of a DNS query or a ping the program makes its own words."""
    if request.asks or request.target.protocol == ICMP:
        return ""
    if request.outcome == "ok":
        spoken = request.target.protocol == TCP and request.target.asked
        return (NO_HTTP.get(kind_of(_image(request)), "") if spoken else "") or answer(request, kubelet)
    return _curl(request) if request.target.protocol == TCP else _ncat(request)


def not_certified(host: str) -> str:
    """What curl says of a certificate that is for others (lib/vtls/openssl.c)."""
    bare = host.strip("[]")
    kind = "ipv6 address" if ":" in bare else "ipv4 address" if parse_ip(bare) is not None else "hostname"
    return f"SSL: no alternative certificate subject name matches target {kind} '{bare}'"


def kind_of(image: str) -> str:
    """What a client that sends an HTTP request gets from a server of this image: http, or one that closes without a word, or that greets
    in words that are no HTTP."""
    name = image_name(image)
    return "closes" if name in CLOSES else "greets" if name in GREETS else "http"


def _image(request: Request) -> str:
    """The image of the container that listens there."""
    way = request.passage or request.connection
    if request.pod is None or way is None:
        return ""
    seen = view(request.pod)
    slots = next((slots for (number, _), slots in seen.ports.items() if number == way.port), ())
    return seen.containers[slots[0]].image if slots else ""


def answer(request: Request, kubelet: Kubelets) -> str:
    """What the program at the other end says."""
    passage, connection = request.passage, request.connection
    port = passage.port if passage else connection.port if connection else request.target.port
    if passage is not None and passage.health is not None:
        return passage.health.text
    beyond = said(request)
    if beyond is not None:
        strange = speaks_tls(request) and beyond.code != FOUND
        return f"curl: (60) {not_certified(host_of(request))}" if strange else beyond.text
    if request.target.protocol == TCP and not request.target.asked:
        return ""
    if request.pod is not None and request.target.protocol == TCP and code_of(request.target.asked) == BAD_REQUEST:
        return MALFORMED
    if request.pod is not None:
        return kubelet.says(request.pod, port, request.target.protocol)
    return PLAIN_TO_TLS


def _curl(request: Request) -> str:
    host, port = request.target.host, request.target.port
    if request.outcome == "reset":
        return "curl: (56) Recv failure: Connection reset by peer"
    if request.where == "dns":
        slow = request.resolution is not None and request.resolution.gave_up
        return "curl: (28) Resolving timed out after 2000 milliseconds" if slow else f"curl: (6) Could not resolve host: {host}"
    if request.outcome == "timeout":
        return (
            "curl: (28) Operation timed out after 2001 milliseconds with 0 bytes received"
            if request.reused or request.where == "pod"
            else ("curl: (28) Connection timed out after 2001 milliseconds")
        )
    waited = request.resolution.waited // MILLISECOND if request.resolution else 0
    return f"curl: (7) Failed to connect to {host} port {port} after {waited} ms: Could not connect to server"


def _ncat(request: Request) -> str:
    if request.where == "dns":
        why = "Name or service not known" if request.outcome == "nxdomain" else "Temporary failure in name resolution"
        return f'Ncat: Could not resolve hostname "{request.target.host}": {why}. QUITTING.'
    if request.outcome == "timeout":
        waits = request.target.protocol == UDP or request.reused
        return "Ncat: Idle timeout expired (2000 ms)." if waits else "Ncat: TIMEOUT."
    said = {"refused": "Connection refused", "reset": "Connection reset by peer", "unreachable": "Network is unreachable"}
    return f"Ncat: {said[request.outcome]}."
