"""How Pods end (pod-lifecycle.md, Termination of Pods)."""

import pytest

from playground.kube.apiserver.deletion import delete
from playground.kube.clock import SECOND
from tests.kube.world import World, pod_spec


def stopping(spec=None, grace=None, annotations=None):
    world = World()
    world.service("p", {"app": "p"})
    world.pod("p", spec or pod_spec(), labels={"app": "p"}, annotations=annotations or {})
    world.run(5)
    delete(world.machinery, world.get("Pod", "p"), grace)
    return world


def lives(world):
    """For how many whole seconds the Pod is still there."""
    begin = world.clock.now
    while world.get("Pod", "p") is not None:
        world.run(0.1)
        assert world.clock.now - begin < 100 * SECOND
    return round((world.clock.now - begin) / SECOND)


SLEEPER = {"image": "busybox", "command": ["sleep", "3600"], "ports": []}
ENDS = {
    "a server ends a second after SIGTERM": (pod_spec(), None, 1),
    "sleep as process 1 lives until SIGKILL": (pod_spec(**SLEEPER), None, 30),
    "the Pod's own grace": (pod_spec(**SLEEPER, terminationGracePeriodSeconds=7), None, 7),
    "a grace that is asked for": (pod_spec(**SLEEPER), 3, 3),
    "a preStop sleep comes first": (pod_spec(lifecycle={"preStop": {"sleep": {"seconds": 5}}}), None, 6),
    "a preStop command that sleeps": (pod_spec(lifecycle={"preStop": {"exec": {"command": ["sh", "-c", "sleep 5"]}}}), None, 6),
    "a preStop hook counts against the grace": (pod_spec(**SLEEPER, lifecycle={"preStop": {"sleep": {"seconds": 5}}}), 10, 10),
    "a preStop hook that takes it all leaves two seconds": (pod_spec(**SLEEPER, lifecycle={"preStop": {"sleep": {"seconds": 50}}}), 10, 12),
    "a hook that takes it all still gives a server its second": (pod_spec(lifecycle={"preStop": {"sleep": {"seconds": 50}}}), 10, 11),
}


@pytest.mark.parametrize("case", ENDS)
def test_when_a_pod_is_gone(case):
    spec, grace, seconds = ENDS[case]
    world = stopping(spec, grace)
    assert lives(world) == seconds
    assert world.reasons("p")[-1] == "Killing"


def test_a_server_refuses_after_sigterm_and_serves_during_its_hook():
    world = stopping(pod_spec(lifecycle={"preStop": {"sleep": {"seconds": 5}}}))
    world.run(4)
    assert world.kubelet.serves(world.get("Pod", "p"), 5000) == "accepts"
    world.run(1.5)
    assert world.kubelet.serves(world.get("Pod", "p"), 5000) == "refuses"


def test_one_that_lingers_goes_on_serving():
    world = stopping(annotations={"switchyard.dev/shutdown-delay": "8"})
    world.run(7)
    assert world.kubelet.serves(world.get("Pod", "p"), 5000) == "accepts"
    assert lives(world) == 1


def test_one_that_lingers_too_long_is_killed():
    assert lives(stopping(grace=5, annotations={"switchyard.dev/shutdown-delay": "60"})) == 5


def test_the_endpoint_is_terminating_at_once_and_gone_with_the_pod():
    world = stopping(annotations={"switchyard.dev/shutdown-delay": "8"})
    world.run(0.1)
    endpoint = world.endpoints("p")["p"]
    assert (endpoint.ready, endpoint.serving, endpoint.terminating) == (False, True, True)
    world.run(10)
    assert world.endpoints("p") == {}


def test_readiness_is_still_probed():
    lingering = {"switchyard.dev/shutdown-delay": "25"}
    world = stopping(
        pod_spec(readinessProbe={"tcpSocket": {"port": 5000}, "periodSeconds": 2, "failureThreshold": 1}), annotations=lingering
    )
    world.run(1)
    world.kubelet.set_probe(world.get("Pod", "p"), "readiness", False)
    world.run(3)
    assert world.endpoints("p")["p"].serving is False


def test_liveness_is_probed_no_more():
    lingering = {"switchyard.dev/shutdown-delay": "25"}
    world = stopping(pod_spec(livenessProbe={"tcpSocket": {"port": 5000}, "periodSeconds": 1}), annotations=lingering)
    world.run(1)
    world.kubelet.set_probe(world.get("Pod", "p"), "liveness", False)
    world.run(10)
    assert world.get("Pod", "p").state.containers[0].state == "running"


def test_a_grace_that_is_shortened_kills_earlier():
    world = stopping(pod_spec(**SLEEPER))
    world.run(2)
    delete(world.machinery, world.get("Pod", "p"), 4)
    assert lives(world) == 2


def test_a_forced_removal_is_immediate():
    assert stopping(grace=0).get("Pod", "p") is None


def test_a_crash_during_the_end_is_not_restarted():
    world = stopping(annotations={"switchyard.dev/shutdown-delay": "20"})
    world.run(1)
    world.kubelet.crash(world.get("Pod", "p"), "", 1)
    world.run(0.1)
    assert world.get("Pod", "p") is None


def test_a_pod_that_is_still_being_made_goes_at_once():
    world = World()
    world.pod("p")
    world.run(0.1)
    delete(world.machinery, world.get("Pod", "p"))
    world.run(0.1)
    assert world.get("Pod", "p") is None


def test_a_pod_with_a_finalizer_stays_as_finished_until_it_is_let_go():
    world = World()
    world.pod("p", meta={"finalizers": ["example.com/hold"]})
    world.run(5)
    delete(world.machinery, world.get("Pod", "p"))
    world.run(60)
    assert world.get("Pod", "p").state.phase == "Succeeded"
    assert world.clock.next_time() is None


PROXY = {"name": "proxy", "image": "envoy", "restartPolicy": "Always", "ports": [{"containerPort": 15001}]}
LOGS = {**PROXY, "name": "logs", "ports": []}
DEAF = {"name": "deaf", "image": "busybox", "command": ["sleep", "3600"], "restartPolicy": "Always"}
# For how long each container still runs: the sidecars in the order in which they were started, then the container itself.
ORDERS = {
    "a server, and then its sidecar": (pod_spec(initContainers=[PROXY]), 10, [2, 1]),
    "one that drains for five seconds": (pod_spec(initContainers=[PROXY], lifecycle={"preStop": {"sleep": {"seconds": 5}}}), 10, [7, 6]),
    "the sidecar that was started last goes first": (pod_spec(initContainers=[PROXY, LOGS]), 10, [3, 2, 1]),
    "one that takes all of its grace": (pod_spec(**SLEEPER, initContainers=[PROXY]), 10, [11, 10]),
    "a sidecar that hears nothing has two seconds more": (pod_spec(**SLEEPER, initContainers=[DEAF]), 10, [12, 10]),
    "a sidecar's own hook does not wait": (
        pod_spec(initContainers=[{**PROXY, "lifecycle": {"preStop": {"sleep": {"seconds": 4}}}}]),
        10,
        [5, 1],
    ),
}


@pytest.mark.parametrize("case", ORDERS)
def test_sidecars_are_stopped_after_what_they_serve(case):
    """Else a learner would think that a proxy is gone while the container beside it still answers (kuberuntime_termination_order.go)."""
    spec, grace, expected = ORDERS[case]
    world = stopping(spec, grace)
    begin, ended = world.clock.now, {}
    while (pod := world.get("Pod", "p")) is not None:
        for place, each in enumerate((*pod.state.init, *pod.state.containers)):
            if each.state != "running":
                ended.setdefault(place, world.clock.now)
        world.run(0.1)
    for place in range(len(expected)):
        ended.setdefault(place, world.clock.now)
    assert [round((ended[place] - begin) / SECOND) for place in range(len(expected))] == expected


def test_a_sidecar_goes_on_serving_while_its_container_drains():
    world = stopping(pod_spec(initContainers=[PROXY], lifecycle={"preStop": {"sleep": {"seconds": 5}}}))
    world.run(4)
    assert world.kubelet.serves(world.get("Pod", "p"), 15001) == "accepts"


def test_who_shortens_the_grace_shortens_the_wait_of_the_sidecars():
    world = stopping(pod_spec(**SLEEPER, initContainers=[PROXY]), 60)
    world.run(2)
    delete(world.machinery, world.get("Pod", "p"), 8)
    assert lives(world) == 7


def test_each_container_that_is_stopped_is_told_of_also_where_the_pod_stays():
    world = World()
    world.pod("p", pod_spec(restartPolicy="Never", initContainers=[PROXY], image="busybox", command=["sleep", "2"], ports=[]))
    world.run(15)
    assert (world.get("Pod", "p").state.phase, world.reasons("p")[-1]) == ("Succeeded", "Killing")
