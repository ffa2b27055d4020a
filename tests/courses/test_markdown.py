"""Does a lesson's Markdown become HTML that is safe and leads where it says?"""

from __future__ import annotations

import pytest

from playground.courses import markdown


def address(ref: str) -> dict[str, str]:
    return {"href": f"/o/{ref}/", "data-ref": ref}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**A** `b`", "<strong>A</strong> <code>b</code>"),
        ("<b onclick=x>", "&lt;b onclick=x&gt;"),
        ("[it](yard:Service/default/web)", '<a href="/o/Service/default/web/" data-ref="Service/default/web">it</a>'),
        ("[it](https://kubernetes.io/docs/)", '<a href="https://kubernetes.io/docs/" rel="noreferrer">it</a>'),
        ("[it](javascript:alert(1))", "[it](javascript:alert(1))"),
        ("[it](//evil.example)", "[it](//evil.example)"),
        ("![it](https://a.example/b.png)", '!<a href="https://a.example/b.png" rel="noreferrer">it</a>'),
        ("<https://a.example>", "&lt;https://a.example&gt;"),
    ],
)
def test_text_becomes_html_without_any_html_of_its_own(text: str, html: str) -> None:
    assert markdown.inline(text, address) == html


def test_a_link_that_leads_nowhere_is_its_words() -> None:
    assert markdown.inline("see [the **Pod**](yard:Pod/default/app=web) there", markdown.nowhere) == "see the <strong>Pod</strong> there"


def test_what_a_text_speaks_of_is_found() -> None:
    assert markdown.refs("[a](yard:Pod/default/app=web) and [b](https://x.example) and [c](yard:Node/-/node-a)") == [
        "Pod/default/app=web",
        "Node/-/node-a",
    ]


def test_paragraphs_and_lists_are_blocks() -> None:
    assert markdown.block("One.\n\n- two\n", address) == "<p>One.</p>\n<ul>\n<li>two</li>\n</ul>"


def test_the_words_alone_make_a_name() -> None:
    assert markdown.plain("The `kubelet` *writes* [it](yard:Node/-/a)") == "The kubelet writes it"
