"""What is filled in: the facts of pkg/apis/{core,apps}/v1/defaults_test.go."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver import defaults, resources
from playground.kube.apiserver.documents import fresh
from playground.kube.errors import Refusal


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


def test_empty_fields_of_a_service_count_as_absent(world: Any, service: Any) -> None:
    port = {"port": 80, "name": "", "protocol": "", "nodePort": 0, "targetPort": ""}
    empty = {"type": "", "clusterIP": "", "sessionAffinity": "", "externalName": "", "loadBalancerIP": "", "loadBalancerSourceRanges": []}
    spec = world.server.create(service(ports=[port], **empty)).thing.spec
    assert (spec["type"], spec["sessionAffinity"]) == ("ClusterIP", "None")
    assert spec["ports"] == [{"port": 80, "protocol": "TCP", "targetPort": 80}]
    assert not {"externalName", "loadBalancerIP", "loadBalancerSourceRanges"} & set(spec)


def test_a_health_check_port_of_0_keeps_the_one_that_there_is(world: Any, service: Any) -> None:
    local = service(type="LoadBalancer", externalTrafficPolicy="Local")
    before = world.server.create(local).thing.spec["healthCheckNodePort"]
    local["spec"]["healthCheckNodePort"] = 0
    assert world.server.replace(local).thing.spec["healthCheckNodePort"] == before


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


def made(world: Any, kind: str, spec: Any, **more: Any) -> Any:
    name = more.pop("name", "x")
    document = {"apiVersion": resources.KINDS[kind].api_version, "kind": kind, "metadata": {"name": name}, "spec": spec, **more}
    world.server.create(document if spec is not None else {key: each for key, each in document.items() if key != "spec"})
    return world.json(kind, name, "default" if resources.KINDS[kind].namespaced else "")


TEMPLATE = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "busybox"}]}}


def test_a_job(world: Any) -> None:
    spec = made(world, "Job", {"template": TEMPLATE})["spec"]
    expected = {
        "parallelism": 1, "completions": 1, "completionMode": "NonIndexed", "backoffLimit": 6, "suspend": False, "manualSelector": False,
        "podReplacementPolicy": "TerminatingOrFailed",
    }  # fmt: skip
    assert {name: spec[name] for name in expected} == expected
    assert spec["template"]["spec"]["containers"][0]["imagePullPolicy"] == "Always"


def test_a_job_of_as_many_as_it_likes_has_no_completions(world: Any) -> None:
    assert "completions" not in made(world, "Job", {"template": TEMPLATE, "parallelism": 3})["spec"]


def test_a_job_selects_its_own_pods_by_its_uid(world: Any) -> None:
    job = made(world, "Job", {"template": TEMPLATE})
    uid, labels = job["metadata"]["uid"], job["spec"]["template"]["metadata"]["labels"]
    assert job["spec"]["selector"] == {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}
    assert labels == {
        "job-name": "x", "batch.kubernetes.io/job-name": "x", "controller-uid": uid, "batch.kubernetes.io/controller-uid": uid,
    }  # fmt: skip
    assert job["metadata"]["labels"] == labels


def test_a_job_that_is_applied_again_keeps_its_selector(world: Any) -> None:
    document = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x"}, "spec": {"template": TEMPLATE}}
    world.server.apply(document)
    assert world.server.apply(document).verb == "unchanged"


def test_a_job_with_a_selector_of_its_own_keeps_it(world: Any) -> None:
    template = {**TEMPLATE, "metadata": {"labels": {"a": "b"}}}
    spec = made(world, "Job", {"template": template, "manualSelector": True, "selector": {"matchLabels": {"a": "b"}}})["spec"]
    assert (spec["selector"], spec["template"]["metadata"]["labels"]) == ({"matchLabels": {"a": "b"}}, {"a": "b"})


def test_a_cron_job(world: Any) -> None:
    spec = made(world, "CronJob", {"schedule": "@daily", "jobTemplate": {"spec": {"template": TEMPLATE}}})["spec"]
    expected = {"concurrencyPolicy": "Allow", "suspend": False, "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1}
    assert {name: spec[name] for name in expected} == expected
    assert "parallelism" not in spec["jobTemplate"]["spec"]


CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}
STORED: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "an autoscaler": (
        "HorizontalPodAutoscaler", {"maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "d"}}, {"minReplicas": 1, "metrics": [CPU]}),
    "a claim": ("PersistentVolumeClaim", {"accessModes": ["ReadWriteOnce"]}, {"volumeMode": "Filesystem"}),
    "a volume": (
        "PersistentVolume", {"hostPath": {"path": "/a"}},
        {"volumeMode": "Filesystem", "persistentVolumeReclaimPolicy": "Retain", "hostPath": {"path": "/a", "type": ""}}),
    "a policy for what comes in": ("NetworkPolicy", {"podSelector": {}}, {"policyTypes": ["Ingress"]}),
    "a policy for what goes out": (
        "NetworkPolicy", {"podSelector": {}, "egress": [{"ports": [{"port": 80}]}]},
        {"policyTypes": ["Ingress", "Egress"], "egress": [{"ports": [{"port": 80, "protocol": "TCP"}]}]}),
    "a limit": (
        "LimitRange", {"limits": [{"type": "Container", "max": {"cpu": "2"}, "min": {"memory": "1Mi"}}]},
        {"limits": [{
            "type": "Container", "max": {"cpu": "2"}, "min": {"memory": "1Mi"}, "default": {"cpu": "2"},
            "defaultRequest": {"cpu": "2", "memory": "1Mi"}}]}),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "spec", "filled"), STORED.values(), ids=STORED.keys())
def test_kinds_that_are_only_stored(world: Any, kind: str, spec: Any, filled: dict[str, Any]) -> None:
    shown = made(world, kind, fresh(spec))["spec"]
    assert {name: shown[name] for name in filled} == filled


def test_classes_and_bindings(world: Any) -> None:
    storage = made(world, "StorageClass", None, provisioner="p")
    assert (storage["reclaimPolicy"], storage["volumeBindingMode"]) == ("Delete", "Immediate")
    assert made(world, "PriorityClass", None, value=1)["preemptionPolicy"] == "PreemptLowerPriority"
    subjects = [{"kind": "User", "name": "u"}, {"kind": "ServiceAccount", "name": "s", "namespace": "default"}]
    binding = made(
        world, "RoleBinding", None, roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"}, subjects=subjects
    )
    assert [each.get("apiGroup") for each in binding["subjects"]] == ["rbac.authorization.k8s.io", None]


def test_a_job_whose_pods_would_be_started_for_ever_is_refused(world: Any) -> None:
    with pytest.raises(Refusal) as refused:
        made(world, "Job", {"template": {"spec": {"containers": [{"name": "c", "image": "busybox"}]}}})
    (cause,) = refused.value.causes
    assert (cause.field, cause.message) == ("spec.template.spec.restartPolicy", 'Required value: valid values: "OnFailure", "Never"')


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
