"""How does Go write a value?  As JSON, with `%v` and with `%#v`.

Source: encoding/json (Marshal, MarshalIndent: sorted keys, `<`, `>` and `&` escaped); fmt.
"""

from __future__ import annotations

import json
from typing import Any

_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def compact(value: Any) -> str:
    return _escaped(json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def unsorted(value: Any) -> str:
    """A struct, whose fields stand in their own order."""
    return _escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def indented(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=4)
    return _escaped(text)


def indented_struct(value: Any) -> str:
    """The same of a struct, whose fields stand in their own order."""
    return _escaped(json.dumps(value, ensure_ascii=False, indent=4))


def quoted(text: str) -> str:
    """`%q`"""
    return json.dumps(text, ensure_ascii=False)


def plain(value: Any) -> str:
    """`%v`"""
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{plain(inner)}' for key, inner in sorted(value.items()))}]"
    if isinstance(value, list):
        return f"[{' '.join(map(plain, value))}]"
    return "<nil>" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def source(value: Any) -> str:
    """`%#v` of what was read as JSON, inside of an interface."""
    if isinstance(value, dict):
        return "map[string]interface {}{" + ", ".join(f"{quoted(key)}:{source(inner)}" for key, inner in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[]interface {}{" + ", ".join(map(source, value)) + "}"
    if value is None:
        return "interface {}(nil)"
    return quoted(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _escaped(text: str) -> str:
    for sign, escape in _ESCAPED.items():
        text = text.replace(sign, escape)
    return text


def duration(seconds: float) -> str:
    """As time.Duration is written: `1m30s`, `1.5s`, `500ms`."""
    if 0 < seconds < 1:
        return f"{round(seconds * 1000, 6):g}ms"
    minutes, rest = divmod(round(seconds, 9), 60)
    hours, minutes = divmod(int(minutes), 60)
    larger = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{larger}{round(rest, 9):g}s"
