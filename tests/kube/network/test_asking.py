"""What does a web server make of what is said over a connection?"""

from __future__ import annotations

import pytest

from playground.kube.network.asking import code_of, has_head, is_whole, logged


@pytest.mark.parametrize(
    ("asked", "code", "head", "whole"),
    [
        ("GET / HTTP/1.1", 200, True, False),
        ("GET /\n", 200, False, True),
        ("GET / HTTP/1.0\r\n\r\n", 200, True, True),
        ("GET / HTTP/1.1\r\n\r\n", 400, True, True),
        ("GET / HTTP/1.1\nhost: a\n\n", 200, True, True),
        ("GET / HTTP/1.1\nHost: a\n", 200, True, False),
        ("POST /\n", 400, True, True),
        ("get / HTTP/1.0\n\n", 400, True, True),
        ("hello\n", 400, True, True),
        ("GET\n", 400, True, True),
        ("GET http://a/b HTTP/1.0\n\n", 200, True, True),
        ("OPTIONS * HTTP/1.0\n\n", 200, True, True),
        ("\x16\x03\x01", 400, True, False),
    ],
)
def test_what_becomes_of_it(asked: str, code: int, head: bool, whole: bool) -> None:
    assert (code_of(asked), has_head(asked), is_whole(asked)) == (code, head, whole)


def test_a_log_writes_it_on_one_line() -> None:
    assert logged('a "b"\\\x00é\r\nc') == '"a \\x22b\\x22\\x5C\\x00\\xE9" 400'
