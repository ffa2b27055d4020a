"""Is every malformed or malicious document answered with its own message, at its own place, at once?"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from playground.manifests.errors import BadYAML
from playground.manifests.reader import read


def laughs(levels: int) -> str:
    return "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]\n" for n in range(1, levels))


def merges(levels: int) -> str:
    return "a0: &a0 {k: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, levels))


BOMBS = {
    "billion laughs": (laughs(9), 6, 15, "values once every alias is put in its place"),
    "a thousand aliases": ("a: &a 1\nb: [" + "*a, " * 1000 + "]", 2, 405, "101 aliases"),
    "merge keys in merge keys": (merges(24), 14, 17, "values once every alias"),
    "brackets 100,000 deep": ("[" * 30_000 + "]" * 30_000, 1, 33, "33 levels of nesting"),
    "braces 5,000 deep": ("{a: " * 5_000 + "}" * 5_000, 1, 129, "33 levels of nesting"),
    "dashes 400 deep": ("- " * 400 + "x", 1, 65, "33 levels of nesting"),
    "keys indented 300 deep": ("".join(" " * n + "a:\n" for n in range(300)), 33, 33, "33 levels of nesting"),
    "a megabyte": ("a: " + "x" * 1_000_000, 1, 1, "a text of 1,000,003 bytes"),
    "one long value": ("a: " + "x" * 20_000, 1, 4, "20,000 characters in one value"),
    "30,000 values": ("[" + "1," * 30_000 + "]", 1, 40_000, "20,001 values"),
    "500 documents": ("---\na\n" * 500, 401, 1, "201 documents"),
    "an alias into itself": ("a: &a [*a]", 1, 8, "the alias *a inside the value that it stands for"),
    "a mapping that is its own value": ("&a\nb: *a", 2, 4, "the alias *a inside the value that it stands for"),
    "a number of 100,000 digits": ("a: " + "9" * 9_000, 1, 4, "a number of 9000 digits"),
    "a number beyond 64 bits": ("a: 99999999999999999999", 1, 4, "the number 99999999999999999999"),
    "a fraction beyond all bounds": ("a: 1e999", 1, 4, "the number 1e999, which is too large"),
    "not a number": ("a: .nan", 1, 4, ".nan, which JSON has no word for"),
    "infinity": ("a: -.inf", 1, 4, "-.inf, which JSON has no word for"),
    "a Python object": ("a: !!python/object/apply:os.system ['x']", 1, 4, "the tag !!python/object/apply:os.system"),
    "a Python name": ("a: !!python/name:os.system", 1, 4, "python/name:os.system"),
    "a binary value": ("a: !!binary aGk=", 1, 4, "the tag !!binary"),
    "a set": ("a: !!set {x}", 1, 4, "the tag !!set"),
    "a tag of one's own": ("a: !secret x", 1, 4, "the tag !secret"),
    "a tag without a handle": ("a: !foo!bar x", 1, 4, 'the tag "!foo!bar x"'),
    "an integer that is none": ("a: !!int x", 1, 4, 'the tag !!int on "x"'),
    "a NUL character": ("a: b\nc: \x00", 2, 4, "the character U+0000"),
    "half a character": ("a: \ud800", 1, 4, "the character U+D800"),
    "an alias without an anchor": ("a: *nobody", 1, 4, "the alias *nobody"),
    "a template": ("{{- if x }}\na: 1", 1, 3, "a template's {{ }}"),
    "a template as a value": ("a: {{ .Values.x }}", 1, 5, "a mapping as a key"),
    "a list as a key": ("[a]: 1", 1, 1, "a list as a key"),
    "nothing as a key": ("~: 1", 1, 1, "nothing as a key"),
    "a fraction as a key": ("1.5: 1", 1, 1, "the value 1.5 as a key"),
    "a merge of a text": ("<<: x", 1, 5, 'the text "x" after <<'),
    "a list as a document": ("- a", 1, 1, "a list"),
    "a text as a document": ("a: 1\n---\nhello", 3, 1, "a single value"),
    "a text in a List": ("kind: List\nitems:\n- a", 3, 3, "a single value"),
}

MALFORMED = {
    "a tab as indentation": ("a:\n\tb: 1", 2, 1, "a tab", "spaces"),
    "a tab after a value": ("a:\n  b: 1\n\tc: 2", 3, 1, "a tab", "spaces"),
    "a tab in a block": ("a: |\n\tx", 2, 1, "a tab", "spaces"),
    "two colons in a line": ("image: nginx: latest", 1, 13, "a second colon after a key", "quotes"),
    "a key indented under a finished value": ("name: x\n  labels: y", 2, 3, "a key that is indented under a finished value", "same column"),
    "no space after the colon": ("a:1\nb: 2", 2, 1, "a key after a line that has none", "a space after the colon of the line above"),
    "no colon": ("a: 1\nreplicas 3\nb: 2", 2, 1, '"replicas 3" without a colon', "a colon and a space"),
    "an indentation that fits nothing": ("a:\n    b: 1\n  c: 2", 3, 3, '"c: 2" in column 3', "a key in column 1, as on line 1"),
    "a key among list items": ("a:\n  - 1\n  b: 2", 3, 3, '"b: 2" in column 3', '"- " in column 3, as on line 2'),
    "a list item too far right": ("a:\n  - b: 1\n   - c: 2", 3, 4, '"- c: 2" in column 4', "column 3"),
    "a list item after a key": ("a: - 1", 1, 4, "a list item", "lines of its own"),
    "an open bracket": ("a: [1, 2\nb: 3", 2, 2, '": 3"', 'close the "[" of line 1'),
    "an open brace": ("{a: {b: 1}", 1, 11, "the end of the text", 'close the "{" of line 1'),
    "an open quote": ('a: "x\nb: 1', 1, 4, "a quote that is never closed", "the same quote"),
    "an unknown escape": (r'a: "\d"', 1, 5, r"\d in double quotes", "single quotes"),
    "half an emoji escaped": (r'a: "\ud83d\ude00"', 1, 7, "an escape of half a character", "the character itself"),
    "text after a quote": ('a: "x" y', 1, 8, '"y" after a quoted text', "end of the line"),
    "an @ first": ("a: @x", 1, 4, "the character @", "quotes"),
    "two commas": ("[1,,2]", 1, 4, '",2]"', "a value"),
    "a first line further right": ("  a: 1\nb: 2", 2, 1, '"b: 2"', "---"),
    "a lone star": ("a: *", 1, 4, "* without a name", "quotes"),
    "text after a block sign": ("a: |x\n  y", 1, 5, '"x" after | or >', "next one"),
    "a directive": ("%YAML 3.0\n---\na: 1", 1, 1, 'the directive "%YAML 3.0"', "nothing"),
    "a key of 2,000 characters": ("a" * 2000 + ": 1", 1, 2001, "a key of 2,000 characters", "at most 1,024"),
}


CHILD = """
import json, resource, sys
from playground.manifests.errors import BadYAML
from playground.manifests.reader import read
texts = json.load(sys.stdin)
resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
for text in texts:
    try:
        sys.exit(f"read: {read(text)}")
    except BadYAML:
        pass
"""


@pytest.mark.parametrize("case", BOMBS)
def test_a_bomb_is_refused_where_it_stands(case: str) -> None:
    text, line, column, found = BOMBS[case]
    with pytest.raises(BadYAML) as caught:
        read(text)
    assert found in caught.value.found
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).startswith(f"line {line}, column {column}: found ")


@pytest.mark.parametrize("case", MALFORMED)
def test_a_slip_is_told_in_plain_words(case: str) -> None:
    text, line, column, found, expected = MALFORMED[case]
    with pytest.raises(BadYAML) as caught:
        read(text)
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert found in error.found
    assert expected in error.expected
    assert not error.limit


def test_no_bomb_costs_more_than_a_little_memory_and_time() -> None:
    """In a process of its own that is ended beyond 512 MiB or 5 s of CPU, all bombs together."""
    subprocess.run([sys.executable, "-c", CHILD], input=json.dumps([text for text, *_ in BOMBS.values()]), text=True, check=True)


def test_small_merges_in_merges_are_read() -> None:
    (document,) = read(merges(10)).values
    assert document["a9"] == {"k": 1}
