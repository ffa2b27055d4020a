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
"""The attributes of a link to an object that is written as `Kind/namespace/name-or-selector`; none if it leads nowhere."""


def nowhere(ref: str) -> dict[str, str]:
    """Where a text stands that may hold no links to objects."""
    return {}


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
    for token in tokens:
        token.children = _linked(token.children or [], address) if token.children is not None else None
    return mark_safe(_reader().renderer.render(tokens, _reader().options, {}).strip())


def _linked(children: list[Token], address: Address) -> list[Token]:
    """Links with the attributes they are to have; one that leads nowhere is its words alone."""
    kept, open_here = [], False
    for token in children:
        if token.type == "link_open":
            href = _href(token)
            token.attrs = dict(address(href[len(YARD) :])) if href.startswith(YARD) else {"href": href, "rel": "noreferrer"}
            open_here = bool(token.attrs)
        if token.type not in ("link_open", "link_close") or open_here:
            kept.append(token)
    return kept


def _links(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or () if child.type == "link_open"]


def _href(link: Token) -> str:
    return str(link.attrs.get("href", ""))
