"""What does `kubectl set env` say?  Variables that are set, taken away, listed, or taken from a ConfigMap or Secret.

Source: staging/src/k8s.io/kubectl/pkg/cmd/set/set_env.go, set/env/env_parse.go.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from playground.kube.cluster import Cluster
from playground.terminal.kubectl import golang, references, templates
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Look, Program, Steps
from playground.terminal.kubectl.builder import Wish, looking
from playground.terminal.kubectl.call import Call, err, out, stdin
from playground.terminal.kubectl.changing import NONE_NAMED, wanted
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.submitting import dry_run
from playground.terminal.kubectl.templates import check_place, matching, pod_spec, update, with_containers

JSON = dict[str, Any]
FLAGS = f"{templates.FLAGS} selector/l:text containers/c:text env/e:array from:text keys:list list:switch overwrite:switch prefix:text resolve:switch"
VARIABLE = re.compile(r"^(.+)=(.*)$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*")  # stricter than the API server, as kubectl is
NO_NAME = (
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit "
    "(e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')"
)
NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_]")
SOURCES = {"ConfigMap": "configMapKeyRef", "Secret": "secretKeyRef"}


def set_env(call: Call) -> Program:
    check_place(call)
    objects, given = _parted(call.words)
    dry_run(call)
    _check(call, objects)
    new, gone = yield from _read([*call.flags.of("env", []), *given])
    if call.flags.text("from"):
        new += yield from _imported(call)
    new = [{**each, "name": call.flags.text("prefix") + each["name"]} for each in new]
    found = yield from wanted(call, objects)
    if found.error is not None:
        raise found.error
    if call.flags.on("list"):
        for info in found.infos:
            yield from _list(call, info, new, gone)
        return 0
    for info in found.infos:
        yield from err(_none_match(call, info))
    change = partial(_changed, call, new, gone)
    yield from update(call, found.infos, change, "env updated", "failed to patch env update to pod template: ")
    return 0


def _check(call: Call, objects: list[str]) -> None:
    flags = call.flags
    if "filename" not in flags and not objects:
        raise Wrong(NONE_NAMED)
    if flags.on("list") and flags.text("output"):
        raise Wrong("--list and --output may not be specified together")
    if flags.of("keys") and not flags.text("from"):
        raise Wrong("when specifying --keys, a configmap or secret must be provided with --from")


# --- which variables


def _parted(words: list[str]) -> tuple[list[str], list[str]]:
    """Objects come first, then variables."""
    are_variables = [bool(VARIABLE.search(word)) or word.endswith("-") for word in words]
    first = are_variables.index(True) if True in are_variables else len(words)
    if not all(are_variables[first:]):
        raise Wrong(f"all resources must be specified before environment changes: {' '.join(words)}")
    return words[:first], words[first:]


def _read(given: list[str]) -> Steps:
    """The variables to set, and the names of those to take away; `-` stands for lines of standard input."""
    new: list[JSON] = []
    gone: list[str] = []
    named: list[str] = []
    for word in given:
        name, equals, value = word.partition("=")
        if word == "-":
            new += [_variable(*pair) for pair in _lines((yield from stdin()))]
        elif equals:
            problem = _problem(name)
            if problem:
                raise Wrong(f"{golang.quoted(name)} is not a valid key name: {problem}")
            named.append(name)
            new.append(_variable(name, value))
        elif word.endswith("-"):
            gone.append(word[:-1])
        else:
            raise Wrong(f"unknown environment variable: {word}")
    if any(name in named for name in gone):
        raise Wrong("can not both modify and remove the same environment variable in the same command")
    return new, gone


def _problem(name: str) -> str:
    if not NAME.fullmatch(name):
        return NO_NAME
    return f"must not be '{name}'" if name in (".", "..") else "must not start with '..'" if name.startswith("..") else ""


def _variable(name: str, value: str) -> JSON:
    return {"name": name, **({"value": value} if value else {})}


def _lines(text: str) -> list[tuple[str, str]]:
    pairs = [line.partition("#")[0].partition("=") for line in text.splitlines()]
    return [(name, value) for name, equals, value in pairs if equals]


def _imported(call: Call) -> Steps:
    """A variable for each key of a ConfigMap or Secret, or for those of --keys."""
    found = yield Look(looking(Wish([call.flags.text("from")], call.namespace)))
    if found.error is not None:
        raise found.error
    new: list[JSON] = []
    keys = call.flags.of("keys", [])
    for info in found.infos:
        if info.resource.kind not in SOURCES:
            raise Wrong("unsupported resource specified in --from")
        for key in sorted(info.document.get("data") or {}, key=str.upper):  # kubectl keeps no order
            if not keys or key in keys:
                name = NOT_IN_A_NAME.sub("_", key).upper()
                yield from err(f"Warning: key {key} transferred to {name}\n" if name != key else "")
                new.append({"name": name, "valueFrom": {SOURCES[info.resource.kind]: {"key": key, "name": info.name}}})
    return new


# --- what becomes of a container


def _changed(call: Call, new: list[JSON], gone: list[str], info: Info, spec: JSON) -> JSON:
    """Raises Wrong."""
    changed = {}
    for each in matching(spec, call.flags.text("containers", "*")):
        if not call.flags.of("overwrite", True):
            _check_overwritten(each.get("env") or [], new)
        env = _merged(each.get("env") or [], new, gone)
        rest = {key: value for key, value in each.items() if key != "env"}
        changed[each["name"]] = {**rest, **({"env": env} if env else {})}
    return with_containers(spec, changed)


def _check_overwritten(own: list[JSON], new: list[JSON]) -> None:
    for each in new:
        held = next((one for one in own if one["name"] == each["name"]), None)
        if held is not None and held.get("value", "") != each.get("value", ""):
            raise Wrong(f"'{each['name']}' already has a value ({held.get('value', '')}), and --overwrite is false")


def _merged(own: list[JSON], new: list[JSON], gone: list[str]) -> list[JSON]:
    """What was there keeps its place."""
    first = {each["name"]: each for each in reversed(new)}
    kept = [first.pop(each["name"], each) for each in own if each["name"] not in gone]
    return kept + [each for each in new if first.get(each["name"]) is each and each["name"] not in gone]


def _none_match(call: Call, info: Info) -> str:
    pattern = call.flags.text("containers", "*")
    try:
        matches = matching(pod_spec(info), pattern)
    except Wrong:
        return ""
    if matches:
        return ""
    return f"Warning: {info.resource.word}/{info.name} does not have any containers matching {golang.quoted(pattern)}\n"


# --- --list


def _list(call: Call, info: Info, new: list[JSON], gone: list[str]) -> Steps:
    yield from err(_none_match(call, info))
    try:
        spec = pod_spec(info)
        changed = _changed(call, new, gone, info, spec)
    except Wrong:
        return  # as kubectl, which looks at no error where it lists
    for each in matching(changed, call.flags.text("containers", "*")):
        yield from out(f"# {info.resource.word} {info.name}, container {each['name']}\n")
        failures: dict[str, list[str]] = {}
        for variable in each.get("env") or ():
            text, why = yield Look(partial(_line, call, info, each, variable))
            yield from out(text)
            if why:
                failures.setdefault(why, []).append(variable["name"])
        told = sorted(f"error retrieving reference for {', '.join(sorted(names))}: {why}\n" for why, names in failures.items())
        yield from err("".join(told))


def _line(call: Call, info: Info, container: JSON, variable: JSON, kube: Cluster) -> tuple[str, str]:
    """A variable as it is listed, and why it could not be found out."""
    name, source = variable["name"], variable.get("valueFrom")
    if source is None:
        return f"{name}={variable.get('value', '')}\n", ""
    reference = f"# {name} from {references.told(source)}\n"
    if not call.flags.on("resolve"):
        return reference, ""
    try:
        return f"{name}={references.value(kube, call.namespace, source, info, container)}\n", ""
    except references.Unresolved as unresolved:
        return reference, str(unresolved)
