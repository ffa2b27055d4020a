"""What would become of requests under these manifests?  `python manage.py simulate FILE... --from SENDER --to NAME:PORT --requests N`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand

from playground.clusters.trial import Plan, Refused, Result, Source, Timed, run
from playground.kube.clock import SECOND
from playground.kube.network.senders import is_machine
from playground.terminal.workstation.errors import BadWords
from playground.terminal.workstation.lines import command

MANIFESTS = (".json", ".yaml", ".yml")
LONGEST_SECONDS = 86_400
MOST_REQUESTS = 100_000
SENDER = "who asks: a Pod (NAME or NAMESPACE/NAME), a Node (node:NAME), or a client outside of the cluster (outside:ADDRESS, or outside)"


class Command(BaseCommand):
    help = (
        "Apply manifests to a fresh cluster of three Nodes, let it settle, send requests 10 ms apart, and print how they ended. "
        "The same seed gives the same output. Exits with 1, and the reasons, if a manifest is refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a manifest, a folder of manifests, or - for standard input")
        parser.add_argument("--from", dest="sender", metavar="SENDER", required=True, help=SENDER)
        parser.add_argument(
            "--to", metavar="NAME:PORT", required=True, help="what it asks; over UDP or SCTP as in kube-dns.kube-system:53/UDP"
        )
        parser.add_argument("--requests", metavar="N", type=_count, required=True, help="how many requests it sends")
        parser.add_argument("--seed", metavar="S", type=int, default=1, help="decides every choice that Kubernetes leaves to chance")
        parser.add_argument(
            "--until", metavar="SECONDS", type=_microseconds, default=0, help="how long to go on after the cluster has settled"
        )
        parser.add_argument(
            "--at",
            metavar="SECONDS=LINE",
            type=_timed,
            action="append",
            default=[],
            help='what is typed on the workstation, and when after the cluster has settled: --at 0.5="delete pod frontend-..." '
            "(the first Pod whose name begins so); the word kubectl may be left out",
        )
        parser.add_argument("--dual-stack", action="store_true", help="the cluster has IPv6 beside IPv4")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = run(_plan(options), settings.YAML_LIMITS)
        except Refused as refused:
            self.stderr.write("\n".join(refused.reasons))
            sys.exit(1)
        self.stdout.write(msgspec.json.encode(result).decode() if options["json"] else _text(result, options))


def _plan(options: dict[str, Any]) -> Plan:
    sources = [source for name in options["files"] for source in _sources(name)]
    sender = options["sender"]
    sender = sender if "/" in sender or is_machine(sender) else f"default/{sender}"
    return Plan(
        sources, sender, options["to"], options["requests"], options["seed"], options["until"], options["at"], options["dual_stack"]
    )


# --- reading the command line


def _sources(name: str) -> Iterator[Source]:
    """The manifests behind a word: standard input, a file, or a folder's files by name. Raises Refused."""
    if name == "-":
        yield Source("<stdin>", _decoded("<stdin>", sys.stdin.buffer.read(settings.YAML_LIMITS.bytes + 1)))
        return
    path = Path(name)
    if not path.exists():
        raise Refused([f'the path "{name}" does not exist'])
    files = sorted(each for each in path.iterdir() if each.suffix in MANIFESTS) if path.is_dir() else [path]
    if not files:
        raise Refused([f'the folder "{name}" holds no manifest: {", ".join(MANIFESTS)}'])
    for file in files:
        yield Source(str(file), _decoded(str(file), file.read_bytes()))


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused([f"{name}:{line}:1: found bytes that are not UTF-8; expected a text"]) from None


def _count(word: str) -> int:
    if not (word.isdecimal() and len(word) < 10 and 1 <= int(word) <= MOST_REQUESTS):
        raise ArgumentTypeError(f"{word!r} is not a number from 1 to {MOST_REQUESTS:,}")
    return int(word)


def _microseconds(word: str) -> int:
    try:
        seconds = float(word)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise ArgumentTypeError(f"{word!r} is not a number of seconds from 0 to {LONGEST_SECONDS:,}")
    return round(seconds * SECOND)


def _timed(word: str) -> Timed:
    seconds, sign, line = word.partition("=")
    if not sign:
        raise ArgumentTypeError(f'{word!r}: expected SECONDS=LINE, as in 5="delete pod frontend-..."')
    try:
        return Timed(_microseconds(seconds), command(line), line)
    except BadWords as error:
        raise ArgumentTypeError(str(error)) from None


# --- writing the result


def _text(result: Result, options: dict[str, Any]) -> str:
    endpoints = {service: ", ".join(ready) or "<none>" for service, ready in result.endpoints.items()}
    parts = [
        f"{options['requests']} requests from {options['sender']} to {options['to']}",
        _table("Outcomes", result.outcomes),
        _table("Answers by Pod", result.pods),
        _table("Answers by Node", result.nodes),
        _table("Ready endpoints", endpoints),
        "\n".join(["Warnings", *(f"  {line}" for line in result.warnings)]) if result.warnings else "",
        f"State {result.hash}",
    ]
    return "\n\n".join(part for part in parts if part)


def _table(title: str, rows: dict[str, Any]) -> str:
    width = max(map(len, rows), default=0)
    return "\n".join([title, *(f"  {name:<{width}}  {value}" for name, value in rows.items())] if rows else [title, "  none"])
