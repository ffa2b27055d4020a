"""Which roles does every cluster have, and who has them?

Source: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go (ClusterRoles, ClusterRoleBindings).
Simplified: those that are of use to ServiceAccounts of learners; the roles of the control plane are absent.
"""

from __future__ import annotations

from playground.kube.apiserver.objects import JSON

READ = ["get", "list", "watch"]
WRITE = ["create", "delete", "deletecollection", "patch", "update"]
_ALIVE = ["/healthz", "/livez", "/readyz", "/version", "/version/"]
_DISCOVERY = ["/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"]
_SEEN = {
    "": """bindings configmaps endpoints events limitranges namespaces namespaces/status persistentvolumeclaims persistentvolumeclaims/status
        pods pods/log pods/status replicationcontrollers replicationcontrollers/scale replicationcontrollers/status resourcequotas
        resourcequotas/status serviceaccounts services services/status""",
    "apps": """controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale
        replicasets/status statefulsets statefulsets/scale statefulsets/status""",
    "autoscaling": "horizontalpodautoscalers horizontalpodautoscalers/status",
    "batch": "cronjobs cronjobs/status jobs jobs/status",
    "discovery.k8s.io": "endpointslices",
    "networking.k8s.io": "ingresses ingresses/status networkpolicies",
    "policy": "poddisruptionbudgets poddisruptionbudgets/status",
    "resource.k8s.io": "resourceclaims resourceclaims/status resourceclaimtemplates",
}
_SEEN_BY_EDITORS = {"": "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", "coordination.k8s.io": "leases"}
_WRITTEN = {
    "": """configmaps events persistentvolumeclaims pods pods/attach pods/exec pods/portforward pods/proxy replicationcontrollers
        replicationcontrollers/scale secrets serviceaccounts services services/proxy""",
    "apps": """daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets
        statefulsets/scale""",
    "autoscaling": "horizontalpodautoscalers",
    "batch": "cronjobs jobs",
    "coordination.k8s.io": "leases",
    "networking.k8s.io": "ingresses networkpolicies",
    "policy": "poddisruptionbudgets",
    "resource.k8s.io": "resourceclaims resourceclaimtemplates",
}
_OF_ONESELF = {
    "authentication.k8s.io": "selfsubjectreviews",
    "authorization.k8s.io": "selfsubjectaccessreviews selfsubjectrulesreviews",
}
_GRANTED = {"rbac.authorization.k8s.io": "rolebindings roles"}


def _rules(verbs: list[str], groups: dict[str, str]) -> list[JSON]:
    return [{"verbs": verbs, "apiGroups": [group], "resources": words.split()} for group, words in groups.items()]


_VIEW = _rules(READ, _SEEN)
_EDIT = [
    *_VIEW,
    *_rules(READ, _SEEN_BY_EDITORS),
    *_rules(WRITE, _WRITTEN),
    *_rules(["create"], {"": "pods/eviction serviceaccounts/token"}),
    *_rules(["impersonate"], {"": "serviceaccounts"}),
]
ROLES: dict[str, list[JSON]] = {
    "cluster-admin": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}, {"verbs": ["*"], "nonResourceURLs": ["*"]}],
    "admin": [*_EDIT, *_rules(READ + WRITE, _GRANTED), *_rules(["create"], {"authorization.k8s.io": "localsubjectaccessreviews"})],
    "edit": _EDIT,
    "view": _VIEW,
    "system:discovery": [{"verbs": ["get"], "nonResourceURLs": _ALIVE + _DISCOVERY}],
    "system:public-info-viewer": [{"verbs": ["get"], "nonResourceURLs": _ALIVE}],
    "system:basic-user": _rules(["create"], _OF_ONESELF),
}
BINDINGS: dict[str, tuple[str, ...]] = {
    "cluster-admin": ("system:masters",),
    "system:discovery": ("system:authenticated",),
    "system:public-info-viewer": ("system:authenticated", "system:unauthenticated"),
    "system:basic-user": ("system:authenticated",),
}
