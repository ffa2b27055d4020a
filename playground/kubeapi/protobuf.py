"""Which object does a body in Kubernetes' protobuf hold?

Source: apimachinery pkg/runtime/serializer/protobuf (the envelope), protobuf.dev/programming-guides/encoding (the wire format).
kubectl sends what it makes by itself (`create deployment`, `auth can-i`) in this form only. Answers are always JSON.
Simplified: the fields of `messages.py` are known; a body with another field is refused, so that nothing is lost in silence.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from playground.kube.errors import Refusal, bad_request
from playground.kubeapi.messages import MESSAGES, Part

JSON = dict[str, Any]
MAGIC = b"k8s\x00"
DEEPEST = 32


class _Broken(Exception):
    """The bytes are no protobuf."""


def decode(body: bytes) -> JSON:
    """The object as JSON, with apiVersion and kind; raises Refusal."""
    if not body.startswith(MAGIC):
        raise bad_request("the protobuf object could not be decoded: no magic number in front")
    try:
        envelope = _last(body[len(MAGIC) :])
        named = _last(envelope.get(1, b""))
        version, kind = named.get(1, b"").decode(), named.get(2, b"").decode()
        if kind not in MESSAGES:
            raise _unknown(kind)
        return {"apiVersion": version, "kind": kind, **_message(kind, envelope.get(2, b""), kind, 0)}
    except (_Broken, UnicodeDecodeError, AttributeError):
        raise bad_request("the protobuf object could not be decoded: it is cut short or damaged") from None


def _message(name: str, data: bytes, path: str, depth: int) -> JSON:
    if depth > DEEPEST:
        raise _Broken
    value: JSON = {}
    for number, raw in _fields(data):
        part = MESSAGES[name].get(number)
        if part is None:
            if raw in (b"", 0):
                continue
            raise _unknown_field(path, number)
        if part.type == "-":
            continue
        _take(value, part, raw, f"{path}.{part.name}", depth)
    return value


def _take(value: JSON, part: Part, raw: Any, path: str, depth: int) -> None:
    if part.shape == "[]":
        value.setdefault(part.name, []).append(_one(part.type, raw, path, depth))
    elif part.shape == "{}":
        entry = _last(raw)
        value.setdefault(part.name, {})[entry.get(1, b"").decode()] = _one(part.type, entry.get(2, b""), path, depth)
    else:
        one = _one(part.type, raw, path, depth)
        if part.name == ".":
            value.update(one)
        elif part.pointer or one not in ("", 0, False, None, {}):
            value[part.name] = one


def _one(type: str, raw: Any, path: str, depth: int) -> Any:
    if type in MESSAGES:
        return _message(type, _bytes(raw), path, depth + 1)
    return _SCALARS[type](raw)


def _integer(raw: Any) -> int:
    if not isinstance(raw, int):
        raise _Broken
    return raw - (1 << 64) if raw >= 1 << 63 else raw


def _boolean(raw: Any) -> bool:
    return bool(_integer(raw))


def _string(raw: Any) -> str:
    return _bytes(raw).decode()


def _base64(raw: Any) -> str:
    return base64.b64encode(_bytes(raw)).decode()


def _quantity(raw: Any) -> str:
    return _string(_last(_bytes(raw)).get(1, b""))


def _time(raw: Any) -> str | None:
    seconds = _last(_bytes(raw)).get(1, 0)
    if not seconds or not 0 < _integer(seconds) < 1 << 37:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _int_or_string(raw: Any) -> int | str:
    parts = _last(_bytes(raw))
    return _string(parts.get(3, b"")) if parts.get(1) else _integer(parts.get(2, 0))


def _bytes(raw: Any) -> bytes:
    if not isinstance(raw, bytes):
        raise _Broken
    return raw


def _last(data: Any) -> dict[int, Any]:
    return dict(_fields(_bytes(data)))


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Field numbers with integers or bytes."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield tag >> 3, value
        elif kind in (1, 2, 5):
            length, at = (8, at) if kind == 1 else (4, at) if kind == 5 else _varint(data, at)
            if at + length > len(data):
                raise _Broken
            yield tag >> 3, data[at : at + length]
            at += length
        else:
            raise _Broken


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise _Broken
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise _Broken


def _unknown(kind: str) -> Refusal:
    advice = "add --dry-run=client -o yaml | kubectl apply -f -"
    return Refusal(415, "UnsupportedMediaType", f"this playground takes {kind[:60] or 'this'} as JSON or YAML only: {advice}")


def _unknown_field(path: str, number: int) -> Refusal:
    advice = "send it as JSON or YAML: add --dry-run=client -o yaml | kubectl apply -f -"
    return Refusal(
        415, "UnsupportedMediaType", f"{path}: field {number} of this message is not known to this playground as protobuf; {advice}"
    )


_SCALARS = {
    "s": _string, "i": _integer, "b": _boolean, "y": _base64, "q": _quantity, "t": _time, "o": _int_or_string,
}  # fmt: skip
