"""Has a cluster come to rest?  What is still on its way, in words, and the time to let it arrive.

Source: `kubectl rollout status` (k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playground.kube.apiserver.balancing import addresses_of, is_wanted
from playground.kube.apiserver.objects import Pod
from playground.kube.apiserver.resources import WORKLOADS
from playground.kube.clock import SECOND
from playground.kube.explain.statusword import word as status_word

if TYPE_CHECKING:
    from playground.kube.cluster import Cluster

LONGEST = 120 * SECOND
RULES_ARRIVE = 2 * SECOND


def settle(kube: Cluster, longest: int = LONGEST) -> list[str]:
    """Let time pass until nothing is pending and every kube-proxy has heard of it; what is still pending after `longest` microseconds."""
    give_up = kube.now + longest
    while pending(kube) and kube.now < give_up:
        kube.advance(kube.now + SECOND)
    left = pending(kube)
    kube.advance(kube.now + RULES_ARRIVE)
    return left


def pending(kube: Cluster) -> list[str]:
    """A line for each Pod that is not ready, for each Service without its load balancer, and for each rollout that is not complete."""
    pods = [f"Pod {_name(pod)}: {_why(pod)}" for pod in kube.store.list("Pod") if not _at_rest(pod)]
    workloads = [each for kind in WORKLOADS for each in kube.store.list(kind) if each.controller is None]
    return pods + _balancers(kube) + [f"{each.kind} {_name(each)}: {why}" for each in workloads if (why := _rollout(each))]


def _balancers(kube: Cluster) -> list[str]:
    """Services that wait for the cloud."""
    if not kube.settings.load_balancers.network:
        return []
    waiting = [each for each in kube.store.list("Service") if is_wanted(each) and not addresses_of(each)]
    return [f"Service {_name(each)}: its load balancer has no address yet" for each in waiting]


def _at_rest(pod: Pod) -> bool:
    return pod.deleting is None and (pod.state.ready or pod.state.phase in ("Succeeded", "Failed"))


def _why(pod: Pod) -> str:
    word = status_word(pod)
    return pod.state.unschedulable or (f"{word}, not ready" if word == "Running" else word)


def _rollout(workload: Any) -> str:
    """Why the rollout of a workload is not complete, or ""."""
    now, wanted = workload.status, workload.spec.get("replicas", 1)
    if now.get("observedGeneration", 0) < workload.meta.get("generation", 1):
        return "not seen by its controller yet"
    if workload.kind != "Deployment":
        wanted, ready = now.get("desiredNumberScheduled", wanted), now.get("numberReady", now.get("readyReplicas", 0))
        return f"{ready} of {wanted} replicas are ready" if ready < wanted else ""
    available = min(now.get("updatedReplicas", 0), now.get("availableReplicas", 0))
    if available < wanted:
        return f"{available} of {wanted} updated replicas are available"
    left = now.get("replicas", 0) - wanted
    return f"{left} old replicas are pending termination" if left > 0 else ""


def _name(thing: Any) -> str:
    return f"{thing.namespace}/{thing.name}"
