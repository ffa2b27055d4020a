"""Cases of pkg/apis/apps/validation/validation_test.go."""

from __future__ import annotations

from typing import Any

import pytest

MISMATCH = 'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'
DEPLOYMENTS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("right", {}, []),
    ("none replicas", {"replicas": 0}, []),
    ("fewer than no replicas", {"replicas": -1}, ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"]),
    ("without selector", {"selector": None}, ["spec.selector: Required value", MISMATCH]),
    ("with an empty selector", {"selector": {}}, ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"]),
    ("selector of other labels", {"selector": {"matchLabels": {"app": "x"}}}, [MISMATCH]),
    ("selector by expression", {"selector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web"]}]}}, []),
    ("expression without values", {"selector": {"matchExpressions": [{"key": "app", "operator": "In"}]}},
     ["spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"In"}]}: invalid label selector']),
    ("expression of no operator", {"selector": {"matchExpressions": [{"key": "app", "operator": "Is"}]}},
     ['spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Is"}]}: invalid label selector']),
    ("expression without key", {"selector": {"matchExpressions": [{"operator": "Exists"}]}},
     ['spec.selector.matchExpressions[0].key: Invalid value: "": name part must be non-empty',
      "spec.selector.matchExpressions[0].key: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and "
      "end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
      "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"","operator":"Exists"}]}: invalid label selector']),
    ("Recreate", {"strategy": {"type": "Recreate"}}, []),
    ("Recreate with bounds", {"strategy": {"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}},
     ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"]),
    ("unknown strategy", {"strategy": {"type": "Slow"}},
     ['spec.strategy.type: Unsupported value: "Slow": supported values: "Recreate", "RollingUpdate"']),
    ("surge that is no number", {"strategy": {"rollingUpdate": {"maxSurge": "20Percent"}}},
     ["spec.strategy.rollingUpdate.maxSurge: Invalid value: \"20Percent\": a valid percent string must be a numeric string followed by an ending '%' "
      "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"]),
    ("neither surge nor unavailable", {"strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}},
     ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0']),
    ("more than all unavailable", {"strategy": {"rollingUpdate": {"maxUnavailable": "110%"}}},
     ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "110%": must not be greater than 100%']),
    ("deadline before readiness", {"progressDeadlineSeconds": 5, "minReadySeconds": 5},
     ["spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds"]),
    ("template without labels", {"template": {"spec": {"containers": [{"name": "a", "image": "b"}]}}},
     ["spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`"]),
    ("template of an unknown preemption", {"template": {
        "metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a", "image": "b"}], "preemptionPolicy": "Always"}}},
     ['spec.template.spec.preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"']),
    ("without template", {"template": None}, ["spec.template: Required value"]),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "expected"), [case[1:] for case in DEPLOYMENTS], ids=[case[0] for case in DEPLOYMENTS])
def test_a_deployment_is_judged_as_kubernetes_judges_it(world: Any, workload: Any, spec: dict[str, Any], expected: list[str]) -> None:
    assert world.causes(workload(**spec)) == expected


UNREADABLE = 'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Is"}]}'
OF_OTHERS = {"ReplicaSet": [f"{UNREADABLE}: invalid label selector"], "StatefulSet": [UNREADABLE], "DaemonSet": []}


@pytest.mark.parametrize("kind", OF_OTHERS)
def test_what_other_workloads_say_of_a_selector_that_cannot_be_read(world: Any, workload: Any, kind: str) -> None:
    selector = {"matchExpressions": [{"key": "app", "operator": "Is"}]}
    operator = 'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator'
    assert world.causes(workload(kind=kind, selector=selector)) == [operator, *OF_OTHERS[kind]]


def test_a_template_says_where_in_it_something_is_wrong(world: Any, workload: Any) -> None:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a"}], "restartPolicy": "Never"}}
    assert world.causes(workload(template=template)) == [
        "spec.template.spec.containers[0].image: Required value",
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ]


def test_no_template_has_ephemeral_containers(world: Any, workload: Any) -> None:
    """Else a learner would think that a container for debugging can be part of a Deployment."""
    spec = {"containers": [{"name": "a", "image": " b"}], "ephemeralContainers": [{"name": "e", "image": "busybox"}]}
    assert world.causes(workload(template={"metadata": {"labels": {"app": "web"}}, "spec": spec})) == [
        "spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template"
    ]


PATH = "spec.updateStrategy.rollingUpdate"
DAEMONS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"maxSurge": "10%", "maxUnavailable": 0}, []),
    ({"maxSurge": 1}, [f"{PATH}.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero"]),
    ({"maxUnavailable": "0%"}, [f"{PATH}.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"]),
    ({"maxSurge": "110%", "maxUnavailable": 0}, [f'{PATH}.maxSurge: Invalid value: "110%": must not be greater than 100%']),
]


@pytest.mark.parametrize(("bounds", "expected"), DAEMONS)
def test_a_daemon_set_either_surges_or_is_short_of_pods(world: Any, workload: Any, bounds: dict[str, Any], expected: list[str]) -> None:
    """Both at once were taken, as if a DaemonSet were updated like a Deployment (ValidateRollingUpdateDaemonSet)."""
    assert world.causes(workload(kind="DaemonSet", updateStrategy={"rollingUpdate": bounds})) == expected


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet", "DaemonSet"])
def test_a_selector_is_for_life(world: Any, workload: Any, kind: str) -> None:
    world.server.create(workload(kind=kind))
    template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "main", "image": "nginx:1.27"}]}}
    changed = workload(kind=kind, selector={"matchLabels": {"app": "x"}}, template=template)
    refusal = world.refusal(world.server.replace, changed)
    assert refusal.message == (
        f'{kind}.apps "web" is invalid: spec.selector: Invalid value: {{"matchLabels":{{"app":"x"}}}}: field is immutable'
    )


@pytest.mark.parametrize(
    ("most", "causes"),
    [
        (2, []),
        ("30%", []),
        (0, ["spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0"]),
        ("101%", ['spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%']),
    ],
)
def test_a_stateful_sets_max_unavailable_is_checked(world: Any, workload: Any, most: Any, causes: list[str]) -> None:
    """Wrong lesson: a StatefulSet takes any maxUnavailable, as nothing looks at it."""
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": most}}
    assert world.causes(workload(kind="StatefulSet", serviceName="db", updateStrategy=strategy)) == causes


def test_a_stateful_set_may_change_a_few_fields_only(world: Any, workload: Any) -> None:
    document = workload(kind="StatefulSet", serviceName="db")
    world.server.create(document)
    assert world.causes(workload(kind="StatefulSet", serviceName="db", replicas=3)) == []
    (cause,) = world.causes(workload(kind="StatefulSet", serviceName="other"))
    assert cause.startswith("spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',")
    assert cause.endswith("and 'minReadySeconds' are forbidden")


def test_a_stateful_set_may_mount_its_own_claims(world: Any, workload: Any) -> None:
    mounts = [{"name": "www", "mountPath": "/www"}, {"name": "conf", "mountPath": "/conf"}]
    template = {
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "main", "image": "nginx:1.27", "volumeMounts": mounts}]},
    }
    claims = [{"metadata": {"name": "www"}, "spec": {"accessModes": ["ReadWriteOnce"]}}]
    assert world.causes(workload(kind="StatefulSet", serviceName="web", template=template, volumeClaimTemplates=claims)) == [
        'spec.template.spec.containers[0].volumeMounts[1].name: Not found: "conf"'
    ]
