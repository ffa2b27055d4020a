"""How much is too much? The limits of the server, each with its unit; those of a text and of a cluster stand in their own rooms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

Kind = TypeVar("Kind")


def from_environment(kind: type[Kind], prefix: str, environ: Mapping[str, str]) -> Kind:
    """The defaults of `kind`, a class whose fields are whole numbers, each replaced by the variable `<prefix><FIELD>` where there is one.

    ValueError names the variable that is not a whole number above 0.
    """
    variables = {field: f"{prefix}{field.upper()}" for field in kind.__annotations__}
    return kind(**{field: _whole_number(name, environ[name]) for field, name in variables.items() if name in environ})


def _whole_number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError(f"{name}={text!r}: expected a whole number above 0")
    return int(text)


@dataclass(frozen=True)
class Limits:
    """What the server allows. What goes beyond is refused with the limit's name."""

    # What a visitor may send over HTTP
    body_bytes: int = 262_144
    """Bytes in the body of one HTTP request."""
    form_fields: int = 100
    """Fields in one form."""

    # What one visitor may do
    clusters_per_visitor: int = 50
    """Clusters kept."""
    actions_per_minute: int = 120
    """Actions of any kind."""
    applies_per_minute: int = 30
    """Actions that carry YAML."""
    checks_per_minute: int = 300
    """Questions that the page asks while somebody types: is this YAML right, which Pods does this selector match?"""
    what_ifs_per_minute: int = 40
    """Questions how many requests would fare."""
    lesson_looks_per_minute: int = 120
    """Times that a lesson's goals are looked at while they tick."""
    lesson_checks_per_minute: int = 20
    """Presses of a lesson's Check."""
    progress_lessons: int = 200
    """Lessons of which progress is kept."""
    progress_steps: int = 60
    """Steps in one lesson of a progress file."""
    clusters_per_hour: int = 20
    """New clusters."""
    clusters_per_hour_and_address: int = 1_200
    """New clusters of all visitors of one network address: a class shares one, and so do all behind one proxy."""

    # What is shown elsewhere
    embeds_per_hour_and_address: int = 1_200
    """Frames that begin anew, of one network address: a class shares one."""
    share_links_per_hour: int = 20
    """Share links that one visitor makes."""
    share_links_per_cluster: int = 20
    """Share links that stand."""
    share_link_days: int = 365
    """Days without use after which a share link ends."""
    sockets_per_share_link: int = 300
    """Open sockets of all who look by one share link (close code 4013 beyond)."""
    share_link_sites: int = 20
    """Sites that one share link names."""

    # What the whole server may hold
    running_clusters: int = 300
    """Clusters that are live in memory; the longest unused of those without a viewer are laid to rest beyond it."""
    resting_clusters: int = 3_000
    """Clusters in memory, live or at rest; the longest unused of those without a viewer are forgotten beyond it."""
    rest_seconds: int = 60
    """Time without a viewer after which only a compressed snapshot of a cluster stays in memory; its clock sleeps at once."""
    idle_seconds: int = 600
    """Time without a viewer after which a cluster leaves memory."""

    worker_threads: int = 16
    """Threads for the clients of all clusters' APIs and for consoles; each keeps a connection to the database."""

    # What the clients of one cluster's API may do
    api_body_bytes: int = 1_048_576
    """Bytes in the body of one request."""
    api_requests_per_minute: int = 3_000
    """Requests of any kind."""
    api_writes_per_minute: int = 1_200
    """Requests that change something."""
    api_watches: int = 200
    """Watches and followed logs that are open."""
    api_unsent_bytes: int = 4_194_304
    """Bytes that wait for a watching client which does not read before its watch is ended."""
    api_attended_seconds: int = 30
    """Time after a request during which the cluster's clock runs."""
    api_forwarded_connections: int = 64
    """Connections that are open through one port-forward."""
    api_keys_per_cluster: int = 20
    """Keys that are not revoked."""

    # What the consoles of one cluster may do
    terminals_per_cluster: int = 8
    """Consoles; one that no page shows makes way for a new one."""
    terminal_line_characters: int = 16_384
    """Characters in one line that is typed."""
    terminal_kept_characters: int = 200_000
    """Characters that a console keeps to show again after a lost connection; the oldest go."""
    terminal_detached_seconds: int = 60
    """Time without a page after which a console, and what runs in it, is ended."""
    terminal_actions_per_minute: int = 1_200
    """Requests, look-ups and changes made from consoles."""

    # WebSockets
    sockets: int = 1_000
    """Open sockets (close code 4013 beyond)."""
    sockets_per_visitor: int = 10
    """Open sockets of one visitor (4013)."""
    socket_message_bytes: int = 65_536
    """Bytes in one message from a browser (4010)."""
    socket_messages_per_second: int = 30
    """Messages a second from a browser, in the long run (4008)."""
    socket_messages_in_burst: int = 60
    """Messages from a browser at once (4008)."""
    socket_unread_messages: int = 64
    """Messages that wait for a busy consumer before the connection is cut."""
    socket_unsent_bytes: int = 1_048_576
    """Bytes that wait for a browser which does not read before the connection is cut."""
    frames_per_second: int = 20
    """Frames the hub makes."""
    frames_in_flight: int = 32
    """Frames sent and not acknowledged; beyond it the browser is skipped and later given one picture."""
    acknowledge_seconds: int = 15
    """Time without an acknowledgement, with frames in flight, after which the socket is closed (4009)."""
