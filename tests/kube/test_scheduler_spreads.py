"""Pods that ask to be spread (pkg/scheduler/framework/plugins/podtopologyspread)."""

import pytest

from playground.kube.apiserver.deletion import delete
from tests.kube.world import World, pod_spec

ZONE, HOST = "topology.kubernetes.io/zone", "kubernetes.io/hostname"
APP = {"app": "web"}


def zoned(zones="aab", **labels):
    """A Node for each letter, in the zone of that letter; a dot is in none."""
    made = World(nodes=len(zones))
    for letter, node in zip(zones, made.store.list("Node"), strict=True):
        zone = {} if letter == "." else {ZONE: letter}
        made.store.replace(node, labels={HOST: node.name, **zone, **labels.get(node.name.replace("-", "_"), {})})
    return made


def constraint(topology=ZONE, skew=1, selector=None, **more):
    selector = {"matchLabels": APP} if selector is None else selector
    return {"topologyKey": topology, "maxSkew": skew, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": selector, **more}


def spread(made, count, *constraints, labels=APP, name="p", **spec):
    for number in range(count):
        made.pod(f"{name}{number}", {**pod_spec(), "topologySpreadConstraints": list(constraints or [constraint()]), **spec}, labels)
        made.run(0.1)


def zones(made):
    return "".join(sorted(pod.labels.get(ZONE, "-") for pod in made.pods()))


def said(made, name):
    return made.get("Pod", name).state.unschedulable


@pytest.mark.parametrize(("skew", "found"), [(1, "aaaabbbb"), (3, "aaaaabbb")])
def test_no_zone_has_more_than_max_skew_beyond_the_emptiest(skew, found):
    """Of two Nodes in one zone and one in the other, which all would have as many."""
    made = zoned()
    spread(made, 8, constraint(skew=skew))
    assert zones(made) == found


def test_a_pod_that_would_tip_the_balance_waits_and_says_so():
    """Wrong lesson: a constraint DoNotSchedule is a wish."""
    made = zoned("ab")
    made.edit(made.get("Node", "node-b"), unschedulable=True)
    spread(made, 2)
    assert zones(made) == "-a"
    assert said(made, "p1") == (
        "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) were unschedulable. "
        "no new claims to deallocate, preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, "
        "1 Preemption is not helpful for scheduling."
    )
    made.edit(made.get("Node", "node-b"), unschedulable=None)
    made.run(1)
    assert zones(made) == "ab"


def test_a_node_without_the_label_takes_none():
    made = zoned("a.")
    spread(made, 3)
    assert zones(made) == "aaa"
    made.edit(made.get("Node", "node-a"), unschedulable=True)
    spread(made, 1, name="late")
    assert "1 node(s) didn't match pod topology spread constraints (missing required label)" in said(made, "late0")


def test_pods_that_terminate_or_have_other_labels_do_not_count():
    made = zoned("ab")
    spread(made, 2)
    going = made.get("Pod", "p0")
    zone = going.labels[ZONE]
    delete(made.machinery, going)
    spread(made, 3, name="other", labels={"app": "other"})
    spread(made, 1, name="late")
    assert made.get("Pod", "late0").labels[ZONE] == zone


def test_several_constraints_may_leave_no_node():
    """kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints (conflicting constraints)."""
    made = zoned("aab")
    for number, node in enumerate(("node-a", "node-a", "node-b", "node-c", "node-c")):
        made.pod(f"there{number}", pod_spec(), APP, node=node)
    spread(made, 1, constraint(), constraint(HOST))
    assert said(made, "p0").startswith("0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints.")


def test_with_fewer_domains_than_min_domains_the_emptiest_counts_as_empty():
    made = zoned("ab")
    spread(made, 3, constraint(minDomains=3))
    assert zones(made) == "-ab"


def test_nodes_that_a_pods_affinity_leaves_out_are_no_domains_unless_it_says_so():
    ssd = {"disk": "ssd"}
    for policy, found in (("Honor", "aa"), ("Ignore", "-a")):
        made = zoned("ab", node_a=ssd)
        spread(made, 2, constraint(nodeAffinityPolicy=policy), nodeSelector=ssd)
        assert zones(made) == found


def test_nodes_whose_taints_a_pod_does_not_tolerate_are_domains_unless_it_says_otherwise():
    for policy, found in (("Honor", "aa"), ("Ignore", "-a")):
        made = zoned("ab")
        made.edit(made.get("Node", "node-b"), taints=[{"key": "k", "effect": "NoSchedule"}])
        spread(made, 2, constraint(nodeTaintsPolicy=policy))
        assert zones(made) == found


def test_pods_of_another_template_do_not_count_where_match_label_keys_say_so():
    made = zoned("ab")
    old, new = ({**APP, "pod-template-hash": hash} for hash in ("1", "2"))
    for number in range(2):
        made.pod(f"old{number}", pod_spec(), old, node="node-a")
    spread(made, 2, constraint(matchLabelKeys=["pod-template-hash"]), labels=new)
    assert [pod.node for pod in made.pods() if pod.name.startswith("p")] in (["node-a", "node-b"], ["node-b", "node-a"])


def test_a_pod_that_its_own_selector_leaves_out_is_not_counted_itself():
    made = zoned("ab")
    spread(made, 2, constraint(selector={"matchLabels": {"app": "db"}}))
    assert "-" not in zones(made)


def test_a_mere_wish_forbids_nothing():
    made = zoned("ab")
    made.edit(made.get("Node", "node-b"), unschedulable=True)
    spread(made, 3, constraint(whenUnsatisfiable="ScheduleAnyway"))
    assert zones(made) == "aaa"
