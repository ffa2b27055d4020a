"""What a Node does whose kube-proxy is stopped: the rules of that moment stay, until it starts again.

Source: cmd/kube-proxy/app/server.go: a kube-proxy that ends removes no rule, and one that starts writes all.
"""

from __future__ import annotations

import json

from playground.kube.clock import SECOND
from playground.kube.events import ProxyChanged, RulesSynced
from playground.kube.kubeproxy import Proxies
from tests.kube.kubeproxy.builders import add_node, add_service, add_slice, endpoint, machinery
from tests.kube.kubeproxy.test_proxies import IP, change, cluster, outcome, settle

OLD, NEW = endpoint("10.0.1.1"), endpoint("10.0.1.2")


def test_a_node_without_kube_proxy_keeps_sending_to_an_endpoint_that_is_gone() -> None:
    made, proxies = cluster([OLD])
    proxies.stop("node-a")
    change(made, NEW)
    settle(made)
    assert outcome(proxies, "node-a") == {"10.0.1.1:80"}
    assert outcome(proxies, "node-b") == {"10.0.1.2:80"}


def test_a_node_without_kube_proxy_never_hears_of_a_new_service() -> None:
    made, proxies = cluster([OLD])
    proxies.stop("node-a")
    add_service(made, "later", "172.17.0.6", [{"port": 80}])
    add_slice(made, "later", [NEW])
    settle(made)
    assert outcome(proxies, "node-a", "172.17.0.6") == {""}
    assert outcome(proxies, "node-b", "172.17.0.6") == {"10.0.1.2:80"}


def test_it_keeps_what_it_had_not_heard_of_when_it_was_stopped() -> None:
    made, proxies = cluster([OLD])
    change(made, NEW)
    proxies.stop("node-a")
    settle(made)
    assert outcome(proxies, "node-a") == {"10.0.1.1:80"}


def test_started_again_it_writes_all_rules_within_a_second_and_says_so() -> None:
    made, proxies = cluster([OLD])
    proxies.stop("node-a")
    change(made, NEW)
    made.store.remove(made.store.get("Service", "default", "svc"))
    settle(made)
    proxies.start("node-a")
    assert outcome(proxies, "node-a") == {"10.0.1.1:80"}
    made.clock.run_until(made.now + SECOND)
    assert outcome(proxies, "node-a") == {""}
    assert made.events[0] == ProxyChanged(made.now - SECOND, "node-a", True)
    assert [
        event for event in made.events if isinstance(event, RulesSynced) and "default/svc" in event.ports and event.nodes == ("node-a",)
    ]


def test_a_decision_says_since_when_the_kube_proxy_was_stopped() -> None:
    made, proxies = cluster([OLD])
    proxies.stop("node-a")
    since = made.now
    change(made, NEW)
    settle(made)
    decided = proxies.route("node-a", IP, "TCP", 80, "10.244.0.9")
    assert (decided.stopped, decided.behind) == (since, True)
    assert proxies.stopped("node-a") == since
    assert proxies.stopped("node-b") is None


def test_stopped_before_its_first_sync_a_node_has_no_rules() -> None:
    made, proxies = cluster([OLD], nodes=0)
    add_node(made, "node-a")
    proxies.stop("node-a")
    settle(made)
    assert outcome(proxies, "node-a") == {""}
    proxies.start("node-a")
    settle(made)
    assert outcome(proxies, "node-a") == {"10.0.1.1:80"}


def test_stopped_again_before_it_wrote_its_rules_it_still_has_the_first_ones() -> None:
    made, proxies = cluster([OLD])
    proxies.stop("node-a")
    change(made, NEW)
    settle(made)
    proxies.start("node-a")
    proxies.stop("node-a")
    settle(made)
    assert outcome(proxies, "node-a") == {"10.0.1.1:80"}
    assert proxies.stopped("node-a") == made.now - SECOND


def test_a_node_that_leaves_while_its_kube_proxy_is_stopped_is_forgotten() -> None:
    made, proxies = cluster([OLD])
    proxies.stop("node-a")
    made.store.remove(made.store.get("Node", "", "node-a"))
    settle(made)
    assert proxies.stopped("node-a") is None
    assert outcome(proxies, "node-a") == {""}


def test_a_health_check_port_does_not_answer_without_kube_proxy() -> None:
    _, proxies = cluster([OLD], nodes=1, type="LoadBalancer", externalTrafficPolicy="Local", healthCheckNodePort=32_000)
    assert proxies.health_check("node-a", 32_000) is not None
    proxies.stop("node-a")
    assert proxies.health_check("node-a", 32_000) is None


def test_saved_and_restored_it_is_stopped_with_the_same_rules() -> None:
    made, proxies = cluster([OLD])
    proxies.stop("node-a")
    change(made, NEW)
    settle(made)
    saved = json.loads(json.dumps(proxies.state()))
    other = machinery(1)
    again = Proxies(other)
    other.store.restore(*made.store.state())
    again.restore(saved)
    other.clock.restore(made.clock.state())
    assert json.loads(json.dumps(again.state())) == saved
    assert outcome(again, "node-a") == {"10.0.1.1:80"}
    assert again.stopped("node-a") == proxies.stopped("node-a")
    again.start("node-a")
    settle(other)
    assert outcome(again, "node-a") == {"10.0.1.2:80"}
