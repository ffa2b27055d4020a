"""How is an object written as YAML?  As `kubectl get -o yaml` does: block style, quotes only where they are needed.

Source: sigs.k8s.io/yaml/goyaml.v2/encode.go. The order of keys is the value's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import yaml

from playground.manifests.scalars import NotANumber, resolve

_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", re.ASCII)
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", re.ASCII)
_UNBROKEN = 2**31 - 1


def write(value: Any) -> str:
    """The YAML of one JSON value, ending in a newline."""
    return str(yaml.dump(value, Dumper=_Dumper, default_flow_style=False, sort_keys=False, allow_unicode=True, width=_UNBROKEN))


def write_all(values: Iterable[Any]) -> str:
    """Several documents, with `---` between them."""
    return "---\n".join(write(value) for value in values)


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, words: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", words, style=_style(words))


def _style(words: str) -> str | None:
    """Double quotes for what reads as something else, a block for lines, else whatever the emitter finds plain enough."""
    if _reads_otherwise(words):
        return '"'
    return "|" if "\n" in words else None


def _reads_otherwise(words: str) -> bool:
    try:
        other = not isinstance(resolve(words), str)
    except NotANumber:
        other = True
    return other or words in ("<<", "=") or bool(_DATE.match(words) or _BASE_60.fullmatch(words))


_Dumper.add_representer(str, _text)
