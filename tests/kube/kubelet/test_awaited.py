"""A missing ConfigMap or Secret holds containers and Pods back (kuberuntime_container.go, pkg/volume)."""

import pytest

from playground.kube.apiserver.deletion import delete
from tests.kube.world import World, pod_spec

FROM = {"envFrom": [{"configMapRef": {"name": "c"}}]}
KEY = {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "a"}}}]}


def held(spec, seconds=10):
    world = World()
    world.pod("p", spec)
    world.run(seconds)
    return world


def state(world, slot=0):
    return world.get("Pod", "p").state.containers[slot]


def mounting(**volume):
    return {**pod_spec(), "volumes": [{"name": "v", **volume}]}


def test_a_container_waits_for_its_config_map_in_the_kubelets_words():
    world = held(pod_spec(**FROM))
    assert (state(world).state, state(world).reason) == ("waiting", "CreateContainerConfigError")
    assert state(world).message == 'configmap "c" not found'
    assert world.get("Pod", "p").state.phase == "Pending"
    assert world.messages("Failed") == ['Error: configmap "c" not found']
    assert "Started" not in world.reasons("p")


@pytest.mark.parametrize("spec", [FROM, {**FROM, **KEY}], ids=["one", "one after the other"])
def test_it_starts_when_all_has_come(spec):
    world = held(pod_spec(**spec), 100)
    world.put("ConfigMap", "c", rest={"data": {"B": "b"}})
    world.run(15)
    world.put("Secret", "s", rest={"stringData": {"a": "1"}})
    world.run(20)
    assert world.get("Pod", "p").state.ready
    assert dict(world.kubelet.environment(world.get("Pod", "p"), ""))["B"] == "b"


def test_a_missing_key_is_waited_for_too():
    world = held(pod_spec(**KEY))
    secret = world.put("Secret", "s", rest={"stringData": {"b": "1"}})
    world.run(20)
    assert state(world).message == "couldn't find key a in Secret default/s"
    world.store.replace(secret, rest={"stringData": {"a": "1"}})
    world.run(20)
    assert world.get("Pod", "p").state.ready


def test_a_container_that_ends_while_its_config_map_is_gone_waits_with_its_restarts():
    world = World()
    config = world.put("ConfigMap", "c", rest={"data": {"B": "b"}})
    world.pod("p", pod_spec(**FROM))
    world.run(10)
    delete(world.machinery, config)
    world.run(60)
    assert world.get("Pod", "p").state.ready
    world.kubelet.crash(world.get("Pod", "p"), "", 1)
    world.run(10)
    assert (state(world).reason, state(world).restarts, state(world).last.exit_code) == ("CreateContainerConfigError", 0, 1)
    world.put("ConfigMap", "c", rest={"data": {"B": "b"}})
    world.run(20)
    assert (world.get("Pod", "p").state.ready, state(world).restarts) == (True, 1)


def test_other_containers_of_the_pod_run():
    spec = pod_spec(**FROM)
    spec["containers"].append({"name": "other", "image": "nginx"})
    world = held(spec)
    assert [each.state for each in world.get("Pod", "p").state.containers] == ["waiting", "running"]


def test_an_init_container_holds_the_others_back():
    world = held(pod_spec(initContainers=[{"name": "i", "image": "busybox", "command": ["true"], **FROM}]))
    pod = world.get("Pod", "p")
    assert [each.reason for each in (*pod.state.init, *pod.state.containers)] == ["CreateContainerConfigError", "PodInitializing"]
    world.put("ConfigMap", "c")
    world.run(25)
    assert world.get("Pod", "p").state.ready


VOLUMES = {
    "a config map": ({"configMap": {"name": "c"}}, 'configmap "c" not found'),
    "a secret": ({"secret": {"secretName": "c"}}, 'secret "c" not found'),
    "a part of a projected one": ({"projected": {"sources": [{"secret": {"name": "c"}}]}}, 'secret "c" not found'),
}


@pytest.mark.parametrize(("volume", "words"), VOLUMES.values(), ids=VOLUMES)
def test_a_volume_that_is_not_there_keeps_the_whole_pod_waiting(volume, words):
    world = held(mounting(**volume))
    pod = world.get("Pod", "p")
    assert (pod.ip, pod.state.started is not None, state(world).reason) == ("", True, "ContainerCreating")
    assert world.messages("FailedMount") == [f'MountVolume.SetUp failed for volume "v" : {words}']
    for kind in ("ConfigMap", "Secret"):
        world.put(kind, "c")
    world.run(30)
    assert world.get("Pod", "p").state.ready


def test_a_key_that_a_volume_names_must_be_there():
    world = World()
    config = world.put("ConfigMap", "c", rest={"data": {"b": ""}})
    world.pod("p", mounting(configMap={"name": "c", "items": [{"key": "a", "path": "a"}]}))
    world.run(5)
    assert world.messages("FailedMount") == ['MountVolume.SetUp failed for volume "v" : configmap references non-existent config key: a']
    world.store.replace(config, rest={"binaryData": {"a": ""}})
    world.run(10)
    assert world.get("Pod", "p").state.ready


OPTIONAL = {
    "a volume": {**pod_spec(), "volumes": [{"name": "v", "configMap": {"name": "c", "optional": True}}]},
    "a variable": pod_spec(envFrom=[{"configMapRef": {"name": "c", "optional": True}}]),
}


@pytest.mark.parametrize("spec", OPTIONAL.values(), ids=OPTIONAL)
def test_what_is_optional_holds_nothing_back(spec):
    assert held(spec).get("Pod", "p").state.ready


def test_a_pod_that_waits_is_deleted_at_once_and_forgotten():
    world = held(pod_spec(**FROM))
    delete(world.machinery, world.get("Pod", "p"))
    world.run(1)
    assert world.get("Pod", "p") is None
    world.put("ConfigMap", "c")
    world.run(20)
    assert world.clock.next_time() is None


def test_a_saved_cluster_waits_on():
    world = held(mounting(configMap={"name": "c"})).copy()
    world.put("ConfigMap", "c")
    world.run(30)
    assert world.get("Pod", "p").state.ready


def test_while_its_node_has_no_power_it_does_not_try():
    world = held(pod_spec(**FROM))
    world.kubelet.power(world.get("Pod", "p").node, False)
    world.put("ConfigMap", "c")
    world.run(20)
    assert state(world).state == "waiting"
    world.kubelet.power(world.get("Pod", "p").node, True)
    world.run(20)
    assert state(world).state == "running"
