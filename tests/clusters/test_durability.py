"""Is what was acknowledged still there after kill -9, and is nothing there twice?"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from playground.clusters import looks, ownership, service
from playground.clusters.errors import Unavailable
from playground.clusters.models import Action, Cluster
from playground.clusters.runtime import Runtime
from playground.kube.actions import AddNode, Delete
from tests.clusters.conftest import VISITOR, op

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 10
WRITERS = 6
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" not in connection.settings_dict["ENGINE"], reason="kills and locks a SQLite file"),
]

HASH = """
import sys, django; django.setup()
from playground.clusters import looks
from playground.clusters.models import Cluster
for id in sys.argv[1:]:
    with looks.at(Cluster.objects.get(pk=id)) as kube:
        print(kube.hash())
"""


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def environment() -> dict[str, str]:
    database = f"sqlite:///{connection.settings_dict['NAME']}"
    return {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "playground.settings", "PYTHONPATH": str(ROOT)}


def hashes_in_another_process(*clusters: Cluster) -> list[str]:
    command = python("-c", HASH, *(cluster.pk for cluster in clusters))
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True).stdout.split()


def hash_here(cluster: Cluster) -> str:
    with looks.at(cluster) as kube:
        return kube.hash()


def test_another_process_replays_the_log_to_the_same_bytes(here: Runtime, cluster: Cluster) -> None:
    service.act(cluster, Delete("Pod", "web-1"), op())
    service.act(cluster, AddNode("node-b"), op())
    service.undo(cluster, op())
    with looks.at(cluster) as kube:
        kube.advance(kube.now + 3_000_000)
    service.act(cluster, AddNode("node-c"), op())
    assert hashes_in_another_process(cluster) == [hash_here(cluster)]


@pytest.mark.slow
def test_no_acknowledged_action_is_lost_or_doubled_by_kill_9(here: Runtime, elsewhere: Callable[..., Runtime]) -> None:
    clusters = [ownership.new_cluster(VISITOR, "small", op()) for _ in range(2)]
    chance = random.Random(1)
    acknowledged: list[str] = []
    for number in range(ROUNDS):
        acknowledged += killed_after(chance.uniform(0.05, 0.6), str(number), clusters)
    stored = list(Action.objects.exclude(kind="start").values_list("op", flat=True))
    assert len(acknowledged) > ROUNDS
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
    for cluster in clusters:
        assert list(cluster.actions.order_by("seq").values_list("seq", flat=True)) == list(range(1, cluster.actions.count() + 1))
    elsewhere()
    assert hashes_in_another_process(*clusters) == [hash_here(cluster) for cluster in clusters]


def killed_after(seconds: float, seed: str, clusters: list[Cluster]) -> list[str]:
    """Let writers write for a while and kill them: what they had acknowledged."""
    command = python("-m", "tests.clusters.writers", seed, str(WRITERS), *(cluster.pk for cluster in clusters))
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        first = process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        lines = (first + process.stdout.read()).split(b"\n")
    return [line.decode() for line in lines[:-1]]


@pytest.fixture
def locked() -> Iterator[Callable[[float], None]]:
    """`locked(2)`: somebody else holds the database's write lock for two seconds from now."""
    holders: list[threading.Thread] = []

    def lock(seconds: float) -> None:
        taken = threading.Event()

        def hold() -> None:
            other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            taken.set()
            time.sleep(seconds)
            other.execute("ROLLBACK")
            other.close()

        holders.append(threading.Thread(target=hold))
        holders[-1].start()
        taken.wait()

    yield lock
    for holder in holders:
        holder.join()


@pytest.mark.slow
def test_a_database_that_is_locked_for_two_seconds_is_waited_for(here: Runtime, cluster: Cluster, locked: Callable[[float], None]) -> None:
    locked(2)
    service.act(cluster, AddNode("node-b"), "mine")
    assert cluster.actions.filter(op="mine").exists()


@pytest.mark.slow
def test_one_that_is_locked_for_longer_is_an_honest_no(here: Runtime, cluster: Cluster, locked: Callable[[float], None]) -> None:
    connection.cursor().execute("PRAGMA busy_timeout = 100")
    before = hash_here(cluster)
    locked(1)
    with pytest.raises(Unavailable) as refused:
        service.act(cluster, AddNode("node-b"), "mine")
    assert (refused.value.code, refused.value.wait) == (503, 1)
    assert hash_here(cluster) == before
    connection.cursor().execute("PRAGMA busy_timeout = 5000")
    service.act(cluster, AddNode("node-b"), "mine")
    assert cluster.actions.filter(op="mine").count() == 1
