"""A container's environment is that of its start (pkg/kubelet/kubelet_pods.go, GenerateRunContainerOptions)."""

from __future__ import annotations

import base64

import pytest

from playground.kube.errors import Refusal
from tests.kube.world import World, pod_spec


def client(world, name="p", **more):
    world.pod(name, pod_spec(**more))
    world.run(3)


def environment(world, name="p", of=""):
    return dict(world.kubelet.environment(world.get("Pod", name), of))


def test_a_service_made_later_is_not_seen_until_the_container_starts_again():
    world = World()
    world.service("early", clusterIP="172.17.0.8")
    client(world)
    world.service("late", clusterIP="172.17.0.9")
    world.run(1)
    assert environment(world)["EARLY_SERVICE_HOST"] == "172.17.0.8"
    assert "LATE_SERVICE_HOST" not in environment(world)
    world.kubelet.crash(world.get("Pod", "p"), "", 1)
    world.run(5)
    assert world.get("Pod", "p").state.containers[0].restarts == 1
    assert environment(world)["LATE_SERVICE_HOST"] == "172.17.0.9"


def test_a_service_that_is_deleted_and_made_again_leaves_its_old_address():
    world = World()
    client_of = world.service("web", clusterIP="172.17.0.8")
    client(world)
    world.store.remove(client_of)
    world.service("web", clusterIP="172.17.0.9")
    world.run(1)
    assert environment(world)["WEB_SERVICE_HOST"] == "172.17.0.8"
    client(world, "q")
    assert environment(world, "q")["WEB_SERVICE_HOST"] == "172.17.0.9"


def test_the_api_servers_service_is_seen_without_links_in_any_namespace():
    world = World()
    world.service("kubernetes", clusterIP="172.17.0.1")
    world.service("web", clusterIP="172.17.0.9")
    world.pod("p", {**pod_spec(), "enableServiceLinks": False})
    world.run(3)
    assert "KUBERNETES_SERVICE_HOST" in environment(world)
    assert "WEB_SERVICE_HOST" not in environment(world)


def test_an_init_container_may_have_started_with_less():
    world = World()
    init = [{"name": "i", "image": "busybox", "command": ["sleep", "5"]}]
    world.pod("p", pod_spec(initContainers=init))
    world.run(3)
    world.service("late", clusterIP="172.17.0.9")
    world.run(10)
    assert environment(world, of="i") == {}
    assert "LATE_SERVICE_HOST" in environment(world)


def test_what_has_not_started_has_no_environment_and_what_is_not_there_is_refused():
    world = World()
    world.service()
    world.pod("p")
    assert environment(world) == {}
    with pytest.raises(Refusal, match="container nobody is not valid"):
        environment(world, of="nobody")


def test_config_maps_secrets_and_the_pod_itself():
    world = World()
    world.put("ConfigMap", "c", rest={"data": {"A": "a"}})
    world.put("Secret", "s", rest={"data": {"B": base64.b64encode(b"b").decode()}})
    env = [
        {"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        {"name": "ROLE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['role']"}}},
        {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}},
        {"name": "MEMORY", "valueFrom": {"resourceFieldRef": {"resource": "requests.memory", "divisor": "1Mi"}}},
        {"name": "SECRET", "valueFrom": {"secretKeyRef": {"name": "s", "key": "B"}}},
    ]
    resources = {"limits": {"cpu": "1500m"}, "requests": {"memory": "64Mi"}}
    spec = pod_spec(env=env, envFrom=[{"configMapRef": {"name": "c"}}], resources=resources)
    world.pod("p", spec, labels={"role": "client"})
    world.run(3)
    ip = world.get("Pod", "p").ip
    assert environment(world) == {"A": "a", "NAME": "p", "IP": ip, "ROLE": "client", "CPU": "2", "MEMORY": "64", "SECRET": "b"}


def test_equal_environments_are_one_and_come_back_with_the_cluster():
    world = World()
    world.service()
    client(world, "p", env=[{"name": "X", "value": "1"}])
    client(world, "q", env=[{"name": "X", "value": "1"}])
    held = world.kubelet._lifecycle.environments._held
    first, second = (held[world.get("Pod", name).uid][0] for name in "pq")
    assert first[0] is second[0]
    assert first[1] is second[1]
    other = world.copy()
    assert environment(other) == environment(world) != {}
    assert other.saved() == world.saved()


def test_a_new_service_costs_those_started_later_one_entry_and_the_rest_is_shared():
    world = World()
    world.service()
    client(world, "p")
    world.service("more")
    client(world, "q")
    held = world.kubelet._lifecycle.environments._held
    before, after = (held[world.get("Pod", name).uid][0][1] for name in "pq")
    assert len(after) == len(before) + 1
    assert all(any(each is other for other in after) for each in before)


def test_a_pod_that_is_gone_is_forgotten():
    world = World()
    client(world)
    world.store.remove(world.get("Pod", "p"))
    assert world.kubelet._lifecycle.environments.state() == [[], [], [], {}]
