"""Where does a page get the element `<kube-playground>`?  From one file without imports, at an address that names the version of what it promises."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

SOURCE = "static/js/embed.js"


@require_safe
def loader(request: HttpRequest) -> HttpResponse:
    """/embed.1.js; /embed.js is the newest."""
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(_source(), content_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _source() -> bytes:
    return (settings.BASE_DIR / SOURCE).read_bytes()
