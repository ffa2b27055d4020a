"""What does curl tell of a transfer when it is over?  Its progress meter, and what --write-out asks for.

Source: curl src/tool_writeout.c, src/tool_cb_prg.c.
Simplified: the parts of the time are always the same, and a transfer's size is that of its body.
"""

from __future__ import annotations

import re

import msgspec

from playground.terminal.programs.http import Response, URLParts

METER = (
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    "                                 Dload  Upload   Total   Spent    Left  Speed\n"
)
NO_TIME = "--:--:-- --:--:-- --:--:--"


class Transfer(msgspec.Struct):
    """What is known of one transfer, for --write-out."""

    url: URLParts
    method: str
    seconds: float = 0.001
    address: str = ""
    response: Response | None = None
    code: int = 0
    error: str = ""


def meter(size: int) -> str:
    """The progress meter, as it stands at the end."""
    first = f"\r  0     0    0     0    0     0      0      0 {NO_TIME}     0"
    last = f"\r100 {size:5}  100 {size:5}    0     0  {size * 1_000:5}      0 {NO_TIME} {size * 1_000:5}" if size else ""
    return METER + first + last


def written_out(form: str, state: Transfer) -> str:
    """What --write-out makes of its form."""
    response, url = state.response, state.url
    code = response.code if response is not None and response.kind == "http" else 0
    size = 0 if response is None or state.code or state.method == "HEAD" else len(response.body.encode())
    known = {
        "http_code": f"{code:03}",
        "response_code": f"{code:03}",
        "remote_ip": state.address if response is not None else "",
        "remote_port": str(url.port if response is not None else 0),
        "time_total": f"{state.seconds:.6f}",
        "time_connect": "0.000500" if response is not None else "0.000000",
        "time_namelookup": "0.000200" if state.address else "0.000000",
        "time_starttransfer": "0.000900" if response is not None else "0.000000",
        "time_appconnect": "0.000000",
        "time_pretransfer": "0.000600" if response is not None else "0.000000",
        "size_download": str(size),
        "size_header": "0",
        "url": url.text,
        "url_effective": f"{url.scheme}://{url.authority}{url.path}",
        "exitcode": str(state.code),
        "errormsg": state.error,
        "scheme": url.scheme,
        "content_type": response.type if response is not None else "",
        "num_connects": str(int(response is not None)),
        "num_redirects": "0",
        "http_version": "0" if not code or response is None else "2" if response.secure else "1.1",
        "method": state.method,
    }
    escapes = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}

    def one(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if found[0][0] == "\\":
            return escapes.get(found[0][1], found[0])
        return known.get(found[1], "")

    return re.sub(r"%%|%\{([a-z_]*)\}|\\.", one, form)
