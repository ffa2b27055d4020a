"""What is said of a Pod, a workload or an EndpointSlice by which a Service leads nowhere, and that nothing is said of what is right."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from tests.kube.explain.test_hints import pod, service
from tests.laws.histories import started

PORTS = [{"name": "http", "containerPort": 80}]
PROBE = {"httpGet": {"path": "/", "port": 80}}


def deployment(replicas: int = 3, labels: dict[str, str] | None = None, name: str = "shop", **container: Any) -> dict[str, Any]:
    """Its Pods are of version 1, listen on port 80, and call it http."""
    made = {"name": "c", "image": "nginx", "ports": PORTS, **container}
    template = {"metadata": {"labels": {"app": name, **({"version": "1"} if labels is None else labels)}}, "spec": {"containers": [made]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def versioned(**spec: Any) -> dict[str, Any]:
    return service(selector={"app": "shop", "version": "1"}, target="http", **spec)


def piece(service: str | None = "door", name: str = "") -> dict[str, Any]:
    labels = {"kubernetes.io/service-name": service} if service else {}
    ports = [{"name": name, "port": 80, "protocol": "TCP"}]
    meta = {"name": "by-hand", "labels": labels}
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": meta,
        "addressType": "IPv4",
        "ports": ports,
        "endpoints": [{"addresses": ["192.168.7.7"]}],
    }


def cluster_of(*documents: dict[str, Any]) -> Cluster:
    cluster = started()
    cluster.submit(actions.Apply(list(documents)))
    cluster.advance(cluster.now + 5 * SECOND)
    return cluster


def said(cluster: Cluster, *documents: dict[str, Any]) -> list[str]:
    return [each.removeprefix("hint: ") for each in cluster.submit(actions.Apply(list(documents))).warnings]


SHOP = (deployment(), versioned())
EXTRA = {**pod("extra", "shop", ports=PORTS), "metadata": {"name": "extra", "labels": {"app": "shop", "version": "1", "by": "hand"}}}
NOT_READY = "so that the Pod never becomes ready, and Services leave it out"
SAID = {
    "the labels of a template are no longer those that a Service selects": (
        SHOP,
        deployment(labels={"version": "2"}),
        'Service "door" selects app=shop,version=1, which the Pods of this template will not have: when the old ones are gone, it has no endpoints',
    ),
    "a template loses the port that a targetPort names": (
        SHOP,
        deployment(ports=[{"name": "web", "containerPort": 80}]),
        'Service "door" and the Pods of this template: spec.ports[0].targetPort: no container of the selected Pods has a TCP port named "http": '
        "this port has no endpoints",
    ),
    "the new image listens elsewhere": (
        (deployment(), service()),
        deployment(image="redis", ports=[]),
        'Service "door" and the Pods of this template: spec.ports[0].targetPort: nothing in the selected Pods listens on 80/TCP, '
        "so that requests will be refused; they listen on 6379/TCP",
    ),
    "a workload comes whose Pods do not listen where a waiting Service leads": (
        (service(target=8080),),
        deployment(),
        'Service "door" and the Pods of this template: spec.ports[0].targetPort: nothing in the selected Pods listens on 8080/TCP, '
        "so that requests will be refused; they listen on 80/TCP",
    ),
    "a readiness probe asks a port on which nothing listens": (
        (),
        deployment(readinessProbe={"httpGet": {"port": 8080}}),
        f"spec.template.spec.containers[0].readinessProbe: nothing in the Pod listens on 8080/TCP, {NOT_READY}; it listens on 80/TCP",
    ),
    "a readiness probe names a port that the container does not have": (
        (),
        pod("alone", "alone", readinessProbe={"tcpSocket": {"port": "web"}}),
        f'spec.containers[0].readinessProbe: the container has no port named "web", {NOT_READY}',
    ),
    "there are fewer Pods than Nodes for a policy Local": (
        (deployment(), service(internalTrafficPolicy="Local")),
        deployment(1),
        'Service "door": 1 Pod cannot be on 3 Nodes, and with Local for spec.internalTrafficPolicy the Nodes without one lead nowhere',
    ),
    "an EndpointSlice names no Service": (
        (),
        piece(None),
        "metadata.labels: without the label kubernetes.io/service-name this EndpointSlice belongs to no Service, and nothing is sent to its endpoints",
    ),
    "an EndpointSlice names a Service that is not there": (
        (),
        piece("nope"),
        'metadata.labels[kubernetes.io/service-name]: there is no Service "nope" in the namespace "default", so that nothing is sent to the endpoints',
    ),
    "no port of an EndpointSlice has a name of the Service's": (
        (service(selector=None),),
        piece(name="http"),
        'ports: no port has the name of a port of the Service "door" (""), so that nothing is sent to the endpoints',
    ),
    "a port of an EndpointSlice has the name, but another protocol": (
        (service(selector=None),),
        piece() | {"ports": [{"name": "", "port": 80, "protocol": "UDP"}]},
        'ports: no port has the name and the protocol of a port of the Service "door" ("" TCP), so that nothing is sent to the endpoints',
    ),
    "an EndpointSlice is of a family that its Service does not have": (
        (service(selector=None),),
        piece() | {"addressType": "IPv6", "endpoints": [{"addresses": ["2001:db8::7"]}]},
        'addressType: the Service "door" has no address of the family IPv6, so that nothing is sent to the endpoints',
    ),
    "an EndpointSlice holds names": (
        (service(selector=None),),
        piece() | {"addressType": "FQDN", "endpoints": [{"addresses": ["www.example.com"]}]},
        "addressType: kube-proxy goes by addresses only, so that nothing is sent to the endpoints; a Service of type ExternalName stands for a name",
    ),
    "an EndpointSlice is for an ExternalName": (
        (service(selector=None, type="ExternalName", externalName="example.com"),),
        piece(),
        'metadata.labels[kubernetes.io/service-name]: the Service "door" is an ExternalName, which has no endpoints: nothing is sent to them',
    ),
}


@pytest.mark.parametrize(("before", "document", "hint"), SAID.values(), ids=SAID.keys())
def test_it_is_said_when(before: tuple[Any, ...], document: dict[str, Any], hint: str) -> None:
    assert said(cluster_of(*before) if before else started(), document) == [hint]


QUIET: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "a workload's new template fits as the old one did": (SHOP, deployment(image="nginx:1.29")),
    "labels change that no Service selects": (SHOP, deployment(labels={"version": "1", "tier": "front"})),
    "another Pod has the labels": ((*SHOP, EXTRA), deployment(labels={"version": "2"})),
    "a Service led nowhere before": ((deployment(), versioned(port=81), service(target=8080, name="lost")), deployment(image="nginx:1.29")),
    "a readiness probe asks a port that is open": ((), deployment(readinessProbe=PROBE)),
    "a readiness probe runs a command": ((), deployment(readinessProbe={"exec": {"command": ["true"]}})),
    "a readiness probe failed before": (
        (deployment(readinessProbe={"httpGet": {"port": 8080}}),),
        deployment(readinessProbe={"httpGet": {"port": 8080}}, image="nginx:1.29"),
    ),
    "a workload is scaled that has no Service with a policy": ((deployment(), service()), deployment(1)),
    "there are as many Pods as Nodes for a policy Local": ((service(internalTrafficPolicy="Local"),), deployment(3)),
    "a workload is scaled to nothing": ((deployment(), service(internalTrafficPolicy="Local")), deployment(0)),
    "an EndpointSlice names its Service, and its port": ((service(selector=None),), piece()),
    "an EndpointSlice of a headless Service has other ports: DNS asks no port": (
        (service(selector=None, clusterIP="None"),),
        piece(name="http"),
    ),
}


@pytest.mark.parametrize(("before", "document"), QUIET.values(), ids=QUIET.keys())
def test_nothing_is_said_when(before: tuple[Any, ...], document: dict[str, Any]) -> None:
    assert said(cluster_of(*before) if before else started(), document) == []


def label(cluster: Cluster, name: str, app: str) -> list[str]:
    return list(cluster.submit(actions.Patch("Pod", name, {"metadata": {"labels": {"app": app}}}, "default")).warnings)


def test_a_relabelled_pod_that_was_the_last_one_leaves_its_service_without_endpoints() -> None:
    cluster = cluster_of(pod("one", "shop"), pod("two", "shop"), service())
    assert label(cluster, "one", "other") == []
    assert label(cluster, "two", "other") == [
        'hint: Service "door" selects app=shop, which no Pod has any more, nor the template of a workload: it has no endpoints'
    ]


def test_a_relabelled_pod_is_not_spoken_of_where_a_workload_makes_another() -> None:
    cluster = cluster_of(deployment(1), service())
    (own,) = cluster.machinery.pods_matching("default", {"app": "shop"})
    assert label(cluster, own.name, "other") == []


def test_a_service_that_comes_with_its_pods_speaks_for_itself() -> None:
    (hint,) = said(started(), deployment(), service(target=8080))
    assert hint.startswith("spec.ports[0].targetPort: ")


def test_scaling_says_it_as_applying_does() -> None:
    cluster = cluster_of(deployment(), service(externalTrafficPolicy="Local", internalTrafficPolicy="Local", type="NodePort"))
    (hint,) = cluster.submit(actions.Scale("Deployment", "shop", 2)).warnings
    assert "with Local for spec.externalTrafficPolicy and spec.internalTrafficPolicy the Nodes without one lead nowhere" in hint
    assert cluster.submit(actions.Scale("Deployment", "shop", 3)).warnings == ()


def test_a_selector_that_only_an_earlier_revision_fits_is_told_of() -> None:
    cluster = cluster_of(deployment())
    cluster.submit(actions.Apply([deployment(labels={"version": "2"})]))
    cluster.advance(cluster.now + 60 * SECOND)
    (hint,) = said(cluster, versioned())
    assert hint.startswith("spec.selector: no Pod in the namespace")
