"""What does a visitor read when something is not there, not allowed, too large, or broken?"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same bytes whatever is missing, or is somebody else's."""
    return _page(request, "404.html", 404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where a limit of Django's was broken before any view could see the request."""
    if isinstance(exception, TOO_MUCH):
        return _page(request, "413.html", 413, _too_large(exception))
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """403; `reason` comes with a failed CSRF check."""
    return _page(request, "403.html", 403, {"reason": reason})


def unknown(request: HttpRequest) -> HttpResponse:
    """401: the token is forged or too old."""
    response = _page(request, "401.html", 401)
    response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return response


def failed(request: HttpRequest) -> HttpResponse:
    return _page(request, "500.html", 500)


def _too_large(exception: Exception) -> dict[str, object]:
    if isinstance(exception, RequestDataTooBig):
        return {"limit": "body_bytes", "what": "bytes in one request", "allowed": settings.LIMITS.body_bytes}
    return {"limit": "form_fields", "what": "fields in one form", "allowed": settings.LIMITS.form_fields}


def _page(request: HttpRequest, template: str, status: int, context: dict[str, object] | None = None) -> HttpResponse:
    """Rendered without the request: nothing in it depends on who asks. To htmx, what the page says without the page around it."""
    around = "pages/_error.html" if request.headers.get("HX-Request") else "base.html"
    return HttpResponse(render_to_string(template, {**(context or {}), "around": around}), status=status)
