"""Which cases of these files does the simulation answer as Kubernetes does?  `python manage.py conformance FILE...`."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from playground.conformance.registry import runner_of
from playground.conformance.report import Result, Unreadable


class Command(BaseCommand):
    help = (
        "Run files of conformance cases; print each difference and how many passed. Exits with 1 if a case failed or a file cannot be read."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="a JSON file of cases that says its suite")

    def handle(self, *args: Any, **options: Any) -> None:
        passed = failed = unread = 0
        for file in options["files"]:
            try:
                value = _read(file)
                for result in runner_of(value)(value):
                    passed, failed = passed + result.passed, failed + (not result.passed)
                    if not result.passed:
                        self.stdout.write(_difference(file, result))
            except Unreadable as error:
                unread += 1
                self.stderr.write(f"{file}: {error}")
        self.stdout.write(f"{passed} passed, {failed} failed")
        if failed or unread:
            sys.exit(1)


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise Unreadable(f"it cannot be read as JSON: {error}") from error


def _difference(file: Path, result: Result) -> str:
    expected, got = (json.dumps(value, sort_keys=True, default=str) for value in (result.expected, result.got))
    return f"{file.name} {result.case}\n  expected {expected}\n  got      {got}"
