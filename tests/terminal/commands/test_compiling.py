"""Which commands of containers are run, and which are only guessed at?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.kubelet.commands import Jump, Run
from playground.terminal.commands.compiling import Words, steps, unknown, unknown_in_probe


def spec(container: dict[str, Any], *volumes: dict[str, Any]) -> dict[str, Any]:
    return {"containers": [container], "volumes": list(volumes)}


def shell(script: str, **container: Any) -> tuple[Any, ...]:
    return steps(spec({"image": "busybox:1.36", "command": ["sh", "-c", script], **container}), 0)


def why(script: str, image: str = "alpine:3", **container: Any) -> str:
    return unknown(spec({"image": image, "command": ["sh", "-c", script], **container}), 0)


def shape(script: str) -> str:
    """R for a command line, J5 for a jump to step 5, with + or - where the last status has to be good or bad."""
    signs = {None: "", True: "+", False: "-"}
    return " ".join("R" if isinstance(step, Run) else f"J{step.to}{signs[step.when]}" for step in shell(script))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("nslookup web", "R"),
        ("nslookup web; sleep 5", "R R"),
        ("wget -qO- web | grep -q ok", "R"),
        ("wget -q web && echo up || echo down", "R J3- R J5+ R"),
        ("until nslookup web; do echo waiting; sleep 2; done", "R J5+ R R J0 R"),
        ("while ! nc -z web 80; do sleep 1; done", "R J4- R J0 R"),
        ("while true; do curl -s web && break; sleep 1; done", "R J7- R J5- J7 R J0 R"),
        ("while true; do curl -s web || continue; sleep 1; done", "R J7- R J5+ J0 R J0 R"),
        ("if nc -z web 80; then echo up; else echo down; fi", "R J4- R J5 R"),
        ("if nc -z web 80; then echo up; fi", "R J4- R J5 R"),
        ("for each in a b; do wget -q $each; done", "R R J5- R J1 R"),
        ("for each in $(seq 3); do curl web; done", "R R J5- R J1 R"),
        ("for a in 1 2; do for b in 3 4; do echo $a$b; done; done", "R R J9- R R J8- R J4 R J1 R".replace("J9-", "J10-")),
        ("{ curl web; }", "R"),
        ("(cd /tmp; touch x)", "R"),
        ("case x in x) curl web;; esac", "R"),
        ("touch /tmp/x; sleep 30; rm /tmp/x", "R R R"),
        ("while [ -f /tmp/x ]; do sleep 1; done", "R J4- R J0 R"),
        ("while true; do echo hello >> /tmp/x; sleep 5; done", "R J5- R R J0 R"),
        ("while true; do date; sleep 1; done > /tmp/x", "R R J6- R R J1 R"),
        ("cat /etc/hosts | while read line; do echo $line; done", "R"),
        ("set -e; cd /tmp; export A=b; read c; echo $((1+1)) > /dev/stderr", "R R R R R"),
        ("trap 'exit 0' TERM; while true; do sleep 1; done", "R R J5- R J1 R"),
        ("exec wget -qO- web", "R"),
        ("tail -n+1 -F /tmp/x", "R J0"),
        ("apk add curl", "R"),
    ],
)
def test_loops_and_conditions_become_jumps(script: str, expected: str) -> None:
    assert shape(script) == expected


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("until mysql -h db; do sleep 2; done", ""),
        ("apk add curl && curl web", "apk"),
        ("curl web &", "background jobs (&)"),
        ("while true; do curl web; done | tee log", "a loop that is part of a command line"),
        ("(curl web; while true; do curl web; done)", "a loop that is part of a command line"),
        ("curl web; $PROGRAM", "$PROGRAM"),
        ("eval $SCRIPT", "eval"),
        ("/scripts/run.sh", "/scripts/run.sh"),
        ("trap 'echo over' EXIT; echo a", "trap"),
        ("trap 'apk add curl' TERM; echo a", "apk"),
        ("exec apk add curl", "apk"),
        ("tail -f /var/log/messages | cat", "tail -f"),
        ("case $x in y) break;; esac", "break"),
        ("read -t 5 line", "read -t"),
        ("read -rp 'who? ' line", ""),
        ("function f { curl web; }", "its script"),
        ("curl web " * 1_000, "so long a script"),
    ],
)
def test_what_is_not_simulated_is_named(script: str, word: str) -> None:
    """Else a learner could not tell why a container does not do what its command says."""
    assert (why(script), bool(word)) == (word, steps(spec({"image": "alpine", "command": ["sh", "-c", script]}), 0) == ())


@pytest.mark.parametrize("script", ["sleep 3600", "while true; do sleep 1; done", "sleep 5; exit 3", "tail -f /dev/null"])
def test_what_only_waits_is_not_worth_a_run_and_nothing_in_it_is_unknown(script: str) -> None:
    assert (shell(script), why(script)) == ((), "")


@pytest.mark.parametrize("command", [["sleep", "infinity"], ["tail", "-f", "/dev/null"], ["sh"], ["/bin/sleep", "5"]])
def test_nor_is_a_program_that_only_waits(command: list[str]) -> None:
    container = spec({"image": "debian", "command": command})
    assert (steps(container, 0), unknown(container, 0)) == ((), "")


def test_what_a_volume_holds_is_not_known_but_for_an_empty_one() -> None:
    """Else a learner would read that a file of a ConfigMap is not there."""
    mounts = [{"name": "data", "mountPath": "/data"}]
    container = {"image": "busybox", "command": ["sh", "-c", "cat /data/x"], "volumeMounts": mounts}
    assert unknown(spec(container, {"name": "data", "configMap": {"name": "c"}}), 0) == "the volume at /data"
    assert unknown(spec(container, {"name": "data", "emptyDir": {}}), 0) == ""


@pytest.mark.parametrize(
    ("image", "command", "word"),
    [
        ("busybox", ["cat", "/tmp/healthy"], None),
        ("busybox", ["sh", "-c", "test -f /tmp/x && nc -z localhost 80"], None),
        ("nginx", ["pg_isready"], None),
        ("mine:1", ["/app/healthy"], "/app/healthy"),
        ("alpine", ["sh", "-c", "apk info"], "apk"),
        ("alpine", [], ""),
    ],
)
def test_which_exec_probes_can_be_run(image: str, command: list[str], word: str | None) -> None:
    assert unknown_in_probe(spec({"image": image}), 0, command) == word


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ({"image": "busybox", "command": ["nslookup", "web"]}, ("nslookup", "web")),
        ({"image": "busybox", "command": ["/bin/nslookup"], "args": ["web"]}, ("/bin/nslookup", "web")),
        ({"image": "busybox", "args": ["wget", "-q", "web"]}, ("wget", "-q", "web")),
        ({"image": "curlimages/curl:8.16.0", "args": ["-s", "web"]}, ("curl", "-s", "web")),
        ({"image": "nginx", "args": ["-g", "daemon off;"]}, None),
        ({"image": "curlimages/curl"}, None),
    ],
)
def test_a_program_without_a_shell(container: dict[str, Any], words: tuple[str, ...] | None) -> None:
    assert steps(spec(container), 0) == (() if words is None else (Run(Words(words)),))


@pytest.mark.parametrize(
    ("image", "script", "word"),
    [
        ("nginx", "echo hi > /usr/share/nginx/html/index.html; sleep 1", "/usr/share/nginx/html/index.html"),
        ("nginx", "cat /etc/nginx/nginx.conf", "/etc/nginx/nginx.conf"),
        ("debian", "cd /usr/lib; ls", "/usr/lib"),
        ("mine:1", "cat /app/config", "/app/config"),
        ("busybox", "cat /nothing; echo /etc/passwd; touch /var/log/x", ""),
        ("nginx", "touch /tmp/x /ready; cat < /etc/hosts", ""),
        ("mine:1", "touch /tmp/x; cat /tmp/x", ""),
    ],
)
def test_nothing_is_claimed_of_files_that_an_image_may_have(image: str, script: str, word: str) -> None:
    """Else a learner would read that a file is not there which every real nginx has."""
    assert why(script, image) == word


READS = ["cat", "/tmp/healthy"]


@pytest.mark.parametrize(
    ("container", "word"),
    [
        ({"image": "nginx"}, None),
        ({"image": "nginx", "command": ["nginx", "-g", "daemon off;"]}, None),
        ({"image": "busybox", "command": ["sleep", "3600"]}, None),
        ({"image": "mine:1", "command": ["sh", "-c", "touch /tmp/healthy; sleep 60"]}, None),
        ({"image": "mine:1"}, "cat"),
        ({"image": "mine:1", "command": ["/app/server"]}, "cat"),
        ({"image": "alpine", "command": ["sh", "-c", "apk add x; touch /tmp/healthy"]}, "cat"),
    ],
)
def test_a_probe_reads_files_only_where_all_that_writes_them_is_known(container: dict[str, Any], word: str | None) -> None:
    """Else a learner's own image, whose server makes the file, would be restarted again and again."""
    assert unknown_in_probe(spec(container), 0, READS) == word


def test_a_probe_that_reads_no_file_is_run_beside_anything() -> None:
    assert unknown_in_probe(spec({"image": "mine:1"}), 0, ["sh", "-c", "wget -q --spider localhost:8080 || exit 1"]) is None


def test_jumps_lead_to_steps_or_to_the_end() -> None:
    found = shell("until nslookup web; do while true; do echo a; break; done; sleep 1; done")
    assert all(0 <= step.to <= len(found) for step in found if isinstance(step, Jump))
