"""Where is done what blocks or uses the database, while an event loop goes on?  In a few threads, each with a connection of its own that it keeps.

A new connection for every request, as Django's own way has it, costs as much as the request itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connections


async def in_thread(work: Callable[..., Any], *args: Any) -> Any:
    """What the work returns or raises."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), _done, work, args)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.LIMITS.worker_threads, "worker")


def _done(work: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    try:
        return work(*args)
    finally:
        for connection in connections.all(initialized_only=True):
            if connection.errors_occurred:
                connection.close()
