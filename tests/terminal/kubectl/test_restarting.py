"""What does `kubectl rollout restart` say of what it cannot restart?"""

from __future__ import annotations

from playground.clusters import scenes
from playground.curriculum.playing import play

AGAIN = "if restart has already been triggered within the past second, please wait before attempting to trigger another"


def said_last(*lines: str) -> str:
    """What the last of some lines prints; all are typed at the same moment."""
    return play(scenes.start(scenes.find("guestbook")), list(lines), {})[-1].said


def test_a_second_restart_in_the_same_second_is_refused() -> None:
    restart = "kubectl rollout restart deployment frontend"
    assert said_last(restart, restart) == f"error: failed to create patch for frontend: {AGAIN}\n"


def test_the_others_are_restarted_and_what_went_wrong_is_said_at_the_end() -> None:
    said = said_last("kubectl rollout pause deployment frontend", "kubectl rollout restart deployment frontend redis-follower")
    assert said.splitlines() == [
        "deployment.apps/redis-follower restarted",
        'error: deployments.apps "frontend" can\'t restart paused deployment (run rollout resume first)',
    ]


def test_of_several_that_went_wrong_each_has_a_line() -> None:
    restart = "kubectl rollout restart deployment frontend redis-follower"
    assert said_last(restart, restart).splitlines() == [
        f"failed to create patch for {name}: {AGAIN}" for name in ("frontend", "redis-follower")
    ]
