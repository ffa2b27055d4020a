"""How does a lesson's Markdown become HTML?  Without any HTML of its own; a link `yard:Service/default/web` leads to that object.

Simplified: no images, and links go to https or to an object; what else is written as a link stays as it was written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

YARD = "yard:"
Address = Callable[[str], dict[str, str]]
"""The attributes of a link to an object that is written as `Kind/namespace/name-or-selector`."""


def block(text: str, address: Address) -> SafeString:
    """Paragraphs and lists."""
    return _html(_reader().parse(text.strip()), address)


def inline(text: str, address: Address) -> SafeString:
    """A piece of a sentence."""
    return _html(_reader().parseInline(text.strip()), address)


def refs(text: str) -> list[str]:
    """What the links of a text speak of."""
    return [_href(token)[len(YARD) :] for token in _links(_reader().parse(text)) if _href(token).startswith(YARD)]


def plain(text: str) -> str:
    """The words alone, for a title."""
    (whole,) = _reader().parseInline(text.strip())
    return "".join(token.content for token in whole.children or () if token.type in ("text", "code_inline"))


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": False}).disable(["image", "html_inline", "html_block", "autolink"])
    reader.validateLink = lambda url: url.startswith(("https://", YARD))  # type: ignore[method-assign]
    return reader


def _html(tokens: list[Token], address: Address) -> SafeString:
    for link in _links(tokens):
        href = _href(link)
        link.attrs = dict(address(href[len(YARD) :])) if href.startswith(YARD) else {"href": href, "rel": "noreferrer"}
    return mark_safe(_reader().renderer.render(tokens, _reader().options, {}).strip())


def _links(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or () if child.type == "link_open"]


def _href(link: Token) -> str:
    return str(link.attrs.get("href", ""))
