"""Which quality of service a Pod has (pkg/apis/core/v1/helper/qos/qos_test.go), in our own words."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.qos import quality

BOTH = {"cpu": "100m", "memory": "64Mi"}


def asks(requests: dict[str, Any] | None = None, limits: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"resources": {name: value for name, value in (("requests", requests), ("limits", limits)) if value is not None}}


CASES = {
    "it asks for nothing": ([asks()], "BestEffort"),
    "it asks for what is not counted": ([asks({"ephemeral-storage": "1Gi"})], "BestEffort"),
    "it is limited in what is not counted": ([asks(limits={"nvidia.com/gpu": 1})], "BestEffort"),
    "it asks for no CPU at all": ([asks({"cpu": "0"})], "BestEffort"),
    "it asks for some": ([asks({"cpu": "1"})], "Burstable"),
    "what it asks for is what it may take": ([asks(BOTH, BOTH)], "Guaranteed"),
    "the same amounts, written otherwise": ([asks({"cpu": "0.1", "memory": "65536Ki"}, BOTH)], "Guaranteed"),
    "also where other resources differ": ([asks({**BOTH, "ephemeral-storage": "1Gi"}, BOTH)], "Guaranteed"),
    "it may take more": ([asks(BOTH, {**BOTH, "cpu": "1"})], "Burstable"),
    "it is limited in one only": ([asks({"cpu": "1"}, {"cpu": "1"})], "Burstable"),
    "one of two containers is not limited": ([asks(BOTH, BOTH), asks()], "Burstable"),
}


@pytest.mark.parametrize("case", CASES)
def test_quality_where(case: str) -> None:
    """Else a learner would think that disk or a GPU saves a Pod from being evicted first."""
    containers, expected = CASES[case]
    assert quality({"containers": containers}) == expected


def test_init_containers_count_too() -> None:
    assert quality({"containers": [asks(BOTH, BOTH)], "initContainers": [asks()]}) == "Burstable"


def test_what_a_pod_asks_for_as_a_whole_comes_before_what_its_containers_do() -> None:
    assert quality({"containers": [asks()], **asks(BOTH, BOTH)}) == "Guaranteed"
