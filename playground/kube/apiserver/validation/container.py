"""Is a container of a Pod right?

Source: pkg/apis/core/validation/validation.go (validateContainers, validateInitContainers, validateContainerPorts, ValidateVolumeMounts).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.environment import environment
from playground.kube.apiserver.validation.fields import duplicate, each_invalid, invalid, not_found, not_supported, required
from playground.kube.apiserver.validation.probe import no_probes, probes
from playground.kube.apiserver.validation.quantities import requirements
from playground.kube.apiserver.validation.service import PROTOCOLS
from playground.kube.errors import Cause

Document = dict[str, Any]
PULL_POLICIES = ("Always", "IfNotPresent", "Never")


def containers(listed: list[Document], path: str, volumes: set[str], seen: set[str], grace: int) -> list[Cause]:
    """A list of containers; `seen` holds the names taken by others, `volumes` the names that mounts may use, `grace` is their Pod's."""
    causes = []
    for index, each in enumerate(listed):
        causes += _common(each, f"{path}[{index}]", volumes, seen) + probes(each, f"{path}[{index}]", grace)
    return causes


def init_containers(listed: list[Document], path: str, volumes: set[str], seen: set[str], grace: int) -> list[Cause]:
    """As `containers`; only those that go on beside the others, the sidecars, may have probes and hooks."""
    causes = []
    for index, each in enumerate(listed):
        here = f"{path}[{index}]"
        causes += _common(each, here, volumes, seen)
        causes += probes(each, here, grace) if each.get("restartPolicy") == "Always" else no_probes(each, here)
    return causes


def _common(container: Document, path: str, volumes: set[str], seen: set[str]) -> list[Cause]:
    name, image = container.get("name", ""), container.get("image", "")
    causes = each_invalid(f"{path}.name", name, names.dns1123_label(name)) if name else [required(f"{path}.name")]
    causes += [duplicate(f"{path}.name", name)] if name in seen else []
    seen.add(name)
    if not image:
        causes.append(required(f"{path}.image"))
    elif image != image.strip():
        causes.append(invalid(f"{path}.image", image, "must not have leading or trailing whitespace"))
    causes += _ports(container.get("ports", ()), f"{path}.ports")
    causes += environment(container, path)
    causes += _mounts(container.get("volumeMounts", ()), f"{path}.volumeMounts", volumes)
    if container["imagePullPolicy"] not in PULL_POLICIES:
        causes.append(not_supported(f"{path}.imagePullPolicy", container["imagePullPolicy"], PULL_POLICIES))
    return causes + requirements(container.get("resources", {}), f"{path}.resources")


def _ports(ports: list[Document], path: str) -> list[Cause]:
    causes: list[Cause] = []
    seen: set[str] = set()
    for index, port in enumerate(ports):
        here, name, number = f"{path}[{index}]", port.get("name", ""), port.get("containerPort", 0)
        if name:
            wrong = names.port_name(name)
            causes += each_invalid(f"{here}.name", name, wrong)
            causes += [duplicate(f"{here}.name", name)] if name in seen and not wrong else []
            seen.add(name)
        causes += (
            each_invalid(f"{here}.containerPort", number, names.port_number(number)) if number else [required(f"{here}.containerPort")]
        )
        if port.get("hostPort"):
            causes += each_invalid(f"{here}.hostPort", port["hostPort"], names.port_number(port["hostPort"]))
        if port["protocol"] not in PROTOCOLS:
            causes.append(not_supported(f"{here}.protocol", port["protocol"], PROTOCOLS))
    return causes


def _mounts(mounts: list[Document], path: str, volumes: set[str]) -> list[Cause]:
    causes: list[Cause] = []
    places: set[str] = set()
    for index, mount in enumerate(mounts):
        here, name, place = f"{path}[{index}]", mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            causes.append(required(f"{here}.name"))
        elif name not in volumes:
            causes.append(not_found(f"{here}.name", name))
        if not place:
            causes.append(required(f"{here}.mountPath"))
        elif place in places:
            causes.append(invalid(f"{here}.mountPath", place, "must be unique"))
        places.add(place)
    return causes
