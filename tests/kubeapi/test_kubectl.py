"""Does the real kubectl, unmodified, drive a cluster of a real server?  One server and one cluster for all; each test has its own namespace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kubeapi.kubectl import DEPLOYMENT, SERVICE, Kubectl, config, kubectl, manage

__all__ = ["config", "kubectl", "manage"]
pytestmark = pytest.mark.slow


def test_the_versions_fit_and_the_cluster_can_be_seen(kubectl: Kubectl) -> None:
    assert "exceeds the supported minor version skew" not in kubectl.run("version").stderr
    assert "is running at http" in kubectl("cluster-info")
    resources = kubectl("api-resources")
    assert "deploy" in resources
    assert "endpointslices" in resources
    assert "Number or name of the port to access" in kubectl("explain service.spec.ports.targetPort")
    assert "yes" in kubectl("auth can-i delete pods")
    assert "learner" in kubectl("auth whoami")


def test_get_prints_what_it_prints_of_a_real_cluster(kubectl: Kubectl) -> None:
    kubectl.namespace = "default"
    kubectl("wait --for=condition=Ready pod/client --timeout=30s")
    assert kubectl("get pods client -o wide").splitlines()[0].split() == (
        "NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES".split()
    )
    assert kubectl("get pods client --no-headers").split()[:4] == ["client", "1/1", "Running", "0"]
    assert kubectl("get svc kubernetes --no-headers").split()[:5] == ["kubernetes", "ClusterIP", "172.17.0.1", "<none>", "443/TCP"]
    assert kubectl("get pods -A -o name").count("pod/coredns") == 2
    assert kubectl("get pod client -o jsonpath={.status.phase}") == "Running"
    assert "app=client" in kubectl("get pods --show-labels -l app=client --sort-by=.metadata.name")
    assert {line.split("/")[0] for line in kubectl("get all -o name").splitlines()} >= {
        "pod",
        "service",
        "deployment.apps",
        "replicaset.apps",
    }


def test_apply_creates_and_then_changes_only_what_differs(kubectl: Kubectl) -> None:
    first = SERVICE.replace("TARGET", "80")
    assert kubectl("apply -f -", first) == "service/web created\n"
    assert kubectl("apply -f -", first) == "service/web unchanged\n"
    changed = SERVICE.replace("TARGET", "9090")
    assert "+    targetPort: 9090" in kubectl.run("diff", "-f", "-", text=changed).stdout
    assert kubectl("apply -f -", changed) == "service/web configured\n"
    assert kubectl("get svc web -o jsonpath={.spec.ports[0].targetPort}") == "9090"


def test_what_is_wrong_is_said_as_kubectl_says_it(kubectl: Kubectl) -> None:
    bad = SERVICE.replace("port: 80", "port: 99999").replace("TARGET", "80")
    assert kubectl.fails("apply -f -", bad) == (
        'The Service "web" is invalid: spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive\n'
    )
    typo = SERVICE.replace("TARGET", "80").replace("selector", "selektor")
    assert 'strict decoding error: unknown field "spec.selektor"' in kubectl.fails("create -f -", typo)
    assert (
        'Warning: unknown field "spec.selektor"'
        in kubectl.run("create", "--validate=warn", "--dry-run=server", "-f", "-", text=typo).stderr
    )
    assert kubectl.fails("get pod nobody") == 'Error from server (NotFound): pods "nobody" not found\n'
    assert kubectl.fails("get foos").startswith('error: the server doesn\'t have a resource type "foos"')


def test_an_apply_on_the_server_has_its_conflicts_and_can_be_forced(kubectl: Kubectl) -> None:
    kubectl("apply -f -", DEPLOYMENT)
    kubectl("scale deployment web --replicas=3")
    refused = kubectl.fails("apply --server-side -f -", DEPLOYMENT)
    assert 'conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas' in refused
    assert kubectl("apply --server-side --force-conflicts -f -", DEPLOYMENT) == "deployment.apps/web serverside-applied\n"
    again = DEPLOYMENT.replace("replicas: 2", "replicas: 4")
    assert "kubectl" in kubectl.fails("apply --server-side --field-manager=other -f -", again)
    assert kubectl.run("diff", "--server-side", "-f", "-", text=DEPLOYMENT).returncode == 0


def test_a_rollout_is_followed_undone_and_restarted(kubectl: Kubectl) -> None:
    kubectl("apply -f -", DEPLOYMENT)
    assert 'deployment "web" successfully rolled out' in kubectl("rollout status deployment/web --timeout=40s")
    kubectl("set image deployment/web nginx=nginx:1.29")
    kubectl("rollout status deployment/web --timeout=40s")
    assert len(kubectl("rollout history deployment/web").strip().splitlines()) == 4
    assert "rolled back" in kubectl("rollout undo deployment/web")
    kubectl("rollout restart deployment/web")
    kubectl("rollout pause deployment/web")
    kubectl("rollout resume deployment/web")
    assert kubectl("get deployment web -o jsonpath={.spec.template.spec.containers[0].image}") == "nginx:1.28"


def test_what_kubectl_makes_by_itself_is_understood(kubectl: Kubectl) -> None:
    for line in (
        "create deployment d --image=nginx --replicas=1 --port=80", "create service clusterip s --tcp=5678:8080", "create configmap c --from-literal=a=b",
        "create secret generic g --from-literal=a=b", "create serviceaccount a", "create job j --image=busybox -- date", "create quota q --hard=pods=9",
        "create role r --verb=get --resource=pods", "autoscale deployment d --max=3 --cpu=50%", "run p --image=nginx", "expose deployment d --port=80",
        "expose pod p --port=80 --name=p-svc --type=NodePort",
    ):  # fmt: skip
        kubectl(line)
    assert kubectl("get secret g -o jsonpath={.data.a}") == "Yg=="
    assert kubectl("get svc s -o jsonpath={.spec.ports[0].targetPort}") == "8080"


def test_objects_are_labelled_patched_edited_replaced_and_scaled(kubectl: Kubectl) -> None:
    kubectl("apply -f -", SERVICE.replace("TARGET", "80"))
    kubectl("label service web tier=front")
    kubectl("annotate service web note=hello")
    kubectl('patch service web -p {"spec":{"sessionAffinity":"ClientIP"}}')
    kubectl('patch service web --type=merge -p {"spec":{"sessionAffinity":"None"}}')
    kubectl('patch service web --type=json -p [{"op":"replace","path":"/spec/ports/0/targetPort","value":81}]')
    kubectl("set selector service web app=other")
    kubectl("edit service web", KUBE_EDITOR="sed -i s/targetPort:.*/targetPort:\\ 8080/")
    assert kubectl("get service web -o jsonpath={.metadata.labels.tier}{.spec.selector.app}{.spec.ports[0].targetPort}") == "frontother8080"
    kubectl("replace -f -", kubectl("get service web -o yaml").replace("8080", "9090"))
    assert kubectl("get service web -o jsonpath={.spec.ports[0].targetPort}") == "9090"


def test_what_is_deleted_is_waited_for(kubectl: Kubectl) -> None:
    kubectl("apply -f -", DEPLOYMENT)
    kubectl("wait --for=condition=Available deployment/web --timeout=40s")
    pod = kubectl("get pods -o name").split()[0]
    assert "deleted" in kubectl(f"delete {pod}")
    assert pod not in kubectl("get pods -o name")
    kubectl("delete pods --all --grace-period=0 --force")
    kubectl("delete deployment -l nothing=here")
    kubectl("delete -f -", DEPLOYMENT)
    kubectl(f"delete namespace {kubectl.namespace}")
    assert "not found" in kubectl.fails(f"get namespace {kubectl.namespace}")


def test_a_watch_shows_a_pod_come_and_go(kubectl: Kubectl) -> None:
    with kubectl.begun("get", "pods", "--watch", "--output-watch-events", "--no-headers") as watch:
        assert watch.stdout is not None
        kubectl("run p --image=nginx")
        assert watch.stdout.readline().split()[:2] == ["ADDED", "p"]
        kubectl("delete pod p --grace-period=1")
        line = watch.stdout.readline()
        while not line.startswith("DELETED"):
            line = watch.stdout.readline()


def test_things_are_described(kubectl: Kubectl) -> None:
    kubectl("apply -f -", DEPLOYMENT)
    kubectl("apply -f -", SERVICE.replace("TARGET", "80"))
    kubectl("rollout status deployment/web --timeout=40s")
    assert ":80" in kubectl("describe service web").split("Endpoints:")[1].splitlines()[0]
    for what in ("deployment web", "replicaset", "pod", "node node-a", "endpointslice", f"namespace {kubectl.namespace}"):
        assert "Name:" in kubectl(f"describe {what}")
    pod = kubectl("get pods -l app=web -o name").split()[0]
    for listed in ("get events", "events", f"describe {pod}"):
        assert f"Successfully assigned {kubectl.namespace}/web-" in kubectl(listed)


def test_a_node_is_drained_by_eviction(kubectl: Kubectl) -> None:
    said = kubectl("drain node-c --ignore-daemonsets --force --delete-emptydir-data --timeout=60s")
    assert "node/node-c drained" in said
    assert kubectl("get node node-c --no-headers").split()[1] == "Ready,SchedulingDisabled"
    kubectl("uncordon node-c")
    kubectl("taint node node-c a=b:NoSchedule")
    kubectl("taint node node-c a=b:NoSchedule-")


def test_commands_run_in_a_container(kubectl: Kubectl) -> None:
    kubectl.namespace = "default"
    kubectl("wait --for=condition=Ready pod/client --timeout=30s")
    assert kubectl("exec client -- curl -s frontend-svc:80").startswith("frontend-")
    assert "KUBERNETES_SERVICE_HOST=172.17.0.1" in kubectl("exec client -- env")
    assert kubectl("exec -i client -- cat", "hello\n") == "hello\n"
    ended = kubectl.run("exec", "client", "--", "sh", "-c", "exit 7")
    assert (ended.returncode, ended.stderr) == (7, "command terminated with exit code 7\n")
    assert 'exec: "nosuch": executable file not found in $PATH' in kubectl.fails("exec client -- nosuch")
    assert "hello" in kubectl("run once --image=busybox --restart=Never -i --rm -- echo hello")


def test_a_reader_sees_and_is_forbidden_to_change(tmp_path: Path, manage: Callable[..., str], config: str) -> None:
    cluster = next(line for line in config.splitlines() if "current-context" in line).removeprefix("current-context: switchyard-")
    reader = Kubectl(tmp_path, manage("kubeconfig", f"/clusters/{cluster}/", "--read-only"))
    assert "client" in reader("get pods")
    assert reader.fails("delete pod client") == (
        'Error from server (Forbidden): pods "client" is forbidden: User "reader" cannot delete resource "pods" '
        'in API group "" in the namespace "default"\n'
    )
