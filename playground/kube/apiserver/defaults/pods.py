"""What is filled in for Pods and Pod templates?

Source: pkg/apis/core/v1/defaults.go; plugin/pkg/admission/defaulttolerationseconds and priority for what admission adds.
What admission adds of a ServiceAccount stands in apiserver/accounts.py.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.canonical import canonical
from playground.kube.apiserver.requests import OF_PODS, container_requests, is_for_pods

Document = dict[str, Any]

NOT_READY = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
_MODED_VOLUMES = ("secret", "configMap", "downwardAPI", "projected")
PRIORITIES = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}


def pod(document: Document) -> None:
    """A Pod that is created as such: the defaults of its spec, and what admission adds."""
    spec = document.setdefault("spec", {})
    pod_spec(spec)
    # Source: pkg/apis/core/v1/conversion.go (Convert_v1_Pod_To_core_Pod).
    if spec["terminationGracePeriodSeconds"] < 0:
        spec["terminationGracePeriodSeconds"] = 1
    for container in [*spec.get("containers", ()), *spec.get("initContainers", ())]:
        resources = container["resources"]
        if "limits" in resources:
            resources["requests"] = {**resources["limits"], **resources.get("requests", {})}
        for port in container.get("ports", ()) if spec.get("hostNetwork") else ():
            if "containerPort" in port:
                port.setdefault("hostPort", port["containerPort"])
    if spec.get("resources", {}).get("limits"):
        _whole(spec)
    spec.setdefault("enableServiceLinks", True)
    admit(spec)


def _whole(spec: Document) -> None:
    """What a Pod asks for that is limited as a whole: as much as its containers ask for, or else its limits (defaultPodRequests)."""
    resources = spec["resources"]
    requests = dict(resources.get("requests", {}))
    asked = container_requests(spec)
    for name in OF_PODS:
        if asked.get(name):
            requests.setdefault(name, _quantity(spec, name, asked[name]))
    for name, limit in resources["limits"].items():
        if is_for_pods(name):
            requests.setdefault(name, limit)
    if requests:
        resources["requests"] = requests


def _quantity(spec: Document, name: str, amount: int) -> str | float:
    """A sum, written as the first of the amounts is that were added."""
    if name == "cpu":
        return canonical(f"{amount}m")
    containers = [*spec.get("containers", ()), *spec.get("initContainers", ())]
    first = next(each["resources"]["requests"][name] for each in containers if name in each["resources"].get("requests", {}))
    binary = str(first).endswith("i") and amount % 1024 == 0
    return canonical(f"{amount // 1024}Ki" if binary else str(amount))


def pod_spec(spec: Document) -> None:
    """The defaults that a Pod template gets too."""
    spec.setdefault("restartPolicy", "Always")
    spec.setdefault("dnsPolicy", "ClusterFirst")
    spec.setdefault("schedulerName", "default-scheduler")
    spec.setdefault("securityContext", {})
    spec.setdefault("terminationGracePeriodSeconds", 30)
    _account(spec)
    for container in [*spec.get("containers", ()), *spec.get("initContainers", ())]:
        _container(container)
    for volume in spec.get("volumes", ()):
        _volume(volume)


def _account(spec: Document) -> None:
    """The account under the field's two names, of which the newer one counts (pkg/apis/core/v1/conversion.go)."""
    name = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if name:
        spec["serviceAccountName"] = spec["serviceAccount"] = name


def admit(spec: Document) -> None:
    """What admission adds to each Pod, of a controller too: the tolerations of 300 seconds, and its priority."""
    tolerations = spec.setdefault("tolerations", [])
    for key in NOT_READY:
        if not any(_covers(each, key) for each in tolerations):
            tolerations.append({"effect": "NoExecute", "key": key, "operator": "Exists", "tolerationSeconds": 300})
    spec.setdefault("priority", PRIORITIES.get(spec.get("priorityClassName", ""), 0))
    spec.setdefault("preemptionPolicy", "PreemptLowerPriority")


def _covers(toleration: Document, key: str) -> bool:
    return (toleration.get("key") or key) == key and (toleration.get("effect") or "NoExecute") == "NoExecute"


def _container(container: Document) -> None:
    container.setdefault("imagePullPolicy", "Always" if _is_latest(container.get("image", "")) else "IfNotPresent")
    container.setdefault("terminationMessagePath", "/dev/termination-log")
    container.setdefault("terminationMessagePolicy", "File")
    container.setdefault("resources", {})
    for port in container.get("ports", ()):
        port.setdefault("protocol", "TCP")
    for name in _PROBES:
        if name in container:
            _probe(container[name])
    for variable in container.get("env", ()):
        source = variable.get("valueFrom", {})
        if "fieldRef" in source:
            source["fieldRef"].setdefault("apiVersion", "v1")
    for hook in container.get("lifecycle", {}).values():
        if isinstance(hook, dict):
            _handler(hook)


def _probe(probe: Document) -> None:
    for name, value in _PROBE.items():
        if not probe.get(name):
            probe[name] = value
    _handler(probe)


def _handler(handler: Document) -> None:
    if "httpGet" in handler:
        handler["httpGet"].setdefault("path", "/")
        handler["httpGet"].setdefault("scheme", "HTTP")
    if "grpc" in handler:
        handler["grpc"].setdefault("service", "")


def _volume(volume: Document) -> None:
    if len(volume) == 1:
        volume["emptyDir"] = {}
    for name in _MODED_VOLUMES:
        if name in volume:
            volume[name].setdefault("defaultMode", 420)
    if "hostPath" in volume:
        volume["hostPath"].setdefault("type", "")


def _is_latest(image: str) -> bool:
    """Without a tag or digest, or with the tag latest."""
    if "@" in image:
        return False
    tag = image.rpartition("/")[2].partition(":")[2]
    return tag in ("", "latest")
