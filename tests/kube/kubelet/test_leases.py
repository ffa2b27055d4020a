"""Each kubelet keeps the Lease of its Node (component-helpers/apimachinery/lease)."""

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings
from tests.laws.histories import schema


def cluster():
    made = Cluster.create(ClusterSettings(), schema())
    made.submit(actions.AddNode("node-a"))
    return made


def lease(made):
    return made.store.get("Lease", "kube-node-lease", "node-a")


def renewed(made):
    """The second of its last renewal, as it is read now."""
    return made.server.encode(lease(made))["spec"]["renewTime"][-10:]


def at(made, seconds):
    made.advance(round(seconds * SECOND))
    return made


def test_a_new_node_has_a_lease_that_goes_with_it():
    made = cluster()
    document = made.server.encode(lease(made))
    assert document["apiVersion"] == "coordination.k8s.io/v1"
    assert {key: document["spec"][key] for key in ("holderIdentity", "leaseDurationSeconds")} == {
        "holderIdentity": "node-a",
        "leaseDurationSeconds": 40,
    }
    assert document["metadata"]["ownerReferences"][0]["kind"] == "Node"
    made.submit(actions.Delete("Node", "node-a"))
    assert lease(at(made, 1)) is None


def test_it_reads_as_renewed_every_ten_seconds():
    made = cluster()
    assert [renewed(at(made, second)) for second in (0, 9.9, 10, 25)] == ["20.000000Z", "20.000000Z", "30.000000Z", "40.000000Z"]


def test_a_renewal_is_no_write():
    made = at(cluster(), 30)
    before = made.store.revision
    assert at(made, 100).store.revision == before


def test_without_power_it_is_not_renewed_and_after_the_boot_it_is_again():
    made = at(cluster(), 15)
    made.submit(actions.PowerOff("node-a"))
    assert renewed(at(made, 39)) == "30.000000Z"
    made.submit(actions.PowerOn("node-a"))
    assert renewed(at(made, 40)) == "00.000000Z"


def test_one_that_is_deleted_comes_back_when_it_is_to_be_renewed():
    made = at(cluster(), 12)
    made.submit(actions.Delete("Lease", "node-a", "kube-node-lease"))
    assert lease(at(made, 19)) is None
    assert renewed(at(made, 20)) == "40.000000Z"


def test_what_a_learner_adds_to_it_stays_and_it_is_renewed_as_before():
    made = cluster()
    made.submit(actions.Patch("Lease", "node-a", {"metadata": {"labels": {"a": "b"}}}, "kube-node-lease"))
    assert renewed(at(made, 10)) == "30.000000Z"
    assert lease(made).labels == {"a": "b"}


def test_a_lease_of_somebody_else_is_as_it_was_written():
    made = cluster()
    document = {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": "mine"},
        "spec": {"holderIdentity": "me", "renewTime": "2024-01-01T00:00:00.000000Z"},
    }
    made.submit(actions.Apply([document]))
    assert made.server.encode(made.store.get("Lease", "default", "mine"))["spec"] == document["spec"]


def heartbeats(made):
    """When each condition of the Node was reported last, as it is read now: the times of day."""
    conditions = made.server.encode(made.store.get("Node", "", "node-a"))["status"]["conditions"]
    return {each["lastHeartbeatTime"][-9:] for each in conditions}


def test_the_status_of_a_node_reads_as_reported_every_five_minutes():
    """Wrong lesson: LastHeartbeatTime is the Node's birth, so that `kubectl describe node` cannot show since when a kubelet is silent."""
    made = cluster()
    assert [heartbeats(at(made, second)) for second in (0, 299, 300, 601)] == [{"22:13:20Z"}, {"22:13:20Z"}, {"22:18:20Z"}, {"22:23:20Z"}]


def test_a_report_that_says_the_same_is_no_write():
    made = at(cluster(), 30)
    before = made.store.revision
    assert at(made, 1_000).store.revision == before


def test_a_silent_node_keeps_the_time_of_its_last_report_and_a_booted_one_reports_at_once():
    """Wrong lesson: the heartbeat goes on while the kubelet is silent."""
    made = at(cluster(), 400)
    made.submit(actions.PowerOff("node-a"))
    assert heartbeats(at(made, 900)) == {"22:18:20Z"}
    made.submit(actions.PowerOn("node-a"))
    (booted,) = heartbeats(at(made, 1_000))
    assert "22:28:20Z" <= booted <= "22:29:20Z"
