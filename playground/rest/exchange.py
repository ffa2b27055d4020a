"""What is asked of the API, and what is answered?  One request and one answer as values, without a server around them."""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.errors import Refusal, bad_request

JSON = dict[str, Any]
JSON_TYPE = "application/json"


class Request(msgspec.Struct, frozen=True):
    """`path` is what follows the cluster's own address, without slashes at its ends; `prefix` is that address, `/w/<key>`."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    prefix: str

    def asked(self, name: str) -> str:
        """The first value of a parameter, or ''."""
        return self.query.get(name, [""])[0]

    def flag(self, name: str) -> bool:
        """A parameter that is true or false; raises Refusal."""
        value = self.asked(name)
        if value.lower() not in ("", "0", "1", "true", "false", "t", "f"):
            raise bad_request(f'strconv.ParseBool: parsing "{value[:40]}": invalid syntax')
        return value.lower() in ("1", "true", "t")

    def number(self, name: str) -> int:
        """A parameter that is a whole number, 0 without it; raises Refusal."""
        value = self.asked(name)
        if value and not (value.isascii() and value.lstrip("-").isdigit() and len(value) < 19):
            raise bad_request(f'strconv.ParseInt: parsing "{value[:40]}": invalid syntax')
        return int(value or 0)

    @property
    def dry(self) -> bool:
        """Whether nothing shall be kept; raises Refusal for what is no kind of dry run."""
        asked = self.query.get("dryRun", [])
        if any(each != "All" for each in asked):
            raise bad_request(f'dryRun: Unsupported value: {asked!r}: supported values: "All"')
        return bool(asked)

    @property
    def manager(self) -> str:
        """Who acts, for metadata.managedFields: as it says itself, or the program's name."""
        return (self.asked("fieldManager") or self.headers.get("user-agent", "").split("/")[0])[:128]


class Answer(msgspec.Struct, frozen=True):
    """`warnings` become `Warning` headers, which kubectl prints."""

    body: bytes
    status: int = 200
    type: str = JSON_TYPE
    headers: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


def answer(value: Any, status: int = 200, warnings: tuple[str, ...] = ()) -> Answer:
    """A JSON value in one line."""
    return Answer(msgspec.json.encode(value) + b"\n", status, warnings=warnings)


def spaced(value: Any) -> Answer:
    """A JSON value with room for eyes, as what is no object of the API is always written."""
    return Answer(msgspec.json.format(msgspec.json.encode(value), indent=2))


def not_there() -> Refusal:
    """No such address."""
    return Refusal(404, "NotFound", "the server could not find the requested resource")


def not_allowed() -> Refusal:
    return Refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
