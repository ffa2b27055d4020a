"""Which labels does a Pod get from its Node?  The Node's region and zone, unless it says its own: since 1.35, when it is bound.

Source: plugin/pkg/admission/podtopologylabels/admission.go; feature gate PodTopologyLabelsAdmission.
"""

from __future__ import annotations

from functools import lru_cache

from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.nodes import REGION, ZONE
from playground.kube.apiserver.objects import Object

Labels = dict[str, str]


def labels_on(labels: Labels, node: Object | None) -> Labels:
    """A Pod's labels once it is on a Node; the same value for Pods that share theirs and are in one zone."""
    given = _given(*(node.labels.get(key) for key in (REGION, ZONE))) if node is not None else {}
    return _merged.of(labels, given) if given else labels


@lru_cache(maxsize=1_000)
def _given(region: str | None, zone: str | None) -> Labels:
    return {key: value for key, value in ((REGION, region), (ZONE, zone)) if value is not None}


def _merge(labels: Labels, given: Labels) -> Labels:
    return given | labels


_merged: Memo[Labels] = Memo(_merge)
