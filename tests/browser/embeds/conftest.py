"""What do tests of frames stand on?  A course site under another name than the playground's, and a Chromium that takes no cookie of a third party."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

PLAY, COURSE, OTHER = "play.test", "course.test", "other.test"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
LISTENER = """
<script>
  const heard = [];
  addEventListener("message", (event) => heard.push({ origin: event.origin, ...(typeof event.data === "object" ? event.data : {}) }));
</script>
"""


class Course:
    """A site of pages that are set by a test. `url(path)` is an address under the course's name, or another's."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = pages.get(self.path.split("?")[0])
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write((page or "").encode())

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path: str, host: str = COURSE) -> str:
        return f"http://{host}:{self.server.server_port}{path}"

    def write(self, body: str, path: str = "/") -> str:
        self.pages[path] = f"<!doctype html><title>A course</title>{LISTENER}<h1>Week 3</h1>{body}"
        return self.url(path)


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    site = Course()
    yield site
    site.server.shutdown()


@pytest.fixture(scope="module")
def play(start_server: Callable[..., Any]) -> str:
    """The playground's origin."""
    server = start_server(ALLOWED_HOSTS=f"{PLAY},127.0.0.1")
    return f"http://{PLAY}:{server.port}"


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A profile that blocks cookies of third parties."""
    profile = tmp_path_factory.mktemp("profile")
    (profile / "Default").mkdir()
    preferences = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
    (profile / "Default" / "Preferences").write_text(json.dumps(preferences))
    path = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if path is None:
        pytest.fail("Chromium is missing: `apt-get install chromium` (Debian, Ubuntu), or install Google Chrome")
    arguments = [*ARGUMENTS, "--host-resolver-rules=MAP *.test 127.0.0.1"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=path, args=arguments, viewport={"width": 900, "height": 900}
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; what goes wrong in its console, or in its frames', fails the test."""
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if is_problem(message) else None)
    yield opened
    opened.close()
    assert problems == []


def is_problem(message: Any) -> bool:
    """A refusal (4xx) is an answer, the course has no icon, and a host without HTTPS is no surprise here."""
    known = (
        "the server responded with a status of 4",
        "Cross-Origin-Opener-Policy header has been ignored",
        "frame-ancestors",
    )
    return message.type == "error" and not any(words in message.text for words in known)
