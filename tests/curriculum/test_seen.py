"""Have checks the same words in every language, and do they fill in?"""

import string

from playground.curriculum.seen import FOLDER, Seen, sentence, sentences


def test_every_language_has_the_same_sentences_with_the_same_names_in_them() -> None:
    english = sentences("en")
    for path in FOLDER.glob("*.yaml"):
        other = sentences(path.stem)
        assert list(other) == list(english)
        for key, text in english.items():
            assert _names(other[key]) == _names(text), f"{path.stem}: {key}"


def test_numbers_and_outcomes_are_filled_in_as_words() -> None:
    seen = Seen(
        False, "traffic.share-plain", {"count": 1200, "n": 2000, "source": "client", "to": "web:80", "outcome": "refused", "wanted": "0%"}
    )
    assert sentence(seen) == "1,200 of 2,000 requests from client to web:80 were refused; wanted: 0%."
    assert sentence(seen, "de").startswith("1,200 von 2,000 Anfragen von client an web:80 wurden abgewiesen")


def test_a_value_can_be_words_too() -> None:
    seen = Seen(False, "endpoints.pods", {"service": "web", "found": "@endpoints.nobody", "wanted": "a"})
    assert sentence(seen) == "web leads to nobody; wanted: a."
    assert sentence(seen, "de") == "web führt zu niemandem; gewünscht: a."


def test_what_was_seen_on_a_copy_says_so() -> None:
    seen = Seen(False, "no-service", {"service": "web"}, copied=True)
    assert sentence(seen) == "On the copy: There is no Service web."
    assert sentence(seen, "de") == "An der Kopie: Es gibt keinen Service web."


def test_an_unknown_language_is_answered_in_english() -> None:
    assert sentence(Seen(False, "endpoints.nobody"), "xx") == "nobody"
    assert sentence(Seen(False, "endpoints.nobody"), "../settings") == "nobody"


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
