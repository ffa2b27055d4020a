"""What does every test stand on? Plain static files, a database file of its own, real servers and browsers for those that ask."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import hypothesis
import pytest
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright

# No test fails because a machine is slow. CI tries the same examples every time; elsewhere new ones are looked for.
hypothesis.settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("house")

DAPHNE = "--verbosity 0 --websocket-max-message-size 65536 --websocket-max-frame-size 65536 --ping-interval 20 --ping-timeout 20".split()
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Templates name static files as they are, so that no test needs `collectstatic` first."""
    with override_settings(STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}):
        yield


@pytest.fixture(scope="session", autouse=True)
def faults_are_seen() -> Iterator[None]:
    """A program that raises what no program should fails its test."""
    from playground.terminal.programs import faults

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(faults, "UNFORESEEN", ())
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A database file of this run alone: two runs at the same time do not meet."""
    from django.conf import settings

    if "sqlite3" in settings.DATABASES["default"]["ENGINE"]:
        settings.DATABASES["default"]["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Static files collected and hashed, as `make run` serves them."""
    folder = tmp_path_factory.mktemp("static")
    _manage("collectstatic", "--noinput", "--verbosity=0", STATIC_ROOT=str(folder))
    return folder


class Server:
    """A real server in a process of its own, with a database of its own: `url`, `kill()`, and `start()` again on the same database."""

    def __init__(self, folder: Path, static_root: Path, variables: dict[str, str]) -> None:
        self.variables = {"DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}", "STATIC_ROOT": str(static_root), **variables}
        self.log = folder / "server.log"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        _manage("migrate", "--verbosity=0", **self.variables)

    def start(self) -> None:
        """Returns when the server accepts connections."""
        listening = socket.create_server(("127.0.0.1", self.port))
        with listening, self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "daphne", *DAPHNE, "--fd", str(listening.fileno()), "playground.asgi:application"],
                cwd=ROOT,
                env={**os.environ, **self.variables},
                pass_fds=[listening.fileno()],
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """End it as a power cut would: kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()


@pytest.fixture(scope="module")
def start_server(tmp_path_factory: pytest.TempPathFactory, static_root: Path) -> Iterator[Callable[..., Server]]:
    """`start_server(LIMIT_SOCKETS="5", ...)`: a new server, with these environment variables; all are stopped in the end."""
    servers: list[Server] = []

    def start(**variables: str) -> Server:
        server = Server(tmp_path_factory.mktemp("server"), static_root, variables)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server]) -> Server:
    """One server for all tests of a module; visitors are kept apart by their cookies."""
    return start_server()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, driven by Playwright."""
    path = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if path is None:
        pytest.fail("Chromium is missing: `apt-get install chromium` (Debian, Ubuntu), or install Google Chrome")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright, closing(playwright.chromium.launch(executable_path=path, args=arguments)) as chromium:
        yield chromium


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def _manage(*arguments: str, **variables: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env={**os.environ, **variables}, check=True)
