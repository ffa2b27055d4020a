"""What does a site show where somebody pasted an address of ours?  The frame, as oEmbed 1.0 describes it (oembed.com)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from playground.embeds import openings, options, snippets

CACHE_SECONDS = 3600
KINDS: dict[str, Callable[..., openings.Ready | openings.Shared]] = {
    "embed_ready": openings.Ready,
    "embed_lesson": openings.Lesson,
    "embed_step": openings.Lesson,
    "start_lesson": openings.Lesson,
    "embed_shared": openings.Shared,
    "shared": openings.Shared,
}


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """/oembed?url=&maxwidth=&maxheight=&format=json. 404: nothing of ours that can be shown; 501: another format; 400: a size that is none."""
    if request.GET.get("format", "json") != "json":
        return _plain(501, "only format=json is known here")
    try:
        width = _size(request, "maxwidth", snippets.WIDTH)
        height = _size(request, "maxheight", snippets.HEIGHT)
    except ValueError as error:
        return _plain(400, str(error))
    found = _find(request, request.GET.get("url", ""))
    if found is None:
        return _plain(404, "there is nothing to embed at this address")
    title, address = found
    told = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Switchyard",
        "provider_url": request.build_absolute_uri("/"),
        "cache_age": CACHE_SECONDS,
        "width": width,
        "height": height,
        "html": snippets.iframe(address, title, width, height),
    }
    return JsonResponse(told, headers={"Access-Control-Allow-Origin": "*"})


def _find(request: HttpRequest, url: str) -> tuple[str, str] | None:
    """The title of what is at an address of this server, and the address of its frame."""
    try:
        parts = urlsplit(url)
        match = resolve(parts.path)
        thing = KINDS[match.url_name or ""](*match.kwargs.values())
        chosen = options.read(QueryDict(parts.query), thing.options)
    except (ValueError, KeyError, Resolver404):
        return None
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != request.get_host():
        return None
    return thing.titled(chosen), request.build_absolute_uri(thing.path + (f"?{chosen.query}" if chosen.query else ""))


def _size(request: HttpRequest, name: str, usual: int) -> int:
    """The usual size, or as much less as is asked for. Source: oembed.com 2.2, which has no size exceed what was asked."""
    text = request.GET.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text)):
        raise ValueError(f"{name} must be a whole number of pixels")
    return min(usual, int(text))


def _plain(status: int, text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain", headers={"Access-Control-Allow-Origin": "*"})
