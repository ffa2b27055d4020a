"""What is said of a Service that leads nowhere, and that nothing is said of one that leads somewhere."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.explain import leading
from tests.laws.histories import started

NODES = 3


def pod(name: str, app: str, image: str = "nginx", namespace: str = "default", **container: Any) -> dict[str, Any]:
    meta = {"name": name, "namespace": namespace, "labels": {"app": app}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": [{"name": "c", "image": image, **container}]}}


def service(app: str = "shop", port: int = 80, target: Any = None, name: str = "door", **spec: Any) -> dict[str, Any]:
    ports = [{"port": port, **({"targetPort": target} if target is not None else {})}]
    whole = {"selector": {"app": app}, "ports": ports, **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": whole}


def shop() -> Cluster:
    """A Pod that runs, and listens on port 80, which it calls http."""
    cluster = started()
    ports = [{"name": "http", "containerPort": 80}, {"name": "dns", "containerPort": 53, "protocol": "UDP"}]
    cluster.submit(actions.Apply([pod("shop", "shop", "shop:1", ports=ports)]))
    cluster.advance(cluster.now + 3 * SECOND)
    return cluster


def hints(cluster: Cluster, *documents: dict[str, Any]) -> list[str]:
    return [each.removeprefix("hint: ") for each in cluster.submit(actions.Apply(list(documents))).warnings]


QUIET = {
    "its Pods listen on its target port": service(),
    "its target port has a name": service(target="http"),
    "it has no selector": service(selector=None),
    "it leads to another name": {**service(), "spec": {"type": "ExternalName", "externalName": "example.org"}},
    "it leads to a name below one of the world outside": {
        **service(),
        "spec": {"type": "ExternalName", "externalName": "my.database.example.com"},
    },
    "it leads to a name of the cluster": {**service(), "spec": {"type": "ExternalName", "externalName": "shop.default.svc.cluster.local"}},
    "headless, and its port is the Pods' own": service(clusterIP="None"),
}


@pytest.mark.parametrize("document", QUIET.values(), ids=QUIET.keys())
def test_nothing_is_said_of_a_service_when(document: dict[str, Any]) -> None:
    assert hints(shop(), document) == []


SAID = {
    "its selector matches no Pod": (
        service("nobody"),
        'spec.selector: no Pod in the namespace "default" has the labels app=nobody, nor has the template of a workload: '
        "the Service has no endpoints",
    ),
    "nothing listens on its target port": (
        service(target=8080),
        "spec.ports[0].targetPort: nothing in the selected Pods listens on 8080/TCP, so that requests will be refused; they listen on 53/UDP, 80/TCP",
    ),
    "no port has its target port's name": (
        service(target="web"),
        'spec.ports[0].targetPort: no container of the selected Pods has a TCP port named "web": this port has no endpoints',
    ),
    "a port of that name is of another protocol": (
        service(target="dns"),
        'spec.ports[0].targetPort: no container of the selected Pods has a TCP port named "dns": this port has no endpoints',
    ),
    "a headless Service is to map a port": (
        service(port=8080, target=80, clusterIP="None"),
        "spec.ports[0].port: a headless Service maps no ports: its name leads to the Pods themselves, and at 8080/TCP nothing listens; "
        "they listen on 53/UDP, 80/TCP",
    ),
    "an external name is an address": (
        {**service(), "spec": {"type": "ExternalName", "externalName": "10.0.0.1"}},
        'spec.externalName: "10.0.0.1" looks like an address, but is taken for a DNS name, which nobody resolves; '
        "a Service without selector and an EndpointSlice lead to an address",
    ),
    "an external name is none of the world outside": (
        {**service(), "spec": {"type": "ExternalName", "externalName": "db.corp"}},
        'spec.externalName: nobody has "db.corp" (NXDOMAIN): the world outside of this playground has only example.com, example.org and example.net',
    ),
    "an external name is the short name of a Service": (
        {**service(), "spec": {"type": "ExternalName", "externalName": "shop"}},
        'spec.externalName: "shop" is asked for as it is, without the search list, and nobody has it (NXDOMAIN); a Service has its full name',
    ),
}


@pytest.mark.parametrize(("document", "hint"), SAID.values(), ids=SAID.keys())
def test_it_is_said_when(document: dict[str, Any], hint: str) -> None:
    assert hints(shop(), document) == [hint]


@pytest.mark.parametrize(
    ("doors", "named"),
    [
        ({"type": "NodePort"}, "node port"),
        ({"type": "LoadBalancer"}, "node port or to its load balancer"),
        ({"externalIPs": ["198.18.0.1"]}, "external addresses"),
    ],
)
def test_a_policy_names_the_nodes_from_which_it_leads_nowhere(doors: dict[str, Any], named: str) -> None:
    cluster = shop()
    here = cluster.store.get("Pod", "default", "shop").node
    others = [node.name for node in cluster.store.list("Node") if node.name != here]
    where = f"2 of {NODES} Nodes ({', '.join(others)})"
    said = hints(cluster, service(**doors, externalTrafficPolicy="Local", internalTrafficPolicy="Local"))
    assert [each for each in said if "Local" in each] == [
        f"spec.externalTrafficPolicy: with Local, {where} answer nothing at this Service's {named}: no selected Pod runs there",
        f"spec.internalTrafficPolicy: with Local, Pods on {where} reach nothing through this Service: no selected Pod runs there",
    ]


def test_pods_of_another_namespace_are_named_as_what_it_cannot_select() -> None:
    cluster = shop()
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "other"}}
    cluster.submit(actions.Apply([namespace, pod("far", "far", namespace="other")]))
    (hint,) = hints(cluster, service("far"))
    assert hint.endswith('; Pods in the namespace "other" have them, but a Service selects in its own namespace only')


def test_a_template_that_comes_in_the_same_apply_stands_for_its_pods() -> None:
    template = {"metadata": {"labels": {"app": "new"}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    spec = {"selector": {"matchLabels": {"app": "new"}}, "template": template}
    workload = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "new"}, "spec": spec}
    assert hints(shop(), service("new"), workload) == []
    (hint,) = hints(shop(), service("new", target=81), workload)
    assert "nothing in the selected Pods listens on 81/TCP" in hint


def test_a_pod_that_is_leaving_does_not_count() -> None:
    cluster = shop()
    cluster.submit(actions.Delete("Pod", "shop", "default", 30))
    assert "the Service has no endpoints" in hints(cluster, service())[0]


def test_what_changes_no_spec_and_what_is_deleted_is_not_spoken_of() -> None:
    cluster = shop()
    hints(cluster, service("nobody"))
    assert hints(cluster, service("nobody")) == []
    assert cluster.submit(actions.Patch("Service", "door", {"metadata": {"labels": {"a": "b"}}}, "default")).warnings == ()
    assert cluster.submit(actions.Delete("Service", "door", "default")).warnings == ()


def test_a_port_that_only_a_sidecar_names_has_endpoints() -> None:
    """Wrong lesson: a Service cannot lead to the metrics port of a sidecar."""
    cluster = started()
    sidecar = {"name": "side", "image": "exporter:1", "restartPolicy": "Always", "ports": [{"name": "metrics", "containerPort": 9000}]}
    both = pod("shop", "shop", "shop:1")
    both["spec"]["initContainers"] = [sidecar]
    cluster.submit(actions.Apply([both]))
    assert hints(cluster, service(target="metrics")) == []


def test_only_the_templates_that_a_service_selects_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each Service that is applied costs as much as there are workloads in its Namespace."""
    cluster = started()
    cluster.submit(actions.Apply([deployment(f"app-{number}") for number in range(5)]))
    read: list[str] = []
    real = leading.of_template
    monkeypatch.setattr(leading, "of_template", lambda workload: (read.append(workload.name), real(workload))[1])
    assert hints(cluster, service("app-3")) == []
    assert read == ["app-3"]


def deployment(name: str) -> dict[str, Any]:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}
