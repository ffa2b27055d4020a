"""How is a share link kept from spreading?  Pages that it opens tell no other site where they are, and no search machine."""

from __future__ import annotations

from django.http import HttpResponse


def unlisted(response: HttpResponse) -> HttpResponse:
    """The same response, with headers that say so."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
