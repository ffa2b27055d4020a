"""What is said over a connection, and what does a web server make of it?  Nothing, a request line of HTTP/1, or something else: then 400.

Source: RFC 9112 section 3; nginx src/http/ngx_http_parse.c and ngx_http_request.c: a GET without a version is HTTP/0.9 and is answered without a
head; what is no request line gets 400 at once; a request of HTTP/1.1 must have a header Host; a connection over which nothing was said is not logged.
Simplified: a program's request is known by its first line, what is typed by all of it; a line need not be ended.
"""

from __future__ import annotations

import re

from playground.kube.errors import bad_request

GET = "GET / HTTP/1.1"
# The beginning of TLS, as a server that speaks only HTTP reads it.
HELLO = "\x16\x03\x01"
LONGEST_ASKED = 2_000
OK, BAD_REQUEST = 200, 400
LINE = re.compile(r"([A-Z_-]+) +((?:/|[a-z]+://)\S*|\*)(?: +HTTP/1\.(\d))?")
HOST = re.compile(r"^host:", re.IGNORECASE | re.MULTILINE)
ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f-\xff]')


def check_asked(asked: str) -> None:
    """Raises Refusal."""
    if len(asked) > LONGEST_ASKED:
        raise bad_request(f"at most {LONGEST_ASKED} characters are said over a connection")


def code_of(asked: str) -> int:
    """The status of the answer to it: 200, or 400."""
    found = LINE.fullmatch(first(asked))
    if found is None or (found[3] is None and found[1] != "GET"):
        return BAD_REQUEST
    typed = "\n" in asked
    return BAD_REQUEST if typed and found[3] not in (None, "0") and not HOST.search(asked) else OK


def has_head(asked: str) -> bool:
    """Whether the answer begins with a head, as all do but those of HTTP/0.9."""
    found = LINE.fullmatch(first(asked))
    return found is None or found[3] is not None or found[1] != "GET"


def is_whole(asked: str) -> bool:
    """Whether a server answers what was typed by now: after the empty line behind the head, or at once what has none."""
    found = LINE.fullmatch(first(asked))
    if found is None or found[3] is None:
        return "\n" in asked
    return "\n\n" in asked.replace("\r", "")


def first(asked: str) -> str:
    """The first line."""
    return asked.partition("\n")[0].rstrip("\r")


def logged(asked: str) -> str:
    """How a server's log writes it: the first line, and its status."""
    line = ESCAPED.sub(lambda found: f"\\x{ord(found[0]):02X}", first(asked))
    return f'"{line}" {code_of(asked)}'
