"""How is the real page of the playground opened without a server? Django renders it, a route answers for its files, and the test plays the live socket."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route, WebSocketRoute

from tests.browser.yard.pictures import Picture, Request, flows

ORIGIN = "http://yard.test"

# A flight lasts two seconds, a light less, and a busy machine may keep the test waiting for longer: the page itself notes what flies, whether
# anything was drawn, and what lights up.
NOTES = """
  window.lit = [];
  const { animate } = Element.prototype;
  Element.prototype.animate = function (...asked) {
    window.lit.push(this);
    return animate.apply(this, asked);
  };
  window.flown = [];
  window.inked = false;
  const hasInk = (canvas) => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    for (let at = 3; at < pixels.length; at += 4) if (pixels[at]) return true;
    return false;
  };
  const note = () => {
    requestAnimationFrame(note);
    const journeys = document.querySelector("switch-yard")?.flights?.journeys.filter(Boolean) ?? [];
    for (const journey of journeys) if (!window.flown.includes(journey)) window.flown.push(journey);
    if (window.flown.length && !window.inked) window.inked = hasInk(document.querySelector("canvas.flights"));
  };
  requestAnimationFrame(note);
"""


class Yard:
    """One page with its yard. `send_picture` and `send_frame` speak as the server would; `heard` is what the page said, `posted` what it asked for.

    A socket is greeted with the opening picture as the server greets it; with `greets` off it hears nothing until the test speaks.
    """

    def __init__(self, browser: Browser, **context: Any):
        self.heard: list[dict[str, Any]] = []
        self.posted: list[tuple[str, str, str]] = []
        self.answers: dict[str, tuple[int, str]] = {}
        self.sockets: list[WebSocketRoute] = []
        self.problems: list[str] = []
        self.greets = True
        self.seq = 0
        self.run = "run-1"
        self.now = 0
        self.page: Page = browser.new_context(**context).new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda message: self.problems.append(message.text) if message.type == "error" else None)
        self.page.route(f"{ORIGIN}/**", self._answer)
        self.page.add_init_script(NOTES)
        self.page.route_web_socket(f"{ORIGIN.replace('http', 'ws')}/**", self._meet)

    def open(self, picture: Picture, requests: tuple[Request, ...] = (), says: tuple[list[Any], ...] = ()) -> Page:
        self.opening = (picture, list(requests), list(says))
        self.page.goto(f"{ORIGIN}/clusters/c1/")
        self.page.wait_for_function("document.querySelector('[data-fact=state]').textContent === 'live'")
        return self.page

    def send_picture(self, picture: Picture, requests: list[Request] = (), says: list[list[Any]] = ()) -> None:
        self._send(
            {
                "type": "picture",
                "run": self.run,
                "seq": self.seq,
                "picture": picture,
                "requests": list(requests),
                "says": list(says),
                "hash": "h0",
            }
        )

    def send_frame(
        self,
        changes: list[list[Any]] = (),
        requests: list[Request] = (),
        says: list[list[Any]] = (),
        *,
        skip: int = 0,
        spread: list[Any] | None = None,
    ) -> None:
        """One frame of 50 ms; `skip` loses that many sequence numbers first; `spread` gives flows other than those of the requests."""
        first = self.seq + 1 + skip
        self.seq = first
        self.now += 50_000
        self._send(
            {
                "type": "frame",
                "run": self.run,
                "first": first,
                "last": first,
                "now": self.now,
                "changes": list(changes),
                "requests": list(requests),
                "flows": flows(list(requests)) if spread is None else spread,
                "says": list(says),
                "hash": f"h{first}",
            }
        )

    def flights(self, count: int = 1) -> list[dict[str, Any]]:
        """Every request that has been in the air since the page was opened, once there were `count` of them and something was drawn."""
        self.page.wait_for_function("count => window.flown.length >= count && window.inked", arg=count)
        return self.page.evaluate("window.flown")

    def wait_until_nothing_flies(self) -> None:
        self.page.wait_for_function("document.querySelector('switch-yard').flightsInView().length === 0")

    def _send(self, message: dict[str, Any]) -> None:
        self.sockets[-1].send(json.dumps(message))

    def _meet(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.on_message(lambda text: self.heard.append(json.loads(text)))
        if self.greets:
            self.send_picture(*self.opening)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("?")[0]
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            if not found:
                route.fulfill(status=404)
                return
            route.fulfill(body=Path(found).read_bytes(), content_type=mimetypes.guess_type(found)[0] or "text/plain")
        elif path == "/clusters/c1/":
            asked = RequestFactory().get(path)
            page = render_to_string("pages/playground.html", {"cluster": {"id": "c1", "title": "shop"}}, request=asked)
            route.fulfill(body=page, content_type="text/html; charset=utf-8")
        else:
            self.posted.append((route.request.method, route.request.url.removeprefix(ORIGIN), route.request.post_data or ""))
            status, body = self.answers.get(path, (200, f'<p class="card" data-shows="">{path}</p>'))
            if status == 0:
                route.abort("connectionreset")
            else:
                route.fulfill(status=status, body=body, content_type="text/html; charset=utf-8")
