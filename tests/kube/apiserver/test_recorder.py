"""What components say is kept as Event objects (client-go tools/record)."""

import msgspec
import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings
from tests.kube.world import World
from tests.laws.histories import schema, started

BY = "some-controller"


def talkative(events_kept=1_000):
    world = World(nodes=0, settings=ClusterSettings(events_kept=events_kept))
    return world, world.put("ConfigMap", "web")


def say(world, thing, message="Created pod: a", reason="SuccessfulCreate", by=BY, type="Normal"):
    world.machinery.record(thing, type, reason, message, by)


def told(world):
    """(message, count) of each Event object, the first said first."""
    found = sorted(world.machinery.recorder.objects(), key=lambda each: each.version)
    return [(each.rest["message"], each.rest["count"]) for each in found]


def test_an_event_reads_as_the_api_has_it():
    cluster = started()
    pod = cluster.store.get("Pod", "default", "client")
    (event,) = [
        each
        for each in cluster.machinery.recorder.objects("default")
        if each.rest["message"] == "Container started" and each.rest["involvedObject"]["name"] == "client"
    ]
    document = cluster.server.encode(event)
    assert (document["apiVersion"], document["kind"]) == ("v1", "Event")
    assert document["metadata"]["name"].startswith("client.17")
    assert document["involvedObject"] == {
        "apiVersion": "v1",
        "fieldPath": "spec.containers{client}",
        "kind": "Pod",
        "name": "client",
        "namespace": "default",
        "uid": pod.uid,
    }
    assert document["source"] == {"component": "kubelet", "host": pod.node}
    assert (document["reason"], document["type"], document["count"]) == ("Started", "Normal", 1)
    assert document["firstTimestamp"] == document["lastTimestamp"] == document["metadata"]["creationTimestamp"]
    assert cluster.server.check(document) == ()


def test_the_schedulers_events_are_those_of_the_newer_api():
    cluster = started()
    (event,) = [
        each.rest
        for each in cluster.machinery.recorder.objects()
        if each.rest["reason"] == "Scheduled" and each.rest["involvedObject"]["name"] == "client"
    ]
    assert (event["action"], event["reportingComponent"], event["firstTimestamp"]) == ("Binding", "default-scheduler", None)
    assert event["eventTime"].startswith("2023-11-14T22:13:2")


def test_what_is_said_again_counts_on_under_its_name():
    world, thing = talkative()
    say(world, thing)
    (before,) = world.machinery.recorder.objects()
    world.run(5)
    say(world, thing)
    (after,) = world.machinery.recorder.objects()
    assert (after.name, after.uid, after.created, after.rest["count"]) == (before.name, before.uid, before.created, 2)
    assert after.rest["firstTimestamp"] != after.rest["lastTimestamp"]
    assert after.version > before.version


def test_many_messages_for_one_reason_become_one_event():
    world, thing = talkative()
    for number in range(12):
        say(world, thing, f"Created pod: {number}")
    found = told(world)
    assert found[:9] == [(f"Created pod: {number}", 1) for number in range(9)]
    assert found[9:] == [("(combined from similar events): Created pod: 11", 3)]


def test_ten_minutes_later_messages_are_told_apart_again():
    world, thing = talkative()
    for number in range(12):
        say(world, thing, f"Created pod: {number}")
    world.run(601)
    say(world, thing, "Created pod: late")
    assert told(world)[-1] == ("Created pod: late", 1)


def test_who_says_too_much_of_one_object_is_heard_again_every_five_minutes():
    world, thing = talkative()
    for number in range(30):
        say(world, thing, reason=f"Reason{number}")
    assert len(told(world)) == 25
    say(world, world.put("ConfigMap", "other"))
    assert len(told(world)) == 26
    world.run(300)
    say(world, thing, reason="Late")
    say(world, thing, reason="Later")
    assert [each.rest["reason"] for each in world.machinery.recorder.objects()].count("Late") == 1
    assert len(told(world)) == 27


def test_events_are_forgotten_after_an_hour():
    world, thing = talkative()
    say(world, thing)
    world.run(3_599)
    assert told(world) == [("Created pod: a", 1)]
    world.run(1)
    assert told(world) == []
    say(world, thing)
    assert told(world) == [("Created pod: a", 1)]


def test_as_many_are_kept_as_is_settled():
    world, _ = talkative(events_kept=10)
    for number in range(35):
        say(world, world.put("ConfigMap", f"web-{number:02}"), f"{number}")
        world.run(1)
    assert told(world) == [(f"{number}", 1) for number in range(25, 35)]


def test_in_a_burst_the_last_ones_are_kept():
    world, _ = talkative(events_kept=10)
    for number in range(1_000):
        say(world, world.put("ConfigMap", f"web-{number:04}"), f"{number}")
    assert told(world) == [(f"{number}", 1) for number in range(990, 1_000)]


def test_no_two_events_have_one_name():
    cluster = started()
    found = [each.key for each in cluster.machinery.recorder.objects()]
    assert len(found) == len(set(found)) > 20


def test_what_is_said_of_a_node_is_kept_in_default():
    world = World(nodes=1)
    assert {each.namespace for each in world.machinery.recorder.objects()} == {"default"}
    assert world.machinery.recorder.objects("kube-system") == []


def test_the_events_of_a_namespace_go_with_it():
    cluster = started()
    there = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "there"}}]
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p", "namespace": "there"},
        "spec": {"containers": [{"name": "c", "image": "nginx"}]},
    }
    cluster.submit(actions.Apply([*there, pod]))
    cluster.advance(cluster.now + 5 * SECOND)
    assert cluster.machinery.recorder.objects("there")
    cluster.submit(actions.Delete("Namespace", "there"))
    cluster.advance(cluster.now + 60 * SECOND)
    assert cluster.machinery.recorder.objects("there") == []


def test_an_event_can_be_deleted():
    cluster = started()
    recorder = cluster.machinery.recorder
    first, *others = recorder.objects("default")
    assert cluster.submit(actions.Delete("Event", first.name, "default")).lines == (f"event/{first.name} deleted",)
    assert recorder.objects("default") == others
    with pytest.raises(Refusal, match=f'events "{first.name}" not found'):
        cluster.submit(actions.Delete("Event", first.name, "default"))


def test_a_refused_action_has_said_nothing():
    cluster = started()
    before = cluster.hash()
    refused = actions.Batch(
        "", [actions.Delete("Event", cluster.machinery.recorder.objects()[0].name, "default"), actions.Delete("Pod", "no")]
    )
    with pytest.raises(Refusal):
        cluster.submit(refused)
    assert cluster.hash() == before


def test_events_outlive_a_snapshot():
    cluster = started()
    again = Cluster.restore(cluster.snapshot(), schema())
    assert again.machinery.recorder.objects() == cluster.machinery.recorder.objects()
    for each in (cluster, again):
        each.submit(actions.Crash("client"))
        each.advance(each.now + 60 * SECOND)
    assert again.machinery.recorder.objects() == cluster.machinery.recorder.objects()


def test_what_was_correlated_and_what_was_deleted_stays_so_in_a_snapshot():
    world, thing = talkative(events_kept=3)
    for second in range(9):
        say(world, thing, f"Created pod: {second % 4}")
        world.machinery.clock.run_until(world.machinery.now + 4 * SECOND)
    world.machinery.recorder.remove(world.machinery.recorder.objects()[0])
    other = World(nodes=0, settings=world.machinery.settings).machinery.recorder
    other.restore(msgspec.json.decode(msgspec.json.encode(world.machinery.recorder.state())))
    assert msgspec.json.encode(other.state()) == msgspec.json.encode(world.machinery.recorder.state())


def test_what_is_said_of_an_object_holds_its_very_words_after_a_snapshot():
    again = Cluster.restore(started().snapshot(), schema())
    pod = again.store.get("Pod", "default", "client")
    said = again.machinery.recorder.about(pod.uid)[0].last
    assert said.uid is pod.uid
    assert said.name is pod.name


def test_to_read_them_changes_nothing():
    world, thing = talkative(events_kept=4)
    for number in range(7):
        say(world, thing, f"{number}")
    before = msgspec.json.encode(world.machinery.recorder.state())
    world.machinery.recorder.objects()
    assert msgspec.json.encode(world.machinery.recorder.state()) == before
