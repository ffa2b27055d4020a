"""Does each check see what stands in a cluster, and say what it has seen?"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from playground.curriculum.bands import Band
from playground.curriculum.checking import ended, see
from playground.curriculum.checks import QUESTIONS, Check
from playground.curriculum.playing import play, play_out
from playground.curriculum.seen import sentence
from tests.curriculum.stagehand import context, stage

TO = "frontend-svc:80"
LOCAL = """kubectl patch service frontend-svc -p '{"spec":{"internalTrafficPolicy":"Local"}}'"""
DELETED = "kubectl delete pod frontend-b"


def asked(**question: Any) -> Check:
    hook = lambda kind, value: Band(value)  # noqa: E731
    return msgspec.convert(question, Check, dec_hook=hook)


def said(kube: Any, more: dict[str, Any] | None = None, **question: Any) -> str:
    """The words of a check that does not hold; "" if it holds."""
    seen = see(asked(**question), kube, context(**(more or {})))
    assert seen.passed == (not seen.key)
    return sentence(seen)


def after(*lines: str) -> Any:
    kube = stage()
    assert all(each.code == 0 for each in play_out(kube, lines, {}))
    return kube


# --- endpoints


def test_endpoints_are_counted_when_they_are_ready() -> None:
    assert said(stage(), endpoints={"service": "frontend-svc", "ready": 2}) == ""
    assert said(stage(), endpoints={"service": "frontend-svc", "ready": 3}) == "Ready endpoints of frontend-svc: 2; wanted: 3."
    assert "Ready endpoints of frontend-svc: 1" in said(
        after("switchyard fail-readiness frontend-a", "sleep 40"), endpoints={"service": "frontend-svc", "ready": 2}
    )


def test_endpoints_are_exactly_the_pods_of_names_and_selectors() -> None:
    assert said(stage(), endpoints={"service": "frontend-svc", "pods": ["app=frontend"]}) == ""
    assert said(stage(), endpoints={"service": "frontend-svc", "pods": ["frontend-a", "frontend-b"]}) == ""
    assert (
        said(stage(), endpoints={"service": "frontend-svc", "pods": ["frontend-a"]})
        == "frontend-svc leads to frontend-a, frontend-b; wanted: frontend-a."
    )


def test_endpoints_are_reached_on_a_port() -> None:
    assert said(stage(), endpoints={"service": "default/frontend-svc", "port": 5000}) == ""
    assert "on port 5000, not on 80" in said(stage(), endpoints={"service": "frontend-svc", "port": 80})


def test_fresh_endpoints_have_addresses_that_were_not_there_at_first() -> None:
    assert "new since the lesson began: 0" in said(stage(), endpoints={"service": "frontend-svc", "fresh": 1})
    renewed = after(
        "kubectl get pod frontend-a -o yaml > /tmp/a; kubectl delete pod frontend-a; kubectl run other -l app=frontend --image=nginx"
    )
    assert said(renewed, endpoints={"service": "frontend-svc", "fresh": 1}) == ""


def test_a_service_that_is_gone_is_said_to_be_so() -> None:
    assert said(after("kubectl delete service frontend-svc"), endpoints={"service": "frontend-svc"}) == "There is no Service frontend-svc."


# --- traffic


def test_a_share_that_is_missed_is_said_with_what_became_of_the_others_and_why() -> None:
    assert said(stage(), traffic={"from": "far", "to": TO, "ok": "100%"}) == ""
    assert said(after(LOCAL), traffic={"from": "far", "to": TO, "ok": "100%"}) == (
        "100 of 100 requests from far to frontend-svc:80 were not answered (timed out); wanted: 100% ok. "
        "It has usable endpoints, but none on this Node: the sender hears nothing."
    )
    assert said(after(LOCAL), traffic={"from": "far", "to": TO, "outcomes": {"timeout": "100%"}}) == ""


def test_the_reason_that_is_told_is_that_of_the_place_where_it_was_decided() -> None:
    wrong_port = after("""kubectl patch service frontend-svc -p '{"spec":{"ports":[{"port":80,"targetPort":81}]}}'""", "sleep 2")
    assert "no process listens on this TCP port" in said(wrong_port, traffic={"from": "far", "to": TO, "ok": "100%"})
    assert "Nobody has 10.244.9.9" in said(stage(), traffic={"from": "far", "to": "10.244.9.9:80", "ok": "100%"})


def test_requests_are_counted_by_pod() -> None:
    both = {"from": "near", "to": TO}
    assert said(stage(), traffic={**both, "pods": ["app=frontend"], "atLeastPods": 2, "atMostPods": 2}) == ""
    assert "were answered by frontend-b, who should get none" in said(stage(), traffic={**both, "pods": ["frontend-a"]})
    assert "were answered by frontend-a, who should get none" in said(stage(), traffic={**both, "never": ["frontend-a"]})
    assert "answered the 100 requests from near: 2; wanted: at least 3" in said(stage(), traffic={**both, "atLeastPods": 3})
    assert "answered the 100 requests from near: 2; wanted: at most 1" in said(stage(), traffic={**both, "atMostPods": 1})


def test_one_connection_stays_with_its_pod() -> None:
    assert said(stage(), traffic={"from": "near", "to": TO, "keepAlive": True, "atMostPods": 1}) == ""


def test_the_share_of_each_pod_counts_those_that_get_nothing() -> None:
    assert said(stage(), traffic={"from": "near", "to": TO, "requests": 1000, "eachPod": "43% to 57%"}) == ""
    half = "frontend-b got 0 of 100 answers to near, 0%; wanted for each Pod: at least 1%."
    assert said(after(LOCAL), traffic={"from": "near", "to": TO, "eachPod": "at least 1%"}) == half


def test_requests_are_counted_by_node() -> None:
    local = after(LOCAL)
    near = {"from": "near", "to": TO}
    assert said(local, traffic={**near, "nodes": ["node-a"], "ownNode": "100%", "crossing": "0%"}) == ""
    assert "were answered on node-b" in said(stage(), traffic={**near, "nodes": ["node-a"]})
    assert "on its own Node" in said(stage(), traffic={**near, "ownNode": "100%"})
    assert "crossed from node-a to another Node" in said(stage(), traffic={**near, "crossing": "0%"})


def test_where_nothing_is_answered_that_is_what_is_said() -> None:
    assert said(after(LOCAL), traffic={"from": "far", "to": TO, "crossing": "0%"}).startswith(
        "100 of 100 requests from far to frontend-svc:80 were not answered"
    )


def test_the_address_that_the_pod_saw() -> None:
    kube = stage()
    ip = kube.store.get("Pod", "default", "near").ip
    assert said(kube, traffic={"from": "near", "to": TO, "clientIp": ip}) == ""
    assert f"saw {ip} as the sender of requests from near, not 1.2.3.4" in said(
        kube, traffic={"from": "near", "to": TO, "clientIp": "1.2.3.4"}
    )


def test_traffic_follows_the_senders_own_streams() -> None:
    assert said(stage(), traffic={"from": "near", "stream": True, "ok": "100%"}) == ""
    assert said(stage(), traffic={"from": "far", "stream": True, "ok": "100%"}) == "far sends no stream of requests."
    misled = after("switchyard start-traffic near frontend-svc:81")
    assert "to frontend-svc:81" in said(misled, traffic={"from": "near", "stream": True, "ok": "100%"})


def test_who_cannot_send_is_said_to_be_so() -> None:
    assert said(stage(), traffic={"from": "nobody", "to": TO, "ok": "100%"}) == 'nobody cannot send: pods "nobody" not found.'
    assert said(stage(), traffic={"from": "app=nobody", "to": TO, "ok": "100%"}) == "No Pod app=nobody is ready."


def test_a_selector_names_each_ready_pod_as_sender() -> None:
    assert said(stage(), traffic={"from": "app=near", "to": TO, "ok": "100%"}) == ""


def test_a_variable_of_the_sender_stands_in_the_target() -> None:
    assert (
        said(stage(), traffic={"from": "near", "to": "$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT", "outcomes": {"ok": "100%"}}) == ""
    )
    assert said(stage(), traffic={"from": "near", "to": "$NOWHERE:80", "ok": "100%"}) == (
        "near has no variable NOWHERE: a container's variables are set when it starts."
    )


# --- names and variables


def test_a_name_resolves_to_a_service_an_address_or_nothing() -> None:
    kube = stage()
    ip = kube.store.get("Service", "default", "frontend-svc").spec["clusterIP"]
    assert said(kube, resolves={"from": "near", "name": "frontend-svc", "to": "Service/default/frontend-svc"}) == ""
    assert said(kube, resolves={"from": "near", "name": "frontend-svc", "to": ip, "addresses": 1, "queries": 1}) == ""
    assert said(kube, resolves={"from": "near", "name": "frontend", "to": "NXDOMAIN"}) == ""
    assert said(kube, resolves={"from": "near", "name": "frontend", "to": ip}) == "frontend does not resolve for near: NXDOMAIN."
    assert (
        said(kube, resolves={"from": "near", "name": "frontend-svc", "to": "1.2.3.4"})
        == f"frontend-svc resolves to {ip} for near; wanted: 1.2.3.4."
    )


def test_an_address_in_a_names_place_is_taken_as_it_is_and_nobody_is_asked() -> None:
    kube = stage()
    ip = kube.store.get("Service", "default", "frontend-svc").spec["clusterIP"]
    assert said(kube, resolves={"from": "near", "name": ip, "to": "Service/default/frontend-svc", "queries": 0}) == ""
    assert said(kube, resolves={"from": "near", "name": "1.2.3.4", "to": ip}) == f"1.2.3.4 resolves to 1.2.3.4 for near; wanted: {ip}."


def test_the_names_that_are_asked_are_counted() -> None:
    name = "frontend-svc.default.svc.cluster.local"
    assert f"Names that near asks to resolve {name}: 4 (" in said(stage(), resolves={"from": "near", "name": name, "queries": 1})
    assert said(stage(), resolves={"from": "near", "name": f"{name}.", "queries": 1}) == ""


def test_without_dns_nobody_answers() -> None:
    assert (
        said(after("switchyard stop-dns"), resolves={"from": "near", "name": "frontend-svc", "addresses": 1})
        == "No name server answered near."
    )


def test_variables_of_a_running_container() -> None:
    kube = stage()
    ip = kube.store.get("Service", "default", "kubernetes").spec["clusterIP"]
    host = {"pod": "near", "name": "KUBERNETES_SERVICE_HOST"}
    assert said(kube, env={**host, "value": ip}) == ""
    assert said(kube, env={**host, "clusterIpOf": "kubernetes"}) == ""
    assert said(kube, env={**host, "value": "x"}) == f"In near, KUBERNETES_SERVICE_HOST is {ip}, not x."
    assert said(kube, env={**host, "absent": True}) == f"near has the variable KUBERNETES_SERVICE_HOST={ip}, and should not."
    assert "near has no variable LATE" in said(kube, env={"pod": "app=near", "name": "LATE"})
    assert said(kube, env={"pod": "nobody", "name": "X"}) == "There is no Pod nobody."


# --- objects


def test_fields_of_objects() -> None:
    policy = {"object": "Service/default/frontend-svc", "path": "spec.internalTrafficPolicy"}
    assert said(stage(), field={**policy, "value": "Cluster"}) == ""
    assert said(stage(), field={**policy, "value": "Local"}) == "spec.internalTrafficPolicy of frontend-svc is Cluster, not Local."
    assert said(stage(), field={**policy, "absent": True}) == "spec.internalTrafficPolicy of frontend-svc is set, to Cluster."
    assert said(stage(), field={"object": "Service/default/frontend-svc", "path": "spec.externalTrafficPolicy", "absent": True}) == ""
    for path in ("status.containerStatuses[0].restartCount", "status.containerStatuses.0.restartCount"):
        assert said(stage(), field={"object": "Pod/default/app=frontend", "path": path, "value": 0}) == ""


def test_an_object_that_is_being_deleted_is_said_to_be() -> None:
    kube = stage()
    play(kube, ["kubectl delete pod frontend-a --wait=false"], {})
    ending = {"object": "Pod/default/frontend-a", "path": "metadata.deletionTimestamp", "absent": True}
    assert said(kube, field=ending) == "frontend-a is being deleted."


def test_objects_that_must_be_gone() -> None:
    gone = {"object": "Pod/default/frontend-b", "missing": True}
    assert said(stage(), field=gone) == "frontend-b is still there."
    assert said(after(DELETED), field=gone) == ""
    assert (
        said(after(DELETED), field={"object": "Pod/default/frontend-b", "path": "spec.nodeName", "value": "x"})
        == "There is no Pod frontend-b."
    )


def test_what_is_unchanged_since_the_lesson_opened() -> None:
    service = {"objects": ["Service/default/frontend-svc"]}
    assert said(stage(), unchanged=service) == ""
    assert said(after(LOCAL), unchanged=service) == "spec of frontend-svc is not as it was."
    assert said(after(LOCAL), unchanged={**service, "fields": ["spec.selector"]}) == ""
    assert said(after("kubectl delete service frontend-svc"), unchanged=service) == "frontend-svc is gone."


def test_where_streams_go() -> None:
    assert said(stage(), streams={"from": "near", "to": TO}) == ""
    assert said(stage(), streams={"from": "near", "to": "other:80"}) == "near sends no stream of requests to other:80: frontend-svc:80."


# --- what was done


def test_requests_that_were_really_made_since_the_step_began() -> None:
    kube, question = stage(), {"from": "far", "to": TO}
    began = kube.now
    assert said(kube, sent=question) == "No request from far to frontend-svc:80 was answered since this step began."
    play_out(kube, ["kubectl exec far -- curl -s http://frontend-svc:80/"], {})
    assert said(kube, {"requests": ended(kube, began)}, sent=question) == ""
    assert said(kube, {"requests": ended(kube, kube.now + 1)}, sent=question) != ""


def test_changes_are_counted() -> None:
    assert said(stage(), {"changes": 2}, budget={"changes": 2}) == ""
    assert said(stage(), {"changes": 3}, budget={"changes": 2}) == "Changes made: 3; at most 2 are allowed."


def test_right_predictions_are_counted() -> None:
    question = {"steps": ["one", "two"], "right": 2}
    assert said(stage(), {"predictions": {"one": True, "two": True}}, predicted=question) == ""
    assert said(stage(), {"predictions": {"one": True, "two": False}}, predicted=question) == "Right predictions: 1; wanted: 2."


# --- on copies


def test_what_is_done_first_is_done_to_a_copy() -> None:
    kube = stage()
    before = kube.hash()
    assert "On the copy: Ready endpoints of frontend-svc: 1" in said(
        kube, after=[DELETED], endpoints={"service": "frontend-svc", "ready": 2}
    )
    assert kube.hash() == before


def test_what_cannot_be_done_first_is_said() -> None:
    text = said(stage(), after=["kubectl delete pod nobody"], endpoints={"service": "frontend-svc", "ready": 2})
    assert text == 'The test could not be made: kubectl delete pod nobody said: Error from server (NotFound): pods "nobody" not found'


@pytest.mark.parametrize("questions", [{}, {"budget": {"changes": 1}, "streams": {"from": "a", "to": "b:1"}}])
def test_a_check_asks_exactly_one_question(questions: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match=f"exactly one of {', '.join(QUESTIONS)}, not {len(questions)}"):
        asked(**questions)
