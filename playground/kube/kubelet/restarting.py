"""Is a container that has ended started again?  Its own rules and policy decide, and where it has none its Pod's policy.

Source: pkg/api/v1/pod/util.go (ContainerShouldRestart), KEP-5307; pkg/kubelet/container/helpers.go (ShouldContainerBeRestarted).
Simplified: the action RestartAllContainers starts none again.
"""

from __future__ import annotations

from playground.kube.kubelet.views import Rule, View


def restarts(seen: View, slot: int, exit_code: int) -> bool:
    """Whether the container in a slot is started again after this exit code, as long as its Pod goes on."""
    container = seen.containers[slot]
    if slot < seen.inits and not container.sidecar and exit_code == 0:
        return False
    rule = next((each for each in container.rules if _matches(each, exit_code)), None)
    if rule is not None and rule.action == "Restart":
        return True
    policy = container.policy or seen.policy
    return policy == "Always" or (policy == "OnFailure" and exit_code != 0)


def goes_on(seen: View, slot: int) -> bool:
    """Whether it is started again when its probes fail: its rules do not count, as there is no exit code yet (computePodActions)."""
    return (seen.containers[slot].policy or seen.policy) != "Never"


def _matches(rule: Rule, exit_code: int) -> bool:
    return (exit_code in rule.values) is (rule.operator == "In")
