"""Which objects does a line mean in a cluster?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from playground.kube.actions import Batch, Crash, Delete, Drain, Send, StartTraffic
from playground.kube.apiserver.objects import Object
from playground.kube.apiserver.store import Store
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings
from playground.terminal.resolve import resolve
from playground.terminal.words import parse


def put(store: Store, kind: str, name: str, namespace: str = "default", **rest: Any) -> None:
    store.create(Object(kind=kind, namespace=namespace, name=name, uid=store.new_uid(), version=0, created=0, **rest))


@pytest.fixture
def cluster() -> Any:
    store = Store()
    put(store, "Pod", "frontend-a", deleting=5)
    put(store, "Pod", "frontend-b", labels={"app": "frontend"})
    put(store, "Pod", "frontend-c")
    put(store, "Pod", "old-a", deleting=5)
    put(store, "Pod", "bare")
    put(store, "Node", "node-a", "")
    put(store, "Deployment", "frontend", labels={"tier": "web"}, spec={"selector": {"matchLabels": {"app": "frontend"}}})
    put(store, "Deployment", "odd", spec={"selector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]}})
    put(store, "Service", "frontend-svc", spec={"selector": {"app": "frontend"}})
    return SimpleNamespace(store=store, now=90_000_000, settings=ClusterSettings())


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("delete pod frontend-...", Delete("Pod", "frontend-b", "default")),
        ("delete pod old-...", Delete("Pod", "old-a", "default")),
        ("delete pod frontend", Delete("Pod", "frontend", "default")),
        ("crash frontend-...", Crash("frontend-b", "default")),
        ("drain node-...", Drain("node-a")),
        ("send frontend-... x:80", Send("default/frontend-b", "x:80")),
        ("start-traffic b... x:80", StartTraffic("default/bare", "x:80")),
        ("delete pod/b... no/n...", Batch("Delete 2 objects", [Delete("Pod", "bare", "default"), Delete("Node", "node-a")])),
    ],
)  # fmt: skip
def test_three_dots_stand_for_the_first_that_begins_so_and_stays(cluster: Any, line: str, action: Any) -> None:
    assert resolve(parse(line), cluster) == action


def test_a_restart_has_the_clusters_own_time(cluster: Any) -> None:
    action = resolve(parse("rollout restart deployment frontend"), cluster)
    assert action.patch["spec"]["template"]["metadata"]["annotations"] == {"kubectl.kubernetes.io/restartedAt": "2023-11-14T22:14:50Z"}
    assert action.style == "strategic"


BOTH = {"initContainers": [{"name": "wait"}], "containers": [{"name": "web"}, {"name": "log"}]}
IMAGED = {
    "web=nginx:2": {"containers": [{"name": "web", "image": "nginx:2"}]},
    "wait=busybox log=fluentd": {
        "initContainers": [{"name": "wait", "image": "busybox"}],
        "containers": [{"name": "log", "image": "fluentd"}],
    },
    "*=a": {
        "initContainers": [{"name": "wait", "image": "a"}],
        "containers": [{"name": "web", "image": "a"}, {"name": "log", "image": "a"}],
    },
}


@pytest.mark.parametrize(("images", "change"), IMAGED.items())
def test_images_are_set_at_containers_that_are_there(cluster: Any, images: str, change: Any) -> None:
    put(cluster.store, "Deployment", "two", spec={"template": {"spec": BOTH}})
    put(cluster.store, "Pod", "two", spec=BOTH)
    assert resolve(parse(f"set image deploy/two {images}"), cluster).patch == {"spec": {"template": {"spec": change}}}
    assert resolve(parse(f"set image pod/two {images}"), cluster).patch == {"spec": change}


def test_an_image_for_a_container_that_is_not_there_is_refused(cluster: Any) -> None:
    """It made a second container of the mistyped name, and the Deployment rolled out (kubectl/pkg/cmd/set/set_image.go)."""
    put(cluster.store, "Deployment", "two", spec={"template": {"spec": BOTH}})
    with pytest.raises(Refusal, match='unable to find container named "frontend"'):
        resolve(parse("set image deploy/two frontend=nginx:2"), cluster)
    with pytest.raises(Refusal, match=r'deployments\.apps "none" not found'):
        resolve(parse("set image deploy/none web=nginx:2"), cluster)


@pytest.mark.parametrize("what", ["deployment/frontend", "service/frontend-svc", "pod/frontend-..."])
def test_what_is_exposed_is_selected_by_its_own_labels(cluster: Any, what: str) -> None:
    (document,) = resolve(parse(f"expose {what} --port=80 --name=web"), cluster).documents
    assert document["spec"]["selector"] == {"app": "frontend"}


@pytest.mark.parametrize(("flags", "labels"), [("", {"tier": "web"}), ("--selector=a=b", {"tier": "web"}), ("--labels=c=d", {"c": "d"})])
def test_what_is_exposed_gives_the_service_its_labels(cluster: Any, flags: str, labels: dict[str, str]) -> None:
    """Without labels, `-l app=web` would not find the Service that kubectl makes (kubectl/pkg/cmd/expose/expose.go)."""
    (document,) = resolve(parse(f"expose deployment/frontend --port=80 {flags}"), cluster).documents
    assert document["metadata"] == {"name": "frontend", "namespace": "default", "labels": labels}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("delete pod backend-...", 'pods "backend-..." not found'),
        ("scale deployment/x... --replicas=1", 'deployments.apps "x..." not found'),
        ("expose deployment/nobody --port=80", 'deployments.apps "nobody" not found'),
        ("expose deployment/odd --port=80", "couldn't convert expressions"),
        ("expose pod/bare --port=80", "the pod has no labels and cannot be exposed"),
    ],
)
def test_what_is_not_there_is_refused(cluster: Any, line: str, message: str) -> None:
    with pytest.raises(Refusal, match=message.replace("...", r"\.\.\.")):
        resolve(parse(line), cluster)
