"""Does each command of kubectl do what it does on a real cluster?  The lines of commands.txt, by the real one, against one live server."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.kubeapi.kubectl import DEPLOYMENT, Kubectl, config, kubectl, manage

__all__ = ["config", "kubectl", "manage"]
pytestmark = pytest.mark.slow
TABLE = Path(__file__).with_name("commands.txt")
_FOO = "kind: Foo\nmetadata: {name: x}\n"
_LISTED = """
- {apiVersion: v1, kind: ConfigMap, metadata: {name: l1}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: l2}}
"""
MANIFESTS = {
    "deployment": DEPLOYMENT,
    "changed": DEPLOYMENT.replace("replicas: 2", "replicas: 3"),
    "typo": DEPLOYMENT.replace("replicas", "replicaz"),
    "generated": "apiVersion: v1\nkind: Pod\nmetadata: {generateName: gen-}\nspec: {containers: [{name: c, image: nginx}]}\n",
    "list": f"apiVersion: v1\nkind: List\nitems:{_LISTED}",
    "unknown": f"apiVersion: v1\n{_FOO}",
    "stranger": f"apiVersion: example.com/v1\n{_FOO}",
    "definition": """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.example.com}
spec:
  group: example.com
  names: {kind: Foo, plural: foos, singular: foo, shortNames: [fo]}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {a: {type: string, description: an a}}}}}}
""",
    "sets": """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {terminationGracePeriodSeconds: 1, containers: [{name: c, image: nginx}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {terminationGracePeriodSeconds: 1, containers: [{name: c, image: nginx}]}
""",
}
SCENARIOS = dict(part.strip().split("\n", 1) for part in TABLE.read_text().split("\n== ")[1:])


def ran(kubectl: Kubectl, line: str) -> str:
    """What is wrong with a line, or ''."""
    command, mark, wanted = (*re.split(r" (=>|!>) ?", line, maxsplit=1), "=>", "")[:3]
    manifest = ""
    if command.startswith("< "):
        _, name, command = command.split(" ", 2)
        manifest = MANIFESTS[name]
    done: subprocess.CompletedProcess[str] = kubectl.run(*shlex.split(command), text=manifest)
    succeeded, said = done.returncode == 0, done.stdout + done.stderr
    if succeeded is (mark == "=>") and wanted in said:
        return ""
    return f"{line}\n    exit code {done.returncode}: {said[:1_000]}"


@pytest.mark.parametrize("lines", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_each_line_does_as_it_says(kubectl: Kubectl, lines: str) -> None:
    wrong = [found for line in lines.splitlines() if line and not line.startswith("#") and (found := ran(kubectl, line))]
    assert not wrong, "\n".join(wrong)


def test_every_kind_that_is_served_is_explained(kubectl: Kubectl) -> None:
    kinds = kubectl("api-resources -o name").split()
    assert len(kinds) > 40
    unexplained = [kind for kind in kinds if "VERSION:" not in kubectl.run("explain", kind, "--recursive").stdout]
    assert not unexplained


def test_every_kind_that_there_is_can_be_described(kubectl: Kubectl) -> None:
    kubectl("create deployment web --image=nginx")
    kubectl("expose deployment web --port=80")
    kubectl("autoscale deployment web --max=3 --cpu=50%")
    for line in (
        "configmap c --from-literal=a=b", "secret generic g --from-literal=a=b", "serviceaccount a", "quota q --hard=pods=99", "job j --image=busybox",
        "role r --verb=get --resource=pods", "rolebinding b --role=r --user=x", "pdb p --selector=app=x --min-available=1",
        "ingress i --rule=foo.com/bar=web:80", "cronjob k --image=busybox --schedule=@daily", "priorityclass pc --value=1000",
    ):  # fmt: skip
        kubectl(f"create {line}")
    kubectl("rollout status deployment/web --timeout=40s")
    for kind in (
        "pods services endpoints endpointslices deployments replicasets nodes namespaces configmaps secrets serviceaccounts resourcequotas jobs "
        "roles rolebindings pdb ingresses cronjobs hpa priorityclasses leases events controllerrevisions"
    ).split():
        if kubectl(f"get {kind} -A -o name"):
            assert "Name:" in kubectl(
                f"describe {kind} -A" if kind not in ("nodes", "namespaces", "priorityclasses") else f"describe {kind}"
            )
    kubectl("delete priorityclass pc")


def test_an_editor_changes_an_object(kubectl: Kubectl) -> None:
    kubectl("apply -f -", DEPLOYMENT)
    said = kubectl("edit deployment web", KUBE_EDITOR="sed -i s/replicas:.2/replicas:\\ 3/")
    assert said == "deployment.apps/web edited\n"
    assert kubectl("get deployment web -o jsonpath={.spec.replicas}") == "3"
    assert kubectl("edit deployment web", KUBE_EDITOR="true") == ""
    refused = kubectl.run("edit", "deployment", "web", KUBE_EDITOR="sed -i s/replicas:.3/replicas:\\ -3/")
    assert 'error: deployments.apps "web" is invalid' in refused.stderr


def test_logs_are_followed_until_their_container_ends(kubectl: Kubectl) -> None:
    kubectl("run p --image=nginx")
    kubectl("wait --for=condition=Ready pod/p --timeout=40s")
    with kubectl.begun("logs", "-f", "p") as logs:
        assert logs.stdout is not None
        kubectl("exec p -- curl -s localhost:80")
        assert '"GET / HTTP/1.1" 200' in logs.stdout.readline()
        kubectl("delete pod p --now")
        assert logs.stdout.read() == ""
        assert logs.wait(20) == 0


def test_attaching_shows_what_is_printed_and_takes_input(kubectl: Kubectl) -> None:
    kubectl("run p --image=nginx")
    kubectl("wait --for=condition=Ready pod/p --timeout=40s")
    with kubectl.begun("attach", "p") as attached:
        assert attached.stdout is not None
        assert attached.stderr is not None
        assert attached.stderr.readline().startswith("All commands and output from this session will be recorded")
        for _ in range(3):
            kubectl("exec p -- curl -s localhost:80")
        assert '"GET / HTTP/1.1" 200' in attached.stdout.readline()
    assert "hello" in kubectl("run once --image=busybox --restart=Never -i --rm -- cat", "hello\n")


def test_events_and_pods_are_watched(kubectl: Kubectl) -> None:
    with kubectl.begun("get", "events", "-w") as events, kubectl.begun("get", "pods", "-w", "-o", "name") as pods:
        assert events.stdout is not None
        assert pods.stdout is not None
        kubectl("run p --image=nginx")
        assert pods.stdout.readline() == "pod/p\n"
        line = events.stdout.readline()
        assert "LAST SEEN" in line or "Scheduled" in line


def test_a_namespace_goes_with_all_that_is_in_it(kubectl: Kubectl) -> None:
    kubectl("run p --image=nginx")
    assert kubectl(f"delete namespace {kubectl.namespace}") == f'namespace "{kubectl.namespace}" deleted\n'
    assert "No resources found" in kubectl.run("get", "pods").stderr
    assert "NotFound" in kubectl.fails(f"get namespace {kubectl.namespace}")
