"""Which kinds does the API server know, and by which words are they called?  The one table of kinds.

Source: `kubectl api-resources`; pkg/registry and the strategies in it for names and scope.
A kind is known by its name alone; a custom kind, which may repeat a built-in name, by `Kind.group`.
"""

from __future__ import annotations

import msgspec

# One line a kind: kind, plural, short names; grouped by group/version.
_NAMESPACED = {
    "v1": """
        ConfigMap configmaps cm
        Endpoints endpoints ep
        Event events ev
        LimitRange limitranges limits
        PersistentVolumeClaim persistentvolumeclaims pvc
        Pod pods po
        PodTemplate podtemplates
        ReplicationController replicationcontrollers rc
        ResourceQuota resourcequotas quota
        Secret secrets
        Service services svc
        ServiceAccount serviceaccounts sa""",
    "apps/v1": """
        ControllerRevision controllerrevisions
        DaemonSet daemonsets ds
        Deployment deployments deploy
        ReplicaSet replicasets rs
        StatefulSet statefulsets sts""",
    "autoscaling/v2": "HorizontalPodAutoscaler horizontalpodautoscalers hpa",
    "batch/v1": """
        CronJob cronjobs cj
        Job jobs""",
    "coordination.k8s.io/v1": "Lease leases",
    "discovery.k8s.io/v1": "EndpointSlice endpointslices",
    "networking.k8s.io/v1": """
        Ingress ingresses ing
        NetworkPolicy networkpolicies netpol""",
    "policy/v1": "PodDisruptionBudget poddisruptionbudgets pdb",
    "rbac.authorization.k8s.io/v1": """
        Role roles
        RoleBinding rolebindings""",
    "resource.k8s.io/v1": """
        ResourceClaim resourceclaims
        ResourceClaimTemplate resourceclaimtemplates""",
    "storage.k8s.io/v1": "CSIStorageCapacity csistoragecapacities",
}
_CLUSTER_WIDE = {
    "v1": """
        Namespace namespaces ns
        Node nodes no
        PersistentVolume persistentvolumes pv""",
    "admissionregistration.k8s.io/v1": """
        MutatingWebhookConfiguration mutatingwebhookconfigurations
        ValidatingAdmissionPolicy validatingadmissionpolicies
        ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings
        ValidatingWebhookConfiguration validatingwebhookconfigurations""",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition customresourcedefinitions crd crds",
    "apiregistration.k8s.io/v1": "APIService apiservices",
    "certificates.k8s.io/v1": "CertificateSigningRequest certificatesigningrequests csr",
    "flowcontrol.apiserver.k8s.io/v1": """
        FlowSchema flowschemas
        PriorityLevelConfiguration prioritylevelconfigurations""",
    "networking.k8s.io/v1": """
        IPAddress ipaddresses ip
        IngressClass ingressclasses
        ServiceCIDR servicecidrs""",
    "node.k8s.io/v1": "RuntimeClass runtimeclasses",
    "rbac.authorization.k8s.io/v1": """
        ClusterRole clusterroles
        ClusterRoleBinding clusterrolebindings""",
    "resource.k8s.io/v1": """
        DeviceClass deviceclasses
        ResourceSlice resourceslices""",
    "scheduling.k8s.io/v1": "PriorityClass priorityclasses pc",
    "storage.k8s.io/v1": """
        CSIDriver csidrivers
        CSINode csinodes
        StorageClass storageclasses sc
        VolumeAttachment volumeattachments""",
}
_SIMULATED = """
    Pod Service Endpoints EndpointSlice Node Namespace Deployment ReplicaSet StatefulSet DaemonSet CustomResourceDefinition
    ControllerRevision PersistentVolumeClaim Lease Event PodDisruptionBudget ConfigMap Secret
    ServiceAccount Role RoleBinding ClusterRole ClusterRoleBinding"""
SIMULATED = frozenset(_SIMULATED.split())
WORKLOADS = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
SCALABLE = ("Deployment", "ReplicaSet", "StatefulSet", "ReplicationController")


class Resource(msgspec.Struct, frozen=True):
    """A kind and its names. `kind` is the store's key; `word` what documents call it."""

    kind: str
    group: str
    version: str
    plural: str
    singular: str
    short: tuple[str, ...]
    namespaced: bool
    simulated: bool

    @property
    def word(self) -> str:
        return self.kind.partition(".")[0]

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """As errors name it: `deployments.apps`, `services`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def titled(self) -> str:
        """As validation names it: `Deployment.apps`, `Service`."""
        return f"{self.word}.{self.group}" if self.group else self.word

    def spoken(self, name: str) -> str:
        """As kubectl names an object: `deployment.apps/frontend`, `service/frontend-svc`."""
        return f"{self.singular}.{self.group}/{name}" if self.group else f"{self.singular}/{name}"


def by_kind(kind: str) -> Resource:
    """The resource of a kind as the store names it; an unknown one counts as a custom kind of its group."""
    return KINDS.get(kind) or custom(kind, "", kind.partition(".")[0].lower() + "s", True)


def find(api_version: str, kind: str) -> Resource | None:
    """The built-in resource that a document means, in any version of the resource's group, or None."""
    found = KINDS.get(kind)
    group = api_version.rpartition("/")[0]
    same = found is not None and (found.group == group or (kind == "Event" and group == "events.k8s.io"))
    return found if same else None


def by_word(word: str) -> Resource | None:
    """The built-in resource that kubectl's users mean by `svc`, `services`, `service`, `deployment.apps`, or None."""
    return _WORDS.get(word.lower())


def custom(kind: str, version: str, plural: str, namespaced: bool) -> Resource:
    """The resource of a custom kind, given as `Kind.group`."""
    word, _, group = kind.partition(".")
    return Resource(kind, group, version, plural, word.lower(), (), namespaced, False)


def _table() -> dict[str, Resource]:
    kinds: dict[str, Resource] = {}
    for namespaced, groups in ((True, _NAMESPACED), (False, _CLUSTER_WIDE)):
        for api_version, lines in groups.items():
            group, _, version = api_version.rpartition("/")
            for line in lines.strip().splitlines():
                kind, plural, *short = line.split()
                kinds[kind] = Resource(kind, group, version, plural, kind.lower(), tuple(short), namespaced, kind in SIMULATED)
    return dict(sorted(kinds.items()))


def _words() -> dict[str, Resource]:
    words: dict[str, Resource] = {}
    for each in KINDS.values():
        for word in (each.singular, each.plural, *each.short, each.qualified, f"{each.singular}.{each.group}"):
            words.setdefault(word, each)
    return words


KINDS = _table()
_WORDS = _words()
