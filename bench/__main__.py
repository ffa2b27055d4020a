"""`python -m bench [LAW...]`: measure the laws, print each as measured / goal, and write them to var/bench.json."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import django
import msgspec

# Law number to the module that measures it; each module has `measure() -> list[Measure]`.
LAWS = {
    "1": "bench.requests_scale",
    "2": "bench.requests_explained",
    "3": "bench.deletes_scale",
    "4": "bench.scale",
    "5": "bench.whatif",
    "6": "bench.streaming",
    "7": "bench.bursts",
    "9": "bench.engine",
    "10": "bench.residents",
    "api": "bench.api",
}


def main(asked: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
    django.setup()
    unknown = [law for law in asked if law not in LAWS]
    if unknown:
        sys.exit(f"no such law: {', '.join(unknown)} (there are {', '.join(LAWS)})")
    measures = []
    for law in asked or LAWS:
        for measure in importlib.import_module(LAWS[law]).measure():
            print(measure.line(), flush=True)
            measures.append({**msgspec.structs.asdict(measure), "held": measure.held})
    Path("var").mkdir(exist_ok=True)
    Path("var/bench.json").write_bytes(msgspec.json.format(msgspec.json.encode(measures)))


if __name__ == "__main__":
    main(sys.argv[1:])
