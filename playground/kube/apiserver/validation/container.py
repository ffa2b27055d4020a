"""Is a container of a Pod right?

Source: pkg/apis/core/validation/validation.go (validateContainers, validateInitContainers, validateContainerCommon,
validateContainerPorts, AccumulateUniqueHostPorts, ValidateVolumeMounts).
Simplified: resize policies and block devices are not looked at beyond their types.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.environment import environment
from playground.kube.apiserver.validation.fields import (
    duplicate,
    each_invalid,
    forbidden,
    invalid,
    local_path,
    not_found,
    not_supported,
    required,
)
from playground.kube.apiserver.validation.probe import no_probes, probes
from playground.kube.apiserver.validation.quantities import requirements
from playground.kube.apiserver.validation.restarts import restarts
from playground.kube.apiserver.validation.security import container_security
from playground.kube.apiserver.validation.service import PROTOCOLS
from playground.kube.errors import Cause

Document = dict[str, Any]
Volumes = dict[str, Document]
PULL_POLICIES = ("Always", "IfNotPresent", "Never")
MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")


def containers(listed: list[Document], path: str, volumes: Volumes, seen: set[str], grace: int) -> list[Cause]:
    """A list of containers; `seen` holds the names taken by others, `volumes` those that mounts may name, `grace` is their Pod's."""
    causes = []
    for index, each in enumerate(listed):
        causes += _common(each, f"{path}[{index}]", volumes, seen) + probes(each, f"{path}[{index}]", grace)
        causes += restarts(each, f"{path}[{index}]")
    return causes + _host_ports(listed, path)


def init_containers(listed: list[Document], path: str, volumes: Volumes, seen: set[str], grace: int) -> list[Cause]:
    """As `containers`; only those that go on beside the others, the sidecars, may have probes and hooks."""
    causes = []
    for index, each in enumerate(listed):
        here = f"{path}[{index}]"
        # They run one after another; whichever it is, Kubernetes names the first.
        causes += _common(each, here, volumes, seen) + _host_ports([each], path)
        causes += probes(each, here, grace) if each.get("restartPolicy") == "Always" else no_probes(each, here)
        causes += restarts(each, here)
    return causes


def _common(container: Document, path: str, volumes: Volumes, seen: set[str]) -> list[Cause]:
    name, image = container.get("name", ""), container.get("image", "")
    causes = each_invalid(f"{path}.name", name, names.dns1123_label(name)) if name else [required(f"{path}.name")]
    causes += [] if image else [required(f"{path}.image")]
    if container["terminationMessagePolicy"] not in MESSAGE_POLICIES:
        causes.append(not_supported(f"{path}.terminationMessagePolicy", container["terminationMessagePolicy"], MESSAGE_POLICIES))
    causes += _ports(container.get("ports", ()), f"{path}.ports")
    causes += environment(container, path, volumes)
    causes += _mounts(container, f"{path}.volumeMounts", volumes)
    if container["imagePullPolicy"] not in PULL_POLICIES:
        causes.append(not_supported(f"{path}.imagePullPolicy", container["imagePullPolicy"], PULL_POLICIES))
    causes += requirements(container.get("resources", {}), f"{path}.resources") + container_security(container, path)
    causes += [duplicate(f"{path}.name", name)] if name in seen else []
    seen.add(name)
    return causes


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


def _host_ports(listed: list[Document], path: str) -> list[Cause]:
    """Ports of the Node that two ask for."""
    causes: list[Cause] = []
    taken: set[str] = set()
    for index, container in enumerate(listed):
        for at, port in enumerate(container.get("ports", ())):
            wanted = f"{port['protocol']}/{port.get('hostIP', '')}/{port.get('hostPort', 0)}"
            if port.get("hostPort"):
                causes += [duplicate(f"{path}[{index}].ports[{at}].hostPort", wanted)] if wanted in taken else []
                taken.add(wanted)
    return causes


def _mounts(container: Document, path: str, volumes: Volumes) -> list[Cause]:
    causes: list[Cause] = []
    places: set[str] = set()
    for index, mount in enumerate(container.get("volumeMounts", ())):
        here, name, place = f"{path}[{index}]", mount.get("name", ""), mount.get("mountPath", "")
        causes += [] if name else [required(f"{here}.name")]
        causes += [] if name in volumes else [not_found(f"{here}.name", name)]
        causes += [] if place else [required(f"{here}.mountPath")]
        causes += [invalid(f"{here}.mountPath", place, "must be unique")] if place in places else []
        places.add(place)
        causes += _part(mount, here, path) + _propagation(mount, f"{path}.mountPropagation", container)
    return causes


def _part(mount: Document, here: str, path: str) -> list[Cause]:
    """Which part of the volume is mounted. Of its path Kubernetes does not say in which of the mounts it stands."""
    part, written = mount.get("subPath", ""), mount.get("subPathExpr", "")
    causes = local_path(part, f"{path}.subPath")
    if part and written:
        causes.append(invalid(f"{here}.subPathExpr", written, "subPathExpr and subPath are mutually exclusive"))
    return causes + local_path(written, f"{path}.subPathExpr")


def _propagation(mount: Document, path: str, container: Document) -> list[Cause]:
    wanted = mount.get("mountPropagation", "None")
    causes = [] if wanted in PROPAGATIONS else [not_supported(path, wanted, PROPAGATIONS)]
    if wanted == "Bidirectional" and not container.get("securityContext", {}).get("privileged"):
        causes.append(forbidden(path, "Bidirectional mount propagation is available only to privileged containers"))
    return causes
