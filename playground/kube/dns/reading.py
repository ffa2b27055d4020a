"""What does the text of a Corefile say?  The options that this CoreDNS runs with, and what in it is not followed here.

Source: coredns/caddy caddyfile/parse.go for the form; coredns plugin.cfg for the names of plugins; plugin/kubernetes/setup.go,
plugin/cache/setup.go and plugin/reload/setup.go for their words.
Simplified: only the server block for every zone (`.`) is read; `unread` says what else stands in the file. Whoever `forward` names, the
Nodes' own resolver answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from playground.kube.dns.corefile import ROOT, Caching, Corefile, Plan

LONGEST = 65_536
EVERYWHERE = re.compile(r"(dns://)?\.(:53)?,?")
DURATION = re.compile(r"(?:(\d+)m)?(?:(\d+)s)?")
LEAST_INTERVAL, INTERVAL = 2, 30
HARMLESS = "any bufsize cancel chaos debug errors health local log loop metadata minimal multisocket nsid pprof prometheus ready root trace".split()
OTHERS = (
    "acl auto autopath azure bind clouddns dns64 dnssec dnstap erratic etcd file geoip grpc grpc_server header hosts https https3 import "
    "k8s_external nomad on quic rewrite route53 secondary sign template timeouts tls transfer tsig view whoami"
).split()


class BadCorefile(ValueError):
    """CoreDNS cannot run with this file: says what was seen, and in which line."""


class Reading(NamedTuple):
    corefile: Corefile
    unread: tuple[str, ...] = ()


class Line(NamedTuple):
    """A line's words, and the lines in the braces that it opens."""

    number: int
    words: tuple[str, ...]
    inner: tuple[Line, ...] = ()


@lru_cache(maxsize=64)
def read(text: str) -> Reading:
    """Raises BadCorefile."""
    if len(text) > LONGEST:
        raise BadCorefile(f"{len(text)} characters are too many: at most {LONGEST} are read")
    unread: list[str] = []
    found: Corefile | None = None
    for block in _lines(text):
        if found is None and any(EVERYWHERE.fullmatch(key) for key in block.words):
            found = _server(block, unread)
        else:
            unread.append(" ".join(block.words))
    if found is None:
        raise BadCorefile("no server block for every zone, as in .:53 { }, is in it")
    return Reading(found, tuple(dict.fromkeys(unread)))


def _server(block: Line, unread: list[str]) -> Corefile:
    corefile = Corefile((), forwards=False)
    seen: list[str] = []
    for line in block.inner:
        name = line.words[0]
        if name in PLUGINS:
            if name in seen:
                raise _wrong(line, f"plugin/{name}: this plugin can only be used once per Server Block")
            corefile = PLUGINS[name](line, corefile, unread)
        elif name in OTHERS:
            unread.append(name)
        elif name not in HARMLESS:
            raise _wrong(line, f"Unknown directive '{name}'")
        seen.append(name)
    return corefile


# --- the plugins


def _kubernetes(line: Line, corefile: Corefile, unread: list[str]) -> Corefile:
    zones = _zones(line.words[1:])
    if all(zone.endswith(".arpa.") for zone in zones if zone != ROOT):
        raise _wrong(line, "plugin/kubernetes: non-reverse zone name must be used")
    corefile = replace(corefile, zones=zones)
    for inner in line.inner:
        name, *words = inner.words
        if name == "pods":
            if words not in (["disabled"], ["insecure"], ["verified"]):
                seen = " ".join(words)
                raise _wrong(inner, f"plugin/kubernetes: wrong value for pods: {seen},  must be one of: disabled, verified, insecure")
            corefile = replace(corefile, pods=words[0])
        elif name == "ttl":
            corefile = replace(corefile, ttl=_number(inner, words, 0, 3_600, "plugin/kubernetes: ttl must be in range [0, 3600]"))
        elif name == "fallthrough":
            corefile = replace(corefile, fall=_zones(words))
        elif name == "ignore" and words == ["empty_service"]:
            corefile = replace(corefile, ignore_empty_service=True)
        elif name in KUBERNETES_UNREAD:
            unread.append(f"kubernetes {name}")
        else:
            raise _wrong(inner, f"plugin/kubernetes: unknown property '{name}'")
    return corefile


KUBERNETES_UNREAD = (
    "apiserver_burst apiserver_qps endpoint endpoint_pod_names kubeconfig labels multicluster namespace_labels namespaces noendpoints "
    "startup_timeout tls"
).split()


def _cache(line: Line, corefile: Corefile, unread: list[str]) -> Corefile:
    words, caching = list(line.words[1:]), Caching()
    if words and words[0].lstrip("-").isdigit():
        most = _positive(line, words.pop(0))
        caching = replace(caching, success=Plan(most), denial=Plan(most))
    caching = replace(caching, zones=_zones(words))
    for inner in line.inner:
        name, *rest = inner.words
        if name in ("success", "denial"):
            caching = replace(caching, **{name: _plan(inner, rest, getattr(caching, name))})
        elif name == "disable" and rest and rest[0] in ("success", "denial"):
            caching = replace(caching, **{rest[0]: replace(getattr(caching, rest[0]), exempt=_zones(rest[1:]))})
        elif name in ("prefetch", "serve_stale", "servfail", "keepttl"):
            unread.append(f"cache {name}")
        else:
            raise _wrong(inner, "plugin/cache: Wrong argument count or unexpected line ending after '{}'".format(" ".join(inner.words)))
    return replace(corefile, caching=caching)


def _plan(line: Line, words: list[str], plan: Plan) -> Plan:
    """`CAPACITY [TTL] [MINTTL]`."""
    if not words or not words[0].isdigit():
        raise _wrong(line, f"plugin/cache: {line.words[0]} needs a capacity")
    most = _positive(line, words[1]) if len(words) > 1 else plan.most
    least = _number(line, words[2:], 0, 1 << 31, "plugin/cache: cache min TTL can not be negative") if len(words) > 2 else plan.least
    return replace(plan, most=most, least=least)


def _reload(line: Line, corefile: Corefile, unread: list[str]) -> Corefile:
    interval = _seconds(line, line.words[1]) if len(line.words) > 1 else INTERVAL
    if interval < LEAST_INTERVAL:
        raise _wrong(line, f"plugin/reload: interval value must be greater or equal to {LEAST_INTERVAL}s")
    return replace(corefile, reload=interval)


def _loadbalance(line: Line, corefile: Corefile, unread: list[str]) -> Corefile:
    policy = line.words[1] if len(line.words) > 1 else "round_robin"
    if policy not in ("round_robin", "weighted"):
        raise _wrong(line, f"plugin/loadbalance: unknown policy: {policy}")
    if policy == "weighted":
        unread.append("loadbalance weighted")
    return replace(corefile, shuffles=True)


def _forward(line: Line, corefile: Corefile, unread: list[str]) -> Corefile:
    """A file may forward some zones only."""
    if len(line.words) < 3:
        raise _wrong(line, "plugin/forward: Wrong argument count or unexpected line ending after 'forward'")
    return replace(corefile, forwards=corefile.forwards or line.words[1] == ROOT)


PLUGINS: dict[str, Callable[[Line, Corefile, list[str]], Corefile]] = {
    "kubernetes": _kubernetes,
    "cache": _cache,
    "reload": _reload,
    "forward": _forward,
    "loadbalance": _loadbalance,
}


# --- words


def _zones(words: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """In lower case with their last dots; none means every one."""
    return tuple(word.lower().rstrip(".") + "." for word in words) or (ROOT,)


def _positive(line: Line, word: str) -> int:
    return _number(line, [word], 1, 1 << 31, "plugin/cache: cache TTL can not be zero or negative")


def _number(line: Line, words: list[str], least: int, most: int, wrong: str) -> int:
    if not words or not re.fullmatch(r"-?\d{1,10}", words[0]) or not least <= int(words[0]) <= most:
        raise _wrong(line, f"{wrong}: {' '.join(words)}")
    return int(words[0])


def _seconds(line: Line, word: str) -> int:
    found = DURATION.fullmatch(word)
    if not found or not word:
        raise _wrong(line, f'plugin/reload: time: invalid duration "{word}"')
    return int(found[1] or 0) * 60 + int(found[2] or 0)


def _wrong(line: Line, why: str) -> BadCorefile:
    return BadCorefile(f"Corefile:{line.number} - Error during parsing: {why}")


def _lines(text: str) -> tuple[Line, ...]:
    """The file as a tree: what stands in braces belongs to the line that opens them."""
    opened: list[tuple[int, tuple[str, ...], list[Line]]] = [(0, (), [])]
    number = 0
    for number, raw in enumerate(text.splitlines(), 1):
        words = raw.partition("#")[0].split()
        if words == ["}"]:
            if len(opened) == 1:
                raise BadCorefile(f"Corefile:{number} - Syntax error: Unexpected '}}'")
            start, outer, inner = opened.pop()
            opened[-1][2].append(Line(start, outer, tuple(inner)))
        elif len(words) > 1 and words[-1] == "{":
            opened.append((number, tuple(words[:-1]), []))
        elif any(word in ("{", "}") for word in words):
            raise BadCorefile(f"Corefile:{number} - Syntax error: Unexpected '{raw.strip()}'")
        elif words:
            opened[-1][2].append(Line(number, tuple(words)))
    if len(opened) > 1:
        raise BadCorefile(f"Corefile:{number} - Syntax error: Unexpected EOF, expecting '}}'")
    return tuple(opened[0][2])
