"""Cases of TestWarnings in pkg/api/pod/warnings_test.go and TestGetWarningsForService in pkg/api/service/warnings_test.go.

Without these a learner took for right what every API server warns of.
"""

from __future__ import annotations

from typing import Any

import pytest

NO_POD = "a null labelSelector results in matching no pod"
CONTAINERS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("a variable twice", {"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]},
     ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply']),
    ("a variable that adds to itself", {"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "$(A)2"}]}, []),
    ("a variable that is itself", {"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "$(A)"}]},
     ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply']),
    ("a port twice", {"ports": [{"containerPort": 80}, {"containerPort": 80, "name": "http"}]},
     ["spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]"]),
    ("a port with and without host port", {"ports": [{"containerPort": 80}, {"containerPort": 80, "hostPort": 80}]},
     ["spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]"]),
    ("a port of two protocols", {"ports": [{"containerPort": 53}, {"containerPort": 53, "protocol": "UDP"}]}, []),
    ("a thousandth of a byte", {"resources": {"requests": {"memory": "64m"}}},
     ['spec.containers[0].resources.requests[memory]: fractional byte value "64m" is invalid, must be an integer']),
    ("a thousandth of a core", {"resources": {"requests": {"cpu": "64m", "memory": "64M"}}}, []),
]  # fmt: skip
SPECS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("an old label of Nodes", {"nodeSelector": {"beta.kubernetes.io/os": "linux"}},
     ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead']),
    ("an alias twice", {"hostAliases": [{"ip": "1.2.3.4", "hostnames": ["a"]}, {"ip": "1.2.3.4", "hostnames": ["b"]}]},
     ['spec.hostAliases[1].ip: duplicate ip "1.2.3.4"']),
    ("no selector for spreading", {"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule"}]},
     [f"spec.topologySpreadConstraints[0].labelSelector: {NO_POD}"]),
    ("no selector for standing apart",
     {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "a"}]}}},
     [f"spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: {NO_POD}"]),
]  # fmt: skip
SERVICES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("affinity of a headless one", {"clusterIP": "None", "sessionAffinity": "ClientIP"}, ["spec.SessionAffinity is ignored for headless services"]),
    ("addresses of a headless one", {"clusterIP": "None", "externalIPs": ["1.2.3.4"]}, ["spec.externalIPs is ignored for headless services"]),
    ("another name for a ClusterIP", {"externalName": "example.com"}, ['spec.externalName is ignored when spec.type is not "ExternalName"']),
    ("addresses of its own", {"externalIPs": ["1.2.3.4"]}, ["spec.externalIPs is deprecated"]),
    ("addresses of another name", {"type": "ExternalName", "externalName": "example.com", "externalIPs": ["1.2.3.4"]},
     ['spec.externalIPs is ignored when spec.type is "ExternalName"']),
    ("the old word for the same zone", {"trafficDistribution": "PreferClose"},
     ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"']),
    ("the new word", {"trafficDistribution": "PreferSameZone"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("container", "expected"), [case[1:] for case in CONTAINERS], ids=[case[0] for case in CONTAINERS])
def test_what_is_odd_in_a_container_is_told(world: Any, pod: Any, container: dict[str, Any], expected: list[str]) -> None:
    """Else a learner would take a variable or a port given twice, or memory of `64m`, for right."""
    assert list(world.server.create(pod(container=container)).warnings) == expected


@pytest.mark.parametrize(("spec", "expected"), [case[1:] for case in SPECS], ids=[case[0] for case in SPECS])
def test_what_is_odd_in_a_pod_is_told(world: Any, pod: Any, spec: dict[str, Any], expected: list[str]) -> None:
    """Else a learner would think that affinity or spreading without a labelSelector means all Pods, where it matches none."""
    assert list(world.server.create(pod(**spec)).warnings) == expected


@pytest.mark.parametrize(("spec", "expected"), [case[1:] for case in SERVICES], ids=[case[0] for case in SERVICES])
def test_what_is_odd_in_a_service_is_told(world: Any, service: Any, spec: dict[str, Any], expected: list[str]) -> None:
    """Else a learner would think that a headless Service heeds its sessionAffinity and externalIPs, which are ignored there."""
    assert list(world.server.apply(service(**spec)).warnings) == expected


def test_a_pod_whose_name_is_no_label_has_an_odd_hostname(world: Any, pod: Any) -> None:
    """Else a learner would think that a Pod's name with a dot in it does well as its hostname."""
    assert world.server.create(pod("a.b")).warnings == (
        "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; "
        "a DNS label is recommended: [must not contain dots]",
    )


def test_a_template_is_looked_at_like_a_pod(world: Any, workload: Any) -> None:
    """Else a learner would think that a negative grace, which is odd in a Pod, is right in a Deployment's template."""
    document = workload()
    document["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = -1
    said = ("spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",)
    assert world.server.apply(document).warnings == said
    assert world.server.apply(document).warnings == ()
    assert world.server.patch("Deployment", "", "web", {"metadata": {"labels": {"a": "b"}}}).warnings == ()
    assert world.server.patch("Deployment", "", "web", {"spec": {"replicas": 2}}).warnings == said


def test_an_update_of_a_pod_is_not_looked_at(world: Any, pod: Any) -> None:
    """Else a learner who labels a Pod would think that the label is the cause of a warning about the Pod's name."""
    world.server.create(pod("a.b"))
    assert world.server.patch("Pod", "", "a.b", {"metadata": {"labels": {"a": "b"}}}).warnings == ()


def test_endpoints_are_deprecated(world: Any) -> None:
    """Else a learner would think that Endpoints are still the way to list a Service's addresses, and not EndpointSlices."""
    document = {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "web"}}
    assert world.server.apply(document).warnings == ("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",)
