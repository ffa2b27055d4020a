"""Does every ready cluster start, come to rest, and show what it promises?"""

from __future__ import annotations

from collections import Counter

import pytest
from django.conf import settings

from playground.clusters import library, scenes
from playground.curriculum import stages
from playground.kube.actions import AddNode, Apply, Delete, StartTraffic, StopProxy
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.explain.settling import settle

KEYS = [scene.key for scene in scenes.all()]

# How the requests of a scene's own traffic end once it has settled, where not all are answered.
ENDINGS = {
    "from-outside": {("outside:203.0.113.10", "ok"), ("outside:203.0.113.20", "ok")},
    "dns-down": {("client", "refused"), ("alpine", "timeout")},
    "dual-stack": {("glibc", "ok"), ("musl", "ok")},
    "lone-pod": set(),
    "empty": set(),
    "wrong-port": {("client", "refused")},
    "selector-typo": {("client", "refused")},
    "local-policy": {("near", "ok"), ("far", "timeout")},
    "udp-flows": {("player", "ok"), ("visitor", "ok")},
    "two-namespaces": {("blue/client", "ok"), ("green/client", "ok")},
}


def test_the_shop_comes_first() -> None:
    assert KEYS[:2] == ["shop", "empty"]


def test_a_scene_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        scenes.find("../shop")


def test_the_shop_is_made_of_nodes_manifests_and_traffic_in_this_order() -> None:
    shop = scenes.find("shop")
    assert [type(action) for action in shop.actions] == [AddNode, AddNode, AddNode, Apply, StartTraffic]
    assert [action.name for action in shop.actions[:3]] == ["node-a", "node-b", "node-c"]
    assert shop.actions[-1] == StartTraffic("client", "frontend-svc:80", 4)
    assert shop.settings.service_network == "172.17.0.0/24"


@pytest.mark.parametrize("key", KEYS)
def test_a_scene_says_what_it_is_in_a_few_words(key: str) -> None:
    scene = scenes.find(key)
    assert 0 < len(scene.title) <= 40
    assert scene.summary.endswith(".")
    assert len(scene.summary) <= 240


@pytest.mark.parametrize("key", KEYS)
def test_a_scene_comes_to_rest_and_its_traffic_ends_as_it_should(key: str) -> None:
    kube = scenes.start(scenes.find(key))
    assert settle(kube) == []
    before = {request.number for request in kube.network.recent(1)}
    kube.advance(kube.now + 10 * SECOND)
    later = [request for request in kube.network.recent(500) if request.number > max(before, default=0)]
    assert {(request.sender.removeprefix("default/"), request.outcome) for request in later} == ENDINGS.get(key, {("client", "ok")})


def test_in_the_shop_each_frontend_answers() -> None:
    kube = scenes.start(scenes.find("shop"))
    answers = Counter(request.endpoint for request in kube.network.recent(60))
    assert len(answers) == 3
    assert all(name and name.startswith("default/frontend-") for name in answers)


def test_overlapping_selectors_mix_two_apps() -> None:
    kube = scenes.start(scenes.find("overlapping-selectors"))
    apps = {request.pod.labels["app"] for request in kube.network.recent(60) if request.pod}
    assert apps == {"shop", "blog"}


def test_in_two_namespaces_the_short_name_means_ones_own() -> None:
    kube = scenes.start(scenes.find("two-namespaces"))
    asked = {(request.sender, request.service) for request in kube.network.recent(20)}
    assert asked == {("blue/client", "blue/web"), ("green/client", "blue/web")}


def test_behind_a_slow_start_only_the_quick_answer_at_first() -> None:
    kube = scenes.start(scenes.find("slow-start"))
    ok = [request.pod for request in kube.network.recent(20) if request.outcome == "ok" and request.pod]
    assert {pod.labels["speed"] for pod in ok} == {"quick"}
    kube.advance(90 * SECOND)
    assert {request.pod.labels["speed"] for request in kube.network.recent(60) if request.pod} == {"quick", "slow"}


def answered(kube: Cluster, sender: str, seconds: int = 10) -> Counter[tuple[str, str | None]]:
    """How a sender's requests of so much time ended, by outcome and endpoint."""
    kube.advance(kube.now + seconds * SECOND)
    recent = [request for request in kube.network.recent(500) if request.time > kube.now - seconds * SECOND]
    return Counter((request.outcome, request.endpoint) for request in recent if request.sender == f"default/{sender}")


def test_a_player_keeps_its_endpoint_recovers_when_it_is_deleted_and_is_lost_without_kube_proxy() -> None:
    kube = scenes.start(scenes.find("udp-flows"))
    [(_, first)], visited = answered(kube, "player"), answered(kube, "visitor")
    assert len(visited) == 3
    kube.submit(Delete("Pod", str(first).partition("/")[2], "default"))
    kube.advance(kube.now + 3 * SECOND)
    [(outcome, second)] = answered(kube, "player")
    assert outcome == "ok"
    assert second != first
    kube.submit(StopProxy(kube.store.get("Pod", "default", "player").node))
    kube.submit(Delete("Pod", str(second).partition("/")[2], "default"))
    kube.advance(kube.now + 3 * SECOND)
    assert list(answered(kube, "player", 60)) == [("timeout", second)]


def test_another_seed_gives_other_names() -> None:
    names = [[pod.name for pod in scenes.start(scenes.find("lone-pod"), seed).store.list("Pod", "default")] for seed in (1, 1, 2)]
    assert names[0] == names[1] != names[2]


def test_in_the_dual_stack_scene_the_services_and_the_clients_differ_in_their_families() -> None:
    """Else a learner would think that curl in an Alpine Pod goes by IPv4 here, where only its datagrams do."""
    kube = scenes.start(scenes.find("dual-stack"))
    families = {each.name: each.spec["ipFamilies"] for each in kube.store.list("Service", "default")}
    assert (families["web-single"], families["web-dual"], families["web-ipv6"]) == (["IPv4"], ["IPv4", "IPv6"], ["IPv6"])
    asked = {(each.sender, each.target.text, ":" in each.address) for each in kube.network.recent(100)}
    assert {each for each in asked if "web-dual" in each[1]} == {
        ("default/glibc", "web-dual:80", True),
        ("default/musl", "web-dual:80", True),
        ("default/glibc", "web-dual:80/UDP", True),
        ("default/musl", "web-dual:80/UDP", False),
    }
    assert ("default/musl", "web-ipv6:80", True) in asked


def test_networks_of_a_scene_that_do_not_go_together_are_refused(tmp_path) -> None:
    path = tmp_path / "wrong.yaml"
    text = (settings.BASE_DIR / scenes.FOLDER / "dual-stack.yaml").read_text("utf-8")
    path.write_text(text.replace("name: dual-stack", "name: wrong").replace("fd00:10:96::/112", "10.96.0.0/16"), "utf-8")
    spec, documents = scenes._read(path)
    with pytest.raises(ValueError, match="expected one of each family"):
        stages.scene("wrong", spec.title, spec.summary, spec, documents)


def test_a_lessons_stage_is_a_scene_too(settings) -> None:
    settings.LESSONS_PATH = settings.BASE_DIR / "tests" / "curriculum" / "lessons"
    library.library.cache_clear()
    try:
        assert scenes.find("lesson/local-means-local").title == "Local means local"
        assert scenes.find("lesson/local-means-local/1").key == "lesson/local-means-local"
        assert scenes.find("lesson/local-means-local/2").key == "lesson/local-means-local/repair"
        assert scenes.named("lesson/forgotten") is None
        assert scenes.named("lesson/local-means-local/forgotten") is None
    finally:
        library.library.cache_clear()
