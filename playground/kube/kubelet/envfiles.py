"""What does a file of variables say of a key?  Files that an init container wrote into an emptyDir, for `fileKeyRef`.

Source: pkg/kubelet/util/env/env_util.go (ParseEnv), pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables), KEP-3721 (feature gate EnvFiles, on since 1.35).
"""

from __future__ import annotations

BLANKS = " \t"


class Unparsed(Exception):
    """The file is not of this form; the text says where, as the kubelet's log does."""


def value_of(text: str, key: str) -> str:
    """What `KEY='value'` says, "" where the key is not there. What stands behind it is not read. Raises Unparsed."""
    lines = enumerate(text.removesuffix("\n").split("\n"), 1)
    for number, raw in lines:
        line = raw.lstrip(BLANKS)
        if not line or line.startswith("#"):
            continue
        name, equals, rest = line.partition("=")
        if not equals:
            raise _wrong(number, "missing '='")
        if not name.rstrip(BLANKS):
            raise _wrong(number, "empty variable name")
        if name != name.rstrip(BLANKS):
            raise _wrong(number, "whitespace before '=' is not allowed")
        if rest.startswith((" ", "\t")):
            value = ""
        elif rest.startswith("'"):
            value = _quoted(rest[1:], number, lines)
        else:
            raise _wrong(number, "value must be enclosed in single quotes")
        if name == key:
            return value
    return ""


def _quoted(rest: str, number: int, lines: enumerate[str]) -> str:
    """What stands up to the closing quote, which may come some lines later."""
    found, last = "", number
    while "'" not in rest:
        found += f"{rest}\n"
        last, rest = next(lines, (0, ""))
        if not last:
            raise Unparsed(f"invalid environment variable format starting at line {number}: unclosed single quote")
    value, _, after = rest.partition("'")
    after = after.lstrip(BLANKS)
    if after and not after.startswith("#"):
        raise _wrong(last, "unexpected content after closing quote")
    return found + value


def _wrong(number: int, why: str) -> Unparsed:
    return Unparsed(f"invalid environment variable format at line {number}: {why}")
