"""What is filled in: the facts of pkg/apis/{core,apps}/v1/defaults_test.go."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver import defaults, resources
from playground.kube.apiserver.documents import fresh


def test_a_service(world: Any, service: Any) -> None:
    spec = world.server.create(service()).thing.spec
    expected = {"type": "ClusterIP", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster"}
    assert {name: spec[name] for name in expected} == expected
    assert spec["ports"] == [{"port": 80, "protocol": "TCP", "targetPort": 80}]
    assert "externalTrafficPolicy" not in spec


def test_a_service_for_the_outside(world: Any, service: Any) -> None:
    spec = world.server.create(service(type="LoadBalancer", sessionAffinity="ClientIP")).thing.spec
    assert (spec["externalTrafficPolicy"], spec["allocateLoadBalancerNodePorts"]) == ("Cluster", True)
    assert spec["sessionAffinityConfig"] == {"clientIP": {"timeoutSeconds": 10_800}}


def test_an_empty_selector_counts_as_none(world: Any, service: Any) -> None:
    assert "selector" not in world.server.create(service(selector={})).thing.spec


def test_a_headless_service_without_selector_is_of_both_families(world: Any, service: Any) -> None:
    spec = world.server.create(service(selector=None, clusterIP="None")).thing.spec
    assert (spec["ipFamilyPolicy"], spec["ipFamilies"], spec["clusterIPs"]) == ("RequireDualStack", ["IPv4", "IPv6"], ["None"])


def test_a_pod(world: Any, pod: Any) -> None:
    probe = {"httpGet": {"port": 80}}
    spec = world.server.create(pod(container={"ports": [{"containerPort": 80}], "readinessProbe": probe})).thing.spec
    expected = {
        "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "terminationGracePeriodSeconds": 30, "enableServiceLinks": True,
        "schedulerName": "default-scheduler", "securityContext": {}, "priority": 0,
    }  # fmt: skip
    assert {name: spec[name] for name in expected} == expected
    assert spec["tolerations"] == [
        {"effect": "NoExecute", "key": f"node.kubernetes.io/{key}", "operator": "Exists", "tolerationSeconds": 300}
        for key in ("not-ready", "unreachable")
    ]
    (container,) = spec["containers"]
    assert container["ports"] == [{"containerPort": 80, "protocol": "TCP"}]
    assert container["readinessProbe"] == {
        "httpGet": {"path": "/", "port": 80, "scheme": "HTTP"}, "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3,
    }  # fmt: skip


def test_a_toleration_for_ever_is_left_alone(world: Any, pod: Any) -> None:
    forever = {"operator": "Exists"}
    assert world.server.create(pod(tolerations=[forever])).thing.spec["tolerations"] == [forever]


IMAGES = [("nginx", "Always"), ("nginx:latest", "Always"), ("nginx:1.27", "IfNotPresent"), ("reg:5000/nginx", "Always"),
          ("reg:5000/nginx:1", "IfNotPresent"), ("nginx@sha256:" + "0" * 64, "IfNotPresent")]  # fmt: skip


@pytest.mark.parametrize(("image", "policy"), IMAGES)
def test_an_image_is_always_pulled_if_it_is_the_latest(world: Any, pod: Any, image: str, policy: str) -> None:
    assert world.server.create(pod(container={"image": image})).thing.spec["containers"][0]["imagePullPolicy"] == policy


def test_a_deployment(world: Any, workload: Any) -> None:
    spec = world.server.create(workload()).thing.spec
    expected = {
        "replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
    }  # fmt: skip
    assert {name: spec[name] for name in expected} == expected
    assert "tolerations" not in spec["template"]["spec"]


def test_the_other_workloads(world: Any, workload: Any) -> None:
    stateful = world.server.create(workload(kind="StatefulSet", serviceName="db")).thing.spec
    assert (stateful["podManagementPolicy"], stateful["updateStrategy"]) == (
        "OrderedReady", {"type": "RollingUpdate", "rollingUpdate": {"partition": 0, "maxUnavailable": 1}},
    )  # fmt: skip
    daemons = world.server.create(workload(kind="DaemonSet")).thing.spec
    assert daemons["updateStrategy"] == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}
    assert world.server.create(workload(kind="ReplicaSet")).thing.spec["replicas"] == 1


def test_what_a_secret_says_in_plain_text_is_kept_as_data(world: Any) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "YQ=="}, "stringData": {"p": "hi"}}
    assert world.server.apply(secret).verb == "created"
    shown = world.json("Secret", "s")
    assert (shown["type"], shown["data"]) == ("Opaque", {"a": "YQ==", "p": "aGk="})
    assert "stringData" not in shown
    assert world.server.apply(secret).verb == "unchanged"


def test_a_negative_grace_of_a_pod_is_one_second(world: Any, pod: Any) -> None:
    """Else it was refused, which no API server does."""
    world.server.create(pod(terminationGracePeriodSeconds=-1))
    assert world.json("Pod", "client")["spec"]["terminationGracePeriodSeconds"] == 1


def test_a_namespace_bears_its_name_as_a_label(world: Any) -> None:
    made = world.server.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}).thing
    assert (made.labels, made.spec, made.status) == (
        {"kubernetes.io/metadata.name": "shop"},
        {"finalizers": ["kubernetes"]},
        {"phase": "Active"},
    )


def test_filling_in_twice_is_filling_in_once(service: Any, pod: Any, workload: Any) -> None:
    for document in (service(type="LoadBalancer"), pod(hostNetwork=True), *(workload(kind=kind) for kind in resources.WORKLOADS)):
        once = fresh(document)
        defaults.fill(once, resources.by_kind(document["kind"]))
        twice = fresh(once)
        defaults.fill(twice, resources.by_kind(document["kind"]))
        assert twice == once


@pytest.mark.parametrize(
    ("whole", "containers", "requests"),
    [
        ({"limits": {"cpu": "2", "memory": "1Gi"}}, [{}], {"cpu": "2", "memory": "1Gi"}),
        (
            {"limits": {"cpu": "2"}},
            [{"cpu": "100m", "memory": "64Mi"}, {"cpu": "1", "memory": "64Mi"}],
            {"cpu": "1100m", "memory": "128Mi"},
        ),
        ({"limits": {"cpu": "2"}, "requests": {"cpu": "1500m"}}, [{"cpu": "1"}], {"cpu": "1500m"}),
        ({"limits": {"memory": "2G"}}, [{"memory": "500M"}, {"memory": "500M"}], {"memory": "1G"}),
        ({"requests": {"cpu": "1"}}, [{"memory": "64Mi"}], {"cpu": "1"}),
    ],
)
def test_what_a_pod_asks_for_as_a_whole_follows_from_its_containers_or_its_limits(
    world: Any, pod: Any, whole: dict[str, Any], containers: list[dict[str, str]], requests: dict[str, str]
) -> None:
    """Else a learner would think that a Pod which is only limited as a whole asks for nothing (defaultPodRequests)."""
    listed = [{"name": f"c{index}", "image": "busybox", "resources": {"requests": each}} for index, each in enumerate(containers)]
    made = world.server.create(pod(containers=listed, resources=whole)).thing
    assert made.spec["resources"]["requests"] == requests
