"""How are the words read that several kinds have in common?  A name, pairs, ports, a quantity of each."""

from __future__ import annotations

from playground.kube.errors import Refusal
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong, misused


def name_of(call: Call) -> str:
    if len(call.words) != 1:
        raise misused(call.command, f"exactly one NAME is required, got {len(call.words)}")
    return call.words[0]


def named(call: Call) -> tuple[str, list[str]]:
    """The name, and the command behind `--`."""
    count = len(call.words) if call.flags.dash is None else call.flags.dash
    if count != 1:
        raise misused(call.command, f"exactly one NAME is required, got {count}")
    return call.words[0], call.words[1:]


def pairs(text: str) -> dict[str, str]:
    found = {}
    for pair in text.split(","):
        key, equals, value = pair.partition("=")
        if not equals:
            raise Wrong(f"unexpected label spec: {pair}")
        found[key] = value
    return found


def port_number(text: str) -> int:
    if not text.isdecimal():
        raise Wrong(f'strconv.Atoi: parsing "{text}": invalid syntax')
    if not 1 <= int(text) <= 65535:
        raise Wrong("port must be between 1 and 65535, inclusive")
    return int(text)


def failed(what: str, refusal: Refusal) -> Exception:
    return Wrong(f"failed to create {what}: {refusal.message}")
