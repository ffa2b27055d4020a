"""Which code runs the cases of a suite?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from playground.conformance.report import Result, Unreadable

Runner = Callable[[dict[str, Any]], Iterator[Result]]
SUITES = {
    "dns": "playground.conformance.dns:run",
    "dns-real": "playground.conformance.dns:run",
    "envvars": "playground.conformance.envvars:run",
    "endpointslices": "playground.conformance.endpointslices:run",
    "proxy-endpoints": "playground.conformance.proxies:run",
    "proxy-flows": "playground.conformance.proxies:run",
    "proxy-rules": "playground.conformance.proxies:run",
    "proxy-real": "playground.conformance.proxies:run",
}


def runner_of(value: Any) -> Runner:
    """The runner for a file's content; raises Unreadable."""
    suite = value.get("suite") if isinstance(value, dict) else None
    if suite not in SUITES:
        seen = f"suite {suite!r}" if isinstance(value, dict) else f"a {type(value).__name__}"
        raise Unreadable(f"{seen} where an object with a suite is expected: one of {', '.join(SUITES)}")
    module, _, name = SUITES[suite].partition(":")
    try:
        runner: Runner = getattr(import_module(module), name)
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise
        raise Unreadable(f"suite {suite!r} cannot be run: there is no module {module}") from missing
    return runner
