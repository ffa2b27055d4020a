"""How long ago, in kubectl's words."""

from __future__ import annotations

import pytest

from playground.kube.apiserver.tables.ages import human, since

# Cases of staging/src/k8s.io/apimachinery/pkg/util/duration/duration_test.go.
DAY, YEAR = 86_400, 365 * 86_400
CASES = [
    (-2, "<invalid>"), (-1, "0s"), (0, "0s"), (1, "1s"), (70, "70s"), (119, "119s"), (120, "2m"), (190, "3m10s"), (3_000, "50m"),
    (10_740, "179m"), (10_860, "3h1m"), (10_800, "3h"), (28_800, "8h"), (5 * DAY, "5d"), (5 * DAY + 3_600, "5d1h"), (2 * DAY - 1, "47h"),
    (8 * DAY, "8d"), (729 * DAY, "729d"), (2 * YEAR, "2y"), (2 * YEAR + 10 * DAY, "2y10d"), (8 * YEAR, "8y"), (99 * YEAR + DAY, "99y"),
]  # fmt: skip


@pytest.mark.parametrize(("seconds", "text"), CASES)
def test_an_age_has_at_most_two_units(seconds: int, text: str) -> None:
    assert human(seconds) == text


def test_what_has_no_time_is_of_unknown_age() -> None:
    assert since(None, 0) == "<unknown>"
    assert since("2023-11-14T22:13:20Z", 1_700_000_090) == "90s"
