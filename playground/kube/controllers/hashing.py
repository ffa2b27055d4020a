"""What is a Pod template's hash?  Letters that are the same for equal templates, in any process.

Source: pkg/controller/controller_utils.go (ComputeHash) and apimachinery/pkg/util/rand (SafeEncodeString).
Simplified: the number hashed is not Go's, so the letters differ from a real cluster's for the same template.
"""

from __future__ import annotations

import hashlib

import msgspec

from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import JSON
from playground.kube.chance import SAFE_LETTERS


def template_hash(template: JSON, collisions: int = 0) -> str:
    """The `pod-template-hash` of a template; `collisions` makes another one."""
    return _encoded(_canonical(template) + f"/{collisions}".encode()) if collisions else _first.of(template)


def _encoded(text: bytes) -> str:
    number = int.from_bytes(hashlib.sha256(text).digest()[:4], "big")
    return "".join(SAFE_LETTERS[ord(digit) % len(SAFE_LETTERS)] for digit in str(number))


def _canonical(template: JSON) -> bytes:
    return msgspec.json.encode(template, order="sorted")


_first: Memo[str] = Memo(lambda template: _encoded(_canonical(template)))
