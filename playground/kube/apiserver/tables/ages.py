"""How long ago was that, in kubectl's short words?

Source: staging/src/k8s.io/apimachinery/pkg/util/duration/duration.go (HumanDuration); pkg/printers/internalversion (translateTimestampSince).
"""

from __future__ import annotations

from datetime import datetime


def since(timestamp: str | None, now: int) -> str:
    """From an API timestamp to `now`, whole seconds since 1970: `45s`, `2m14s`, `3h5m`, `2d`; `<unknown>` without a timestamp."""
    return "<unknown>" if not timestamp else human(now - seconds(timestamp))


def seconds(timestamp: str) -> int:
    """Whole seconds since 1970 of a time as the API writes it."""
    return int(datetime.fromisoformat(timestamp).timestamp())


def human(passed: int) -> str:
    """So many seconds, in at most two units."""
    if passed < -1:
        return "<invalid>"
    minutes, hours, days = passed // 60, passed // 3600, passed // 86400
    if passed < 120:
        return f"{max(passed, 0)}s"
    if minutes < 10:
        return _two(minutes, "m", passed % 60, "s")
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return _two(hours, "h", minutes % 60, "m")
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return _two(days, "d", hours % 24, "h")
    return f"{days}d" if days < 730 else _years(days)


def _years(days: int) -> str:
    return _two(days // 365, "y", days % 365, "d") if days < 365 * 8 else f"{days // 365}y"


def _two(large: int, unit: str, small: int, smaller: str) -> str:
    return f"{large}{unit}{small}{smaller}" if small else f"{large}{unit}"
