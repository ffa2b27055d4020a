"""What a file of variables says of a key (pkg/kubelet/util/env/env_util.go, ParseEnv), and what a container gets of it."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.kubelet.envfiles import Unparsed, value_of
from playground.kube.kubelet.files import Changes
from tests.kube.world import World, pod_spec

READ = {
    "a value in quotes": ("A='x y'\n", "x y"),
    "one of several": ("B='1'\n  A='2' # the one\n", "2"),
    "blank lines and comments": ("\n  # A='no'\nA='yes'", "yes"),
    "several lines": ("A='one\ntwo'\n", "one\ntwo"),
    "nothing behind it is read": ("A='x'\nnonsense\n", "x"),
    "another key": ("B='1'\n", ""),
    "a blank before the quote": ("A= 'x'\n", ""),
    "what stands in quotes is taken as it is": ("A='$B \"#=\\n'\n", '$B "#=\\n'),
}
WRONG = {
    "no quotes": ("A=x\n", "at line 1: value must be enclosed in single quotes"),
    "double quotes": ('A="x"\n', "at line 1: value must be enclosed in single quotes"),
    "no sign": ("B='1'\nA\n", "at line 2: missing '='"),
    "a blank before the sign": ("A ='x'\n", "at line 1: whitespace before '=' is not allowed"),
    "no name": ("='x'\n", "at line 1: empty variable name"),
    "more behind the quote": ("A='x'y\n", "at line 1: unexpected content after closing quote"),
    "no closing quote": ("A='x\ny\n", "starting at line 1: unclosed single quote"),
}


@pytest.mark.parametrize(("text", "value"), READ.values(), ids=READ)
def test_a_file_says(text: str, value: str) -> None:
    assert value_of(text, "A") == value


@pytest.mark.parametrize(("text", "why"), WRONG.values(), ids=WRONG)
def test_a_file_is_wrong(text: str, why: str) -> None:
    with pytest.raises(Unparsed, match=f"^invalid environment variable format {why}$"):
        value_of(text, "A")


def started(written: str, **reference: Any) -> World:
    """A Pod whose init container has left a file behind, and whose container takes a variable from it."""
    world = World()
    source = {"fileKeyRef": {"volumeName": "v", "path": "env", "key": "A", **reference}}
    init = {"name": "i", "image": "busybox", "command": ["sleep", "5"], "volumeMounts": [{"name": "v", "mountPath": "/data"}]}
    world.pod(
        "p",
        pod_spec(
            initContainers=[init],
            env=[{"name": "A", "value": "before"}, {"name": "A", "valueFrom": source}],
            volumes=[{"name": "v", "emptyDir": {}}],
        ),
    )
    world.run(3)
    if written:
        world.kubelet.write(world.get("Pod", "p"), "i", Changes(written={"/data/env": written}))
    world.run(10)
    return world


def test_a_container_has_a_variable_from_a_file_in_an_empty_dir_that_it_does_not_mount() -> None:
    world = started("A='x'\n")
    assert dict(world.kubelet.environment(world.get("Pod", "p"), ""))["A"] == "x"


def test_an_optional_key_that_is_missing_sets_nothing() -> None:
    world = started("B='x'\n", optional=True)
    assert dict(world.kubelet.environment(world.get("Pod", "p"), ""))["A"] == "before"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "couldn't parse env file"),
        ("A=x\n", "couldn't parse env file"),
        ("B='x'\n", 'environment variable key "A" not found in file "/var/lib/kubelet/pods/{}/volumes/kubernetes.io~empty-dir/v/env"'),
    ],
    ids=["no file", "a wrong file", "no such key"],
)
def test_without_its_value_a_container_is_not_created(written: str, said: str) -> None:
    world = started(written)
    pod = world.get("Pod", "p")
    (state,) = pod.state.containers
    assert (state.state, state.reason, state.message) == ("waiting", "CreateContainerConfigError", said.format(pod.uid))
