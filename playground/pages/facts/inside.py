"""What does a program in a container see?  The environment that it was started with, and how its names are looked up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.kube.apiserver.pods import containers_of
from playground.kube.kubelet.envvars import MASTER, mangled, visible


@dataclass(frozen=True)
class Variable:
    """`source` says who set it, in a few words."""

    name: str
    value: str
    source: str


@dataclass(frozen=True)
class Environment:
    """A container's variables, sorted by name; `missing` are Services that it knows nothing of, or of whose address of now it does not."""

    container: str
    variables: tuple[Variable, ...]
    missing: tuple[str, ...]


def environments(running: Any, pod: Any) -> tuple[Environment, ...]:
    """Of every container of a Pod that was started."""
    names = [each["name"] for each in containers_of(pod.spec)]
    found = (_environment(running, pod, name) for name in names)
    return tuple(each for each in found if each.variables)


def resolv_conf(running: Any, pod: Any) -> str:
    text: str = running.resolver.conf(pod).text
    return text


def _environment(running: Any, pod: Any, container: str) -> Environment:
    held = dict(running.kubelet.environment(pod, container))
    services = dict(running.kubelet.environment_of_services(pod, container))
    known = [Variable(name, value, _source(name, value, services)) for name, value in sorted(held.items())]
    return Environment(container, tuple(known), _missing(running, pod, services))


def _source(name: str, value: str, services: dict[str, str]) -> str:
    if services.get(name) != value:
        return "its own, in place of a Service's" if name in services else "its own"
    return "the API server" if name.startswith(f"{mangled(MASTER[1])}_") else "a Service"


def _missing(running: Any, pod: Any, services: dict[str, str]) -> tuple[str, ...]:
    """Services that a container which starts now would know."""
    links = pod.spec.get("enableServiceLinks") is not False
    now = visible(running.store.list("Service"), pod.namespace, links)
    return tuple(each.name for each in now if services.get(f"{mangled(each.name)}_SERVICE_HOST") != each.spec["clusterIP"])
