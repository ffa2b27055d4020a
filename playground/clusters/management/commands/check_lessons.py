"""Do lessons work?  `python manage.py check_lessons [PATH]` plays every lesson of a folder and lists each fault with its file and line."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand

from playground.clusters import engine, library
from playground.curriculum.loader import Fault, Unit
from playground.curriculum.proving import prove
from playground.manifests.reader import read

SEEDS = 3


class Command(BaseCommand):
    help = (
        "Play every lesson as its learners would: it opens at rest and unsolved, its solution and alternatives reach each goal, its wrong answers do not "
        "and are each known by their own words, and so with three seeds. Exits with 1 if anything is wrong."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="the folder with tracks.toml (LESSONS_PATH, or the lessons of the project)")
        parser.add_argument("--lesson", metavar="NAME", action="append", help="only this lesson; may be given again")
        parser.add_argument("--seeds", metavar="N", type=int, default=SEEDS, help="how many seeds of each cluster to try")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["path"] or settings.LESSONS_PATH or settings.BASE_DIR / library.OWN
        found, faults = library.checked(folder)
        chosen = [unit for name, unit in found.units.items() if not options["lesson"] or name in options["lesson"]]
        for name in options["lesson"] or ():
            if name not in found.units and not any(f"{name}/" in fault.file for fault in faults):
                faults.append(Fault(str(folder / "tracks.toml"), 1, f'there is no lesson "{name}"'))
        if options["lesson"]:
            faults = [each for each in faults if any(f"/{name}" in each.file or name in each.message for name in options["lesson"])]
        self._tell(faults)
        count = len(faults)
        for unit in chosen:
            flaws = proven(unit, folder, options["seeds"])
            self._tell(flaws)
            count += len(flaws)
            if not flaws:
                self.stdout.write(f"{unit.name}: {len(unit.lesson.steps)} steps, {', '.join(sorted(unit.prose))}: good")
        self.stdout.write(f"{len(chosen)} lessons played, {count} faults")
        if count:
            sys.exit(1)

    def _tell(self, faults: list[Fault]) -> None:
        for fault in faults:
            self.stderr.write(str(fault))


def proven(unit: Unit, folder: Path, seeds: int = SEEDS) -> list[Fault]:
    """What is wrong with one lesson, each fault once, with the seeds of its cluster after its own."""
    path = folder / unit.name / "lesson.yaml"
    document = read(path.read_text("utf-8")).documents[0]
    limited = msgspec.structs.replace(unit, scene=msgspec.structs.replace(unit.scene, settings=engine.limited(unit.scene.settings)))
    first = unit.scene.settings.seed
    faults: dict[tuple[str, str], Fault] = {}
    for seed in range(first, first + seeds):
        for flaw in prove(limited, engine.schema(), seed):
            line = document.locate(flaw.field)[0]
            faults.setdefault(flaw, Fault(str(path), line, f"{flaw.field}: {flaw.message} (seed {seed})"))
    return list(faults.values())
