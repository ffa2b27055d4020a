"""What do containers do by themselves?  Their commands run: requests are sent, names are waited for, and what is said stands in the logs."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings, Limits
from playground.terminal.commands import SOFTWARE
from playground.terminal.programs import faults
from playground.terminal.programs.call import Call
from playground.terminal.programs.files import FileError
from playground.terminal.sessions.table import PROGRAMS
from tests.laws.histories import schema
from tests.terminal.commands.cluster import NGINX, container, create, logs, outcomes, run, serve, state

# kubernetes.io, "Init Containers in use", with the name's Namespace written out by the shell.
WAITS = "until nslookup web.$(cat /var/run/secrets/kubernetes.io/serviceaccount/namespace).svc.cluster.local; do echo waiting for web; sleep 2; done"


def test_an_init_container_waits_for_a_name_until_its_service_is_made(kube: Cluster) -> None:
    """Else a learner would see the documentation's own init container pass without the Service that it waits for."""
    create(kube, "app", NGINX, initContainers=[container(WAITS, "wait")])
    run(kube, 60)
    assert state(kube, "app").state == "running"
    assert state(kube, "app", 1).reason == "PodInitializing"
    assert "waiting for web" in logs(kube, "app")
    serve(kube)
    run(kube, 40)  # CoreDNS may remember for 30 s that there was none
    assert state(kube, "app").ended.exit_code == 0
    assert state(kube, "app", 1).state == "running"


def test_an_init_container_whose_name_is_not_found_fails(kube: Cluster) -> None:
    """Else a learner would think that a failed look-up lets a Pod start."""
    create(kube, "app", NGINX, initContainers=[{"name": "look", "image": "busybox:1.36", "command": ["nslookup", "nothere"]}])
    run(kube, 5)
    assert (state(kube, "app").last or state(kube, "app").ended).exit_code == 1
    assert state(kube, "app", 1).state == "waiting"


def test_a_loop_sends_request_after_request_and_prints_what_comes(kube: Cluster) -> None:
    serve(kube)
    create(kube, "client", container("while true; do wget -qO- http://web; sleep 1; done"))
    run(kube, 20)
    assert outcomes(kube, "client")[-10:] == ["ok"] * 10
    assert logs(kube, "client")[-1] == "web-0 (nginx)"


def test_requests_fail_where_nobody_answers_and_the_container_restarts_where_its_command_gives_up(kube: Cluster) -> None:
    create(kube, "client", container("wget -T1 -qO- http://nothere || exit 3; sleep 9999"))
    run(kube, 60)
    assert set(outcomes(kube, "client")) == {"nxdomain"}
    assert (state(kube, "client").reason, state(kube, "client").last.exit_code) == ("CrashLoopBackOff", 3)


def test_what_a_command_says_stands_in_the_logs_of_its_start(kube: Cluster) -> None:
    create(kube, "job", container("echo hi $WHO; exit 4", env=[{"name": "WHO", "value": "there"}]), restartPolicy="Never")
    run(kube, 10)
    assert (logs(kube, "job"), state(kube, "job").ended.exit_code) == (["hi there"], 4)


def test_variables_are_remembered_from_one_step_to_the_next(kube: Cluster) -> None:
    create(kube, "count", container("i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; sleep 1; done; echo over"), restartPolicy="Never")
    run(kube, 10)
    assert logs(kube, "count") == ["1", "2", "3", "over"]


def test_kubernetes_reads_its_own_references_before_any_shell_runs(kube: Cluster) -> None:
    env = [{"name": "GREETING", "value": "hello"}]
    create(kube, "direct", {"name": "main", "image": "busybox", "command": ["echo", "$(GREETING)", "$(NONE)"], "env": env})
    create(kube, "shell", container("echo $(GREETING)", env=env))
    run(kube, 4)
    assert (logs(kube, "direct")[0], logs(kube, "shell")[0]) == ("hello $(NONE)", "hello")


def test_a_program_that_the_image_does_not_have_is_not_found(kube: Cluster) -> None:
    create(kube, "client", container("curl -s web; echo $?"))
    run(kube, 4)
    assert logs(kube, "client")[:2] == ["sh: curl: not found", "127"]


def test_it_stands_still_while_its_process_hangs(kube: Cluster) -> None:
    serve(kube)
    create(kube, "client", container("while true; do wget -qO- http://web; sleep 1; done"))
    run(kube, 10)
    kube.submit(actions.Hang("client", "default"))
    before = len(outcomes(kube, "client"))
    run(kube, 10)
    assert len(outcomes(kube, "client")) == before
    kube.submit(actions.Wake("client", "default"))
    run(kube, 10)
    assert len(outcomes(kube, "client")) > before


def test_it_ends_with_its_container(kube: Cluster) -> None:
    serve(kube)
    create(kube, "client", container("while true; do wget -qO- http://web; sleep 1; done"), terminationGracePeriodSeconds=1)
    run(kube, 10)
    kube.submit(actions.Delete("Pod", "client", "default"))
    run(kube, 5)
    before = kube.network.last
    run(kube, 10)
    assert kube.network.last == before


def test_what_takes_input_is_begun_by_who_attaches_and_a_server_serves(kube: Cluster) -> None:
    create(kube, "asked", container("wget -qO- http://web", stdin=True))
    create(kube, "served", container("echo begun; nc -lk -p 80 -e echo hi", ports=[{"containerPort": 80}]))
    run(kube, 10)
    assert [kube.kubelet.runs(kube.store.get("Pod", "default", name), 0) for name in ("asked", "served")] == [False, False]


def test_all_commands_together_take_no_more_turns_in_a_second_than_the_limit_says() -> None:
    kube = Cluster.create(ClusterSettings(limits=Limits(commands_per_second=5)), schema(), SOFTWARE)
    kube.submit(actions.AddNode("node-a"))
    for number in range(4):
        create(kube, f"client-{number}", container("while true; do wget -q -T1 10.244.9.9; done"))
    create(kube, "still", container("while true; do nc -z 127.0.0.1 1; done"))
    run(kube, 30)
    before = kube.network.last
    run(kube, 10)
    assert 25 <= kube.network.last - before <= 55


def test_from_a_snapshot_it_goes_on_where_it_was(kube: Cluster) -> None:
    serve(kube)
    create(kube, "client", container("n=0; while true; do n=$((n+1)); echo $n; wget -qO- http://web; sleep 1.3; done"))
    run(kube, 7)
    twin = kube.fork()
    run(kube, 30)
    run(twin, 30)
    assert kube.snapshot() == twin.snapshot()
    assert logs(kube, "client")[-2:] == logs(twin, "client")[-2:]


def test_a_connection_that_nobody_answers_is_tried_again_as_the_kernel_does(kube: Cluster) -> None:
    create(kube, "client", container("wget -qO- http://10.244.200.200; echo $?", name="main"), restartPolicy="Never")
    run(kube, 150)
    begun = state(kube, "client").ended.started
    tries = [round((each.time - begun) / SECOND) for each in reversed(kube.network.recent(100)) if each.sender == "default/client"]
    assert tries == [0, 1, 3, 7, 15, 31, 63, 127]
    assert round((state(kube, "client").ended.finished - begun) / SECOND) == 134
    assert logs(kube, "client") == ["wget: can't connect to remote host (10.244.200.200): Connection timed out", "1"]


def test_rules_that_come_late_are_met_by_a_later_try(kube: Cluster) -> None:
    create(kube, "web-0", NGINX, labels={"app": "web"})
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
    }
    run(kube, 5)
    kube.submit(actions.Apply([service]))
    create(kube, "client", container("wget -qO- http://web", name="main"), restartPolicy="Never")
    run(kube, 10)
    assert outcomes(kube, "client") == ["timeout", "ok"]
    assert state(kube, "client").ended.exit_code == 0


def test_a_shell_stands_where_it_went_and_knows_what_it_exported_and_set(kube: Cluster) -> None:
    """Else a script of several lines would do here what it does nowhere."""
    create(kube, "p", container("cd /tmp; export WHO=me; echo $(pwd) >here; cat here; printenv WHO; set -x; echo a"), restartPolicy="Never")
    run(kube, 4)
    assert logs(kube, "p") == ["/tmp", "me", "+ echo a", "a"]


@pytest.mark.parametrize(
    ("script", "printed", "code"),
    [
        ("set -e; false; echo never", [], 1),
        ("set -eu; if false; then :; fi; false || echo on; ! true; echo $NONE; echo never", ["on"], 2),
        ("set -e; cat /nope | cat; echo $((6*7))", ["cat: can't open '/nope': No such file or directory", "42"], 0),
        ("read line; echo $?", ["1"], 0),
        ("set -euo pipefail; echo a; false | true; echo never", ["a"], 1),
        ("exec echo a; echo never", ["a"], 0),
    ],
)
def test_a_shell_ends_where_its_options_say(kube: Cluster, script: str, printed: list[str], code: int) -> None:
    create(kube, "p", container(script), restartPolicy="Never")
    run(kube, 4)
    assert ([line for line in logs(kube, "p") if "NONE" not in line], state(kube, "p").ended.exit_code) == (printed, code)


def test_options_may_stand_before_the_script(kube: Cluster) -> None:
    create(kube, "p", {"name": "main", "image": "busybox", "command": ["sh", "-ex", "-c", "echo a; false; echo b"]}, restartPolicy="Never")
    run(kube, 4)
    assert logs(kube, "p") == ["+ echo a", "a", "+ false"]


def test_a_loop_goes_through_the_words_that_there_are_when_it_begins(kube: Cluster) -> None:
    script = "for a in $(seq 2); do for b in x y z; do [ $b = z ] && break; echo $a$b; sleep 1; done; done"
    create(kube, "p", container(script), restartPolicy="Never")
    run(kube, 2.5)
    assert logs(kube, "p") == ["1x", "1y"]
    run(kube, 4)
    assert logs(kube, "p") == ["1x", "1y", "2x", "2y"]


def test_a_loop_may_write_all_that_it_says_into_a_file(kube: Cluster) -> None:
    create(kube, "p", container("for i in 1 2 3; do echo $i; sleep 1; done > /tmp/x 2>&1; cat /tmp/x"), restartPolicy="Never")
    run(kube, 6)
    assert logs(kube, "p") == ["1", "2", "3"]


def test_a_trap_runs_when_the_program_in_the_foreground_has_ended(kube: Cluster) -> None:
    """Else a learner would see a container that cleans up be killed after its grace period."""
    script = "trap 'echo bye; exit 7' TERM; while true; do sleep 3; done"
    create(kube, "p", container(script), terminationGracePeriodSeconds=30)
    run(kube, 5)
    kube.submit(actions.Delete("Pod", "p", "default"))
    run(kube, 4)
    assert kube.store.get("Pod", "default", "p") is None


def test_a_trap_that_does_not_end_the_shell_lets_it_go_on(kube: Cluster) -> None:
    create(kube, "p", container("trap 'echo heard' TERM; while true; do sleep 1; done"), terminationGracePeriodSeconds=5)
    run(kube, 3)
    kube.submit(actions.Delete("Pod", "p", "default"))
    run(kube, 4)
    assert (logs(kube, "p"), state(kube, "p").state) == (["heard"], "running")


def test_without_a_trap_the_first_process_does_not_hear_sigterm(kube: Cluster) -> None:
    """Else a learner would think that any shell ends when its Pod is deleted."""
    create(kube, "p", container("while true; do date; sleep 1; done"), terminationGracePeriodSeconds=10)
    run(kube, 3)
    kube.submit(actions.Delete("Pod", "p", "default"))
    run(kube, 9)
    assert state(kube, "p").state == "running"
    run(kube, 3)
    assert kube.store.get("Pod", "default", "p") is None


def test_a_command_lists_a_directory_itself(kube: Cluster) -> None:
    """Else a learner would think that a container that looks at a directory's mode stops the whole cluster."""
    create(kube, "p", container("ls -ld /tmp; sleep 100"))
    run(kube, 5)
    assert (logs(kube, "p"), state(kube, "p").state) == (["drwxrwxrwt /tmp"], "running")


@pytest.mark.parametrize("raised", [FileError("Is a directory"), ZeroDivisionError("division by zero")])
def test_a_program_that_breaks_off_ends_alone(kube: Cluster, monkeypatch: pytest.MonkeyPatch, raised: Exception) -> None:
    """Else a learner would think that one program can stop everybody's time."""

    def breaks(call: Call) -> Any:
        raise raised
        yield

    monkeypatch.setattr(faults, "UNFORESEEN", Exception)
    monkeypatch.setitem(PROGRAMS, "uname", breaks)
    create(kube, "p", container("uname", readinessProbe={"exec": {"command": ["uname"]}}), restartPolicy="Never")
    create(kube, "q", container("sleep 100", readinessProbe={"exec": {"command": ["uname"]}, "failureThreshold": 1}))
    run(kube, 15)
    assert state(kube, "p").ended.exit_code == 1
    assert str(raised) in logs(kube, "p")[0]
    assert not state(kube, "q").ready


def test_a_sidecar_goes_on_beside_the_ended_containers_of_a_failed_pod(kube: Cluster) -> None:
    """Else a learner would think that a sidecar's end is a broken cluster: it goes on until its SIGTERM has been heard."""
    sidecar = container("while true; do echo a; sleep 1; done", "s", restartPolicy="Always")
    create(kube, "p", container("sleep 3; exit 1"), initContainers=[sidecar], restartPolicy="Never", activeDeadlineSeconds=60)
    run(kube, 20)
    before = len(logs(kube, "p"))
    assert kube.store.get("Pod", "default", "p").state.phase == "Running"
    run(kube, 30)
    assert state(kube, "p").ended.exit_code == 137
    assert kube.store.get("Pod", "default", "p").state.phase == "Failed"
    assert 10 < before < len(logs(kube, "p"))


def test_a_sidecar_goes_on_in_a_pod_whose_init_container_has_failed(kube: Cluster) -> None:
    """Else a learner would think that nothing of a failed Pod is left to be stopped."""
    sidecar = container("trap 'echo bye; exit 0' TERM; while true; do echo a; sleep 1; done", "s", restartPolicy="Always")
    create(kube, "p", container("sleep 3"), initContainers=[sidecar, container("sleep 3; exit 1", "i")], restartPolicy="Never")
    run(kube, 40)
    assert kube.store.get("Pod", "default", "p").state.phase == "Failed"
    assert logs(kube, "p")[-1] == "bye"


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("if true; echo", ['sh: syntax error: unexpected end of file (expecting "then")']),
        ("echo a\necho b; done\necho c", ["a", 'sh: syntax error: unexpected "done"']),
        ("echo 'a", ["sh: syntax error: unterminated quoted string"]),
    ],
)
def test_a_script_that_no_shell_can_read_ends_with_2(kube: Cluster, script: str, printed: list[str]) -> None:
    """Else a learner who forgot a `then` would see a container that completes."""
    create(kube, "p", container(script), restartPolicy="Never")
    run(kube, 4)
    assert (logs(kube, "p"), state(kube, "p").ended.exit_code) == (printed, 2)


def test_a_script_that_another_shell_may_read_is_only_guessed_at(kube: Cluster) -> None:
    create(kube, "p", container("function f { echo a; }; f; sleep 100"))
    run(kube, 4)
    assert (logs(kube, "p"), state(kube, "p").state) == ([], "running")


def test_patterns_stand_for_files_that_were_written(kube: Cluster) -> None:
    """Else `rm -rf /data/*` would keep what it should remove."""
    volume = {"volumeMounts": [{"name": "data", "mountPath": "/data"}]}
    script = "cd /tmp; touch a b; echo *; touch /data/x /data/y; for i in /data/*; do echo $i; done; rm -rf /data/*; ls /data; rm *; ls *"
    create(kube, "p", container(script, **volume), restartPolicy="Never", volumes=[{"name": "data", "emptyDir": {}}])
    run(kube, 4)
    assert logs(kube, "p") == ["a b", "/data/x", "/data/y", "ls: *: No such file or directory"]


@pytest.mark.parametrize("script", ["echo /usr/lib/*; sleep 100", "for i in /etc/*; do echo $i; done; sleep 100"])
def test_patterns_where_an_image_has_files_are_not_claimed_to_stand_for_nothing(kube: Cluster, script: str) -> None:
    create(kube, "p", container(script))
    run(kube, 4)
    assert (logs(kube, "p"), state(kube, "p").state) == ([], "running")


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["sh", "-c", 'echo $0 $1 $#; shift; echo "$@"; nope', "me", "a", "$(WHO)", "c"], ["me a 3", "you c", "me: nope: not found"]),
        (["sh", "-c", "set -- a b; sleep 1; echo $2; for i; do echo $i; done"], ["b", "a", "b"]),
    ],
)
def test_a_shell_knows_its_arguments(kube: Cluster, words: list[str], printed: list[str]) -> None:
    """Else a script that is given its arguments would do here what it does nowhere."""
    main = {"name": "main", "image": "busybox", "command": words, "env": [{"name": "WHO", "value": "you"}]}
    create(kube, "p", main, restartPolicy="Never")
    run(kube, 5)
    assert logs(kube, "p") == printed
