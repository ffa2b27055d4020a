"""What can a program ask of the world outside it?  It yields one of these and is given the answer.

`Send`, `Say`, `Lookup`, `Echo`, `Signal` and `Act` become actions; `Look` and `Now` are read from the cluster; the rest concerns the program alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from typing import Any

import msgspec

from playground.kube.actions import Action


class Interrupted(Exception):
    """Ctrl-C: raised where a program asks."""


class NoProgram(Exception):
    """`runtime` is what the container runtime says; the message is what the kubelet makes of it, and kubectl exec prints behind `error: Internal error
    occurred: `, which is the API server's (kubelet/pkg/cri/streaming/remotecommand/exec.go). `tried` tells one try from all others."""

    def __init__(self, name: str, tried: str):
        found = f"stat {name}: no such file or directory" if "/" in name else "executable file not found in $PATH"
        self.runtime = f'OCI runtime exec failed: exec failed: unable to start container process: exec: "{name}": {found}: unknown'
        id = hashlib.sha256(f"{tried}/{name}".encode()).hexdigest()
        kubelet = "Internal error occurred: error executing command in container: failed to exec in container"
        super().__init__(f'{kubelet}: failed to start exec "{id}": {self.runtime}')


class Write(msgspec.Struct, frozen=True):
    """Put text out: fd 1 is what it says, 2 what goes wrong. No answer."""

    fd: int
    text: str


class Read(msgspec.Struct, frozen=True):
    """Some text from its standard input, or None at its end."""


class Send(msgspec.Struct, frozen=True):
    """Send one request to `host:port`, over TCP or with `/UDP` behind it; what nobody answers is sent again at the kernel's moments, for so
    many seconds. `header` is the header Host of one over HTTP, "" for the host; `asked` is
    what is said first over TCP (see kube.network.asking), "" for nothing. Answer: Sent."""

    to: str
    patience: float = 0.0
    header: str = ""
    asked: str = ""


class Say(msgspec.Struct, frozen=True):
    """Say something over the connection that the request of this number has opened. Answer: Sent."""

    number: int
    asked: str


class Ready(msgspec.Struct, frozen=True):
    """Whether Read would be answered without waiting for a keyboard. Answer: bool."""


class Sent(msgspec.Struct, frozen=True):
    """How the request ended (see kube.network.requests.Request for `outcome` and `where`): `address` is what its name stood
    for, `body` what was answered, by a program of `image`; `code` is the HTTP status that goes with it, 0 where the API server was reached:
    what it says depends on what is asked. `waited` is how many
    seconds its name took; it `gave_up` after that, and more patience would have waited on. `addresses` are all that its name
    stood for, `tried` those that were tried, each with its outcome, in order; `spent` is how many seconds passed with sending it again. `site` is the
    name of a server outside of the cluster, which has a certificate for it and the names below it; it `speaks_tls` there.
    `number` is the request's."""

    outcome: str
    where: str
    address: str = ""
    body: str = ""
    image: str = ""
    code: int = 200
    waited: float = 0.0
    gave_up: bool = False
    addresses: tuple[str, ...] = ()
    tried: tuple[tuple[str, str], ...] = ()
    spent: float = 0.0
    site: str = ""
    speaks_tls: bool = False
    number: int = 0

    @property
    def unheard(self) -> bool:
        """The packet met nobody who could have answered, so that the kernel sends it again."""
        return self.outcome == "timeout" and self.where in ("network", "proxy")


class Lookup(msgspec.Struct, frozen=True):
    """Ask DNS, as the action of this name does. Answer: its Reply."""

    name: str
    type: str = ""
    server: str = ""


class Echo(msgspec.Struct, frozen=True):
    """Ping an address. Answer: ok, timeout or unreachable."""

    address: str


class Look(msgspec.Struct, frozen=True):
    """Read from the cluster, quickly. Answer: what `read` makes of it; a Refusal that it raises comes as the answer."""

    read: Callable[[Any], Any]


class Act(msgspec.Struct, frozen=True):
    """Have something done to the cluster, as `make` finds it. Answer: the Receipt, or the Refusal."""

    make: Callable[[Any], Action]


class Wait(msgspec.Struct, frozen=True):
    """Let so many seconds pass. No answer."""

    seconds: float


class Now(msgspec.Struct, frozen=True):
    """The time. Answer: virtual microseconds."""


class Signal(msgspec.Struct, frozen=True):
    """End the container's main process with this exit code. No answer."""

    exit_code: int


class Turn(msgspec.Struct, frozen=True):
    """One more command, or turn of a loop, is begun, or as much work as `work` of them was done: it counts. No answer."""

    work: int = 1


class Open(msgspec.Struct, frozen=True):
    """Let whoever watches the session open an object in an editor. Answer: whether there is one."""

    kind: str
    namespace: str
    name: str


class Begin(msgspec.Struct, frozen=True):
    """Begin a command in a container, as `kubectl exec` does. Answer: (the Program, its container), or the Refusal or NoProgram."""

    namespace: str
    pod: str
    container: str
    argv: list[str]
    tty: bool = False


class Within(msgspec.Struct, frozen=True):
    """Ask what a program that was begun in another container asks, of its surroundings. Answer: as to `ask`, GONE if the container is."""

    container: Any
    ask: Any


GONE = object()

Ask = Open | Begin | Within | Write | Read | Ready | Send | Say | Lookup | Echo | Look | Act | Wait | Now | Signal | Turn
Program = Generator[Ask, Any, int]
"""A program that runs; it returns its exit code."""
