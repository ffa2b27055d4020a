"""What does kubectl say of words that somebody has mistyped, as the real one does?"""

from __future__ import annotations

import pytest

from tests.terminal.world import World

NAME = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  "
    "or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
HELP = "\nSee 'kubectl taint -h' for help and examples"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("taint node node-a k=v", f"invalid taint spec: k=v, {NAME}{HELP}"),
        ("taint node node-a k=v:Foo", f"invalid taint effect: Foo, unsupported taint effect{HELP}"),
        ("taint node node-a k=v=w:NoSchedule", f"invalid taint spec: k=v=w:NoSchedule{HELP}"),
        ("taint node node-a a:b:NoSchedule", f"invalid taint spec: a:b:NoSchedule{HELP}"),
        (
            "taint node node-a k=v:NoSchedule k=w:NoSchedule",
            f"duplicated taints with the same key and effect: {{k w NoSchedule <nil>}}{HELP}",
        ),
        ("expose deploy bare", "couldn't find port via --port flag or introspection"),
        ("run p2 --image=a --env=A=b --env=C", "invalid env: C"),
        ("wait pod/client --for=condition=Nothing --timeout=0", "condition not met for pods/client"),
    ],
)
def test_it_is_refused_in_kubectls_words(world: World, line: str, said: str) -> None:
    world.run_on_workstation("kubectl create deployment bare --image=nginx")
    ran = world.run_on_workstation(f"kubectl {line}")
    assert (ran.out, ran.err, ran.code) == ("", f"error: {said}\n", 1)


def test_labels_and_annotations_are_listed(world: World) -> None:
    world.run_on_workstation("kubectl label pod client one=1; kubectl annotate pod client note=me")
    listed = world.run_on_workstation("kubectl label pod client --list")
    assert "one=1" in listed.out.splitlines()
    assert "note=me" in world.run_on_workstation("kubectl annotate pod client --list").out.splitlines()
    several = world.run_on_workstation("kubectl label pods --all --list")
    assert "Listing labels for Pod./client:" in several.err.splitlines()
    assert " one=1" in several.out.splitlines()
