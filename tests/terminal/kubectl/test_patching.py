"""What does `kubectl patch` send, and what does it keep to itself?"""

from __future__ import annotations

import pytest

from tests.terminal.world import World, shared

NODE_PORT = '{"spec":{"type":"NodePort"}}'


@pytest.mark.parametrize("dry", ["client", "server", "client --type=merge"])
def test_a_dry_run_of_a_patch_changes_nothing(world: World, dry: str) -> None:
    done = world.run_on_workstation(f"kubectl patch svc web -p '{NODE_PORT}' --dry-run={dry} -o jsonpath={{.spec.type}}")
    assert done.out == "NodePort"
    assert world.kube.store.get("Service", "default", "web").spec["type"] == "ClusterIP"


def test_a_dry_run_without_a_value_is_one_of_the_client_and_is_warned_of(world: World) -> None:
    done = world.run_on_workstation(f"kubectl patch svc web -p '{NODE_PORT}' --dry-run")
    assert done.out == "service/web patched\n"
    assert done.err.endswith("helpers.go:714] --dry-run is deprecated and can be replaced with --dry-run=client.\n")
    assert world.kube.store.get("Service", "default", "web").spec["type"] == "ClusterIP"


def test_a_local_patch_changes_a_file_alone(world: World) -> None:
    file = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}"
    done = world.run_on_workstation(f"kubectl patch --local -f - -p '{NODE_PORT}' -o jsonpath={{.spec.type}} <<END\n{file}\nEND\n")
    assert done.out == "NodePort"
    assert world.kube.store.get("Service", "default", "web").spec["type"] == "ClusterIP"


def test_a_patch_may_stand_in_a_file(world: World) -> None:
    done = world.run_on_workstation("echo 'spec: {type: NodePort}' > p.yaml; kubectl patch svc web --patch-file=p.yaml")
    assert done.out == "service/web patched\n"
    assert world.kube.store.get("Service", "default", "web").spec["type"] == "NodePort"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('-p \'{"spec":{"foo":"y"}}\'', 'Warning: unknown field "spec.foo"\n'),
        ("-p '{spec: {}}'", "Error from server (BadRequest): invalid character 's' looking for beginning of object key string\n"),
        (
            '-p \'{"metadata":{"name":"t"}}\'',
            "Error from server (BadRequest): the name of the object (t) does not match the name on the URL (web)\n",
        ),
        (
            '-p \'{"metadata":{"namespace":"t"}}\'',
            "Error from server (BadRequest): the namespace of the provided object does not match the namespace sent on the request\n",
        ),
        (
            '--type=json -p \'[{"op":"remove","path":"/spec/nope"}]\'',
            "The request is invalid: the server rejected our request due to an error in our request\n",
        ),
        (
            "--type=json -p '{}'",
            "Error from server (BadRequest): error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp\n",
        ),
    ],
)
def test_what_is_wrong_with_a_patch_is_said_in_the_servers_words(words: str, said: str) -> None:
    assert shared().run_on_workstation(f"kubectl patch svc web {words}").err == said
