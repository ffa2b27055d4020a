"""What does busybox's wget print?

Source: busybox networking/wget.c (spider and -S included), libbb/xconnect.c; -T bounds the connection too (FEATURE_WGET_TIMEOUT).
Simplified: no progress bar moves; GNU's wget, where an image has it, prints the same.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from playground.kube.kubeproxy.chains import address
from playground.terminal.programs.asks import Ask, Now, Program, Sent, Wait, Write
from playground.terminal.programs.call import Call, complain, out
from playground.terminal.programs.curl import GIVEN_UP_AFTER
from playground.terminal.programs.files import FileError
from playground.terminal.programs.http import (
    BadURL,
    Response,
    URLParts,
    answered,
    asking,
    first_line,
    header,
    read_url,
    said_host,
    speaks_tls,
)
from playground.terminal.programs.options import BadOption, Options, options
from playground.terminal.programs.resolving import known_address, look_up, one_of, patience, waiting
from playground.terminal.programs.small import FOR_EVER

LONG = {"quiet": "q", "output-document": "O", "timeout": "T", "spider": "s", "server-response": "S", "tries": "t", "header": "H",
        "no-check-certificate": "n", "post-data": "p", "user-agent": "U"}  # fmt: skip
DEFAULT_TIMEOUT = 900.0


def wget(call: Call) -> Program:
    try:
        found = options(call.args, "qcSsn", "OTtUHpP", LONG)
        url = read_url(found.rest[0]) if found.rest else None
    except BadOption as error:
        return (yield from complain(call, str(error)))
    except BadURL:
        return (yield from complain(call, f"not an http or ftp url: {found.rest[0]}"))
    if url is None:
        yield Write(2, "BusyBox wget\n\nUsage: wget [-cqS] [--spider] [-O FILE] [-T SEC] URL...\n")
        return 1
    if url.scheme not in ("http", "https"):
        return (yield from complain(call, f"not an http or ftp url: {url.text}"))
    return (yield from _get(call, found, url))


def _get(call: Call, found: Options, url: URLParts) -> Program:
    sent = yield from _sent(call, found, url)
    yield Wait(patience(call.container, sent.waited, sent.gave_up))
    if sent.where == "dns":
        return (yield from complain(call, f"bad address '{url.host}{'' if url.authority == url.host else f':{url.port}'}'"))
    if not found.has("q"):
        yield Write(2, f"Connecting to {url.authority} ({address(sent.address, url.port)})\n")
    if sent.outcome != "ok":
        return (yield from _no_connection(call, found, sent))
    if url.scheme == "https":
        said = (
            "note: TLS certificate validation not implemented" if speaks_tls(sent) else "error getting response: Connection reset by peer"
        )
        yield Write(2, f"wget: {said}\n")
        if not speaks_tls(sent):
            return 1
    response = yield from answered(sent, url, _method(found), _headers(found))
    if response.kind == "closes":
        return (yield from complain(call, "error getting response"))
    if response.kind == "greets":
        return (yield from complain(call, "error getting response: Invalid argument"))
    return (yield from _take(call, found, url, response))


def _method(found: Options) -> str:
    return "HEAD" if found.has("s") else "POST" if found.has("p") else "GET"


def _headers(found: Options) -> dict[str, str]:
    return {"User-Agent": found.of("U", default="Wget"), **dict(header(each) for each in found.given.get("H", ()))}


def _patience(found: Options) -> float:
    limit = found.of("T", default="")
    return float(limit) if re.fullmatch(r"\d{1,6}", limit) else DEFAULT_TIMEOUT


def _sent(call: Call, found: Options, url: URLParts) -> Generator[Ask, Any, Sent]:
    """Where a name can have addresses of both families, busybox takes one of them and tries no other."""
    known = known_address(call.container, url.host)
    if not known and call.busybox and call.container.other_ip:
        reply = yield from look_up(url.host)
        known = one_of(call.container, reply)
        if not known:
            return Sent("nxdomain", "dns", waited=waiting(call.container, reply))
    tries_for = min(_patience(found), GIVEN_UP_AFTER)
    sent: Sent = yield asking(known or url.host, url.port, said_host(url, found.all("H")), tries_for, first_line(url, _method(found)))
    return sent


def _no_connection(call: Call, found: Options, sent: Sent) -> Program:
    outcome = sent.outcome
    if outcome == "timeout":
        seconds = _patience(found)
        given_up_after = FOR_EVER if sent.where == "pod" else GIVEN_UP_AFTER
        yield Wait(max(0.0, min(seconds, given_up_after) - sent.spent))
        if seconds < given_up_after:
            return (yield from complain(call, "download timed out"))
    where = "" if ":" in sent.address else f" ({sent.address})"
    return (yield from complain(call, f"can't connect to remote host{where}: {call.container.strerror(outcome)}"))


def _take(call: Call, found: Options, url: URLParts, response: Response) -> Program:
    if found.has("S"):
        headers = response.headers(call.container.epoch, (yield Now()))
        lines = [f"HTTP/1.1 {response.code} {response.reason}", *(f"{name}: {value}" for name, value in headers), ""]
        yield Write(2, "".join(f"  {line}\n" for line in lines))
    if response.code != 200:
        return (yield from complain(call, f"server returned error: HTTP/1.1 {response.code} {response.reason}"))
    if found.has("s"):
        yield Write(2, "" if found.has("q") else "remote file exists\n")
        return 0
    name = found.of("O") or url.path.partition("?")[0].rpartition("/")[2] or "index.html"
    if name == "-":
        yield from _note(found, "writing to stdout\n")
        yield from out(response.body)
        yield from _note(found, _bar("-", response.body) + "written to stdout\n")
        return 0
    try:
        call.files.write(call.path(name), response.body)
    except FileError as error:
        return (yield from complain(call, f"can't open '{name}': {error}"))
    yield from _note(found, f"saving to '{name}'\n{_bar(name, response.body)}'{name}' saved\n")
    return 0


def _note(found: Options, text: str) -> Generator[Ask, Any, None]:
    if not found.has("q"):
        yield Write(2, text)


def _bar(name: str, body: str) -> str:
    return f"{name[:20]:<20} 100% |{'*' * 32}| {len(body.encode()):5}  0:00:00 ETA\n"
