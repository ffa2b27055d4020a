"""How does the door say no?  In the words of kube's Refusal, so that a page shows both alike; nothing has changed then."""

from __future__ import annotations

import logging
import re

from django.db import DatabaseError

from playground.kube.errors import Refusal

logger = logging.getLogger(__name__)
OP = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


class NoSuchCluster(Exception):
    """There is none, or it is another visitor's: nobody can tell which."""


class NoSuchRequest(Exception):
    """No request of this number ended at this time: perhaps what led to it was undone."""


class TooFast(Refusal):
    """More than a limit allows in a time; `wait` is in seconds."""

    def __init__(self, limit: str, allowed: int, wait: int):
        super().__init__(429, "TooManyRequests", f'too fast: limit "{limit}" allows {allowed}; try again in {wait} s')
        self.wait = wait


class TooMany(Refusal):
    """As much as a limit allows is open already; `wait` is in seconds."""

    def __init__(self, limit: str, allowed: int, wait: int = 1):
        super().__init__(429, "TooManyRequests", f'too many: limit "{limit}" allows {allowed}; try again in {wait} s')
        self.wait = wait


class Unavailable(Refusal):
    """The server cannot do it just now; what was asked is safe to send again with the same op. `wait` is in seconds."""

    def __init__(self, message: str, wait: int = 1):
        super().__init__(503, "ServiceUnavailable", message)
        self.wait = wait


class TooLongAgo(Refusal):
    """Finding it out again would take more time than a visitor may ask for."""

    def __init__(self) -> None:
        super().__init__(422, "TooLongAgo", "this request ended so long ago that replaying it would take too much time")


def too_many_clusters(allowed: int) -> Refusal:
    return Refusal(403, "Forbidden", f'a visitor keeps at most {allowed} clusters: limit "clusters_per_visitor" reached')


def read_only() -> Refusal:
    return Refusal(403, "Forbidden", "this cluster is shown for looking only")


def check_op(op: str) -> None:
    """Raises Refusal."""
    if not OP.match(op):
        raise Refusal(400, "BadRequest", f"op: {op[:80]!r}: a client-made id of 1 to 64 letters, digits, '-' or '_' is required")


def unavailable(error: DatabaseError) -> Refusal:
    logger.warning("the database did not take it: %s", error)
    return Unavailable("the server could not save this just now; nothing was changed")


def nothing_to(what: str) -> Refusal:
    return Refusal(409, "Conflict", f"there is nothing to {what}")
