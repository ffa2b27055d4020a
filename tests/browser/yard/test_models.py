"""Do the page's models count, name and narrate rightly? (They know no DOM, so a blank page is enough.)"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings

from playground.clusters import scenes
from playground.pages.facts import words
from tests.browser.yard.harness import Yard
from tests.browser.yard.pictures import first_cluster

pytestmark = pytest.mark.browser


@pytest.fixture
def ask(yard: Yard) -> Any:
    """`ask("models/flows.js", "new module.Flows().rate()")`: the value of an expression over a module."""
    page = yard.open(first_cluster())
    return lambda module, expression: page.evaluate(f'async () => {{ const module = await import("/static/js/{module}"); {expression} }}')


def test_rate_is_per_second_of_the_clusters_time(ask: Any) -> None:
    rate = ask(
        "models/flows.js",
        """const flows = new module.Flows();
      for (let now = 100000; now <= 5000000; now += 100000) flows.add([["a", "s", "p", now % 200000 ? "ok" : "timeout", 2]], now);
      return flows.rate();""",
    )
    assert rate["requests"] == pytest.approx(20, rel=0.06)
    assert rate["failures"] == pytest.approx(10, rel=0.06)


def test_the_rule_of_a_request_from_outside_is_the_one_that_the_server_named(ask: Any) -> None:
    keys = ask(
        "models/picture.js",
        """const rules = { "a/web:80": { address: "172.17.0.5:80", protocol: "TCP" } };
      rules["a/web:80/outside"] = { address: "1.2.3.4:80", protocol: "TCP", nodePort: 30080 };
      const picture = new module.Picture({ rules: { n1: rules } });
      const key = (to, rule) => picture.ruleKey("n1", { service: "a/web", to, family: "IPv4", rule });
      return [key("web:80", null), key("1.2.3.4:80", "a/web:80/outside"), key("1.2.3.4:80", "")];""",
    )
    assert keys == ["a/web:80", "a/web:80/outside", None]


def test_the_rule_from_outside_is_written_with_its_node_port(ask: Any) -> None:
    words = ask(
        "models/look.js",
        """const rules = [["1.2.3.4:80", 30080, "forward"], ["1.2.3.4:80", 30080, "DROP"], ["", 30080, "forward"], ["172.17.0.5:80", undefined, "forward"]];
      return rules.map(([address, nodePort, verdict]) => module.ruleWords({ address, nodePort, verdict, endpoints: ["10.0.0.1:80"], count: 1 }))
        .map(({ address, note }) => `${address} ${note}`);""",
    )
    assert words == [
        "1.2.3.4:80 10.0.0.1:80 · node port 30080",
        "1.2.3.4:80 no local endpoint · node port 30080",
        "node port 30080 10.0.0.1:80",
        "172.17.0.5:80 10.0.0.1:80",
    ]


def test_an_external_name_and_a_headless_service_without_ports_say_what_they_are(ask: Any) -> None:
    words = ask(
        "models/look.js",
        """const services = [{ type: "ExternalName", externalName: "example.com", ports: [] }, { type: "ClusterIP", ip: "None", ports: [] }];
      return services.map(module.serviceAddress);""",
    )
    assert words == ["ExternalName → example.com", "headless, no ports"]


def test_an_age_is_written_as_the_server_writes_it(ask: Any) -> None:
    minute, hour, day = 60, 3600, 86_400
    seconds = [
        -3,
        0,
        119,
        120,
        134,
        10 * minute,
        179 * minute,
        3 * hour,
        185 * minute,
        8 * hour,
        2 * day,
        51 * hour,
        9 * day,
        800 * day,
        3000 * day,
    ]
    written = ask("helpers/format.js", f"return {seconds}.map((each) => module.age(each * 1_000_000));")
    assert written == [words.age(each * 1_000_000) for each in seconds]


def test_shares_of_one_service_sum_to_one_and_old_answers_fade(ask: Any) -> None:
    shares = ask(
        "models/flows.js",
        """const flows = new module.Flows();
      flows.add([["a", "s", "p", "ok", 100]], 0);
      flows.add([["a", "s", "q", "ok", 10]], 60000000);
      return Object.fromEntries(flows.shares());""",
    )
    assert shares == {"q": 1}


def test_changes_say_which_objects_they_touch(ask: Any) -> None:
    refs = ask(
        "models/picture.js",
        """const picture = new module.Picture({ rules: { n1: { "default/a:80": { count: 1 }, "default/b:80": { count: 1 } } } });
      const touched = picture.apply([["rules", "n1", { "default/a:80": { count: 2 }, "default/b:80": { count: 1 } }],
        ["pods", "default/x", { ns: "default", owner: "ReplicaSet/x-1" }], ["nodes", "n2", null]]);
      return [...touched.refs];""",
    )
    assert refs == ["Node/-/n1", "Service/default/a", "Pod/default/x", "ReplicaSet/default/x-1", "Node/-/n2"]


def test_the_rule_of_a_request_is_that_of_its_port_and_protocol(ask: Any) -> None:
    keys = ask(
        "models/picture.js",
        """const rules = Object.fromEntries(["TCP", "UDP"].map((protocol) => [`a/dns:${protocol}`, { address: "10.0.0.1:53", protocol }]));
      const picture = new module.Picture({ rules: { n1: rules } });
      return ["dns:53", "dns:53/UDP", "dns:53/SCTP", "dns:54"].map((to) => picture.ruleKey("n1", { service: "a/dns", to, family: "IPv4" }));""",
    )
    assert keys == ["a/dns:TCP", "a/dns:UDP", None, None]


def test_refs_of_nodes_have_one_spelling(ask: Any) -> None:
    assert ask("models/picture.js", 'return ["Node/a", "Node//a", "Node/-/a", "Pod/d/x"].map(module.normalRef);') == ["Node/-/a"] * 3 + [
        "Pod/d/x"
    ]


def test_two_seconds_become_one_sentence(ask: Any) -> None:
    said = ask(
        "models/narration.js",
        """const narration = new module.Narration();
      narration.add([[0, "Pod a was deleted.", ""], [1, "Pod b started.", ""]], [["x", "s", "p", "ok", 97], ["x", "s", null, "timeout", 3]]);
      return [narration.take(), narration.take()];""",
    )
    assert said == ["Pod b started. And 1 other change. 3 of 100 requests failed.", ""]


@pytest.mark.parametrize("key", [scene.key for scene in scenes.all()])
def test_a_colour_hangs_on_the_name_alone_and_no_two_apps_of_a_ready_cluster_share_one(ask: Any, key: str) -> None:
    text = (settings.BASE_DIR / scenes.FOLDER / f"{key}.yaml").read_text("utf-8")
    apps = sorted({"client", *re.findall(r"\bapp: ([a-z-]+)", text)} - {"frontned"})  # that one is the typo which its scene is about
    colours = ask("helpers/colour.js", f"return {apps}.map(module.appColour);")
    assert len(set(colours)) == len(apps)


def test_a_path_turns_round_corners_and_leaves_out_points_that_repeat(ask: Any) -> None:
    path = ask("helpers/geometry.js", "return module.rounded([[0, 0], [0, 20], [0, 20], [30, 20]], 6);")
    assert path == "M0 0L0 14Q0 20 6 20L30 20"


def test_the_end_of_a_pods_name_is_kept(ask: Any) -> None:
    assert ask(
        "helpers/format.js", 'return [module.splitName("web-6d4c-x2x9k"), module.splitName("client"), module.splitName("web-0")];'
    ) == [["web-6d4c", "-x2x9k"], ["client", ""], ["web", "-0"]]


def test_an_op_is_a_uuid_also_where_the_browser_makes_none(ask: Any) -> None:
    made = ask(
        "helpers/ops.js", "Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true }); return module.freshOp();"
    )
    assert len(made) == 36
    assert made[14] == "4"


def test_a_journeys_rule_is_that_of_its_family(ask: Any) -> None:
    found = ask(
        "models/picture.js",
        """const picture = new module.Picture();
      const rule = (address) => ({ address, protocol: "TCP" });
      picture.rules.set("node-a", { "default/web:80": rule("172.17.0.5:80"), "default/web:80/IPv6": rule("[fd00:10:96::5]:80") });
      return ["IPv4", "IPv6"].map((family) => picture.ruleKey("node-a", { service: "default/web", to: "web:80", family }));""",
    )
    assert found == ["default/web:80", "default/web:80/IPv6"]


def test_an_ipv6_address_stands_in_brackets_before_a_port(ask: Any) -> None:
    service = '{ type: "ClusterIP", ip: "fd00:10:96::5", ports: [{ port: 80, target: 80 }] }'
    assert ask("models/look.js", f"return module.serviceAddress({service});") == "ClusterIP [fd00:10:96::5]:80"


def test_a_service_of_two_families_says_which_its_second_is(ask: Any) -> None:
    service = '{ type: "ClusterIP", ip: "172.17.0.5", ports: [{ port: 80, target: 80 }], families: ["IPv4", "IPv6"] }'
    assert ask("models/look.js", f"return module.serviceAddress({service});") == "ClusterIP 172.17.0.5:80 + IPv6"


def test_a_scroll_shows_what_weighs_most_and_moves_no_farther_than_it_must(ask: Any) -> None:
    boxes = "const boxes = [{ y: 0, h: 40, weight: 1 }, { y: 300, h: 40, weight: 1 }, { y: 900, h: 40, weight: 9 }];"
    assert ask("helpers/geometry.js", f"{boxes} return module.bestScroll(boxes, 200, 0);") == 900 + 40 + 10 - 200
    assert ask("helpers/geometry.js", f"{boxes} return module.bestScroll(boxes.slice(0, 2), 360, 0);") == 0
    assert ask("helpers/geometry.js", f"{boxes} return module.bestScroll(boxes.slice(0, 1), 200, 120);") == 0
