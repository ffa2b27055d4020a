"""Where Pods go, and what is said when they can go nowhere (pkg/scheduler)."""

import pytest
from msgspec.structs import replace

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.objects import Object
from playground.kube.scheduler import _sample as sample
from tests.kube.world import World, pod_spec, template_of

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


def wanting(port, **more):
    return pod_spec(ports=[{"containerPort": 80, "hostPort": port, "protocol": "TCP", **more}])


def test_pods_that_want_one_host_port_are_never_on_one_node():
    """Six of them ran on three Nodes, which would teach that a host port can be had twice (plugins/nodeports)."""
    world = World(nodes=3)
    for number in range(5):
        world.pod(f"web-{number}", wanting(8080))
    world.run(5)
    placed = [pod.node for pod in world.pods() if pod.node]
    assert sorted(placed) == ["node-a", "node-b", "node-c"]
    said = next(pod.state.unschedulable for pod in world.pods() if not pod.node)
    assert said.startswith("0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports.")


def test_a_host_port_is_free_again_when_its_pod_is_gone():
    world = World(nodes=1)
    world.pod("one", wanting(8080))
    world.run(1)
    world.pod("two", wanting(8080))
    world.run(1)
    assert not world.get("Pod", "two").node
    world.store.remove(world.get("Pod", "one"))
    world.run(5)
    assert world.get("Pod", "two").node == "node-a"


@pytest.mark.parametrize(("one", "other", "fits"), [
    ({}, {"protocol": "UDP"}, True), ({"hostIP": "10.0.0.1"}, {"hostIP": "10.0.0.2"}, True), ({"hostIP": "10.0.0.1"}, {}, False)])  # fmt: skip
def test_host_ports_differ_by_protocol_and_address(one, other, fits):
    world = World(nodes=1)
    world.pod("one", wanting(8080, **one))
    world.run(1)
    world.pod("two", wanting(8080, **other))
    world.run(5)
    assert bool(world.get("Pod", "two").node) is fits


def test_a_restored_scheduler_knows_which_host_ports_are_taken():
    world = World(nodes=1)
    world.pod("one", wanting(8080))
    world.run(1)
    again = world.copy()
    again.pod("two", wanting(8080))
    again.run(2)
    assert not again.get("Pod", "two").node


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


def asking(requests, **more):
    return pod_spec(resources={"requests": requests}, **more)


def placed(*requests, nodes=1):
    """The Node of each of these Pods, one after the other; a Node has 4 CPUs and 8 GiB."""
    made = World(nodes=nodes)
    for number, each in enumerate(requests):
        made.pod(f"p{number}", asking(each))
        made.run(1)
    return made, [made.get("Pod", f"p{number}").node for number in range(len(requests))]


def test_what_a_pod_asks_for_as_a_whole_has_to_fit():
    """Else a learner would think that `spec.resources` of a Pod, on by default since 1.34, means nothing."""
    made = World(nodes=1)
    made.pod("p0", {**pod_spec(), "resources": {"requests": {"cpu": "5"}}})
    made.run(1)
    assert "1 Insufficient cpu" in said(made)


def said(made, name="p0"):
    return made.get("Pod", name).state.unschedulable


def test_a_node_holds_as_much_as_its_pods_request():
    made, nodes = placed({"cpu": "3"}, {"cpu": "500m"}, {"cpu": "501m"}, {"cpu": "500m"})
    assert nodes == ["node-a", "node-a", "", "node-a"]
    assert said(made, "p2") == (
        "0/1 nodes are available: 1 Insufficient cpu. "
        "no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
    )


def test_all_that_is_short_is_named_and_what_no_node_has_cannot_be_helped():
    made, _ = placed({"cpu": "5", "memory": "9Gi", "nvidia.com/gpu": 1}, nodes=2)
    assert said(made) == (
        "0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient memory, 2 Insufficient nvidia.com/gpu. "
        "no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling."
    )


def test_a_pod_that_asks_for_nothing_fits_on_a_node_that_is_taken():
    assert placed({"cpu": "4"}, {})[1] == ["node-a", "node-a"]


def test_when_a_pod_goes_one_that_waited_for_its_share_comes():
    made, nodes = placed({"memory": "6Gi"}, {"memory": "6Gi"})
    assert nodes == ["node-a", ""]
    delete(made.machinery, made.get("Pod", "p0"), 0)
    made.run(1)
    assert made.get("Pod", "p1").node == "node-a"


def test_a_node_that_has_more_to_give_takes_more():
    made, nodes = placed({"cpu": "3"}, {"cpu": "3"})
    assert nodes == ["node-a", ""]
    node = made.get("Node", "node-a")
    made.store.replace(node, status={**node.status, "allocatable": {**node.status["allocatable"], "cpu": "6"}})
    made.run(1)
    assert made.get("Pod", "p1").node == "node-a"


def test_other_resources_are_counted_too():
    made = World(nodes=1)
    node = made.get("Node", "node-a")
    made.store.replace(node, status={**node.status, "allocatable": {**node.status["allocatable"], "nvidia.com/gpu": "1"}})
    for number in range(2):
        made.pod(f"p{number}", asking({"nvidia.com/gpu": 1}))
    made.run(1)
    assert [made.get("Pod", f"p{number}").node for number in range(2)] == ["node-a", ""]


def test_a_restored_scheduler_knows_what_is_left():
    made, _ = placed({"cpu": "3"})
    again = made.copy()
    again.pod("late", asking({"cpu": "2"}))
    again.run(1)
    assert "1 Insufficient cpu" in said(again, "late")


def test_a_deployment_that_asks_for_too_much_has_as_many_pods_as_fit():
    made = World()
    made.deployment(replicas=9, template=template_of({"app": "web"}, resources={"requests": {"cpu": "1500m"}}))
    made.run(10)
    assert sum(pod.state.ready for pod in made.pods()) == 6


def test_a_node_without_room_is_told_before_the_company_on_it_and_each_may_be_waited_for():
    made = World(nodes=2)
    made.pod("big", asking({"cpu": "3"}))
    made.run(1)
    made.pod("db", asking({"cpu": "2"}), {"app": "web"})
    made.run(1)
    made.pod("late", asking({"cpu": "2"}, affinity=company("podAntiAffinity")["affinity"]))
    made.run(1)
    assert said(made, "late") == (
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod anti-affinity rules. "
        "no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod."
    )
    shunned = made.get("Pod", "db").node
    made.store.replace(made.get("Pod", "db"), labels={})
    made.run(1)
    assert made.get("Pod", "late").node == shunned


def claiming(made, name="p"):
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "mine"}}]
    made.pod(name, {**pod_spec(), "volumes": volumes})
    made.run(1)
    return made.get("Pod", name)


def claim(made, namespace="default"):
    return made.store.create(Object("PersistentVolumeClaim", namespace, "mine", made.store.new_uid(), 0, made.machinery.now))


def test_a_pod_whose_claim_does_not_exist_waits_for_it():
    """Wrong lesson: a Pod runs all the same when its PersistentVolumeClaim does not exist."""
    made = world()
    pod = claiming(made)
    assert (pod.node, pod.state.unschedulable) == (
        "",
        '0/3 nodes are available: persistentvolumeclaim "mine" not found. '
        "no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    )
    assert made.reasons("p") == ["FailedScheduling"]
    claim(made, "elsewhere")
    made.run(1)
    assert made.get("Pod", "p").node == ""
    claim(made)
    made.run(1)
    assert made.get("Pod", "p").node != ""


def test_a_pod_is_not_placed_while_its_claim_is_on_its_way_out():
    """Wrong lesson: a claim that is being deleted can still be taken by a new Pod."""
    made = world()
    made.store.replace(claim(made), deleting=made.machinery.now)
    assert 'persistentvolumeclaim "mine" is being deleted. no new claims' in claiming(made).state.unschedulable


def test_a_pod_that_lacks_a_claim_waits_for_it_after_a_restart_of_the_scheduler_too():
    made = world()
    claiming(made)
    other = made.copy()
    claim(other)
    other.run(1)
    assert other.get("Pod", "p").node != ""
