"""Which sites may show something in a frame?  What the header `frame-ancestors` names: whole origins, or all below a domain."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpResponse

SITE = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?")
LONGEST = 255


class BadSite(ValueError):
    """The text is not the name of a site."""


def read(text: str) -> list[str]:
    """The sites of a text, one a line. BadSite says which one cannot be read, and how one is written."""
    sites = list(dict.fromkeys(line.strip().lower().rstrip("/") for line in text.splitlines() if line.strip()))
    for site in sites:
        if len(site) > LONGEST or not SITE.fullmatch(site):
            raise BadSite(f'"{site[:80]}" is no site: write https://course.example, or https://*.school.example for all below a domain')
    most = settings.LIMITS.share_link_sites
    if len(sites) > most:
        raise BadSite(f'{len(sites)} sites: limit "share_link_sites" allows {most}')
    return sites


def may_frame(response: HttpResponse, sites: Sequence[str] = ()) -> HttpResponse:
    """The same response, which these sites may show in a frame; without any, those that the server allows. Our own pages preview it."""
    allowed = list(sites or settings.EMBED_ANCESTORS)
    response._csp_replace = {"frame-ancestors": ["*"] if "*" in allowed else ["'self'", *allowed]}  # type: ignore[attr-defined]
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    return response
