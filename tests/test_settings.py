"""What every answer carries, what the database promises, and which versions have known holes."""

import os
import subprocess
import sys
from importlib.metadata import version

import pytest
from django.conf import settings
from django.db import connection

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


@pytest.mark.parametrize("path", ["/healthz", "/no-such-page", "/static/no-such-file"])
def test_every_answer_forbids_what_a_playground_does_not_need(client, path):
    headers = client.get(path).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == CSP
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_host_that_is_not_ours_is_refused(client):
    assert client.get("/healthz", headers={"host": "evil.test"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own promises")
def test_sqlite_writes_ahead_and_syncs_every_commit():
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.parametrize(
    ("package", "floor", "hole"),
    [
        ("Django", "5.2.17", "CVE-2026-15307 and before it CVE-2026-5766: a body beyond its limit under ASGI"),
        ("daphne", "4.2.2", "CVE-2026-44545: WebSocket messages without a limit; CVE-2026-44546: smuggled headers"),
        ("autobahn", "26.10.1", "CVE-2026-116579: a compressed message beyond its limit"),
        ("Twisted", "24.7.0", "CVE-2024-41671: pipelined answers out of order"),
        ("channels", "4.3", "older ones do not run on this Django"),
        ("PyYAML", "6.0.3", "the guard of manifests was fuzzed with this one"),
    ],
)
def test_no_package_is_older_than_its_last_known_hole(package, floor, hole):
    def numbers(text):
        return tuple(map(int, text.split(".")))

    assert numbers(version(package)) >= numbers(floor), hole


def test_a_server_runs_without_any_variable_and_without_debug():
    bare = {"PATH": os.environ["PATH"]}
    code = "import playground.asgi; from django.conf import settings as s; print(s.DEBUG, len(s.SECRET_KEY))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=settings.BASE_DIR, env=bare, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False 50\n"


def test_another_database_is_taken_from_its_address():
    variables = {**os.environ, "DATABASE_URL": "postgres://switchyard:secret@db.test:5433/yard"}
    code = "from playground.settings import DATABASES as d; d = d['default']; print(d['ENGINE'], d['HOST'], d['PORT'], d['NAME'], d.get('OPTIONS'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=variables, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["django.db.backends.postgresql", "db.test", "5433", "yard", "None"]
