"""Does every verb do what it says, and is every refusal told in full, with nothing changed?"""

import uuid

import pytest

from playground.clusters import looks, service
from playground.clusters.errors import TooFast, Unavailable
from playground.pages import notes
from playground.pages.verbs import VERBS
from tests.pages.conftest import HTMX, Visitor

FRONTEND = {"kind": "Deployment", "namespace": "default", "name": "frontend"}
CLIENT = {"namespace": "default", "name": "client"}
TRAFFIC = {"source": "default/client", "to": "redis-master:6379"}
YAML = "apiVersion: v1\nkind: Service\nmetadata:\n  name: more\nspec:\n  selector: {app: frontend}\n  ports:\n    - port: 80\n"
HAPPY = {
    "apply": {"yaml": YAML},
    "delete": {"kind": "Service", "namespace": "default", "name": "frontend-svc"},
    "scale": {**FRONTEND, "replicas": 5},
    "label": {**FRONTEND, "labels": "app=frontend, tier=web", "before": "app=frontend"},
    "restart": FRONTEND,
    "pause-rollout": {**FRONTEND, "paused": "on"},
    "selector": {"namespace": "default", "name": "frontend-svc", "selector": "app=redis-master", "before": "app=frontend"},
    "policy": {"namespace": "default", "name": "frontend-svc", "internal": "Local"},
    "expose": {"pods": "default/client", "name": "client-svc", "port": 80, "target_port": "8080"},
    "add-node": {"labels": "topology.kubernetes.io/zone=z1"},
    "cordon": {"name": "node-a"},
    "uncordon": {"name": "node-a"},
    "drain": {"name": "node-a"},
    "power-off": {"name": "node-a"},
    "power-on": {"name": "node-a"},
    "stop-proxy": {"name": "node-a"},
    "start-proxy": {"name": "node-a"},
    "crash": {**CLIENT, "exit_code": 3},
    "hang": CLIENT,
    "wake": CLIENT,
    "probe": {**CLIENT, "probe": "readiness", "passes": "fail"},
    "start-traffic": {**TRAFFIC, "rate": 2, "keep_alive": "on"},
    "send": {**TRAFFIC, "count": 10},
    "clock": {"speed": 2, "paused": "false"},
    "step": {},
    "skip": {},
    "reset": {},
}


@pytest.mark.parametrize("verb", HAPPY)
def test_every_verb_is_acknowledged_with_a_receipt(visitor: Visitor, verb: str) -> None:
    response = visitor.press(verb, **HAPPY[verb])
    assert response.status_code == 200, response.content.decode()
    assert "HX-Retarget" not in response  # it would be sought from a form that may have left
    assert '"acted"' in response["HX-Trigger"]
    assert "receipt" in response.content.decode()


@pytest.mark.parametrize(("target", "beside"), [("receipt", False), ("answer", True)])
def test_a_receipt_has_its_place_whatever_place_the_form_names_for_refusals(visitor: Visitor, target: str, beside: bool) -> None:
    fields = {"op": uuid.uuid4().hex, **HAPPY["add-node"]}
    response = visitor.client.post(f"{visitor.base}actions/add-node/", fields, **HTMX, HTTP_HX_TARGET=target)
    assert ('hx-swap-oob="innerHTML:#receipt"' in response.content.decode()) is beside


def test_every_verb_is_tried_here() -> None:
    assert {*HAPPY, "replace", "roll-back", "stop-traffic", "undo", "redo"} == set(VERBS)


@pytest.mark.parametrize("verb", HAPPY)
def test_without_htmx_every_verb_redirects_and_the_page_says_what_was_done(visitor: Visitor, verb: str) -> None:
    response = visitor.press(verb, htmx=False, **HAPPY[verb])
    assert response.status_code == 302
    assert response["Location"].startswith(visitor.base)
    page = visitor.client.get(response["Location"])
    assert 'class="card receipt"' in page.content.decode()
    assert 'class="card receipt"' not in visitor.get().content.decode()


def test_kill_marks_the_pod_as_terminating_and_force_kill_removes_it(visitor: Visitor) -> None:
    first, second = visitor.names("Pod", "frontend-")[:2]
    visitor.press("delete", kind="Pod", namespace="default", name=first)
    assert visitor.found("Pod", first).deleting is not None
    visitor.press("delete", kind="Pod", namespace="default", name=second, grace=0)
    assert visitor.found("Pod", second) is None


def test_scale_label_selector_and_policy_change_just_that(visitor: Visitor) -> None:
    for verb in ("scale", "label", "selector", "policy"):
        visitor.press(verb, **HAPPY[verb])
    assert visitor.found("Deployment", "frontend").spec["replicas"] == 5
    assert visitor.found("Deployment", "frontend").labels == {"app": "frontend", "tier": "web"}
    spec = visitor.found("Service", "frontend-svc").spec
    assert (spec["selector"], spec["internalTrafficPolicy"]) == ({"app": "redis-master"}, "Local")


def test_the_external_policy_is_changed_without_the_internal_one(visitor: Visitor) -> None:
    visitor.press("apply", yaml="apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort, ports: [{port: 80}]}")
    visitor.press("policy", namespace="default", name="web", external="Local")
    spec = visitor.found("Service", "web").spec
    assert (spec["internalTrafficPolicy"], spec["externalTrafficPolicy"]) == ("Cluster", "Local")


def test_labels_that_were_not_touched_are_left_alone(visitor: Visitor) -> None:
    visitor.press("label", **FRONTEND, labels="app=frontend, a=1", before="app=frontend")
    visitor.press("label", **FRONTEND, labels="app=frontend, b=2", before="app=frontend")
    assert visitor.found("Deployment", "frontend").labels == {"app": "frontend", "a": "1", "b": "2"}


def test_an_empty_selector_takes_it_away(visitor: Visitor) -> None:
    visitor.press("selector", namespace="default", name="frontend-svc", selector="", before="app=frontend")
    assert not visitor.found("Service", "frontend-svc").spec.get("selector")


def test_restart_gives_the_template_a_new_version(visitor: Visitor) -> None:
    before = visitor.names("ReplicaSet", "frontend-")
    visitor.press("restart", **FRONTEND)
    with looks.at(visitor.cluster) as running:
        running.advance(running.now + 100_000)
    assert len(visitor.names("ReplicaSet", "frontend-")) == len(before) + 1


def test_nodes_are_cordoned_and_uncordoned(visitor: Visitor) -> None:
    visitor.press("cordon", name="node-a")
    assert visitor.found("Node", "node-a", "").spec["unschedulable"] is True
    visitor.press("uncordon", name="node-a")
    assert not visitor.found("Node", "node-a", "").spec.get("unschedulable")


def test_traffic_is_started_with_its_rate_and_stopped(visitor: Visitor) -> None:
    visitor.press("start-traffic", **TRAFFIC, rate="2.5", keep_alive="on")
    with looks.at(visitor.cluster) as running:
        stream = running.traffic.streams()[-1]
    assert (stream.to, stream.rate, stream.keep_alive) == (TRAFFIC["to"], 2.5, True)
    assert "stopped" in visitor.press("stop-traffic", stream=stream.id).content.decode()
    with looks.at(visitor.cluster) as running:
        assert stream.id not in [each.id for each in running.traffic.streams()]


def test_a_pod_that_fails_its_probe_shows_the_pressed_button(visitor: Visitor) -> None:
    visitor.press("probe", **HAPPY["probe"])
    said = visitor.fragment("objects/Pod/default/client/").content.decode()
    assert 'aria-pressed="true">Fail' in said


def test_undo_takes_back_and_redo_puts_back(visitor: Visitor) -> None:
    visitor.press("scale", **HAPPY["scale"])
    assert "undone" in visitor.press("undo").content.decode()
    assert visitor.found("Deployment", "frontend").spec["replicas"] == 3
    assert "redone" in visitor.press("redo").content.decode()
    assert visitor.found("Deployment", "frontend").spec["replicas"] == 5


def test_nothing_to_undo_is_a_conflict(visitor: Visitor) -> None:
    assert visitor.press("undo").status_code == 409


def test_the_same_op_is_done_once(visitor: Visitor) -> None:
    for _ in range(2):
        assert visitor.press("add-node", op="once-and-no-more").status_code == 200
    assert len(visitor.names("Node")) == 4


def test_an_edited_object_is_put_in_place_and_opened_again(visitor: Visitor) -> None:
    text = _yaml_of(visitor, "Deployment/default/frontend").replace("replicas: 3", "replicas: 4")
    response = visitor.press("replace", yaml=text, ref="Deployment/default/frontend")
    assert response.status_code == 200, response.content.decode()
    assert '"ref": "Deployment/default/frontend"' in response["HX-Trigger"]
    assert visitor.found("Deployment", "frontend").spec["replicas"] == 4


def test_an_edit_of_an_old_state_is_a_conflict_that_says_how_to_go_on(visitor: Visitor) -> None:
    text = _yaml_of(visitor, "Deployment/default/frontend")
    visitor.press("scale", **HAPPY["scale"])
    response = visitor.press("replace", yaml=text)
    assert response.status_code == 409
    assert "metadata.resourceVersion" in response.content.decode()


def test_an_edit_holds_one_object(visitor: Visitor) -> None:
    assert visitor.press("replace", yaml=f"{YAML}---\n{YAML}").status_code == 422


# --- refusals

REFUSED = {
    "YAML that is none": ("apply", {"yaml": "a: [1"}, 422, ["line 1"]),
    "nothing at all": ("apply", {"yaml": "# only this\n"}, 422, ["at least one object"]),
    "an empty field": ("apply", {"yaml": ""}, 422, ["at least one object"]),
    "too large a text": ("apply", {"yaml": "a: " + "b" * 70_000}, 413, ["bytes", "65,536"]),
    "too deep a text": ("apply", {"yaml": "[" * 40}, 413, ["depth", "32"]),
    "an unknown kind": ("apply", {"yaml": "apiVersion: v1\nkind: Gadget\nmetadata: {name: a}\n"}, 404, ["Gadget", "line 2"]),
    "a port that is too high": (
        "apply",
        {"yaml": YAML.replace("port: 80", "port: 99999")},
        422,
        ["spec.ports[0].port", "line 8, column 7"],
    ),
    "an unknown field": ("apply", {"yaml": YAML.replace("selector:", "selektor:")}, 422, ["spec.selektor", "selector", "line 6"]),
    "a name that is taken": ("expose", {"pods": "default/client", "name": "frontend-svc", "port": 80}, 409, ["already exists"]),
    "an object that is not there": ("delete", {"kind": "Pod", "namespace": "default", "name": "nobody"}, 404, ["not found"]),
    "replicas below zero": ("scale", {**FRONTEND, "replicas": -1}, 422, ["greater than or equal to 0"]),
    "too many replicas": ("scale", {**FRONTEND, "replicas": 100_000}, 422, ["replicas"]),
    "replicas that are no number": ("scale", {**FRONTEND, "replicas": "many"}, 422, ["Replicas", "whole number"]),
    "labels that cannot be read": ("label", {**FRONTEND, "labels": "app"}, 422, ["key=value"]),
    "a selector with a set": ("selector", {"namespace": "default", "name": "x", "selector": "a in (b)"}, 422, ["sets"]),
    "no policy at all": ("policy", {"namespace": "default", "name": "frontend-svc"}, 422, ["Say which policy"]),
    "a policy that is none": ("policy", {"namespace": "default", "name": "frontend-svc", "internal": "Near"}, 422, ["Near"]),
    "Pods of two namespaces": ("expose", {"pods": ["default/client", "kube-system/x"], "name": "s", "port": 80}, 422, ["own namespace"]),
    "no Pods": ("expose", {"name": "s", "port": 80}, 422, ["at least one Pod"]),
    "a rate that is too high": ("start-traffic", {**TRAFFIC, "rate": 5_000}, 422, ["200"]),
    "too many requests at once": ("send", {**TRAFFIC, "count": 5_000}, 422, ["requests_at_once", "2000"]),
    "a target without a port": ("send", {"source": "default/client", "to": "redis", "count": 1}, 422, ["redis"]),
    "a speed that there is not": ("clock", {"speed": 3}, 422, ["0.1"]),
    "a stream that is not there": ("stop-traffic", {"stream": "stream-99"}, 404, ["not found"]),
    "a probe that there is not": ("probe", {**CLIENT, "probe": "boredom", "passes": "pass"}, 422, ["boredom"]),
    "an op with odd signs": ("undo", {"op": "a b"}, 422, ["op"]),
}


@pytest.mark.parametrize(("verb", "fields", "status", "said"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_says_why_and_changes_nothing(visitor: Visitor, verb: str, fields: dict, status: int, said: list[str]) -> None:
    before = visitor.hash()
    response = visitor.press(verb, **fields)
    text = response.content.decode()
    assert response.status_code == status, text
    for word in said:
        assert word in text
    assert 'role="alert"' in text
    assert "HX-Retarget" not in response
    assert visitor.hash() == before


def test_all_errors_are_listed_at_once(visitor: Visitor) -> None:
    text = YAML.replace("port: 80", "port: 0\n    - port: 70000").replace("name: more", "name: More_")
    said = visitor.press("apply", yaml=text).content.decode()
    for field in ("metadata.name", "spec.ports[0].port", "spec.ports[1].port"):
        assert field in said


def test_without_htmx_a_refusal_keeps_what_was_typed(visitor: Visitor) -> None:
    response = visitor.press("apply", htmx=False, yaml="kind: [broken")
    assert response.status_code == 422
    assert "kind: [broken" in response.content.decode()
    assert f'action="{visitor.base}actions/apply/"' in response.content.decode()


@pytest.mark.parametrize(
    ("verb", "fields", "kept"),
    [
        ("replace", {"yaml": "kind: [", "ref": "Pod/default/client"}, "kind: ["),
        ("expose", {"name": "mine", "port": 81}, 'value="mine"'),
        ("start-traffic", {"source": "default/nobody", "to": "a:1", "rate": 1}, "default/nobody"),
        ("add-node", {"name": "Bad_Name"}, "Bad_Name"),
    ],
)
def test_without_htmx_each_form_that_was_typed_into_comes_again(visitor: Visitor, verb: str, fields: dict, kept: str) -> None:
    response = visitor.press(verb, htmx=False, **fields)
    assert response.status_code in (404, 422)
    assert kept in response.content.decode()
    assert 'role="alert"' in response.content.decode()


def test_a_button_refused_without_htmx_leads_to_a_page_that_says_why(visitor: Visitor) -> None:
    response = visitor.press("undo", htmx=False)
    assert response.status_code == 409
    assert "nothing to undo" in response.content.decode()
    assert visitor.base in response.content.decode()


def test_too_fast_and_unavailable_say_when_to_try_again(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    for error, status in ((TooFast("actions_per_minute", 120, 9), 429), (Unavailable("the database is busy", 9), 503)):

        def refuse(*args: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(service, "act", refuse)
        response = visitor.press("add-node")
        assert (response.status_code, response["Retry-After"]) == (status, "9")


def test_a_form_without_op_is_refused(visitor: Visitor) -> None:
    response = visitor.client.post(f"{visitor.base}actions/reset/", {})
    assert response.status_code == 422


def test_an_unknown_verb_is_not_there(visitor: Visitor) -> None:
    assert visitor.press("explode").status_code == 404


def test_one_goes_back_to_the_page_one_came_from_but_never_elsewhere(visitor: Visitor) -> None:
    for referrer, wanted in (
        (f"http://testserver{visitor.base}objects/", f"{visitor.base}objects/"),
        ("http://evil.example/clusters/", visitor.base),
        (f"http://testserver.evil.example{visitor.base}x", visitor.base),
    ):
        response = visitor.client.post(f"{visitor.base}actions/reset/", {"op": uuid.uuid4().hex}, HTTP_REFERER=referrer)
        assert response["Location"] == wanted


def test_the_note_is_signed(visitor: Visitor) -> None:
    visitor.client.cookies[notes.COOKIE] = "you won"
    assert "you won" not in visitor.get().content.decode()


def _yaml_of(visitor: Visitor, ref: str) -> str:
    return str(visitor.fragment(f"objects/{ref}/?tab=yaml").context["it"].yaml)
