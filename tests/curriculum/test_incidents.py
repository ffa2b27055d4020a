"""What is seen of a stream while something is done to a copy of the cluster?"""

from playground.curriculum.checking import see
from playground.curriculum.seen import sentence
from tests.curriculum.stagehand import context, stage
from tests.curriculum.test_checking import LOCAL, asked


def said(**incident) -> str:
    return sentence(see(asked(incident={"from": "far", "to": "frontend-svc:80", "seconds": 10, **incident}), stage(), context(seeds=(1,))))


def test_nothing_is_lost_while_nothing_happens() -> None:
    assert said(do=["sleep 1"], lost=0) == ""


def test_what_is_lost_is_told_with_its_reason() -> None:
    text = said(do=[LOCAL], lost=0)
    assert (
        "were lost meanwhile, most of them not answered (timed out); at most 0 may be. It has usable endpoints, but none on this Node"
        in text
    )


def test_too_little_can_be_lost() -> None:
    assert said(do=[LOCAL], lostAtLeast=50) == ""
    assert said(do=["sleep 1"], lostAtLeast=1).endswith("requests were lost meanwhile; at least 1 should be.")


def test_the_fewest_ready_endpoints_count() -> None:
    assert said(do=["sleep 1"], ready=2) == ""
    assert said(do=["kubectl delete pod frontend-a --now"], ready=2) == (
        "Meanwhile the ready endpoints of frontend-svc were down to 1; never fewer than 2 are wanted."
    )


def test_a_line_that_fails_is_told() -> None:
    assert "It could not be done: kubectl delete pod nobody said:" in said(do=["kubectl delete pod nobody"], lost=0)
