"""Probes at their true instants (pkg/kubelet/prober/worker.go)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.kube.clock import SECOND
from playground.kube.errors import Refusal
from playground.kube.kubelet.prober import Run
from tests.kube.world import World, pod_spec

PORT = {"tcpSocket": {"port": 5000}}


def started(seconds=5, **container):
    world = World()
    world.pod("p", pod_spec(**container))
    world.run(seconds)
    return world


def since(world):
    """When the container was started."""
    return world.get("Pod", "p").state.containers[0].since


def ready(world):
    return world.get("Pod", "p").state.ready


def taken(world, seconds):
    """Let it be so many seconds after the kubelet took the Pod."""
    world.clock.run_until(world.get("Pod", "p").state.started + round(seconds * SECOND))


def at(world, seconds):
    """Let it be so many seconds after the container's start."""
    world.clock.run_until(since(world) + round(seconds * SECOND))


ANSWERS = {
    "httpGet on the port": ({"httpGet": {"path": "/", "port": 5000}}, True),
    "tcpSocket on the port": ({"tcpSocket": {"port": 5000}}, True),
    "grpc on the port": ({"grpc": {"port": 5000}}, True),
    "exec": ({"exec": {"command": ["cat", "/tmp/healthy"]}}, True),
    "a port by name": ({"httpGet": {"port": "http"}}, True),
    "a port nobody listens on": ({"httpGet": {"port": 8080}}, False),
    "a name the container does not have": ({"httpGet": {"port": "grpc"}}, False),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_a_probe_finds(case):
    probe, passes = ANSWERS[case]
    world = started(40, readinessProbe=probe, ports=[{"name": "http", "containerPort": 5000}])
    assert ready(world) is passes
    assert world.get("Pod", "p").state.phase == "Running"


def test_the_first_success_comes_at_the_first_instant_after_the_initial_delay():
    """Else a learner would think that a probe is made when its initial delay is over, and not when its period has come round again."""
    world = started(readinessProbe={**PORT, "initialDelaySeconds": 12, "periodSeconds": 10})
    at(world, 19.9)
    assert not ready(world)
    at(world, 20)
    assert ready(world)


def test_the_first_liveness_probe_is_made_a_period_after_the_kubelet_took_the_pod():
    world = started(livenessProbe={"tcpSocket": {"port": 1}, "periodSeconds": 6, "failureThreshold": 1})
    taken(world, 5.9)
    assert "Unhealthy" not in world.reasons("p")
    taken(world, 6)
    assert "Unhealthy" in world.reasons("p")


def test_several_successes_may_be_needed():
    world = started(readinessProbe={**PORT, "periodSeconds": 5, "successThreshold": 3})
    at(world, 9.9)
    assert not ready(world)
    at(world, 10)
    assert ready(world)


def test_three_failures_make_it_unready_and_one_success_ready():
    world = started(readinessProbe=PORT)
    at(world, 14)
    world.kubelet.set_probe(world.get("Pod", "p"), "readiness", False)
    at(world, 39.9)
    assert ready(world)
    at(world, 40)
    assert not ready(world)
    assert "Unhealthy" in world.reasons("p")
    at(world, 43)
    world.kubelet.set_probe(world.get("Pod", "p"), "readiness", None)
    at(world, 49.9)
    assert not ready(world)
    at(world, 50)
    assert ready(world)
    assert world.get("Pod", "p").state.containers[0].restarts == 0


def test_a_bad_moment_between_two_probes_is_not_seen():
    world = started(readinessProbe={**PORT, "failureThreshold": 1})
    for passes, time in ((False, 11), (None, 19)):
        at(world, time)
        world.kubelet.set_probe(world.get("Pod", "p"), "readiness", passes)
    at(world, 60)
    assert ready(world)
    assert "Unhealthy" not in world.reasons("p")


def test_without_a_readiness_probe_a_pod_follows_at_once():
    world = started()
    for passes in (False, None):
        world.kubelet.set_probe(world.get("Pod", "p"), "readiness", passes)
        assert ready(world) is (passes is None)


def test_a_forced_answer_survives_a_restart():
    world = started()
    world.kubelet.set_probe(world.get("Pod", "p"), "readiness", False)
    world.kubelet.crash(world.get("Pod", "p"), "", 1)
    world.run(5)
    assert world.get("Pod", "p").state.containers[0].state == "running"
    assert not ready(world)


def test_a_failing_liveness_probe_restarts_the_container():
    world = started(livenessProbe={**PORT, "periodSeconds": 5, "failureThreshold": 2})
    at(world, 6)
    begun, ip = since(world), world.get("Pod", "p").ip
    world.kubelet.set_probe(world.get("Pod", "p"), "liveness", False)
    world.clock.run_until(begun + 15 * SECOND)
    assert world.messages("Killing") == ["Container web failed liveness probe, will be restarted"]
    assert world.kubelet.serves(world.get("Pod", "p"), 5000) == "refuses"
    world.run(5)
    pod = world.get("Pod", "p")
    assert (pod.state.containers[0].restarts, pod.state.containers[0].state, pod.ip) == (1, "running", ip)


@pytest.mark.parametrize(("policy", "phase"), [("Always", "Running"), ("OnFailure", "Running"), ("Never", "Succeeded")])
def test_a_container_that_ends_well_when_its_probe_has_failed_is_started_again_unless_never(policy, phase):
    """nginx ends with 0 on SIGTERM. Wrong lesson: with OnFailure a failed liveness probe may end the Pod."""
    world = started(12, restartPolicy=policy, livenessProbe={"tcpSocket": {"port": 1}, "periodSeconds": 2})
    assert world.get("Pod", "p").state.phase == phase


def test_liveness_on_a_port_nobody_listens_on_is_a_crash_loop():
    world = started(200, livenessProbe={"tcpSocket": {"port": 1}, "periodSeconds": 1})
    assert world.get("Pod", "p").state.containers[0].restarts >= 4
    assert "BackOff" in world.reasons("p")


def waits(world, seconds):
    """How long each restart of the container has waited, in whole seconds."""
    found, before = [], 0
    for _ in range(round(seconds * 10)):
        world.run(0.1)
        state = world.get("Pod", "p").state.containers[0]
        if state.restarts > before:
            before = state.restarts
            found.append((state.since - state.last.finished) // SECOND)
    return found


@pytest.mark.parametrize("kind", ["liveness", "startup"])
def test_a_container_that_outlives_its_back_off_is_started_at_once_when_its_probe_has_failed_again(kind):
    """It is killed and started in one go, which looks back to the end of the run before (kubernetes/kubernetes#91215). Wrong lesson: whose
    liveness probe fails a second time is in CrashLoopBackOff."""
    probe = {"tcpSocket": {"port": 1}, "periodSeconds": 10, "failureThreshold": 3}
    world = started(0, **{f"{kind}Probe": probe})
    found = waits(world, 215)
    assert [wait in (0, 1) for wait in found[:4]] == [True] * 4
    assert found[4:] == [40]
    assert len(world.messages("BackOff")) == 1


def test_a_container_that_does_not_outlive_its_back_off_waits_for_it_when_its_probe_has_failed():
    world = started(0, livenessProbe={"tcpSocket": {"port": 1}, "periodSeconds": 3, "failureThreshold": 2})
    found = waits(world, 60)
    assert [wait in (0, 1) for wait in found[:2]] == [True] * 2
    assert found[2:4] == [10, 20]


def test_after_a_failed_probe_a_crash_is_the_first():
    world = started(livenessProbe={**PORT, "periodSeconds": 2, "failureThreshold": 1})
    world.kubelet.set_probe(world.get("Pod", "p"), "liveness", False)
    world.run(4)
    world.kubelet.set_probe(world.get("Pod", "p"), "liveness", None)
    world.run(5)
    assert world.get("Pod", "p").state.containers[0].restarts == 1
    for restarts in (2, 2):
        world.kubelet.crash(world.get("Pod", "p"), "", 1)
        world.run(5)
        assert world.get("Pod", "p").state.containers[0].restarts == restarts
    assert world.get("Pod", "p").state.containers[0].reason == "CrashLoopBackOff"


def test_a_probe_that_the_pod_does_not_have_cannot_fail():
    world = started()
    before = world.saved()
    with pytest.raises(Refusal, match="has no liveness probe"):
        world.kubelet.set_probe(world.get("Pod", "p"), "liveness", False)
    assert world.saved() == before


def test_the_startup_probe_holds_the_others_back():
    world = started(
        startupProbe={**PORT, "initialDelaySeconds": 12},
        readinessProbe={**PORT, "periodSeconds": 5},
        livenessProbe={"tcpSocket": {"port": 1}},
    )
    taken(world, 19.9)
    assert not world.get("Pod", "p").state.containers[0].started
    taken(world, 20)
    assert world.get("Pod", "p").state.containers[0].started
    assert ready(world), "readiness is asked at once when the startup probe has passed"
    taken(world, 49)
    assert "Killing" not in world.reasons("p")
    taken(world, 50)
    assert "Killing" in world.reasons("p")


def test_a_startup_probe_does_not_shorten_the_initial_delay_of_readiness():
    world = started(startupProbe={**PORT, "periodSeconds": 2}, readinessProbe={**PORT, "initialDelaySeconds": 9, "periodSeconds": 1})
    at(world, 8.9)
    assert not ready(world)
    at(world, 10)
    assert ready(world)


def test_a_liveness_probe_may_have_a_grace_of_its_own():
    sleeper = {"image": "busybox", "command": ["sleep", "3600"], "ports": []}
    probe = {"exec": {"command": ["true"]}, "periodSeconds": 1, "failureThreshold": 1, "terminationGracePeriodSeconds": 3}
    world = started(livenessProbe=probe, **sleeper)
    taken(world, 9.9)
    world.kubelet.set_probe(world.get("Pod", "p"), "liveness", False)
    taken(world, 12.9)
    assert world.get("Pod", "p").state.containers[0].state == "running"
    taken(world, 13.1)
    assert world.get("Pod", "p").state.containers[0].last.exit_code == 137


def test_a_startup_probe_that_never_passes_restarts():
    world = started(40, startupProbe={"tcpSocket": {"port": 1}, "periodSeconds": 1, "failureThreshold": 5})
    assert world.get("Pod", "p").state.containers[0].restarts >= 2
    assert not ready(world)


def test_a_healthy_pod_costs_nothing():
    world = started(10, readinessProbe=PORT, livenessProbe=PORT)
    assert world.clock.next_time() is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=12), st.booleans(), st.integers(1, 4))
def test_only_looking_at_changes_finds_what_looking_at_every_probe_finds(changes, first, threshold):
    """Changes are (probes until the next change, answer); compared with counting each probe, as the kubelet does."""
    times, now = [], 0
    for wait, answer in changes:
        now += wait
        times.append((now, answer))
    run, seen, row = Run(0, first, 0), None, 0
    answer, index = first, 0
    for probe in range(now + threshold + 2):
        while index < len(times) and times[index][0] <= probe:
            if times[index][1] != run.answer:
                run.change(times[index][1], probe)
            answer = times[index][1]
            index += 1
        row = row + 1 if answer == seen else 1
        seen = answer
        assert (row >= threshold) == (probe >= run.begins() + threshold - 1)


SAID = {
    "an HTTP server that says no": ({"httpGet": {"port": 5000, "path": "/ready"}}, True, "HTTP probe failed with statuscode: 503"),
    "a port where nobody listens, by its path and scheme": (
        {"httpGet": {"port": 81, "path": "live", "scheme": "HTTPS"}},
        False,
        'Get "https://10.244.2.2:81/live": dial tcp 10.244.2.2:81: connect: connection refused',
    ),
    "a gRPC server that says no": ({"grpc": {"port": 5000}}, True, 'service unhealthy (responded with "NOT_SERVING")'),
}


@pytest.mark.parametrize(("probe", "forced", "said"), SAID.values(), ids=SAID)
def test_the_event_says_what_the_probe_met(probe, forced, said):
    """Else a learner would read of a refused connection where a program said that it is not ready."""
    world = started(readinessProbe={**probe, "periodSeconds": 1}, ports=[{"containerPort": 5000}])
    if forced:
        world.kubelet.set_probe(world.get("Pod", "p"), "readiness", False)
    world.run(10)
    told = [each.last.message for each in world.machinery.recorder.about(world.get("Pod", "p").uid) if each.last.reason == "Unhealthy"]
    assert told == [f"Readiness probe failed: {said}"]
