"""What does kubectl read and say on the workstation, beside what the table compares?  Files, help, differences."""

from __future__ import annotations

import shlex

import pytest

from playground.terminal.kubectl.commands import COMMANDS, named
from playground.terminal.kubectl.flags import GLOBAL, read, table
from playground.terminal.kubectl.helping import EXAMPLES
from tests.terminal.world import World, shared

SERVICE = "apiVersion: v1\\nkind: Service\\nmetadata: {name: new}\\nspec:\\n  selector: {app: $APP}\\n  ports: [{port: 80, targetPort: 8080}]\\n".replace(
    "\\n", "\n"
)


def test_a_file_made_by_a_here_document_is_applied(world: World) -> None:
    done = world.run_on_workstation(
        f"APP=web; cat > svc.yaml <<EOF\n{SERVICE}EOF\nkubectl apply -f svc.yaml; kubectl get svc new -o jsonpath={{.spec.selector}}"
    )
    assert (done.err, done.out) == ("", 'service/new created\n{"app":"web"}')


def test_a_here_document_is_standard_input_too(world: World) -> None:
    done = world.run_on_workstation(f"kubectl apply -f - <<'EOF' && echo done\n{SERVICE.replace('$APP', 'web')}EOF\n")
    assert done.out == "service/new created\ndone\n"


def test_a_directory_names_its_manifests_in_order(world: World) -> None:
    made = (
        "mkdir d; printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n' a > d/2.yaml; printf 'kind: List\nitems: []\n' > d/1.txt"
    )
    done = world.run_on_workstation(
        f"{made}; kubectl create -f d; kubectl create cm files --from-file=d/2.yaml --from-file=other=d/1.txt; kubectl get -f d/2.yaml -o name"
    )
    assert done.out == "configmap/a created\nconfigmap/files created\nconfigmap/a\n"
    assert list(world.kube.server.encode(world.kube.store.get("ConfigMap", "default", "files"))["data"]) == ["2.yaml", "other"]


def test_a_file_that_is_not_there_is_told_by_its_name() -> None:
    assert shared().run_on_workstation("kubectl apply -f nope.yaml").err == 'error: the path "nope.yaml" does not exist\n'


def test_a_difference_is_shown_as_diff_shows_it_and_ends_with_1(world: World) -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: other}\n  ports: [{port: 80}]\n"
    done = world.run_on_workstation(f"kubectl diff -f - <<EOF\n{text}EOF\n")
    assert done.code == 1
    assert done.out.startswith("diff -u -N /tmp/LIVE/v1.Service.default.web /tmp/MERGED/v1.Service.default.web\n--- /tmp/LIVE/")
    assert "\n-    app: web\n+    app: other\n" in done.out


def test_what_does_not_differ_is_not_shown(world: World) -> None:
    text = SERVICE.replace("$APP", "web")
    done = world.run_on_workstation(f"cat > new.yaml <<EOF\n{text}EOF\nkubectl apply -f new.yaml; kubectl diff -f new.yaml; echo $?")
    assert (done.out, done.err) == ("service/new created\n0\n", "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_that_says_its_use_and_its_flags(name: str) -> None:
    done = shared().run_on_workstation(f"kubectl {name} --help; kubectl help {name}")
    assert done.err == ""
    once = done.out[: len(done.out) // 2]
    assert done.out == once * 2
    assert f"Usage:\n  kubectl {name}" in once
    assert "-n, --namespace" not in once


def test_a_command_without_its_second_word_lists_those_that_there_are() -> None:
    done = shared().run_on_workstation("kubectl set; echo $?; kubectl create service -h; echo $?")
    assert "  selector        change a Service's selector\n" in done.err
    assert done.out.startswith("1\nkubectl create service in this terminal knows:\n")
    assert done.out.endswith("0\n")


def test_there_is_no_editor_where_no_page_is() -> None:
    assert "there is no editor here" in shared().run_on_workstation("kubectl edit svc web").err


def test_a_help_has_examples_and_says_what_flags_mean() -> None:
    help = shared().run_on_workstation("kubectl get -h").out
    assert "Examples:\n  kubectl get pods -o wide\n" in help
    assert ["-w,", "--watch", "go", "on", "with", "each", "change,", "until", "Ctrl-C"] in [line.split() for line in help.splitlines()]
    assert "Taken too: --chunk-size, " in help


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in EXAMPLES.items() for line in lines])
def test_each_example_of_a_help_is_one_of_its_command_with_flags_that_it_knows(name: str, line: str) -> None:
    found, rest = named(shlex.split(line))
    assert found == name
    read(name, rest, table(f"{GLOBAL} {COMMANDS[name].flags}"))
