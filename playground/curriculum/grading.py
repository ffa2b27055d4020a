"""Was a prediction right, and what happened?  Predictions are JSON values as a form sends them; the truth is the lesson's, or measured.

Forms: `options` an id, or a list of ids where there may be several; `grid` {"row/column": choice}; `histogram` {bar: percent};
`blanks` {id: text}; `order` a list of ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from playground.curriculum.blanks import same
from playground.curriculum.lesson import Histogram, Predict
from playground.curriculum.traffics import Sent, send, ways
from playground.kube.cluster import Cluster

LONGEST_BLANK = 200


class BadPrediction(ValueError):
    """It is not whole, or not of this form; the message says what is missing or wrong."""


def understood(predict: Predict, given: Any) -> Any:
    """The prediction in its form. Raises BadPrediction."""
    return _READERS[predict.form](predict, given)


def is_right(predict: Predict, given: Any, counts: Mapping[str, int] | None = None) -> bool:
    """Whether an understood prediction is true; `counts` is what was measured, for a histogram."""
    match predict.form:
        case "options":
            right = predict.right if isinstance(predict.right, tuple) else (predict.right,)
            return sorted([given] if isinstance(given, str) else given) == sorted(right)
        case "grid":
            assert predict.grid is not None
            return bool(given == predict.grid.right)
        case "blanks":
            return all(same(blank, given[each]) for each, blank in predict.blanks.items())
        case "order":
            return tuple(given) == predict.order
        case _:
            assert predict.histogram is not None
            return counts is not None and _close(predict.histogram, given, counts)


def measured(histogram: Histogram, kube: Cluster, seed: int = 1) -> dict[str, int]:
    """How many of the requests each bar got, when they are sent on a copy. Raises CannotSend."""
    sent = send(histogram.traffic, kube, ways(histogram.traffic, kube)[0], seed)
    found = _found(histogram, sent)
    return {bar: sum(count for name, count in found.items() if _is(bar, name, histogram.bars)) for bar in histogram.bars}


def spread(total: int, counts: Mapping[str, int]) -> dict[str, int]:
    """Counts as whole percents."""
    return {bar: round(100 * count / total) for bar, count in counts.items()} if total else dict.fromkeys(counts, 0)


def _found(histogram: Histogram, sent: Sent) -> Counter[str]:
    match histogram.by:
        case "outcome":
            return Counter(each.outcome for each in sent.requests)
        case "node":
            return Counter(each.endpoint_node or "" for each in sent.answered)
        case _:
            return Counter((each.endpoint or "").rpartition("/")[2] for each in sent.answered)


def _is(bar: str, name: str, bars: tuple[str, ...]) -> bool:
    """Whether a name is meant by a bar: itself, or one that begins so and no bar fits better."""
    fitting = [each for each in bars if name == each or name.startswith(f"{each}-")]
    return bool(fitting) and max(fitting, key=len) == bar


def _close(histogram: Histogram, given: Mapping[str, int], counts: Mapping[str, int]) -> bool:
    happened = spread(histogram.traffic.n, counts)
    return all(abs(given[bar] - happened[bar]) <= histogram.within for bar in histogram.bars)


# --- reading


def _options(predict: Predict, given: Any) -> Any:
    chosen = given if isinstance(given, list) else [given]
    if not chosen or any(each not in predict.options for each in chosen) or (len(chosen) > 1 and not predict.several):
        raise BadPrediction("choose one of the answers" if not predict.several else "choose at least one of the answers")
    return sorted(set(chosen), key=predict.options.index) if predict.several else chosen[0]


def _grid(predict: Predict, given: Any) -> Any:
    grid = predict.grid
    assert grid is not None
    wanted = [f"{row}/{column}" for row in grid.rows for column in grid.columns]
    if not isinstance(given, dict) or any(given.get(cell) not in grid.choices for cell in wanted):
        raise BadPrediction("choose an answer in each cell")
    return {cell: given[cell] for cell in wanted}


def _histogram(predict: Predict, given: Any) -> Any:
    assert predict.histogram is not None
    try:
        bars = {bar: int(given[bar]) for bar in predict.histogram.bars}
    except (TypeError, KeyError, ValueError):
        raise BadPrediction("set every bar") from None
    if any(not 0 <= each <= 100 for each in bars.values()) or not 90 <= sum(bars.values()) <= 110:
        raise BadPrediction(f"together the bars should be about 100 %, not {sum(bars.values())} %")
    return bars


def _blanks(predict: Predict, given: Any) -> Any:
    if not isinstance(given, dict) or any(not str(given.get(each, "")).strip() for each in predict.blanks):
        raise BadPrediction("fill in every blank")
    return {each: str(given[each])[:LONGEST_BLANK].strip() for each in predict.blanks}


def _order(predict: Predict, given: Any) -> Any:
    if not isinstance(given, list) or sorted(map(str, given)) != sorted(predict.order):
        raise BadPrediction("put every card in its place")
    return [str(each) for each in given]


_READERS = {"options": _options, "grid": _grid, "histogram": _histogram, "blanks": _blanks, "order": _order}
