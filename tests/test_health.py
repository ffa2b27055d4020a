"""What a proxy or a supervisor is told."""

import pytest
from django.db import OperationalError, connection


def test_a_living_server_says_so_without_its_database(client):
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_server_with_a_database_is_ready(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_server_without_its_database_is_not_ready_and_says_why(client, monkeypatch):
    def gone():
        raise OperationalError("no route to host")

    monkeypatch.setattr(connection, "ensure_connection", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"no route to host" in answer.content
