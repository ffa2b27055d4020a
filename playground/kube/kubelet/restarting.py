"""Is a container that has ended started again?  Its own rules and policy decide, and where it has none its Pod's policy.

Source: pkg/api/v1/pod/util.go (ContainerShouldRestart), KEP-5307; pkg/kubelet/container/helpers.go (ShouldContainerBeRestarted).
What a rule with the action RestartAllContainers does beside that stands in resetting.py.
"""

from __future__ import annotations

from playground.kube.kubelet.views import Container, Rule, View

ALL = "RestartAllContainers"


def restarts(seen: View, slot: int, exit_code: int) -> bool:
    """Whether the container in a slot is started again after this exit code, as long as its Pod goes on."""
    container = seen.containers[slot]
    if slot < seen.inits and not container.sidecar and exit_code == 0:
        return False
    if rule_of(container, exit_code) is not None:
        return True
    policy = container.policy or seen.policy
    return policy == "Always" or (policy == "OnFailure" and exit_code != 0)


def rule_of(container: Container, exit_code: int) -> Rule | None:
    """The first rule of a container that speaks of an exit code."""
    return next((each for each in container.rules if _matches(each, exit_code)), None)


def goes_on(seen: View, slot: int) -> bool:
    """Whether it is started again when its probes fail: its rules do not count, as there is no exit code yet (computePodActions)."""
    return (seen.containers[slot].policy or seen.policy) != "Never"


def _matches(rule: Rule, exit_code: int) -> bool:
    return (exit_code in rule.values) is (rule.operator == "In")
