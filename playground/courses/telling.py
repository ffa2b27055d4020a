"""How does a prediction read, and how the truth?  In the lesson's own words, a line for each part."""

from __future__ import annotations

from typing import Any, NamedTuple
from zlib import crc32

from playground.courses.records import StepRecord
from playground.curriculum.blanks import meant, same
from playground.curriculum.lesson import Predict
from playground.curriculum.prose import StepWords


class Line(NamedTuple):
    """One part of a prediction: Markdown of what it is about (or ""), what was said, and what is true (or ""). `same`: it was said otherwise, and means
    the same."""

    about: str
    said: str
    true: str
    same: bool = False

    @property
    def differs(self) -> bool:
        return bool(self.true) and self.said != self.true and not self.same


class Bar(NamedTuple):
    """`said` and `found` in percent; `found` is None until it is measured."""

    id: str
    label: str
    said: int
    found: int | None


class Card(NamedTuple):
    """A card of an order, at its true place from 1; `said` is the place that was predicted, 0 for none."""

    text: str
    place: int
    said: int


def lines(predict: Predict, words: StepWords, record: StepRecord) -> list[Line]:
    """What was said beside what is true; a histogram's are its bars."""
    return _TELLERS[predict.form](predict, words, record)


def bars(predict: Predict, words: StepWords, record: StepRecord, typed: dict[str, Any] | None = None) -> list[Bar]:
    """The bars of a histogram, as they stand while they are dragged (`typed`) or were kept."""
    assert predict.histogram is not None
    said = typed if typed is not None else record.prediction
    shares = said if isinstance(said, dict) else _even(predict.histogram.bars)
    found = record.happened
    return [Bar(each, words.bars.get(each, each), _whole(shares.get(each, 0)), found.get(each)) for each in predict.histogram.bars]


def dealt(predict: Predict, words: StepWords, record: StepRecord) -> list[Card]:
    """The cards as they are in truth, each with the place where it was laid."""
    said = record.prediction if isinstance(record.prediction, list) else []
    places = {id: place for place, id in enumerate(said, 1)}
    return [Card(words.cards.get(id, id), place, places.get(id, 0)) for place, id in enumerate(predict.order, 1)]


def cards(lesson: str, predict: Predict) -> list[str]:
    """The cards of an order, in another one that is always the same."""
    mixed = sorted(predict.order, key=lambda id: crc32(f"{lesson}/{id}".encode()))
    return mixed if tuple(mixed) != predict.order else [*mixed[1:], mixed[0]]


def _even(names: tuple[str, ...]) -> dict[str, int]:
    """Nothing is suggested: all alike, 100 together."""
    share, rest = divmod(100, len(names))
    return {name: share + (number < rest) for number, name in enumerate(names)}


def _whole(value: Any) -> int:
    try:
        return max(0, min(100, int(value)))
    except (TypeError, ValueError):
        return 0


def _options(predict: Predict, words: StepWords, record: StepRecord) -> list[Line]:
    said = record.prediction if isinstance(record.prediction, list) else [record.prediction]
    true = [predict.right] if isinstance(predict.right, str) else list(predict.right)
    return [Line("", _list(words.options, said), _list(words.options, true))]


def _grid(predict: Predict, words: StepWords, record: StepRecord) -> list[Line]:
    assert predict.grid is not None
    said = record.prediction if isinstance(record.prediction, dict) else {}
    grid = predict.grid
    return [
        Line(
            f"{words.rows.get(row, row)}, {words.columns.get(column, column)}",
            _list(words.choices, [said.get(f"{row}/{column}")]),
            _list(words.choices, [grid.right[f"{row}/{column}"]]),
        )
        for row in grid.rows
        for column in grid.columns
    ]


def _histogram(predict: Predict, words: StepWords, record: StepRecord) -> list[Line]:
    return [Line(bar.label, f"{bar.said} %", "" if bar.found is None else f"{bar.found} %") for bar in bars(predict, words, record)]


def _blanks(predict: Predict, words: StepWords, record: StepRecord) -> list[Line]:
    said = record.prediction if isinstance(record.prediction, dict) else {}
    return [
        Line(words.blanks.get(each, each), _code(said.get(each, "")), _code(meant(blank).text), same(blank, str(said.get(each, ""))))
        for each, blank in predict.blanks.items()
    ]


def _order(predict: Predict, words: StepWords, record: StepRecord) -> list[Line]:
    said = record.prediction if isinstance(record.prediction, list) else []
    pairs = zip(said, predict.order, strict=False)
    return [Line(str(number), _list(words.cards, [mine]), _list(words.cards, [true])) for number, (mine, true) in enumerate(pairs, 1)]


def _code(text: Any) -> str:
    """As code; what was typed may hold backticks."""
    plain = str(text).replace("`", "'").strip()
    return f"`{plain}`" if plain else ""


def _list(words: dict[str, str], ids: list[Any]) -> str:
    return "; ".join(words.get(str(each), str(each)) for each in ids if each is not None)


_TELLERS = {"options": _options, "grid": _grid, "histogram": _histogram, "blanks": _blanks, "order": _order}
