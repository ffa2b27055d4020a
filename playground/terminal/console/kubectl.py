"""How does a line of kubectl go on?  Commands, flags and what they may be, kinds, names and fields."""

from __future__ import annotations

from playground.kube.apiserver.resources import KINDS, by_word
from playground.kube.cluster import Cluster
from playground.terminal.kubectl.commands import ALIASES, COMMANDS
from playground.terminal.kubectl.flags import GLOBAL, Flag, table

SPACE = ("-n", "--namespace")
FORMS = ("custom-columns=", "json", "jsonpath=", "name", "wide", "yaml")
VALUES = {
    "output": FORMS,
    "dry-run": ("client", "none", "server"),
    "type": ("ClusterIP", "LoadBalancer", "NodePort", "json", "merge", "strategic"),
    "for": ("condition=", "create", "delete", "jsonpath="),
    "protocol": ("SCTP", "TCP", "UDP"),
    "cascade": ("background", "foreground", "orphan"),
    "types": ("Normal", "Warning"),
}
NODES = ("cordon", "uncordon", "drain")
PODS = ("logs", "exec", "attach")


def words(kube: Cluster, before: list[str], typed: str) -> list[str]:
    """What may stand where `typed` stands, behind the words before it."""
    name, plain, namespace = _read(before)
    known = table(f"{GLOBAL} {COMMANDS[name].flags if name in COMMANDS else ''}")
    asked = _flag_before(before, known)
    if asked is not None:
        return _values(kube, asked)
    if typed.startswith("--") and "=" in typed:
        flag = known.get(typed[2:].partition("=")[0])
        return [f"--{flag.name}={value}" for value in _values(kube, flag)] if flag is not None else []
    if typed.startswith("-"):
        own = COMMANDS[name].flags if name in COMMANDS else ""
        return sorted({f"--{flag.name}" for flag in table(f"namespace/n:text help/h:switch {own}").values()})
    seconds = sorted({each.removeprefix(f"{name} ").split()[0] for each in COMMANDS if each.startswith(f"{name} ")}) if name else []
    if not name or (seconds and not plain):
        return seconds or sorted({each.split()[0] for each in COMMANDS} | {"help"})
    return _objects(kube, name, plain, namespace, typed)


def of_word(kube: Cluster, word: str, namespace: str) -> list[str]:
    """The names of the objects of a kind."""
    resource = by_word(word)
    return _names(kube, resource.kind, namespace if resource.namespaced else "") if resource else []


def _read(before: list[str]) -> tuple[str, list[str], str]:
    """The command that the words name as far as they go, the words behind it that are no flags, and the Namespace that the flags say."""
    plain, namespace, rest = [], "default", iter(before)
    for word in rest:
        if word in SPACE:
            namespace = next(rest, namespace)
        elif word.startswith("--namespace="):
            namespace = word.partition("=")[2]
        elif not word.startswith("-"):
            plain.append(word)
    name = ""
    while plain:
        longer = f"{name} {plain[0]}".strip()
        longer = f"{name} {ALIASES[longer]}" if longer in ALIASES else longer
        if longer not in COMMANDS and not any(each.startswith(f"{longer} ") for each in COMMANDS):
            break
        name, plain = longer, plain[1:]
    return name, plain, namespace


def _flag_before(before: list[str], known: dict[str, Flag]) -> Flag | None:
    """The flag whose value is to come."""
    last = before[-1] if before else ""
    if not last.startswith("-") or "=" in last:
        return None
    flag = known.get(last.removeprefix("--")) if last.startswith("--") else known.get(last)
    return flag if flag is not None and flag.bare is None else None


def _values(kube: Cluster, flag: Flag) -> list[str]:
    if flag.name == "namespace":
        return _names(kube, "Namespace", "")
    return list(VALUES.get(flag.name, ()))


def _objects(kube: Cluster, name: str, plain: list[str], namespace: str, typed: str) -> list[str]:
    if name == "explain":
        return _fields(kube, typed)
    if name in NODES:
        return _names(kube, "Node", "")
    if "/" in typed:
        word = typed.partition("/")[0]
        return [f"{word}/{each}" for each in of_word(kube, word, namespace)]
    if name in PODS:
        return _names(kube, "Pod", namespace)
    if not plain:
        return _kinds(typed)
    return [] if "/" in plain[0] else of_word(kube, plain[0].rpartition(",")[2], namespace)


def _kinds(typed: str) -> list[str]:
    """Simulated kinds first, by the names that kubectl's users type; behind a comma too."""
    start = typed[: typed.rfind(",") + 1]
    ordered = sorted(KINDS.values(), key=lambda each: not each.simulated)
    return [start + each.plural for each in ordered] + [start + each.singular for each in ordered]


def _fields(kube: Cluster, typed: str) -> list[str]:
    """Of `explain`: kinds, and behind a dot fields."""
    path = typed.split(".")[:-1]
    resource = by_word(path[0]) if path else None
    if resource is None:
        return _kinds(typed) if not path else []
    field = kube.schema.root(resource.api_version, resource.word)
    for name in path[1:]:
        field = kube.schema.child(field, name)
        field = field.get("items") or field.get("values") or field
    return [".".join([*path, name]) for name in sorted(kube.schema.fields(field) or ())]


def _names(kube: Cluster, kind: str, namespace: str) -> list[str]:
    return [each.name for each in (kube.store.list(kind, namespace) if namespace else kube.store.list(kind))]
