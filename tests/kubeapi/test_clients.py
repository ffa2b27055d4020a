"""Do the Python clients of Kubernetes work, unmodified, against a real server?  One journey each: create, read, watch, patch, scale, delete."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
LABELS = {"app": "web"}
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "default"},
    "spec": {
        "replicas": 1,
        "selector": {"matchLabels": LABELS},
        "template": {"metadata": {"labels": LABELS}, "spec": {"containers": [{"name": "nginx", "image": "nginx:1.29"}]}},
    },
}
SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"selector": LABELS, "ports": [{"port": 80}]}}
pytestmark = pytest.mark.slow


@pytest.fixture
def config(server: Any, tmp_path: Path) -> str:
    """The path of the kubeconfig of a new cluster."""
    environment = {**os.environ, **server.variables, "PORT": str(server.port)}
    printed = subprocess.run(
        [sys.executable, "manage.py", "kubeconfig", "--new"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    (tmp_path / "config").write_text(printed.stdout)
    return str(tmp_path / "config")


def test_the_official_client(config: str) -> None:
    import kubernetes

    api = kubernetes.config.new_client_from_config(config)
    core, apps = kubernetes.client.CoreV1Api(api), kubernetes.client.AppsV1Api(api)
    version = core.list_namespaced_pod("default").metadata.resource_version
    apps.create_namespaced_deployment("default", DEPLOYMENT)
    watch = kubernetes.watch.Watch()
    for event in watch.stream(core.list_namespaced_pod, "default", label_selector="app=web", resource_version=version, timeout_seconds=30):
        if event["object"].status.phase == "Running":
            watch.stop()
    core.create_namespaced_service("default", SERVICE)
    run = {"command": ["curl", "-s", "frontend-svc:80"], "stderr": True, "stdin": False, "stdout": True, "tty": False}
    assert kubernetes.stream.stream(core.connect_get_namespaced_pod_exec, "client", "default", **run).startswith("frontend-")
    core.patch_namespaced_service("web", "default", {"spec": {"sessionAffinity": "ClientIP"}})
    apps.patch_namespaced_deployment_scale("web", "default", {"spec": {"replicas": 2}})
    assert apps.read_namespaced_deployment("web", "default").spec.replicas == 2
    assert core.read_namespaced_service("web", "default").spec.session_affinity == "ClientIP"
    with pytest.raises(kubernetes.client.ApiException, match="already exists"):
        core.create_namespaced_service("default", SERVICE)
    way = kubernetes.stream.portforward(core.connect_get_namespaced_pod_portforward, "client", "default", ports="81")
    way.socket(81).setblocking(True)
    assert way.socket(81).recv(1) == b""
    assert "connection refused" in way.error(81)
    core.delete_namespaced_service("web", "default")
    dynamic = kubernetes.dynamic.DynamicClient(api)
    services = dynamic.resources.get(api_version="v1", kind="Service")
    services.server_side_apply(body=SERVICE, namespace="default", field_manager="me")
    assert services.get(name="web", namespace="default").spec.ports[0].port == 80


def test_lightkube(config: str) -> None:
    from lightkube import Client, KubeConfig
    from lightkube.codecs import from_dict
    from lightkube.resources.apps_v1 import Deployment
    from lightkube.resources.core_v1 import Service

    client = Client(config=KubeConfig.from_file(config), field_manager="lightkube")
    client.create(from_dict(DEPLOYMENT))
    client.wait(Deployment, "web", for_conditions=["Available"])
    client.apply(from_dict({**SERVICE, "metadata": {"name": "web", "namespace": "default"}}))
    client.patch(Deployment, "web", {"spec": {"replicas": 3}})
    assert client.get(Deployment, "web").spec.replicas == 3
    assert {each.metadata.name for each in client.list(Service)} >= {"kubernetes", "web"}
    client.delete(Service, "web")
    assert {"web"}.isdisjoint(each.metadata.name for each in client.list(Service))


@pytest.mark.filterwarnings("ignore")
def test_kr8s(config: str) -> None:
    import kr8s
    from kr8s.objects import Deployment, Service

    api = kr8s.api(kubeconfig=config)
    deployment = Deployment(DEPLOYMENT, api=api)
    deployment.create()
    deployment.wait("condition=Available", timeout=40)
    deployment.scale(2)
    assert deployment.spec.replicas == 2
    service = Service(SERVICE, api=api)
    service.create()
    service.label({"tier": "front"})
    assert [each.name for each in api.get("services", label_selector="tier=front")] == ["web"]
    pod = next(iter(deployment.pods()))
    pod.wait("condition=Ready", timeout=40)
    assert isinstance(list(pod.logs()), list)
    assert b"KUBERNETES_SERVICE_HOST" in pod.exec(["env"]).stdout
    with pod.portforward(remote_port=80, local_port="auto") as port:
        assert httpx.get(f"http://127.0.0.1:{port}").text == f"{pod.name} (nginx:1.29)\n"
    service.delete()
    assert not service.exists()
