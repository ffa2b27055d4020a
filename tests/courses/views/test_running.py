"""What comes of a step's action: who runs it, when is it judged, and which reason is found?"""

from __future__ import annotations

from playground.clusters import library, looks, service
from playground.courses import happening
from playground.courses.runs import Run
from playground.courses.words import words as words_of
from playground.curriculum.lesson import Step
from playground.kube.actions import Delete, Send
from tests.courses.conftest import HTMX, Player
from tests.courses.views.reading import button, events, reasons_of, said


def test_the_page_is_given_the_lines_to_run_and_the_server_keeps_its_hands_off(player: Player) -> None:
    kept = said(player.predict())
    assert "data-lesson-do=" in kept
    assert "kubectl patch service frontend-svc" in kept
    player.client.post(f"{player.base}lesson/act/?step=switch", {"op": "1", "hands": "page"}, **HTMX)
    assert player.policy() == "Cluster"


def test_a_run_that_did_not_happen_is_not_judged(player: Player) -> None:
    player.predict("drop", "certain")
    with looks.at(player.cluster) as kube:
        kube.submit(Delete("Service", "frontend-svc", "default"))
    for htmx in (True, False):
        pane = said(player.press("act", "switch", htmx=htmx))
        assert "This did not run as the step needs it" in pane
        assert "As you predicted" not in pane
        assert pane.count('id="press-reset-step"') == 1
        assert button(player.pane(), "act")
    own = player.own("switch")
    assert (own.acted, own.right) == ("", None)


def test_a_run_that_failed_is_judged_once_its_step_was_reset_and_run_again(player: Player) -> None:
    player.predict("drop", "certain")
    service.act(player.cluster, Delete("Service", "frontend-svc", "default"), "delete-it")
    assert "reset-step" in said(player.press("act", "switch"))
    player.press("reset-step", "switch")
    assert "As you predicted" in said(player.press("act", "switch"))
    assert player.own("switch").right is True


def test_a_step_without_a_proof_needs_the_objects_that_it_speaks_of(player: Player) -> None:
    unit, step = library.library().units[player.lesson], Step("none", lights=("Service/default/nowhere",))
    run = Run(player.cluster, unit, unit.prose["en"], words_of("en"), player.record, step)
    assert happening.amiss(run) == "Service nowhere is not there."


def test_without_javascript_the_server_runs_the_lines_and_goes_back_to_the_pane(player: Player) -> None:
    player.predict()
    response = player.press("act", "switch", htmx=False)
    assert response.status_code == 302
    assert response["Location"] == f"{player.base}lesson/?step=switch"
    assert player.policy() == "Local"


def test_after_the_run_the_prediction_stands_beside_what_happened(player: Player) -> None:
    player.predict("fall-back", "certain")
    ran = player.press("act", "switch", hands="page")
    assert player.own("switch").right is False
    pane = said(ran)
    assert "Not as you predicted" in pane
    assert "It goes to another Node" in pane
    assert "It was dropped on node-c." in pane
    assert events(ran)[-1]["type"] == "score"


def test_the_first_reason_is_what_counts_and_a_wrong_one_leads_to_the_request_that_shows_it(player: Player) -> None:
    player.predict()
    player.press("act", "switch", htmx=False)
    with looks.at(player.cluster) as kube:
        kube.advance(kube.now + 2_000_000)
        kube.submit(Send("default/far", "frontend-svc:80"))
        number = kube.network.last
    wrong = player.press("explain", "switch", reason="no-endpoint")
    assert "It has two, on the other Nodes." in said(wrong)
    assert f'data-rid="{number}"' in said(wrong)
    right = player.press("explain", "switch", reason="not-local")
    assert "Right: the others do not count." in said(right)
    assert player.own("switch").reasons == ["no-endpoint", "not-local"]
    player.press("explain", "switch", reason="no-endpoint")
    assert player.own("switch").reasons == ["no-endpoint", "not-local"]


def test_a_found_reason_stands_with_those_that_were_tried_and_no_others(db: None) -> None:
    player = Player("keep-it-on-my-node")
    player.press("act", "default", hands="page")
    reasons = reasons_of("keep-it-on-my-node", "default")
    tried, found, other = reasons["tried"], reasons["found"], reasons["other"]
    asked = said(player.press("explain", "default", reason=tried[0]))
    assert all(text in asked for _, text in (tried, found, other))
    known = said(player.press("explain", "default", reason=found[0]))
    assert tried[1] in known
    assert found[1] in known
    assert other[1] not in known


def test_a_reason_that_there_is_not_is_asked_for_again(player: Player) -> None:
    assert player.press("explain", "switch", reason="nonsense").status_code == 422


def test_parts_of_an_answer_are_folded_once_a_reason_is_chosen(db: None) -> None:
    player = Player("seven-variables", step="seven")
    player.press("predict", "seven", confidence="guess", **{f"blank:{each}": "x" for each in blanks("seven-variables", "seven")})
    assert '<details class="parts" open>' in said(player.press("act", "seven", hands="page"))
    assert '<details class="parts">' in said(player.press("explain", "seven", reason=reasons_of("seven-variables", "seven")["tried"][0]))


def blanks(name: str, step: str) -> list[str]:
    predict = library.library().units[name].lesson.step(step).predict
    assert predict is not None
    return list(predict.blanks)


def test_going_on_opens_the_next_step(player: Player) -> None:
    on = player.press("next", "switch")
    assert "Repair it" in said(on)
    assert player.record.at == "repair"
    assert {"type": "step", "lesson": "local-means-local", "step": "repair"} in events(on)
