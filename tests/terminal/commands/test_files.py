"""What is written into a container, who sees it, and how long does it stay?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.sessions import start
from playground.terminal.sessions.direct import Finished
from playground.terminal.sessions.direct import run as drive
from tests.terminal.commands.cluster import container, create, logs, run, state

SCRATCH = {"volumes": [{"name": "scratch", "emptyDir": {}}]}


def execute(kube: Cluster, pod: str, script: str, name: str = "") -> Finished:
    return drive(start(kube, "default", pod, name, ["sh", "-c", script]), kube)


def mounting(script: str, name: str, path: str, **mount: Any) -> dict[str, Any]:
    return container(script, name, volumeMounts=[{"name": "scratch", "mountPath": path, **mount}])


def test_a_file_stays_from_one_command_line_to_the_next(kube: Cluster) -> None:
    """Else a learner would see a script lose what it has just written."""
    create(kube, "p", container("echo one > /tmp/x; sleep 2; echo two >> /tmp/x; cat /tmp/x"), restartPolicy="Never")
    run(kube, 6)
    assert logs(kube, "p") == ["one", "two"]


def test_who_comes_into_the_container_sees_what_its_command_wrote(kube: Cluster) -> None:
    """Else a learner could not look at the file that a container writes."""
    create(kube, "p", container("mkdir -p /var/log/app; while true; do echo hello >> /var/log/app/x; sleep 5; done"))
    run(kube, 13)
    assert execute(kube, "p", "wc -l < /var/log/app/x").out == "3\n"


def test_a_command_sees_what_somebody_wrote_into_its_container(kube: Cluster) -> None:
    """Else a container that waits for a file would wait for ever, whoever makes it."""
    create(kube, "p", container("until [ -f /tmp/go ]; do sleep 1; done; echo went"), restartPolicy="Never")
    run(kube, 5)
    assert state(kube, "p").state == "running"
    assert execute(kube, "p", "touch /tmp/go").code == 0
    run(kube, 3)
    assert logs(kube, "p") == ["went"]


def test_the_next_container_begins_with_the_images_files(kube: Cluster) -> None:
    """Else a learner would think that a restart keeps what a container has written."""
    create(kube, "p", container("[ -f /tmp/x ] && echo found; touch /tmp/x; sleep 5; exit 1"))
    run(kube, 12)
    assert state(kube, "p").restarts == 1
    assert logs(kube, "p") == []


def test_an_empty_dir_is_shared_by_the_containers_and_outlives_them(kube: Cluster) -> None:
    """Else the documentation's own Pod of two containers with one volume would not work."""
    writer = mounting("echo $(date +%s) >> /out/x; sleep 3; exit 1", "writer", "/out")
    reader = mounting("while true; do cat /in/x; sleep 20; done", "reader", "/in", readOnly=True)
    create(kube, "p", writer, reader, **SCRATCH)
    run(kube, 10)
    assert execute(kube, "p", "wc -l < /in/x", "reader").out == "2\n"
    refused = execute(kube, "p", "touch /in/y", "reader")
    assert refused.err == "touch: /in/y: Read-only file system\n"


def test_a_container_prints_what_another_appends_to_a_file(kube: Cluster) -> None:
    """Else the documentation's own sidecar, which streams a log file, would print nothing."""
    counter = mounting("i=0; while true; do echo $i >> /var/log/1.log; i=$((i+1)); sleep 1; done", "count", "/var/log")
    sidecar = mounting("tail -n+1 -F /var/log/1.log", "count-log-1", "/var/log")
    create(kube, "p", counter, sidecar, **SCRATCH)
    run(kube, 6)
    first = logs(kube, "p", 1)
    assert first[:4] == ["0", "1", "2", "3"]
    kube = kube.fork()
    run(kube, 3)
    assert logs(kube, "p", 1)[: len(first) + 3] == [str(number) for number in range(len(first) + 3)]


def test_whoever_follows_a_file_sees_what_is_appended_until_they_stop(kube: Cluster) -> None:
    create(kube, "p", container("while true; do echo hello >> /tmp/x; sleep 1; done"))
    run(kube, 4)
    session = start(kube, "default", "p", "", ["tail", "-f", "-n", "1", "/tmp/x"])
    finished = drive(session, kube, longest=3 * 1_000_000)
    assert (finished.code, finished.out) == (None, "hello\n" * 4)


def test_a_read_only_container_writes_only_into_its_volumes(kube: Cluster) -> None:
    """Else a learner would think that readOnlyRootFilesystem does nothing."""
    main = mounting("sleep 3600", "main", "/out")
    create(kube, "p", {**main, "securityContext": {"readOnlyRootFilesystem": True}}, **SCRATCH)
    run(kube, 3)
    said = execute(kube, "p", "touch /tmp/x; touch /out/x; ls /out")
    assert (said.out, said.err) == ("x\n", "touch: /tmp/x: Read-only file system\n")


def test_whoever_is_not_root_writes_where_everybody_may(kube: Cluster) -> None:
    create(kube, "p", container("sleep 3600", securityContext={"runAsUser": 1000}))
    run(kube, 3)
    said = execute(kube, "p", "touch /tmp/x; touch /etc/x")
    assert said.err == "touch: /etc/x: Permission denied\n"


def test_what_runs_begins_in_the_working_directory(kube: Cluster) -> None:
    create(kube, "p", container("pwd; echo a > here; sleep 3600", workingDir="/srv/app"))
    run(kube, 3)
    assert (logs(kube, "p"), execute(kube, "p", "cat /srv/app/here; pwd").out) == (["/srv/app"], "a\n/srv/app\n")


def test_what_is_written_is_an_action_and_none_where_nothing_is_written(kube: Cluster) -> None:
    """Else an undo could not take a file away again."""
    create(kube, "p", container("sleep 3600"))
    run(kube, 3)
    taken: list[actions.Action] = []
    submit = kube.submit
    kube.submit = lambda action: (taken.append(action), submit(action))[1]  # type: ignore[method-assign]
    execute(kube, "p", "cat /etc/hosts; echo a > /tmp/x; echo b >> /tmp/x; rm /tmp/x; mkdir /tmp/d")
    assert taken == [actions.WriteFiles("p", "default", "main", ("/tmp/x",), {"/tmp/d": None})]


def test_the_same_actions_leave_the_same_files_also_from_a_snapshot(kube: Cluster) -> None:
    create(kube, "p", container("while true; do echo hello >> /tmp/x; sleep 1; done"))
    run(kube, 5)
    twin = kube.fork()
    for each in (kube, twin):
        each.submit(actions.WriteFiles("p", written={"/tmp/y": "mine\n"}))
        run(each, 5)
    assert kube.snapshot() == twin.snapshot()
    assert execute(twin, "p", "cat /tmp/y").out == "mine\n"


def test_the_files_go_with_the_pod(kube: Cluster) -> None:
    create(kube, "p", container("touch /tmp/x; sleep 3600"), terminationGracePeriodSeconds=0)
    run(kube, 3)
    assert "/tmp/x" in kube.snapshot().decode()
    kube.submit(actions.Delete("Pod", "p", "default", 0))
    run(kube, 3)
    assert kube.kubelet._lifecycle.files.state() == {}


def test_a_file_that_grows_too_long_loses_its_beginning(kube: Cluster) -> None:
    create(kube, "p", container("i=0; while true; do i=$((i+1)); echo line $i of a long file >> /tmp/x; sleep 0.2; done"))
    run(kube, 60)
    kept = kube.kubelet.files(kube.store.get("Pod", "default", "p"), 0)["/tmp/x"]
    assert kept is not None
    assert 3_900 < len(kept) <= kube.settings.limits.file
    assert kept.startswith("line ")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"/tmp/x": "a" * 4_001}, '/tmp/x would have 4001 characters: limit "file" allows 4000'),
        ({f"/tmp/{number}": "" for number in range(21)}, '21 files in one container: limit "files" allows 20'),
        ({"tmp/x": ""}, "files: tmp/x: expected absolute paths of files"),
    ],
)
def test_what_is_too_much_is_refused_and_nothing_changes(kube: Cluster, written: dict[str, str | None], said: str) -> None:
    create(kube, "p", container("sleep 3600"))
    run(kube, 3)
    before = kube.snapshot()
    with pytest.raises(Refusal) as refused:
        kube.submit(actions.WriteFiles("p", written=written))
    assert refused.value.message == said
    assert kube.snapshot() == before


def test_nothing_is_written_into_a_container_that_does_not_run(kube: Cluster) -> None:
    create(kube, "p", container("exit 0"), restartPolicy="Never")
    run(kube, 3)
    with pytest.raises(Refusal, match='container "main" in pod "p" is not running'):
        kube.submit(actions.WriteFiles("p", written={"/tmp/x": ""}))
