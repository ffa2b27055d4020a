"""What does somebody copy into a page to show an embed there?  An iframe, an element, or an address that a site turns into a frame by itself."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from playground.embeds.options import Options

WIDTH, HEIGHT = 800, 600


class Snippets(NamedTuple):
    """Ready to be copied."""

    address: str
    iframe: SafeString
    element: SafeString
    oembed: str


def iframe(address: str, title: str, width: int | str = "100%", height: int = HEIGHT) -> SafeString:
    """The plain frame: what a site's filter of HTML lets through."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" allow="clipboard-write" style="border:0"></iframe>',
        address,
        title,
        width,
        height,
    )


def element(origin: str, what: dict[str, str], options: Options, title: str) -> SafeString:
    """The loader's element, which grows with what is in it."""
    chosen = {
        **what,
        "title": title,
        "theme": options.theme if options.theme != "auto" else "",
        "lang": options.lang,
        "seed": "" if options.seed is None else str(options.seed),
        "hide": ",".join(options.hide),
    }
    words = format_html_join("", ' {}="{}"', ((name, value) for name, value in chosen.items() if value))
    switches = "".join(f" {name}" for name in ("readonly", "paused") if getattr(options, name))
    return format_html(
        '<script type="module" src="{}/embed.1.js"></script>\n<kube-playground{}{}></kube-playground>', origin, words, switches
    )
