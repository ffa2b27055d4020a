"""Where Pods go, and what is said when they can go nowhere (pkg/scheduler)."""

import pytest
from msgspec.structs import replace

from playground.kube.apiserver.deletion import delete
from playground.kube.scheduler import _sample as sample
from tests.kube.world import World, pod_spec

TAINT = {"key": "gpu", "value": "yes", "effect": "NoSchedule"}


def affinity(*terms):
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": list(terms)}}}


def expression(key, operator, *values):
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


def world():
    """node-a is plain, node-b is labelled, node-c is tainted."""
    made = World()
    made.store.replace(made.get("Node", "node-b"), labels={"disk": "ssd", "size": "8"})
    made.edit(made.get("Node", "node-c"), taints=[TAINT])
    return made


SPECS = {
    "anywhere but on the tainted Node": ({}, "ab"),
    "a toleration by value opens the tainted Node": (
        {"tolerations": [{"key": "gpu", "operator": "Equal", "value": "yes", "effect": "NoSchedule"}]},
        "abc",
    ),
    "a toleration of another value does not": ({"tolerations": [{"key": "gpu", "value": "no", "effect": "NoSchedule"}]}, "ab"),
    "a toleration of any key with Exists opens all": ({"tolerations": [{"operator": "Exists"}]}, "abc"),
    "a toleration of another effect does not": ({"tolerations": [{"key": "gpu", "operator": "Exists", "effect": "NoExecute"}]}, "ab"),
    "nodeSelector": ({"nodeSelector": {"disk": "ssd"}}, "b"),
    "affinity In": ({"affinity": affinity(expression("disk", "In", "hdd", "ssd"))}, "b"),
    "affinity NotIn accepts a missing label": ({"affinity": affinity(expression("disk", "NotIn", "ssd"))}, "a"),
    "affinity Exists": ({"affinity": affinity(expression("disk", "Exists"))}, "b"),
    "affinity DoesNotExist": ({"affinity": affinity(expression("disk", "DoesNotExist"))}, "a"),
    "affinity Gt": ({"affinity": affinity(expression("size", "Gt", "7"))}, "b"),
    "affinity Lt": ({"affinity": affinity(expression("size", "Lt", "7"))}, ""),
    "one of several terms is enough": ({"affinity": affinity(expression("x", "Exists"), expression("disk", "Exists"))}, "b"),
    "an empty term matches nothing": ({"affinity": affinity({})}, ""),
    "matchFields names a Node": (
        {"affinity": affinity({"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node-a"]}]})},
        "a",
    ),
}


def test_a_pod_gets_the_zone_of_its_node_as_a_label_and_keeps_its_own():
    """Since 1.35; else a selector by zone, which works there, found no Pod here."""
    made = World(nodes=1)
    made.store.replace(made.get("Node", "node-a"), labels={"topology.kubernetes.io/zone": "one", "disk": "ssd"})
    made.pod("a", labels={"app": "web"})
    made.pod("b", labels={"topology.kubernetes.io/zone": "other"})
    made.deployment(replicas=2)
    made.run(1)
    assert made.get("Pod", "a").labels == {"app": "web", "topology.kubernetes.io/zone": "one"}
    assert made.get("Pod", "b").labels == {"topology.kubernetes.io/zone": "other"}
    first, second = (pod for pod in made.pods("web") if pod.name != "a")
    assert first.labels is second.labels


@pytest.mark.parametrize("case", SPECS)
def test_nodes_that_fit(case):
    spec, letters = SPECS[case]
    made = world()
    for number in range(12):
        made.pod(f"p{number}", {**pod_spec(), **spec})
    made.run(1)
    assert {pod.node for pod in made.pods()} == ({f"node-{letter}" for letter in letters} or {""})


def test_siblings_spread_before_pods_do():
    made = World()
    for number in range(6):
        made.pod(f"other{number}", {**pod_spec(), "nodeSelector": {"kubernetes.io/hostname": "node-a"}})
    made.run(1)
    made.deployment(replicas=3)
    made.run(1)
    assert sorted(pod.node for pod in made.pods("web")) == ["node-a", "node-b", "node-c"]


def test_a_sibling_that_is_terminating_keeps_nobody_away():
    """pkg/scheduler/framework/plugins/podtopologyspread: Pods with a deletionTimestamp are not counted."""
    made = World()
    made.deployment(replicas=3)
    made.run(2)
    gone = made.pods("web")[0]
    delete(made.machinery, gone)
    made.run(2)
    (replacement,) = [pod for pod in made.pods("web", live=True) if pod.created > gone.created]
    assert replacement.node == gone.node


def test_without_siblings_the_emptiest_node_is_taken():
    made = World()
    for number in range(30):
        made.pod(f"p{number}")
    made.run(1)
    assert sorted(made.machinery.pods_by_node.count(f"node-{letter}") for letter in "abc") == [10, 10, 10]


def test_a_node_holds_110_pods():
    made = World(nodes=1)
    for number in range(111):
        made.pod(f"p{number:03}")
    made.run(1)
    waiting = [pod for pod in made.pods() if not pod.node]
    assert len(waiting) == 1
    assert waiting[0].state.unschedulable == (
        "0/1 nodes are available: 1 Too many pods. "
        "no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
    )
    delete(made.machinery, next(pod for pod in made.pods() if pod.node), 0)
    made.run(1)
    assert all(pod.node for pod in made.pods())


def test_what_is_said_counts_each_reason():
    """Wrong lesson: the scheduler's sentence goes from the Nodes straight to preemption; since 1.34 it names resource claims before it."""
    made = world()
    made.edit(made.get("Node", "node-a"), unschedulable=True)
    made.run(1)
    made.pod("p", {**pod_spec(), "nodeSelector": {"disk": "hdd"}})
    made.run(1)
    assert made.get("Pod", "p").state.unschedulable == (
        "0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), "
        "1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    )
    assert made.reasons("p") == ["FailedScheduling"]


def test_a_pod_without_any_node_waits_for_the_first():
    made = World(nodes=0)
    made.pod("p")
    made.run(1)
    assert made.get("Pod", "p").state.unschedulable == "no nodes available to schedule pods"
    made.kubelet.register("node-z", {})
    made.run(1)
    assert made.get("Pod", "p").node == "node-z"
    assert made.get("Pod", "p").state.unschedulable == ""
    assert made.reasons("p")[:2] == ["FailedScheduling", "Scheduled"]


CHANGES = {
    "a Node gets the label": lambda made: made.store.replace(made.get("Node", "node-a"), labels={"disk": "hdd"}),
    "a Node with the label comes": lambda made: made.kubelet.register("node-d", {"disk": "hdd"}),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_pod_that_fits_nowhere_is_tried_again_when(case):
    made = World()
    made.pod("p", {**pod_spec(), "nodeSelector": {"disk": "hdd"}})
    made.run(1)
    CHANGES[case](made)
    made.run(1)
    assert made.get("Pod", "p").node


def test_an_uncordoned_node_takes_pods_again():
    made = World(nodes=1)
    made.edit(made.get("Node", "node-a"), unschedulable=True)
    made.pod("p")
    made.run(1)
    assert not made.get("Pod", "p").node
    made.edit(made.get("Node", "node-a"), unschedulable=None)
    made.run(1)
    assert made.get("Pod", "p").node == "node-a"
    assert "taints" not in made.get("Node", "node-a").spec


@pytest.mark.parametrize(
    ("nodes", "wanted"), [(3, 3), (99, 99), (100, 100), (200, 100), (300, 144), (1_000, 420), (5_000, 500), (10_000, 500)]
)
def test_how_many_nodes_that_fit_are_enough(nodes, wanted):
    assert sample(nodes) == wanted


def test_the_sample_moves_on_through_a_large_cluster():
    made = World(nodes=250)
    for number in range(250):
        made.pod(f"p{number:03}")
    made.run(1)
    counts = [made.machinery.pods_by_node.count(node.name) for node in made.store.list("Node")]
    assert max(counts) <= 2
    assert sum(map(bool, counts)) > 200


def test_pods_of_another_scheduler_are_left_alone():
    made = World()
    made.pod("p", {**pod_spec(), "schedulerName": "mine"})
    made.run(1)
    assert not made.get("Pod", "p").node


def company(kind, app="web", topology="kubernetes.io/hostname", **more):
    """The affinity of a Pod to Pods of an app."""
    term = {"labelSelector": {"matchLabels": {"app": app}}, "topologyKey": topology, **more}
    return {**pod_spec(), "affinity": {kind: {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}}


def test_pods_that_shun_each_other_are_never_on_one_node():
    """Of four on three Nodes one waits; it ran beside another, and all manifests that spread databases seemed to do nothing."""
    made = World()
    for number in range(4):
        made.pod(f"p{number}", company("podAntiAffinity"), {"app": "web"})
    made.run(5)
    assert sorted(pod.node for pod in made.pods()) == ["", "node-a", "node-b", "node-c"]
    (waiting,) = (pod for pod in made.pods() if not pod.node)
    assert waiting.state.unschedulable == (
        "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. "
        "no new claims to deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod."
    )
    delete(made.machinery, next(pod for pod in made.pods() if pod.node), grace=0)
    made.run(1)
    assert made.get("Pod", waiting.name).node


def test_a_pod_that_is_shunned_stays_away_though_it_says_nothing_itself():
    """Else a learner would think that anti-affinity binds only the Pod that states it, and not those that it shuns."""
    made = World(nodes=1)
    made.pod("first", company("podAntiAffinity"), {"app": "db"})
    made.run(1)
    made.pod("second", labels={"app": "web"})
    made.run(1)
    assert "1 node(s) didn't satisfy existing pods anti-affinity rules" in made.get("Pod", "second").state.unschedulable
    made.pod("third", labels={"app": "other"})
    made.run(1)
    assert made.get("Pod", "third").node == "node-a"


def test_a_pod_that_wants_company_waits_for_it_and_is_where_it_is():
    """Else a learner would think that a required podAffinity is a mere wish, and that a Pod without its company runs anywhere."""
    made = World()
    made.pod("client", company("podAffinity"))
    made.run(1)
    said = (
        "0/3 nodes are available: 3 node(s) didn't match pod affinity rules. "
        "no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    )
    assert made.get("Pod", "client").state.unschedulable == said
    made.pod("web", labels={"app": "web"})
    made.run(1)
    assert made.get("Pod", "client").node == made.get("Pod", "web").node != ""


def test_the_first_of_pods_that_want_each_others_company_goes_anywhere():
    """Else a learner would think that Pods with an affinity to their own label wait for each other for ever."""
    made = World()
    for number in range(3):
        made.pod(f"p{number}", company("podAffinity"), {"app": "web"})
    made.run(1)
    assert len({pod.node for pod in made.pods()}) == 1
    assert made.pods()[0].node


def test_being_apart_may_mean_another_zone():
    """Else a learner would think that another Node is always far enough, whatever the topologyKey of the anti-affinity says."""
    made = World()
    for name, zone in (("node-a", "one"), ("node-b", "one"), ("node-c", "two")):
        made.store.replace(made.get("Node", name), labels={"topology.kubernetes.io/zone": zone})
    for number in range(3):
        made.pod(f"p{number}", company("podAntiAffinity", topology="topology.kubernetes.io/zone"), {"app": "web"})
    made.run(1)
    assert sorted(pod.labels.get("topology.kubernetes.io/zone", "") for pod in made.pods()) == ["", "one", "two"]


def test_company_is_looked_for_in_the_pods_own_namespace_unless_it_names_another():
    """Else a learner would think that anti-affinity shuns Pods of every namespace, where it looks at its own unless it names others."""
    made = World(nodes=1)
    made.store.create(replace(made.pod("web", labels={"app": "web"}), namespace="shop", uid=made.store.new_uid(), name="other"))
    made.store.remove(made.get("Pod", "web"))
    made.pod("here", company("podAntiAffinity"))
    made.pod("there", company("podAntiAffinity", namespaces=["shop"]))
    made.run(1)
    assert made.get("Pod", "here").node == "node-a"
    assert made.get("Pod", "there").node == ""


def test_a_node_without_room_is_told_before_the_company_on_it_and_each_may_be_waited_for():
    made = World(nodes=2)
    made.pod("big", pod_spec(resources={"requests": {"cpu": "3"}}))
    made.run(1)
    made.pod("db", pod_spec(resources={"requests": {"cpu": "2"}}), {"app": "web"})
    made.run(1)
    made.pod("late", pod_spec(resources={"requests": {"cpu": "2"}}, affinity=company("podAntiAffinity")["affinity"]))
    made.run(1)
    assert made.get("Pod", "late").state.unschedulable == (
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod anti-affinity rules. "
        "no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod."
    )
    shunned = made.get("Pod", "db").node
    made.store.replace(made.get("Pod", "db"), labels={})
    made.run(1)
    assert made.get("Pod", "late").node == shunned


@pytest.mark.parametrize(("tolerations", "avoided"), [([], True), ([{"key": "slow", "operator": "Exists"}], False)])
def test_a_node_that_is_tainted_to_be_avoided_is_taken_only_when_no_other_is_left(tolerations, avoided):
    """Wrong lesson: a taint PreferNoSchedule keeps nobody off a Node."""
    world = World(nodes=2)
    world.edit(world.get("Node", "node-a"), taints=[{"key": "slow", "effect": "PreferNoSchedule"}])
    for number in range(8):
        world.pod(f"p{number}", spec=pod_spec(tolerations=tolerations))
    world.run(1)
    assert ("node-a" not in {pod.node for pod in world.pods()}) is avoided
    world.edit(world.get("Node", "node-b"), unschedulable=True)
    world.pod("last")
    world.run(1)
    assert world.get("Pod", "last").node == "node-a"
