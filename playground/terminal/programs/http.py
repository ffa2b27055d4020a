"""What is asked and answered over HTTP?  URLs, and what a server behind a port says.

Source: RFC 3986 section 3, RFC 9110. The API server's port: staging/src/k8s.io/apiserver pkg/server/secure_serving.go.
Simplified: a server answers every path, 200, with its Pod's name; none in a cluster speaks TLS but the API server's, which reads what is asked
of it (`playground.rest.serving`); those of databases do not speak HTTP; a certificate of a server outside is good for all names below its own.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

import msgspec

from playground.kube import outside
from playground.kube.kubeproxy.chains import address
from playground.kube.network.asking import HELLO, LONGEST_ASKED
from playground.kube.network.targets import LONGEST_NAME
from playground.kube.network.words import PLAIN_TO_TLS, kind_of
from playground.kube.outside import BAD_REQUEST
from playground.rest import exchange, serving
from playground.terminal.programs.asks import Ask, Look, Send, Sent
from playground.terminal.programs.resolving import literal

URL = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d*))?([/?].*)?(?:#.*)?", re.DOTALL)
TEXT = "text/plain; charset=utf-8"
PORTS = {"http": 80, "https": 443}
REASONS = {code.value: code.phrase for code in HTTPStatus}


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
    """`kind` is http, closes (without a word), greets (in words that are no HTTP); `secure`: it came over TLS."""

    kind: str
    code: int
    body: str
    type: str
    secure: bool = False

    @property
    def reason(self) -> str:
        return REASONS.get(self.code, "")

    def headers(self, epoch: int, now: int) -> list[tuple[str, str]]:
        moment = datetime.fromtimestamp(epoch, UTC) + timedelta(microseconds=now)
        date, size = f"{moment:%a, %d %b %Y %H:%M:%S} GMT", str(len(self.body.encode()))
        if self.secure:
            return [("Cache-Control", "no-cache, private"), ("Content-Type", self.type), ("Content-Length", size), ("Date", date)]
        return [("Date", date), ("Content-Type", self.type), ("Content-Length", size)]


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


def header(text: str) -> tuple[str, str]:
    """A header as it was typed, `Name: value`, in two."""
    name, _, value = text.partition(":")
    return name.strip(), value.strip()


def answered(sent: Sent, url: URLParts, method: str, headers: dict[str, str]) -> Generator[Ask, Any, Response]:
    """What comes back after a request that reached a server; of `headers`, the request's, the API server reads some."""
    if sent.speaks_tls and url.scheme == "http":
        return Response("http", BAD_REQUEST, f"{outside.PLAIN_TO_TLS}\n", TEXT)
    if not is_api_server(sent):
        return spoken(sent)
    if url.scheme == "http":
        return Response("http", BAD_REQUEST, f"{PLAIN_TO_TLS}\n", TEXT)
    path, _, query = url.path.partition("?")
    known = {name.lower(): value for name, value in headers.items()}
    request = exchange.Request(method, path.strip("/"), parse_qs(query, keep_blank_values=True), known, b"", "")
    said: exchange.Answer = yield Look(partial(_served, request=request))
    return Response("http", said.status, said.body.decode(), said.type, True)


def spoken(sent: Sent) -> Response:
    """What a server of a container, or one outside, has said."""
    kind = kind_of(sent.image)
    if kind != "http":
        return Response(kind, 0, "", "")
    json = sent.body.startswith("{")
    return Response("http", sent.code, sent.body if json else sent.body + "\n", "application/json" if json else TEXT)


def _served(kube: Any, request: exchange.Request) -> exchange.Answer:
    return serving.serve(kube, request)


def speaks_tls(sent: Sent) -> bool:
    """Only the API server does, and servers outside."""
    return sent.speaks_tls or is_api_server(sent)


def is_api_server(sent: Sent) -> bool:
    return not sent.image and not sent.code


def is_certified(sent: Sent, url: URLParts) -> bool:
    """Whether a program trusts the certificate that it is shown, and it is for the host in the URL; of a server outside."""
    return bool(sent.site) and outside.SITES_BY_NAME[sent.site].serves(url.host)


def asking(where: str, port: int, host: str, patience: float, asked: str) -> Send:
    """A request to a name or an address, whose header Host is told where it says another; `asked` is its first line."""
    to = address(literal(where), port) if literal(where) else f"{where}:{port}"
    return Send(to, patience, "" if host.strip("[]") == where.strip("[]") else host, asked[:LONGEST_ASKED])


def first_line(url: URLParts, method: str) -> str:
    """What is said first to ask for a URL; over https the beginning of TLS, which a server that has none reads as it is."""
    return HELLO if url.scheme == "https" else f"{method} {url.path} HTTP/1.1"


def said_host(url: URLParts, headers: list[str]) -> str:
    """The host that the header Host says: the URL's, if no header was given."""
    given = [value.strip() for name, _, value in (each.partition(":") for each in headers) if name.strip().lower() == "host"]
    return (given[-1] if given else url.host)[:LONGEST_NAME]
