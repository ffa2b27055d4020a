"""When did a kubelet last renew the Lease of its Node, or report its status, and when is its silence noticed?

Reckoned from when it began and when it fell silent.

Source: cmd/kubelet/app/server.go and pkg/kubelet/kubelet.go (leases of 40 s, renewed every quarter of that),
pkg/kubelet/kubelet_node_status.go and pkg/kubelet/apis/config/v1beta1/defaults.go (nodeStatusReportFrequency 5 min),
pkg/controller/nodelifecycle (node-monitor-grace-period 50 s, node-monitor-period 5 s), component-helpers/apimachinery/lease.
Simplified: neither renewals nor reports that only say the same again are written to the store, so nobody who watches Leases or Nodes hears of
them; they come without jitter.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import Lease, Owner
from playground.kube.clock import SECOND

NAMESPACE = "kube-node-lease"
DURATION = 40
RENEWED_EVERY = 10 * SECOND
REPORTED_EVERY = 300 * SECOND
MONITORED_EVERY = 5 * SECOND
GRACE = 50 * SECOND


def lease_of(node: Any, uid: str, now: int) -> Lease:
    """The Lease of a Node whose kubelet begins to renew it now; not stored yet."""
    return Lease(
        kind="Lease",
        namespace=NAMESPACE,
        name=node.name,
        uid=uid,
        version=0,
        created=now,
        owners=(Owner("v1", "Node", node.name, node.uid),),
        spec={"holderIdentity": node.name, "leaseDurationSeconds": DURATION},
        since=now,
    )


def renewed(lease: Lease, now: int) -> int:
    """When it was last renewed, of a Lease that a kubelet renews."""
    return _last(lease, now, RENEWED_EVERY)


def reported(lease: Lease, now: int) -> int:
    """When the kubelet that renews this Lease reported the status of its Node last."""
    return _last(lease, now, REPORTED_EVERY)


def _last(lease: Lease, now: int, every: int) -> int:
    since, last = lease.since or 0, now if lease.until is None else lease.until
    return since + (last - since) // every * every


def noticed(last: int) -> int:
    """When the node controller finds a kubelet silent whose last renewal was then: it sees that at its next check, and counts from there."""
    return -(-last // MONITORED_EVERY) * MONITORED_EVERY + GRACE
