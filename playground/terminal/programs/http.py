"""What is asked and answered over HTTP?  URLs, and what a server behind a port says.

Source: RFC 3986 section 3, RFC 9110. The API server's port: staging/src/k8s.io/apiserver pkg/server/secure_serving.go.
Simplified: a server answers every path, 200, with its Pod's name; none in a cluster speaks TLS but the API server's; those of databases do not
speak HTTP; a certificate of a server outside is good for all names below its own.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec

from playground.kube import outside
from playground.kube.kubeproxy.chains import address
from playground.kube.network.targets import LONGEST_NAME
from playground.kube.network.words import kind_of
from playground.kube.outside import BAD_REQUEST
from playground.terminal.programs.asks import Send, Sent
from playground.terminal.programs.resolving import literal

URL = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d*))?([/?].*)?(?:#.*)?", re.DOTALL)
PORTS = {"http": 80, "https": 443}
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 503: "Service Unavailable"}
PLAIN_TO_TLS = "Client sent an HTTP request to an HTTPS server.\n"


class BadURL(Exception):
    pass


class URLParts(msgspec.Struct, frozen=True):
    scheme: str
    host: str
    port: int
    path: str
    text: str

    @property
    def authority(self) -> str:
        """As the header Host says it: the port only where it is not the scheme's own."""
        return self.host if self.port == PORTS.get(self.scheme) else f"{self.host}:{self.port}"


class Response(msgspec.Struct, frozen=True):
    """`kind` is http, closes (without a word), greets (in words that are no HTTP)."""

    kind: str
    code: int
    body: str
    type: str

    @property
    def reason(self) -> str:
        return REASONS.get(self.code, "")

    def headers(self, epoch: int, now: int) -> list[tuple[str, str]]:
        moment = datetime.fromtimestamp(epoch, UTC) + timedelta(microseconds=now)
        return [
            ("Date", f"{moment:%a, %d %b %Y %H:%M:%S} GMT"),
            ("Content-Type", self.type),
            ("Content-Length", str(len(self.body.encode()))),
        ]


def read_url(text: str) -> URLParts:
    """Raises BadURL."""
    found = URL.fullmatch(text)
    if found is None or not found[2]:
        raise BadURL(
            "URL rejected: No host part in the URL"
            if found is not None and found[2] == ""
            else "URL rejected: Malformed input to a URL function"
        )
    scheme, host, port, path = found.groups()
    scheme = (scheme or "http").lower()
    number = int(port) if port and len(port) < 7 else PORTS.get(scheme, 80)
    if port is not None and not (port == "" or 0 < number < 65_536):
        raise BadURL("URL rejected: Port number was not a decimal number between 0 and 65535")
    if host.startswith("[") and not literal(host):
        raise BadURL("URL rejected: Bad IPv6 address")
    if any(char.isspace() for char in text):
        raise BadURL("URL rejected: Malformed input to a URL function")
    path = path or "/"
    return URLParts(scheme, host, number, path if path.startswith("/") else "/" + path, text)


def answered(sent: Sent, url: URLParts) -> Response:
    """What comes back after a request that reached a server."""
    kind = kind_of(sent.image)
    if kind != "http":
        return Response(kind, 0, "", "")
    if not sent.image and sent.code == 401:
        if url.scheme == "http":
            return Response("http", 400, PLAIN_TO_TLS, "text/plain; charset=utf-8")
        return Response("http", sent.code, sent.body + "\n", "application/json")
    if sent.speaks_tls and url.scheme == "http":
        return Response("http", BAD_REQUEST, f"{outside.PLAIN_TO_TLS}\n", "text/plain; charset=utf-8")
    json = sent.body.startswith("{")
    return Response("http", sent.code, sent.body if json else sent.body + "\n", "application/json" if json else "text/plain; charset=utf-8")


def speaks_tls(sent: Sent) -> bool:
    """Only the API server does, and servers outside."""
    return sent.speaks_tls or (not sent.image and sent.code == 401)


def is_certified(sent: Sent, url: URLParts) -> bool:
    """Whether a program trusts the certificate that it is shown, and it is for the host in the URL. Nobody knows who signed the API server's."""
    return bool(sent.site) and outside.SITES_BY_NAME[sent.site].serves(url.host)


def asking(where: str, port: int, host: str, patience: float) -> Send:
    """A request to a name or an address, whose header Host is told where it says another."""
    to = address(literal(where), port) if literal(where) else f"{where}:{port}"
    return Send(to, patience, "" if host.strip("[]") == where.strip("[]") else host)


def said_host(url: URLParts, headers: list[str]) -> str:
    """The host that the header Host says: the URL's, if no header was given."""
    given = [value.strip() for name, _, value in (each.partition(":") for each in headers) if name.strip().lower() == "host"]
    return (given[-1] if given else url.host)[:LONGEST_NAME]
