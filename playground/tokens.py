"""What is different for a request that shows a token instead of a cookie?  A page in a frame of another site has nothing else.

Such a request is known by its token alone: cookies that came with it are dropped before anybody reads them, so that a check against
forged requests has nothing to check, and none is given back. Any origin may read the answer: a sandboxed frame's own is `null`,
and without the token there is nothing to read. A browser asks first whether it may send the header, and is told yes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from playground.clusters.visitors import BadToken, asker_of, has_token
from playground.pages.errors import unknown

Answer = Callable[[HttpRequest], HttpResponse]
TOKEN_ONLY = "/embed/"
OPEN = re.compile(r"/embed/|/clusters/[^/]+/")
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, HX-Boosted, HX-Current-URL, HX-Prompt, HX-Request, HX-Target, HX-Trigger, HX-Trigger-Name",
    "Access-Control-Max-Age": "7200",
}
READABLE = {
    "Access-Control-Expose-Headers": "HX-Trigger, HX-Trigger-After-Settle, HX-Trigger-After-Swap, HX-Redirect, HX-Retarget, HX-Reswap, Retry-After",
}
ANYBODY = {"Access-Control-Allow-Origin": "*"}


class TokenMiddleware:
    """Stands outside of the check against forged requests, and inside of what sets headers for all."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_preflight(request):
            return HttpResponse(status=204, headers={**ANYBODY, **PREFLIGHT})
        if not (has_token(request) or request.path_info.startswith(TOKEN_ONLY)):
            return self.get_response(request)
        request.COOKIES = {}
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # the name that Django gives it
        response = self._answer(request)
        response.cookies.clear()
        for name, value in {**ANYBODY, **READABLE}.items():
            response.headers[name] = value
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            if has_token(request):
                asker_of(request)
        except BadToken:
            return unknown(request)
        return self.get_response(request)


def _is_preflight(request: HttpRequest) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers and OPEN.match(request.path_info) is not None
