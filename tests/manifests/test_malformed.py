"""Why is a text no JSON, in Go's words?"""

from __future__ import annotations

import pytest

from playground.manifests.malformed import why


@pytest.mark.parametrize("text", ["{}", ' {"a": [1, -2.5e3, true, null, "\\u00e9"]} ', "[]", '"a"'])
def test_of_json_nothing_is_said(text: str) -> None:
    assert why(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{spec: 1}", "invalid character 's' looking for beginning of object key string"),
        ("{'a': 1}", "invalid character '\\'' looking for beginning of object key string"),
        ('{"a" 1}', "invalid character '1' after object key"),
        ('{"a": 1 "b": 2}', "invalid character '\"' after object key:value pair"),
        ('{"a": }', "invalid character '}' looking for beginning of value"),
        ('{"a": 1,}', "invalid character '}' looking for beginning of object key string"),
        ("[1 2]", "invalid character '2' after array element"),
        ('{"a": tru}', "invalid character '}' in literal true (expecting 'e')"),
        ('{"a": "b\n"}', "invalid character '\\n' in string literal"),
        ('{"a": "\\x"}', "invalid character 'x' in string escape code"),
        ('{"a": 1} x', "invalid character 'x' after top-level value"),
        ('{"a": 1', "unexpected end of JSON input"),
        ("", "unexpected end of JSON input"),
    ],
)
def test_the_first_sign_that_does_not_fit_is_told(text: str, said: str) -> None:
    assert why(text) == said
