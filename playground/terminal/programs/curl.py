"""What does curl print, and with which code does it end?

Source: curl src/tool_operate.c, lib/connect.c, lib/cf-ip-happy.c, lib/multi.c (multi_handle_timeout),
docs/libcurl/libcurl-errors; a SYN that nobody answers is given up by the kernel after 133.7 s (tcp_syn_retries 6).
Simplified: the options that lessons use; a request takes 1 ms; a name that has several addresses is tried at one of them.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from functools import partial
from typing import Any

import msgspec

from playground.kube.kubeproxy.chains import address
from playground.kube.network.words import not_certified
from playground.rest.certificate import stands_for, vouches
from playground.terminal.programs.asks import Ask, Look, Now, Program, Sent, Wait, Write
from playground.terminal.programs.call import Call, out
from playground.terminal.programs.files import FileError
from playground.terminal.programs.http import (
    BadURL,
    Response,
    URLParts,
    answered,
    asking,
    first_line,
    header,
    is_certified,
    read_url,
    said_host,
    speaks_tls,
)  # fmt: skip
from playground.terminal.programs.options import BadOption, Options, options
from playground.terminal.programs.resolving import addresses, in_hosts, literal, look_up, patience, waiting
from playground.terminal.programs.small import FOR_EVER
from playground.terminal.programs.transfers import Transfer, meter, written_out

SWITCHES, VALUED = "sSvIifLkgGO46jN", "omwHXdAubTr!&@%"
LONG = {
    "silent": "s",
    "show-error": "S",
    "verbose": "v",
    "head": "I",
    "include": "i",
    "show-headers": "i",
    "fail": "f",
    "location": "L",
    "insecure": "k",
    "get": "G",
    "remote-name": "O",
    "ipv4": "4",
    "ipv6": "6",
    "no-buffer": "N",
    "output": "o",
    "max-time": "m",
    "write-out": "w",
    "header": "H",
    "request": "X",
    "data": "d",
    "data-raw": "d",
    "user-agent": "A",
    "user": "u",
    "connect-timeout": "!",
    "cacert": "@",
    "oauth2-bearer": "%",
    "url": "&",
    "no-progress-meter": "#",
    "version": "V",
}
GIVEN_UP_AFTER = 133.7
FAILED = ("refused", "timeout", "unreachable")
CLIENT_PORT = 40_000
MALFORMED, NO_HOST, NO_CONNECTION, HTTP_ERROR, NOT_WRITTEN, TIMED_OUT, NO_TLS, NOTHING_CAME, RESET, BAD_CERTIFICATE, NO_AUTHORITY = (
    3, 6, 7, 22, 23, 28, 35, 52, 56, 60, 77
)  # fmt: skip
UNKNOWN_ISSUER = "SSL certificate problem: unable to get local issuer certificate"
CERTIFICATE = (
    "More details here: https://curl.se/docs/sslcerts.html\n\n"
    "curl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about"
    " this situation and\nhow to fix it, please visit the webpage mentioned above."
)


class Failed(Exception):
    """The message is what stands after `curl: (code) `."""

    def __init__(self, code: int, message: str):
        super().__init__(message)
        self.code = code


def curl(call: Call) -> Program:
    try:
        found = options(call.args, SWITCHES + "#V", VALUED, LONG)
    except BadOption as error:
        said = re.sub(r"^(unrecognized option: |invalid option -- )'?([^']*)'?$", r"option \2: is unknown", _dashed(str(error), call.args))
        said = re.sub(r"^option requires an argument.*$", lambda _: f"option {call.args[-1]}: requires parameter", said)
        yield Write(2, f"curl: {said}\ncurl: try 'curl --help' or 'curl --manual' for more information\n")
        return 2
    if found.has("V"):
        yield from out(f"curl {call.container.image.curl} (x86_64-pc-linux) libcurl/{call.container.image.curl}\n")
        return 0
    urls = ([found.of("&")] if found.has("&") else []) + found.rest
    if not urls:
        yield Write(2, "curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n")
        return 2
    code = 0
    for text in urls:
        code = yield from _transfer(call, found, text)
    return code


def _dashed(said: str, args: list[str]) -> str:
    """With the option as it was typed."""
    name = said.rpartition(" ")[2].strip("'")
    typed = next((word for word in args if word.lstrip("-").partition("=")[0] == name), f"-{name}")
    return said.replace(f"-- '{name}'", f"-- '{typed}'").replace(f": {name}", f": {typed}")


def _transfer(call: Call, found: Options, text: str) -> Program:
    """One URL, from its name to --write-out."""
    silent = found.has("s", "#") or (call.terminal and not found.has("o", "O"))
    state: Transfer | None = None
    try:
        url = read_url(text)
        state = Transfer(url, _method(found))
        if url.scheme not in ("http", "https"):
            raise Failed(1, f'Protocol "{url.scheme}" not supported')
        yield from _fetch(call, found, state, silent)
    except (BadURL, Failed) as error:
        code = error.code if isinstance(error, Failed) else MALFORMED
        if state is not None:
            state.code, state.error = code, str(error).partition("\n")[0]
        if not found.has("s") or found.has("S"):
            begin = "" if silent or code in (1, MALFORMED, HTTP_ERROR) else meter(0) + "\n" if not found.has("v") else ""
            yield Write(2, f"{begin}curl: ({code}) {error}\n")
    if found.has("w") and state is not None:
        yield from out(written_out(found.of("w"), state))
    return 0 if state is not None and state.code == 0 else state.code if state is not None else MALFORMED


def _fetch(call: Call, found: Options, state: Transfer, silent: bool) -> Generator[Ask, Any, None]:
    url, verbose = state.url, found.has("v")
    sent = yield from _sent(call, found, url)
    yield from _resolved(call, found, state, sent)
    state.address = sent.address
    state.seconds = max(state.seconds, sent.spent)
    if verbose:
        yield Write(2, _attempts(call, url, sent))
    yield from _connected(call, found, state, sent)
    if verbose:
        own = call.container.own(state.address)
        host = url.host.strip("[]")
        yield Write(2, f"* Established connection to {host} ({state.address} port {url.port}) from {own} port {CLIENT_PORT} \n")
    head = _request_text(call, found, url)
    if sent.outcome == "ok":
        yield from _secured(call, found, url, sent)
    if verbose:
        yield Write(2, "* using HTTP/1.x\n" + "".join(f"> {line}\n" for line in head) + "* Request completely sent off\n")
    if sent.outcome == "timeout":
        yield from _unanswered(found, state)
    response = yield from answered(sent, url, _method(found), dict(header(line) for line in head[1:] if line))
    state.response = response
    if response.kind == "closes":
        yield from _say(found, "* Empty reply from server\n* shutting down connection #0\n")
        raise Failed(NOTHING_CAME, "Empty reply from server")
    if response.kind == "greets":
        raise Failed(1, "Received HTTP/0.9 when not allowed")
    yield from _received(call, found, state, response, silent)


def _sent(call: Call, found: Options, url: URLParts) -> Generator[Ask, Any, Sent]:
    """Send to the host, or with --ipv4 and --ipv6 to an address of that family only."""
    host = said_host(url, found.all("H") if url.scheme == "http" or found.has("k") else [])
    family, waited = "IPv4" if found.has("4") else "IPv6" if found.has("6") else "", 0.0
    asked = first_line(url, _method(found))
    listed = [literal(url.host)] if literal(url.host) else [each for each, _ in in_hosts(call.container, url.host)]
    if not listed and not family:
        sent: Sent = yield asking(url.host, url.port, host, _tries_for(found), asked)
        return sent
    if not listed:
        reply = yield from look_up(url.host)
        listed, waited = addresses(reply, family)[:1], waiting(call.container, reply)
    listed = sorted((each for each in listed if family in ("", "IPv6" if ":" in each else "IPv4")), key=lambda each: ":" not in each)
    sent, tried, spent = Sent("nxdomain", "dns"), [], 0.0
    for each in listed:
        sent = yield asking(each, url.port, host, _tries_for(found) - spent, asked)
        spent += sent.spent
        tried.append((each, sent.outcome))
        if sent.outcome == "ok":
            break
    return msgspec.structs.replace(sent, addresses=tuple(listed), tried=tuple(tried), waited=waited, spent=spent)


def _attempts(call: Call, url: URLParts, sent: Sent) -> str:
    """What its name stood for, and each address that was tried, but for how the last one ended."""
    lines = []
    if not literal(url.host):
        listed = sent.addresses or (sent.address,)
        of = {kind: ", ".join(each for each in listed if (":" in each) == (kind == "IPv6")) or "(none)" for kind in ("IPv6", "IPv4")}
        lines = [f"* Host {url.host}:{url.port} was resolved.", f"* IPv6: {of['IPv6']}", f"* IPv4: {of['IPv4']}"]
    tried = sent.tried or ((sent.address, sent.outcome),)
    for place, (each, outcome) in enumerate(tried):
        lines.append(f"*   Trying {address(each, url.port)}...")
        if place < len(tried) - 1 and outcome in FAILED:
            lines.append(_failed(call, each, url.port, outcome))
    return "".join(f"{line}\n" for line in lines)


def _failed(call: Call, each: str, port: int, outcome: str) -> str:
    return f"* connect to {each} port {port} from {call.container.own(each) or '::'} port {CLIENT_PORT} failed: {call.container.strerror(outcome)}"


def _resolved(call: Call, found: Options, state: Transfer, sent: Sent) -> Generator[Ask, Any, None]:
    """The name has an address, or it ends here."""
    limit, needed = _limit(found), patience(call.container, sent.waited, sent.gave_up)
    if limit is not None and limit < needed:
        yield from _pass(state, limit)
        raise Failed(TIMED_OUT, f"Resolving timed out after {_milliseconds(limit)} milliseconds")
    yield from _pass(state, needed)
    if sent.where != "dns":
        return
    yield from _say(found, f"* Could not resolve host: {state.url.host}\n* shutting down connection #0\n")
    raise Failed(NO_HOST, f"Could not resolve host: {state.url.host}")


def _connected(call: Call, found: Options, state: Transfer, sent: Sent) -> Generator[Ask, Any, None]:
    url = state.url
    if sent.outcome == "timeout" and sent.where != "pod":
        limit = _limit(found)
        if limit is not None and limit < GIVEN_UP_AFTER:
            yield from _pass(state, limit, sent.spent)
            said = f"Connection timed out after {_milliseconds(limit) + 1} milliseconds"
            yield from _say(found, f"* {said}\n* closing connection #0\n")
            raise Failed(TIMED_OUT, said)
        yield from _pass(state, GIVEN_UP_AFTER, sent.spent)
    if sent.outcome in ("refused", "unreachable") or (sent.outcome == "timeout" and sent.where != "pod"):
        milliseconds = _milliseconds(GIVEN_UP_AFTER) if sent.outcome == "timeout" else 0
        host = url.host.strip("[]")
        said = f"Failed to connect to {host} port {url.port} after {milliseconds} ms: Could not connect to server"
        last, outcome = sent.tried[-1] if sent.tried else (state.address, sent.outcome)
        yield from _say(found, f"{_failed(call, last, url.port, outcome)}\n* {said}\n* closing connection #0\n")
        raise Failed(TIMED_OUT if sent.outcome == "timeout" else NO_CONNECTION, said)
    if sent.outcome == "reset":
        raise Failed(RESET, "Recv failure: Connection reset by peer")


def _unanswered(found: Options, state: Transfer) -> Generator[Ask, Any, None]:
    """Connected, as the kernel takes connections for a process that hangs; only --max-time ends the wait."""
    limit = _seconds(found.of("m"))
    yield from _pass(state, limit if limit is not None else FOR_EVER)
    said = f"Operation timed out after {_milliseconds(limit or FOR_EVER) + 1} milliseconds with 0 bytes received"
    yield from _say(found, f"* {said}\n* closing connection #0\n")
    raise Failed(TIMED_OUT, said)


def _secured(call: Call, found: Options, url: URLParts, sent: Sent) -> Generator[Ask, Any, None]:
    """Over https the server has a certificate that is believed, or it ends here."""
    if url.scheme != "https":
        return
    if not speaks_tls(sent):
        raise Failed(NO_TLS, "TLS connect error: error:0A00010B:SSL routines::wrong version number")
    if found.has("k"):
        return
    authorities = _authorities(call, found)
    trusted = authorities is None if sent.site else vouches(authorities or "")
    if not trusted:
        raise Failed(BAD_CERTIFICATE, f"{UNKNOWN_ISSUER}\n{CERTIFICATE}")
    known = is_certified(sent, url) if sent.site else (yield Look(partial(stands_for, host=url.host.strip("[]"))))
    if not known:
        raise Failed(BAD_CERTIFICATE, f"{not_certified(url.host)}\n{CERTIFICATE}")


def _authorities(call: Call, found: Options) -> str | None:
    """The text of the file of authorities that is given, None without one: those that the image has know servers outside, and not this cluster's."""
    if not found.has("@"):
        return None
    try:
        return call.files.read(call.path(found.of("@")))
    except FileError:
        raise Failed(NO_AUTHORITY, f"error adding trust anchors from file: {found.of('@')}") from None


def _received(call: Call, found: Options, state: Transfer, response: Response, silent: bool) -> Generator[Ask, Any, None]:
    headers = response.headers(call.container.epoch, (yield Now()))
    lines = [f"HTTP/2 {response.code} "] if response.secure else [f"HTTP/1.1 {response.code} {response.reason}"]
    lines += [f"{name.lower() if response.secure else name}: {value}" for name, value in headers]
    yield from _say(found, "".join(f"< {line}\n" for line in [*lines, ""]))
    if response.code >= 400 and found.has("f"):
        raise Failed(HTTP_ERROR, f"The requested URL returned error: {response.code}")
    body = "" if found.has("I") else response.body
    if not silent and not found.has("v"):
        yield Write(2, meter(len(body.encode())) + "\n")
    elif found.has("v") and body and not call.terminal:
        yield Write(2, f"{{ [{len(body.encode())} bytes data]\n")
    head = "".join(f"{line}\r\n" for line in [*lines, ""]) if found.has("I", "i") else ""
    yield from _put(call, found, state.url, head + body)
    yield from _say(found, f"* Connection #0 to host {state.url.host}:{state.url.port} left intact\n")


def _put(call: Call, found: Options, url: URLParts, text: str) -> Generator[Ask, Any, None]:
    """The answer goes to standard output, or into a file."""
    name = found.of("o") if found.has("o") else url.path.partition("?")[0].rpartition("/")[2] if found.has("O") else "-"
    if name == "-":
        yield from out(text)
        return
    if not name:
        raise Failed(NOT_WRITTEN, "Failed to extract a filename to use for storage")
    try:
        call.files.write(call.path(name), text)
    except FileError as error:
        raise Failed(
            NOT_WRITTEN,
            "client returned ERROR on write, 1 bytes, error 0"
            if not str(error)
            else "Failure writing output to destination, passed 1 returned 0",
        ) from None


def _request_text(call: Call, found: Options, url: URLParts) -> list[str]:
    method = _method(found)
    agent = found.of("A", default=f"curl/{call.container.image.curl}")
    lines = [f"{method} {url.path} HTTP/1.1", f"Host: {url.authority}"]
    lines += [f"Authorization: Bearer {found.of('%')}"] if found.has("%") else []
    lines += [f"User-Agent: {agent}", "Accept: */*"]
    for given in found.all("H"):
        name = header(given)[0].lower()
        others = [line for line in lines if header(line)[0].lower() != name]
        lines = [lines[0], given, *others[1:]] if name == "host" else [*others, given]
    if method == "POST":
        lines += [f"Content-Length: {len(found.of('d').encode())}", "Content-Type: application/x-www-form-urlencoded"]
    return [*lines, ""]


def _method(found: Options) -> str:
    return found.of("X") or ("HEAD" if found.has("I") else "POST" if found.has("d") and not found.has("G") else "GET")


def _say(found: Options, text: str) -> Generator[Ask, Any, None]:
    if found.has("v"):
        yield Write(2, text)


def _limit(found: Options) -> float | None:
    """The shorter of --max-time and --connect-timeout, in seconds; 0 is none."""
    given = [_seconds(found.of(name)) for name in ("m", "!")]
    return min((each for each in given if each is not None), default=None)


def _tries_for(found: Options) -> float:
    """How long it waits for a connection."""
    limit = _limit(found)
    return GIVEN_UP_AFTER if limit is None else min(limit, GIVEN_UP_AFTER)


def _seconds(word: str) -> float | None:
    """None for what is no time, or none at all."""
    seconds = float(word) if re.fullmatch(r"\d{1,7}(\.\d{1,6})?", word) else 0.0
    return seconds or None


def _pass(state: Transfer, seconds: float, spent: float = 0.0) -> Generator[Ask, Any, None]:
    """Let so many seconds have passed, of which some are `spent`."""
    if seconds:
        state.seconds = seconds
        yield Wait(max(0.0, seconds - spent))


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1_000)
