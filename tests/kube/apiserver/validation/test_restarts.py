"""What a container may say of its restarts (pkg/apis/core/validation/validation_test.go, TestValidateContainerRestartPolicy; a server of 1.36)."""

from __future__ import annotations

from typing import Any

import pytest

AT = "spec.containers[0]."
CODES = {"operator": "In", "values": [42]}


def never(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"restartPolicy": "Never", "restartPolicyRules": list(rules)}


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a policy": ({"restartPolicy": "OnFailure"}, []),
    "a rule": (never({"action": "Restart", "exitCodes": CODES}), []),
    "a rule for all containers": (never({"action": "RestartAllContainers", "exitCodes": {"operator": "NotIn", "values": [0]}}), []),
    "values that no exit code has, or none": (
        never(
            {"action": "Restart", "exitCodes": {"operator": "In", "values": [-1, 300, 300]}},
            {"action": "Restart", "exitCodes": {"operator": "In"}},
        ),
        [],
    ),
    "a policy that is none": (
        {"restartPolicy": "Sometimes"},
        [AT + 'restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"'],
    ),
    "rules without a policy": (
        {"restartPolicyRules": [{"action": "Restart", "exitCodes": CODES}]},
        [AT + "restartPolicy: Required value: must specify restartPolicy when restart rules are used"],
    ),
    "an action that is none": (
        never({"action": "Foo", "exitCodes": CODES}),
        [AT + 'restartPolicyRules[0].action: Unsupported value: "Foo": supported values: "Restart", "RestartAllContainers"'],
    ),
    "an operator that is none": (
        never({"action": "Restart", "exitCodes": {"operator": "Is", "values": [1]}}),
        [AT + 'restartPolicyRules[0].exitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"'],
    ),
    "no exit codes": (never({"action": "Restart"}), [AT + "restartPolicyRules[0].exitCodes: Required value: must be specified"]),
    "too many rules": (
        never(*[{"action": "Restart", "exitCodes": CODES}] * 21),
        [AT + "restartPolicyRules: Too many: 21: must have at most 20 items"],
    ),
    "too many values": (
        never({"action": "Restart", "exitCodes": {"operator": "In", "values": list(range(256))}}),
        [AT + "restartPolicyRules[0].exitCodes.values: Too many: 256: must have at most 255 items"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_api_server_says_of_it(world: Any, pod: Any, case: str) -> None:
    """Else a learner would apply a rule that no cluster takes, and wait for what it says."""
    container, said = CASES[case]
    assert world.causes(pod(container=container)) == said


def test_init_containers_have_them_too(world: Any, pod: Any) -> None:
    init = {"name": "first", "image": "busybox", "restartPolicyRules": [{"action": "Restart", "exitCodes": CODES}]}
    assert world.causes(pod(initContainers=[init])) == [
        "spec.initContainers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used"
    ]
