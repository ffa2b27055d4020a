"""Which resources does a cluster serve, with what below them, and in which version?  For discovery and whoever stands in for a client.

Source: the registries' storage maps in pkg/registry for subresources and categories.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import resources
from playground.kube.apiserver.resources import Resource
from playground.kube.apiserver.store import Store

JSON = dict[str, Any]
# What the API server and every kubelet say they are: major, minor, whole.
VERSION = ("1", "37", "v1.37.0")
IN_ALL = frozenset(
    "Pod ReplicationController Service DaemonSet Deployment ReplicaSet StatefulSet HorizontalPodAutoscaler CronJob Job".split()
)
# What may be done to every kind that is kept.
VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
# The kinds that are only asked: name, group, version, kind, whether namespaced.
ASKED = (
    ("tokenreviews", "authentication.k8s.io", "v1", "TokenReview", False),
    ("selfsubjectreviews", "authentication.k8s.io", "v1", "SelfSubjectReview", False),
    ("selfsubjectaccessreviews", "authorization.k8s.io", "v1", "SelfSubjectAccessReview", False),
    ("selfsubjectrulesreviews", "authorization.k8s.io", "v1", "SelfSubjectRulesReview", False),
)
PENDING = ("PersistentVolume", "PersistentVolumeClaim")
WITH_STATUS = frozenset(
    "Namespace Node PersistentVolume PersistentVolumeClaim Pod ReplicationController ResourceQuota Service DaemonSet Deployment "
    "ReplicaSet StatefulSet HorizontalPodAutoscaler CronJob Job Ingress PodDisruptionBudget CustomResourceDefinition APIService "
    "CertificateSigningRequest FlowSchema PriorityLevelConfiguration ServiceCIDR VolumeAttachment ResourceClaim".split()
)
# Who asks, and whom an authorizer takes them for.
LOOKING = ("get", "list", "watch")
GROUPS = {"learner": ["system:masters", "system:authenticated"], "reader": ["system:authenticated"]}


def served(store: Store) -> list[Resource]:
    """Every resource of a cluster: the built-in ones, and those of its CustomResourceDefinitions."""
    return [*resources.KINDS.values(), *custom(store)]


def custom(store: Store) -> list[Resource]:
    found = []
    for definition in store.list("CustomResourceDefinition"):
        spec = definition.spec
        names, namespaced = spec.get("names", {}), spec.get("scope") != "Cluster"
        for version in spec.get("versions", ()):
            if version.get("served", True):
                made = resources.custom(f"{names['kind']}.{spec['group']}", version["name"], names["plural"], namespaced)
                found.append(msgspec.structs.replace(made, short=tuple(names.get("shortNames", ()))))
    return found


def with_status(resource: Resource, document: JSON) -> JSON:
    """Kinds that have a status show an empty one until something is said in it; a volume and a claim are Pending until then."""
    if resource.kind not in WITH_STATUS or (document.get("status") and resource.kind not in PENDING):
        return document
    first = {"phase": "Pending"} if resource.kind in PENDING else {}
    return {**document, "status": {**first, **document.get("status", {})}}
