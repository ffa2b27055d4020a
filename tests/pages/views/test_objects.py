"""What does the inspector say of each kind, tab by tab?"""

import pytest

from playground.clusters import looks
from tests.pages.conftest import Visitor

KINDS = {
    "a Service": "Service/default/frontend-svc",
    "a Deployment": "Deployment/default/frontend",
    "a Node": "Node/-/node-a",
    "a Namespace": "Namespace/-/default",
    "a Pod": "Pod/default/client",
}
TABS = ("overview", "endpoints", "rules", "iptables", "inside", "yaml", "events", "rubbish")


@pytest.mark.parametrize("ref", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_of_every_kind_is_answered_as_a_fragment_and_as_a_page(visitor: Visitor, ref: str, tab: str) -> None:
    part = visitor.fragment(f"objects/{ref}/?tab={tab}")
    whole = visitor.get(f"objects/{ref}/?tab={tab}")
    assert (part.status_code, whole.status_code) == (200, 200)
    assert f'data-shows="{ref}"' in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "<html" in whole.content.decode()
    assert f'data-shows="{ref}"' in whole.content.decode()


def test_a_pod_says_where_it_is_who_owns_it_and_which_services_select_it(visitor: Visitor, frontend: str) -> None:
    said = visitor.fragment(f"objects/Pod/default/{frontend}/").content.decode()
    pod = visitor.found("Pod", frontend)
    for word in (pod.ip, pod.node, "frontend-svc", "ready endpoint", "ReplicaSet", "Deployment frontend", "app=frontend"):
        assert word in said


def test_a_pod_of_a_node_without_power_is_said_to_answer_nothing(visitor: Visitor, frontend: str) -> None:
    visitor.press("power-off", name=visitor.found("Pod", frontend).node)
    assert "has no power: it answers nothing" in visitor.fragment(f"objects/Pod/default/{frontend}/").content.decode()


def test_a_pod_that_crashes_again_and_again_is_said_to_wait(visitor: Visitor, frontend: str) -> None:
    for _ in range(2):
        visitor.press("crash", namespace="default", name=frontend)
        for _ in range(30):
            visitor.press("step")
    assert "the kubelet waits longer each time" in visitor.fragment(f"objects/Pod/default/{frontend}/").content.decode()


def test_a_pod_can_be_killed_crashed_probed_and_can_send(visitor: Visitor, frontend: str) -> None:
    said = visitor.fragment(f"objects/Pod/default/{frontend}/").content.decode()
    for word in ("Kill", "Force kill", "Crash frontend", "Readiness probe", "Start traffic", "actions/send/", 'value="100"'):
        assert word in said


def test_a_service_says_its_address_its_selector_and_its_pods(visitor: Visitor, frontend: str) -> None:
    said = visitor.fragment("objects/Service/default/frontend-svc/").content.decode()
    for word in (
        visitor.found("Service", "frontend-svc").spec["clusterIP"],
        "80/TCP → 5000",
        "app=frontend",
        frontend,
        "3 ready endpoints",
    ):
        assert word in said


def test_the_endpoints_tab_tells_why_an_endpoint_is_used_or_not(visitor: Visitor, frontend: str) -> None:
    visitor.press("delete", kind="Pod", namespace="default", name=frontend)
    with looks.at(visitor.cluster) as running:
        running.advance(running.now + 500_000)
    said = visitor.fragment("objects/Service/default/frontend-svc/?tab=endpoints").content.decode()
    assert (said.count("gets requests"), said.count("gets no requests")) == (2, 1)
    assert "is terminating and still answers" in said


def test_the_rules_tab_of_a_service_has_a_row_for_each_node_and_of_a_node_one_for_each_port(visitor: Visitor) -> None:
    of_service = visitor.fragment("objects/Service/default/frontend-svc/?tab=rules").content.decode()
    assert [f"Node/-/node-{letter}" in of_service for letter in "abc"] == [True, True, True]
    of_node = visitor.fragment("objects/Node/-/node-a/?tab=rules").content.decode()
    assert [name in of_node for name in ("frontend-svc", "redis-master", "kube-dns", "kubernetes")] == [True] * 4


def test_the_yaml_tab_can_be_saved_again_as_it_is(visitor: Visitor) -> None:
    said = visitor.fragment("objects/Deployment/default/frontend/?tab=yaml").content.decode()
    assert "kind: Deployment" in said
    assert f'action="{visitor.base}actions/replace/"' in said


def test_the_events_tab_says_what_components_did(visitor: Visitor) -> None:
    visitor.press("scale", kind="Deployment", namespace="default", name="frontend", replicas=4)
    with looks.at(visitor.cluster) as running:
        running.advance(running.now + 1_000_000)
    assert "ScalingReplicaSet" in visitor.fragment("objects/Deployment/default/frontend/?tab=events").content.decode()


def test_an_object_of_a_kind_that_is_not_simulated_says_so(visitor: Visitor) -> None:
    visitor.press("apply", yaml="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: few\n")
    assert "not simulated" in visitor.fragment("objects/ResourceQuota/default/few/").content.decode()


def test_a_config_map_shows_the_keys_that_it_holds(visitor: Visitor) -> None:
    visitor.press("apply", yaml="apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  colour: blue\n")
    assert "colour" in visitor.fragment("objects/ConfigMap/default/settings/").content.decode()


def test_an_object_that_is_gone_is_said_to_be_gone(visitor: Visitor) -> None:
    part = visitor.fragment("objects/Pod/default/nobody/")
    assert part.status_code == 404
    assert 'id="inspected-facts"' in part.content.decode()
    assert "data-gone" in part.content.decode()
    assert visitor.get("objects/Pod/default/nobody/").status_code == 404


def test_names_are_escaped(visitor: Visitor) -> None:
    said = visitor.fragment("objects/Pod/default/<script>alert(1)<script>/").content.decode()
    assert "<script>" not in said


def test_the_table_counts_every_kind_and_filters(visitor: Visitor) -> None:
    everything = visitor.fragment("objects/").content.decode()
    assert "Deployment (3)" in everything
    assert "frontend-svc" in everything
    nodes = visitor.fragment("objects/?kind=Node").content.decode()
    assert nodes.count("<tr>") == 4
    assert "frontend-svc" not in nodes
    system = visitor.fragment("objects/?kind=Service&namespace=kube-system").content.decode()
    assert "kube-dns" in system
    assert "frontend-svc" not in system
    assert "node-a" in visitor.fragment("objects/?namespace=-").content.decode()


def test_a_kind_that_is_not_simulated_is_marked_in_the_table(visitor: Visitor) -> None:
    visitor.press("apply", yaml="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: few\n")
    said = visitor.fragment("objects/?kind=ResourceQuota").content.decode()
    assert "stored, not simulated" in said
    assert "ResourceQuota (1), not simulated" in said


def test_a_filter_that_matches_nothing_says_so(visitor: Visitor) -> None:
    assert "No object like that" in visitor.fragment("objects/?kind=Gadget").content.decode()


@pytest.mark.parametrize("path", ["objects/", "objects/Service/default/frontend-svc/", "requests/"])
def test_looking_again_costs_two_queries(visitor: Visitor, path: str, django_assert_num_queries) -> None:
    visitor.fragment(path)
    with django_assert_num_queries(2):
        visitor.fragment(path)


def test_a_node_shows_the_rules_that_its_kernel_holds_as_iptables_prints_them(visitor: Visitor) -> None:
    said = visitor.fragment("objects/Node/-/node-a/?tab=iptables").content.decode()
    plain = visitor.get("nodes/node-a/iptables.txt")
    assert plain["Content-Type"].startswith("text/plain")
    assert "-A KUBE-SERVICES -d" in plain.content.decode()
    assert "-A KUBE-SERVICES -d" in said
    assert "default/frontend-svc cluster IP" in said


def test_a_node_that_is_not_there_has_no_rules(visitor: Visitor) -> None:
    assert visitor.get("nodes/node-z/iptables.txt").status_code == 404


def test_a_pod_shows_the_environment_it_was_started_with_and_what_came_too_late(visitor: Visitor) -> None:
    visitor.press("expose", pods="default/client", name="later", port=80, target_port="8080")
    said = visitor.fragment("objects/Pod/default/client/?tab=inside").content.decode()
    assert "KUBERNETES_SERVICE_HOST=172.17.0.1" in said
    assert "the API server" in said
    assert "Not known to" in said
    assert "later" in said
    assert "search default.svc.cluster.local svc.cluster.local cluster.local" in said
