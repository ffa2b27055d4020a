"""What the inspector offers for a rollout: a pause, and the way back to earlier revisions."""

from __future__ import annotations

from typing import Any

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.pages.facts import workloads
from tests.laws.histories import started


def rows(cluster: Cluster) -> dict[str, list[tuple[str, Any]]]:
    found = workloads.overview(cluster, cluster.store.get("Deployment", "default", "web")).rows
    return {row.title: [(button.label, button.hint) for button in row.buttons] for row in found}


def test_a_deployment_that_never_changed_has_no_way_back() -> None:
    assert "Back to" not in rows(started())
    assert [label for label, _ in rows(started())["Rollout"]] == ["Pause"]


def test_each_earlier_revision_is_offered_with_its_image() -> None:
    cluster = started()
    template = {"spec": {"containers": [{"name": "web", "image": "nginx:2"}]}}
    cluster.submit(actions.Patch("Deployment", "web", {"spec": {"template": template}}, "default", "strategic"))
    cluster.advance(cluster.now + 20 * SECOND)
    assert rows(cluster)["Back to"] == [("Revision 1", "nginx")]


def test_a_paused_rollout_is_resumed_first() -> None:
    cluster = started()
    cluster.submit(actions.Patch("Deployment", "web", {"spec": {"paused": True}}, "default"))
    assert [label for label, _ in rows(cluster)["Rollout"]] == ["Resume"]
    assert "Back to" not in rows(cluster)
