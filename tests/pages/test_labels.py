"""How are labels typed in one field read?"""

import pytest

from playground.pages import labels

GOOD = {
    "one pair": ("app=web", {"app": "web"}),
    "pairs with commas and spaces": (" app = web , tier=front ", {"app": "web", "tier": "front"}),
    "pairs on lines": ("app=web\ntier=front\n", {"app": "web", "tier": "front"}),
    "an empty value": ("app=", {"app": ""}),
    "a key with a prefix": ("app.kubernetes.io/name=web", {"app.kubernetes.io/name": "web"}),
    "kubectl's double equals sign": ("app==web", {"app": "web"}),
    "nothing": ("", {}),
    "commas only": (" , ,", {}),
}
BAD = {
    "a word without an equals sign": ("app=web, tier", 'no "="', 9),
    "a key that begins with a dash": ("-app=web", "no label key", 0),
    "a value with a space": ("app=web shop", "no label value", 0),
    "a value that is too long": ("app=" + "a" * 64, "63", 0),
    "no key": ("=web", "no label key", 0),
    "a key twice": ("app=web,app=shop", "twice", 8),
    "a negation": ("app!=web", "not sets or negations", 0),
    "a set": ("tier in (a)", "not sets or negations", 0),
    "a text that is far too long": ("a" * 5_000, "too many", 4_096),
}


@pytest.mark.parametrize(("text", "read"), GOOD.values(), ids=GOOD)
def test_reads(text: str, read: dict[str, str]) -> None:
    assert labels.read(text) == read


@pytest.mark.parametrize(("text", "said", "at"), BAD.values(), ids=BAD)
def test_explains_what_cannot_be_read(text: str, said: str, at: int) -> None:
    with pytest.raises(labels.BadLabels, match=said.replace("(", r"\(")) as bad:
        labels.read(text)
    assert bad.value.at == at


def test_reads_what_it_writes() -> None:
    some = {"app": "web", "example.com/tier": "", "v": "1.2"}
    assert labels.read(labels.written(some)) == some


def test_says_only_what_differs() -> None:
    assert labels.difference({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "9", "d": "4"}) == {"c": None, "b": "9", "d": "4"}
