"""Which labels are offered for a new Service's selector?"""

from __future__ import annotations

from playground.pages.facts.matching import lasting


def test_labels_that_the_next_rollout_or_another_node_changes_are_not_offered() -> None:
    """A Service that selects by the zone of its first Pods loses them when they are made anew elsewhere."""
    labels = {"app": "web", "pod-template-hash": "x", "topology.kubernetes.io/zone": "one", "topology.kubernetes.io/region": "here"}
    assert lasting(labels) == {"app": "web"}
