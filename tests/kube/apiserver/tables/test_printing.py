"""The rows that `kubectl get` prints. Cases of pods are from pkg/printers/internalversion/printers_test.go (TestPrintPod)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.resources import KINDS as ALL_KINDS
from playground.kube.apiserver.tables.pods import word
from playground.kube.apiserver.tables.printing import cells, columns, definitions

NOW = 1_700_000_100
BORN = "2023-11-14T22:13:20Z"
ENDED = "2023-11-14T22:14:50Z"
META = {"name": "x", "creationTimestamp": BORN}


def pod(*states: Any, phase: str = "Running", init: Any = (), spec: Any = None, **status: Any) -> dict[str, Any]:
    """A Pod of two containers, or as many as `spec` says; each state is (state, ready, restarts)."""
    containers = [{"name": f"c{place}"} for place in range(2)]
    return {
        "kind": "Pod",
        "metadata": META,
        "spec": {"containers": containers, **(spec or {})},
        "status": {
            "phase": phase,
            "containerStatuses": [_status(f"c{place}", *each) for place, each in enumerate(states)],
            "initContainerStatuses": [_status(f"i{place}", *each) for place, each in enumerate(init)],
            **status,
        },
    }


def _status(name: str, state: Any, ready: bool = False, restarts: int = 0) -> dict[str, Any]:
    last = {"lastState": {"terminated": {"finishedAt": ENDED}}} if restarts else {}
    return {"name": name, "state": state, "ready": ready, "restartCount": restarts, "started": ready, **last}


RUNS = ({"running": {}}, True)
INIT = {"initContainers": [{"name": "i0"}, {"name": "i1", "restartPolicy": "Always"}]}
READY = [{"type": "Ready", "status": "True"}]
PODS = {
    "all run": (pod(RUNS, RUNS), ["2/2", "Running", "0"]),
    "one runs": (pod(RUNS, ({"running": {}}, False)), ["1/2", "Running", "0"]),
    "the reason of a waiting container": (
        pod(({"waiting": {"reason": "CrashLoopBackOff"}}, False, 3), RUNS),
        ["1/2", "CrashLoopBackOff", "3 (10s ago)"],
    ),
    "an exit code without a reason": (pod(({"terminated": {"exitCode": 2}},), RUNS), ["1/2", "ExitCode:2", "0"]),
    "a signal": (pod(({"terminated": {"exitCode": 2, "signal": 9}},), RUNS), ["1/2", "Signal:9", "0"]),
    "completed beside a running and ready one": (
        pod(({"terminated": {"reason": "Completed"}},), RUNS, conditions=READY),
        ["1/2", "Running", "0"],
    ),
    "completed beside a running one": (pod(({"terminated": {"reason": "Completed"}},), RUNS), ["1/2", "NotReady", "0"]),
    "an init container that waits": (pod(phase="Pending", init=(({"running": {}},),), spec=INIT), ["0/3", "Init:0/2", "0"]),
    "an init container that failed": (
        pod(phase="Pending", init=(({"terminated": {"exitCode": 1, "reason": "Error"}},),), spec=INIT),
        ["0/3", "Init:Error", "0"],
    ),
    "a sidecar counts": (pod(RUNS, RUNS, init=(({"terminated": {"exitCode": 0}},), RUNS), spec=INIT), ["3/3", "Running", "0"]),
    "the Pod's own reason": (pod(phase="Failed", reason="Evicted"), ["0/2", "Evicted", "0"]),
    "scheduling is gated": (
        pod(phase="Pending", conditions=[{"type": "PodScheduled", "reason": "SchedulingGated"}]),
        ["0/2", "SchedulingGated", "0"],
    ),
}


@pytest.mark.parametrize(("document", "row"), PODS.values(), ids=PODS.keys())
def test_a_pods_row_says_ready_status_and_restarts(document: Any, row: list[str]) -> None:
    assert cells("Pod", document, NOW)[1:4] == row


DELETED = {**META, "deletionTimestamp": BORN}


def test_a_pod_that_is_deleted_terminates_unless_it_has_ended_or_its_node_is_lost() -> None:
    assert word({**pod(RUNS), "metadata": DELETED}) == "Terminating"
    assert word({**pod(phase="Succeeded"), "metadata": DELETED}) == "Succeeded"
    assert word({**pod(RUNS, reason="NodeLost"), "metadata": DELETED}) == "Unknown"


def test_what_a_pod_does_not_have_is_none() -> None:
    assert cells("Pod", pod(RUNS, RUNS), NOW)[5:] == ["<none>"] * 4


def service(spec: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"metadata": META, "spec": spec, **more}


PORTS = [{"port": 80, "protocol": "TCP"}, {"port": 53, "nodePort": 30053, "protocol": "UDP"}]
INGRESS = {"loadBalancer": {"ingress": [{"ip": "2.2.2.2"}, {"hostname": "a.example"}]}}
SERVICES = {
    "a plain one": (
        service({"type": "ClusterIP", "clusterIPs": ["10.0.0.1"], "ports": PORTS[:1]}),
        ["ClusterIP", "10.0.0.1", "<none>", "80/TCP", "100s", "<none>"],
    ),
    "ports of nodes": (
        service({"type": "NodePort", "clusterIPs": ["10.0.0.1"], "ports": PORTS, "selector": {"b": "2", "a": "1"}}),
        ["NodePort", "10.0.0.1", "<none>", "80/TCP,53:30053/UDP", "100s", "a=1,b=2"],
    ),
    "headless": (service({"type": "ClusterIP", "clusterIPs": ["None"]}), ["ClusterIP", "None", "<none>", "<none>", "100s", "<none>"]),
    "another name": (
        service({"type": "ExternalName", "externalName": "db.example"}),
        ["ExternalName", "<none>", "db.example", "<none>", "100s", "<none>"],
    ),
    "no load balancer yet": (
        service({"type": "LoadBalancer", "clusterIPs": ["10.0.0.1"]}),
        ["LoadBalancer", "10.0.0.1", "<pending>", "<none>", "100s", "<none>"],
    ),
    "a load balancer and an external address": (
        service({"type": "LoadBalancer", "externalIPs": ["1.1.1.1"]}, status=INGRESS),
        ["LoadBalancer", "<none>", "2.2.2.2,a.example,1.1.1.1", "<none>", "100s", "<none>"],
    ),
}


@pytest.mark.parametrize(("document", "row"), SERVICES.values(), ids=SERVICES.keys())
def test_a_services_row(document: Any, row: list[str]) -> None:
    assert cells("Service", document, NOW)[1:] == row


def test_more_than_three_endpoints_are_counted() -> None:
    addresses = [{"ip": f"10.0.0.{last}"} for last in range(1, 6)]
    row = cells("Endpoints", {"metadata": META, "subsets": [{"addresses": addresses, "ports": [{"port": 80}]}]}, NOW)
    assert row[1] == "10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more..."
    assert cells("Endpoints", {"metadata": META, "subsets": []}, NOW)[1] == "<none>"


def test_a_slice_without_ports_or_endpoints_says_unset() -> None:
    assert cells("EndpointSlice", {"metadata": META, "addressType": "IPv4"}, NOW)[1:4] == ["IPv4", "<unset>", "<unset>"]
    ports, endpoints = [{"name": "a", "port": 80}, {"name": "b"}], [{"addresses": ["10.0.0.1", "10.0.0.2"]}]
    row = cells("EndpointSlice", {"metadata": META, "addressType": "IPv4", "ports": ports, "endpoints": endpoints}, NOW)
    assert row[2:4] == ["80,b", "10.0.0.1,10.0.0.2"]


def test_workloads_say_how_many_are_ready_and_what_runs() -> None:
    template = {"spec": {"containers": [{"name": "a", "image": "nginx"}, {"name": "b", "image": "redis"}], "nodeSelector": {"disk": "ssd"}}}
    selector = {"matchLabels": {"app": "x"}, "matchExpressions": [{"key": "tier", "operator": "In", "values": ["b", "a"]}]}
    document = {"metadata": META, "spec": {"replicas": 3, "template": template, "selector": selector}, "status": {"readyReplicas": 2}}
    told = ["a,b", "nginx,redis"]
    assert cells("Deployment", document, NOW)[1:] == ["2/3", 0, 0, "100s", *told, "app=x,tier in (a,b)"]
    assert cells("ReplicaSet", document, NOW)[1:] == [3, 0, 2, "100s", *told, "app=x,tier in (a,b)"]
    assert cells("StatefulSet", document, NOW)[1:] == ["2/3", "100s", *told]
    assert cells("DaemonSet", document, NOW)[6:] == ["disk=ssd", "100s", *told, "app=x,tier in (a,b)"]


def test_a_nodes_row() -> None:
    status = {"conditions": [{"type": "Ready", "status": "False"}], "addresses": [{"type": "InternalIP", "address": "192.168.0.2"}]}
    meta = {**META, "labels": {"node-role.kubernetes.io/worker": "", "kubernetes.io/role": "a"}}
    row = cells("Node", {"metadata": meta, "spec": {"unschedulable": True}, "status": status}, NOW)
    assert row[1:3] == ["NotReady,SchedulingDisabled", "a,worker"]
    assert row[5:] == ["192.168.0.2", "<none>", "<unknown>", "<unknown>", "<unknown>"]
    assert cells("Node", {"metadata": META}, NOW)[1:3] == ["Unknown", "<none>"]


def test_an_events_row() -> None:
    event = {
        "metadata": {"name": "x.1"},
        "involvedObject": {"kind": "Pod", "name": "web", "fieldPath": "spec.containers{main}"},
        "type": "Warning",
        "reason": "BackOff",
        "message": "Back-off\n",
        "source": {"component": "kubelet", "host": "node-a"},
        "firstTimestamp": BORN,
        "lastTimestamp": ENDED,
        "count": 4,
    }
    row = cells("Event", event, NOW)
    assert row == ["10s", "Warning", "BackOff", "pod/web", "spec.containers{main}", "kubelet, node-a", "Back-off", "100s", 4, "x.1"]


KINDS = [*ALL_KINDS, "Scale", "Widget.example.com"]


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_cell_for_each_column_even_of_an_empty_object(kind: str) -> None:
    assert len(cells(kind, {"metadata": {"name": "x"}}, NOW)) == len(columns(kind))
    assert definitions(kind)[0]["format"] == ("" if kind == "Event" else "name")


# --- kinds that are stored only. Cases are from pkg/printers/internalversion/printers_test.go (TestPrintJob, TestPrintHPA, ...).

METRIC = {"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 50}}}
PODS_METRIC = {"type": "Pods", "pods": {"target": {"averageValue": "100"}}}
OBJECT_METRIC = {"type": "Object", "object": {"target": {"value": "100"}}}
EXTERNAL_METRIC = {"type": "External", "external": {"target": {"averageValue": "100"}}}
TARGET = {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "maxReplicas": 10}
JOB = {"metadata": META, "spec": {"completions": 2}}
STORED: dict[str, tuple[str, dict[str, Any], list[Any]]] = {
    "a Job that runs": ("Job", JOB, ["Running", "0/2", "", "100s", "", "", "<none>"]),
    "a Job that has ended": (
        "Job",
        {
            **JOB,
            "status": {"succeeded": 2, "startTime": BORN, "completionTime": ENDED, "conditions": [{"type": "Complete", "status": "True"}]},
        },
        ["Complete", "2/2", "90s", "100s", "", "", "<none>"],
    ),
    "a Job of several at once": (
        "Job",
        {"metadata": META, "spec": {"parallelism": 3}, "status": {"startTime": BORN}},
        ["Running", "0/1 of 3", "100s", "100s", "", "", "<none>"],
    ),
    "a CronJob": (
        "CronJob",
        {"metadata": META, "spec": {"schedule": "*/5 * * * *", "suspend": True}, "status": {"lastScheduleTime": ENDED, "active": [{}]}},
        ["*/5 * * * *", "<none>", "True", 1, "10s", "100s", "", "", "<none>"],
    ),
    "an autoscaler without metrics aims at 80 % of the CPU": (
        "HorizontalPodAutoscaler",
        {"metadata": META, "spec": TARGET},
        ["Deployment/web", "cpu: <unknown>/80%", "1", 10, 0, "100s"],
    ),
    "an autoscaler of three metrics": (
        "HorizontalPodAutoscaler",
        {
            "metadata": META,
            "spec": {**TARGET, "minReplicas": 2, "metrics": [METRIC, PODS_METRIC, OBJECT_METRIC]},
            "status": {"currentReplicas": 4, "currentMetrics": [{"type": "Resource", "resource": {"current": {"averageUtilization": 40}}}]},
        },
        ["Deployment/web", "cpu: 40%/50%, <unknown>/100 + 1 more...", "2", 10, 4, "100s"],
    ),
    "an autoscaler of external metrics": (
        "HorizontalPodAutoscaler",
        {"metadata": META, "spec": {**TARGET, "metrics": [OBJECT_METRIC, EXTERNAL_METRIC]}},
        ["Deployment/web", "<unknown>/100, <unknown>/100 (avg)", "1", 10, 0, "100s"],
    ),
    "a disruption budget": (
        "PodDisruptionBudget",
        {"metadata": META, "spec": {"minAvailable": "30%"}, "status": {"disruptionsAllowed": 2}},
        ["30%", "N/A", 2, "100s"],
    ),
    "a quota": (
        "ResourceQuota",
        {"metadata": META, "status": {"hard": {"pods": "3", "limits.cpu": "2", "cpu": "1"}, "used": {"pods": "1"}}},
        ["cpu: 0/1, pods: 1/3", "limits.cpu: 0/2", "100s"],
    ),
    "an Ingress": (
        "Ingress",
        {"metadata": META, "spec": {"rules": [{"host": "a.b"}, {}], "tls": [{}]}, "status": INGRESS},
        ["<none>", "a.b", "2.2.2.2,a.example", "80, 443", "100s"],
    ),
    "an Ingress of many hosts": (
        "Ingress",
        {"metadata": META, "spec": {"ingressClassName": "nginx", "rules": [{"host": name} for name in "abcde"]}},
        ["nginx", "a,b,c + 2 more...", "", "80", "100s"],
    ),
    "an Ingress of any host": ("Ingress", {"metadata": META, "spec": {}}, ["<none>", "*", "", "80", "100s"]),
    "a NetworkPolicy": (
        "NetworkPolicy",
        {"metadata": META, "spec": {"podSelector": {"matchLabels": {"app": "web"}}}},
        ["app=web", "100s"],
    ),
    "a volume": (
        "PersistentVolume",
        {
            "metadata": META,
            "spec": {
                "capacity": {"storage": "1Gi"},
                "accessModes": ["ReadWriteMany", "ReadWriteOnce"],
                "claimRef": {"namespace": "default", "name": "data"},
                "storageClassName": "fast",
            },
            "status": {"phase": "Bound"},
        },
        ["1Gi", "RWO,RWX", "Retain", "Bound", "default/data", "fast", "<unset>", "", "100s", "Filesystem"],
    ),
    "a claim that is bound": (
        "PersistentVolumeClaim",
        {
            "metadata": META,
            "spec": {"volumeName": "pv", "storageClassName": "fast"},
            "status": {"phase": "Bound", "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"]},
        },
        ["Bound", "pv", "1Gi", "RWO", "fast", "<unset>", "100s", "Filesystem"],
    ),
    "a claim that goes": (
        "PersistentVolumeClaim",
        {"metadata": {**META, "deletionTimestamp": BORN}},
        ["Terminating", "", "", "", "", "<unset>", "100s", "Filesystem"],
    ),
    "a Lease": ("Lease", {"metadata": META, "spec": {"holderIdentity": "node-a"}}, ["node-a", "100s"]),
    "a revision": (
        "ControllerRevision",
        {
            "metadata": {**META, "ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "log", "controller": True}]},
            "revision": 2,
        },
        ["daemonset.apps/log", 2, "100s"],
    ),
    "a binding": (
        "RoleBinding",
        {
            "metadata": META,
            "roleRef": {"kind": "Role", "name": "reader"},
            "subjects": [
                {"kind": "User", "name": "anna"},
                {"kind": "User", "name": "bert"},
                {"kind": "Group", "name": "devs"},
                {"kind": "ServiceAccount", "name": "build", "namespace": "ci"},
            ],
        },
        ["Role/reader", "100s", "anna, bert", "devs", "ci/build"],
    ),
    "a role, which has no printer": ("Role", {"metadata": META}, [BORN]),
    "a limit range, which has none either": ("LimitRange", {"metadata": META}, [BORN]),
    "a ReplicationController": (
        "ReplicationController",
        {"metadata": META, "spec": {"replicas": 2, "selector": {"app": "x"}}, "status": {"replicas": 1}},
        [2, 1, 0, "100s", "", "", "app=x"],
    ),
    "a priority": ("PriorityClass", {"metadata": META, "value": 10}, [10, False, "100s", "PreemptLowerPriority"]),
}


@pytest.mark.parametrize(("kind", "document", "row"), STORED.values(), ids=STORED.keys())
def test_the_row_of(kind: str, document: dict[str, Any], row: list[Any]) -> None:
    assert cells(kind, document, NOW)[1:] == row


def test_the_default_storage_class_is_marked() -> None:
    annotated = {**META, "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}
    row = ["x (default)", "example.com/disk", "Delete", "Immediate", False, "100s"]
    assert cells("StorageClass", {"metadata": annotated, "provisioner": "example.com/disk"}, NOW) == row


def test_a_node_is_shown_with_the_first_of_its_addresses() -> None:
    """Else a learner would think that a dual-stack Node is reached by its second family."""
    addresses = [{"type": "InternalIP", "address": ip} for ip in ("192.168.0.2", "fd00::2")]
    assert cells("Node", {"metadata": META, "status": {"addresses": addresses}}, NOW)[5:7] == ["192.168.0.2", "<none>"]
