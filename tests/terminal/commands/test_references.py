"""Which `$(NAME)` in a container's command does the kubelet put in, and what becomes of the others?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.cluster import Cluster
from tests.terminal.commands.cluster import container, create, logs, run, serve
from tests.terminal.commands.test_files import execute
from tests.terminal.commands.test_probes import probe, ready

GREETING = [{"name": "GREETING", "value": "hello"}]
OF_A_FIELD = [{"name": "WHERE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}]


def printed(kube: Cluster, script: str, **more: Any) -> list[str]:
    create(kube, "p", container(script, **more), restartPolicy="Never")
    run(kube, 4)
    return logs(kube, "p")


def test_what_the_runtime_and_the_image_set_is_not_put_in(kube: Cluster) -> None:
    """Else a learner would think that $(HOSTNAME) works in a command, which it does nowhere."""
    command = ["echo", "$(HOSTNAME) $(PATH) $(HOME) $(KUBERNETES_SERVICE_PORT) $(NONE) $$(A)"]
    create(kube, "p", {"name": "main", "image": "busybox", "command": command}, restartPolicy="Never")
    run(kube, 4)
    assert logs(kube, "p") == ["$(HOSTNAME) $(PATH) $(HOME) 443 $(NONE) $(A)"]


def test_the_shell_takes_what_is_left_for_a_command(kube: Cluster) -> None:
    assert printed(kube, "echo [$(HOSTNAME)]") == ["sh: HOSTNAME: not found", "[]"]


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        ("echo '$(GREETING)' \"$(GREETING)\" $(GREETING)s", ["hello hello hellos"]),
        ("GREETING=bye; echo $(GREETING) $GREETING", ["hello bye"]),
        ("echo $$(GREETING)", ["sh: GREETING: not found", ""]),
        ("echo $$", ["$"]),
        ("echo '$$' '$$$$'", ["$ $$"]),
        ("echo $(echo $(GREETING))", ["sh: GREETING: not found", ""]),
    ],
)
def test_it_is_text_before_any_shell_reads_it(kube: Cluster, script: str, lines: list[str]) -> None:
    """Else quotes would keep the kubelet from putting a variable in, and $$ would be a process."""
    assert printed(kube, script, env=GREETING) == lines


def test_the_list_of_processes_shows_what_was_put_in(kube: Cluster) -> None:
    create(
        kube, "p", {"name": "main", "image": "busybox", "command": ["sleep", "$(HOW_LONG)"], "env": [{"name": "HOW_LONG", "value": "1d"}]}
    )
    run(kube, 4)
    assert "1 root      0:00 sleep 1d\n" in execute(kube, "p", "ps").out


def test_a_variable_may_hold_the_script_itself(kube: Cluster) -> None:
    env = [{"name": "WORD", "value": "a"}, {"name": "SCRIPT", "value": "echo $(WORD); echo 'b  c'"}]
    assert printed(kube, "$(SCRIPT)", env=env) == ["a", "b  c"]


def test_a_later_variable_is_not_known_to_an_earlier_one(kube: Cluster) -> None:
    env = [{"name": "FIRST", "value": "$(SECOND)"}, {"name": "SECOND", "value": "2"}]
    create(kube, "p", {"name": "main", "image": "busybox", "command": ["echo", "$(FIRST)"], "env": env}, restartPolicy="Never")
    run(kube, 4)
    assert logs(kube, "p") == ["$(SECOND)"]


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        ("echo $(WHERE) \"$(WHERE)\" '$(WHERE)'", ["node-a node-a node-a"]),
        ("echo $(WEB_SERVICE_PORT) ${WEB_SERVICE_PORT}", ["80 80"]),
        ("echo $(LATE_SERVICE_PORT) '$(LATE_SERVICE_PORT)'", ["sh: LATE_SERVICE_PORT: not found", "$(LATE_SERVICE_PORT)"]),
        ("for i in $(WHERE); do echo $i; done; cat <<'END'\n$(WHERE)\nEND", ["node-a", "node-a"]),
    ],
)
def test_what_only_the_run_knows_is_put_in_as_well(kube: Cluster, script: str, lines: list[str]) -> None:
    serve(kube)
    assert printed(kube, script, env=OF_A_FIELD) == lines


def test_all_of_a_configmap_may_be_put_in(kube: Cluster) -> None:
    kube.submit(actions.Apply([{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"level": "very"}}]))
    source = [{"configMapRef": {"name": "c"}}]
    assert printed(kube, "echo $(level) $(other)", envFrom=source) == ["sh: other: not found", "very"]


def test_a_probe_knows_only_what_is_written_out(kube: Cluster) -> None:
    """The kubelet's prober has no other variables, and takes a valueFrom for an empty text."""
    env = [*GREETING, *OF_A_FIELD, {"name": "AGAIN", "value": "$(GREETING)"}]
    for name, words in {
        "written": ("test", "$(GREETING)", "=", "hello"),
        "field": ("test", "", "=", "$(WHERE)"),
        "other": ("test", "$$(GREETING)", "=", "$(AGAIN)"),
        "service": ("test", "$$(KUBERNETES_SERVICE_PORT)", "=", "$(KUBERNETES_SERVICE_PORT)"),
        "script": ("sh", "-c", "test '$(GREETING)' = hello"),
        "wrong": ("sh", "-c", "test -n '$(WHERE)'"),
    }.items():
        create(kube, name, container("sleep 3600", env=env, readinessProbe=probe(*words)))
    run(kube, 12)
    names = ["written", "field", "other", "service", "script", "wrong"]
    assert [ready(kube, name) for name in names] == [True, True, True, True, True, False]
