"""Which objects, fields, endpoints and variables does a check mean?  Read from a cluster, as anybody could see them there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from playground.kube.apiserver import selectors
from playground.kube.apiserver.objects import Endpoint, Pod
from playground.kube.cluster import Cluster

MISSING = object()
_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")


def full(name: str) -> tuple[str, str]:
    """Namespace and name, of `web` (in default) or `my-ns/web`."""
    namespace, _, own = name.rpartition("/")
    return namespace or "default", own


def objects(kube: Cluster, ref: str) -> list[Any]:
    """The objects of `Service/default/web`, `Node/-/node-a`, or with a selector in place of the name, all it matches that are not being deleted."""
    kind, namespace, name = ref.split("/", 2)
    namespace = "" if namespace == "-" else namespace
    if "=" not in name:
        found = kube.store.get(kind, namespace, name)
        return [] if found is None else [found]
    wanted = selectors.parse(name)
    return [each for each in kube.store.list(kind, namespace) if each.deleting is None and wanted.matches(each.labels)]


def pods(kube: Cluster, named: str) -> list[Pod]:
    """The Pods of a name or a selector, `client`, `my-ns/client`, `app=web`, `my-ns/app=web`."""
    namespace, _, name = named.rpartition("/") if "=" not in named else _split(named)
    return objects(kube, f"Pod/{namespace or 'default'}/{name}")


def matches(pod: Pod | None, named: str, key: str) -> bool:
    """Whether `key` (`namespace/name`) is meant by a name or, if the Pod is there still, by a selector."""
    if "=" not in named:
        return "/".join(full(named)) == key
    namespace, _, selector = _split(named)
    return pod is not None and pod.namespace == (namespace or "default") and selectors.parse(selector).matches(pod.labels)


def at(value: Any, path: str) -> Any:
    """The value at `spec.ports[0].port` or `metadata.labels[app]` of a JSON value; MISSING if there is none."""
    for index, name in _STEP.findall(path):
        step: Any = name or index
        if isinstance(value, list):
            step = int(step) if step.isdecimal() else -1
            value = value[step] if 0 <= step < len(value) else MISSING
        else:
            value = value.get(step, MISSING) if isinstance(value, dict) else MISSING
        if value is MISSING:
            return MISSING
    return value


def endpoints(kube: Cluster, service: str) -> Iterator[tuple[Endpoint, tuple[int, ...]]]:
    """Each endpoint of a Service that is ready, with the ports on which it is reached."""
    for piece in kube.store.find(kube.machinery.slices_by_service, full(service)):
        for each in piece.endpoints:
            if each.ready is not False:
                yield each, tuple(port.port for port in piece.ports if port.port)


def ready_ips(kube: Cluster, service: str) -> list[str]:
    """The addresses of a Service's ready endpoints, each once."""
    return list(dict.fromkeys(each.ip for each, _ in endpoints(kube, service)))


def environment(kube: Cluster, pod: Pod) -> dict[str, str]:
    """The variables of the Pod's first container, as it was last started with them; empty if it never was."""
    return dict(kube.kubelet.environment(pod, ""))


def senders(kube: Cluster, named: str) -> list[str]:
    """Who is meant by the name of a sender, or by a selector: its ready Pods."""
    return ["/".join(pod.key) for pod in pods(kube, named) if pod.state.ready] if "=" in named else [named]


def expanded(kube: Cluster, source: str, text: str) -> str:
    """The text with each `$NAME` replaced by that variable of the sender's container. KeyError names one that is not set."""
    if "$" not in text:
        return text
    found = pods(kube, source)
    variables = environment(kube, found[0]) if found else {}
    return _VARIABLE.sub(lambda name: variables[name[1]], text)


def listed(names: Iterable[str]) -> str:
    """In words, without the Namespace where it is default."""
    return ", ".join(each.removeprefix("default/") for each in names)


def _split(named: str) -> tuple[str, str, str]:
    """A selector's Namespace stands before a slash that comes before its first `=`: label keys may hold a slash too, and do then hold a dot."""
    head, slash, rest = named.partition("/")
    return (head, slash, rest) if slash and "=" not in head and "." not in head else ("", "", named)
