"""Which fields do the messages have that kubectl sends as protobuf?  Their numbers, JSON names and types.

Source: the numbers in k8s.io/api/*/generated.proto, which never change.
A line is `Message: number name type, ...`. Types: s string, i integer, b boolean, y bytes, q Quantity, t Time, o IntOrString, a
message's name, - what is passed over; before it `*` where Go has a pointer (then the zero value means something), `[]` for a
list, `{}` for a map with strings as keys. A name `.` is a message whose fields stand in JSON among those of the one around it.
"""

from __future__ import annotations

import msgspec

_LINES = """
ObjectMeta: 1 name s, 2 generateName s, 3 namespace s, 4 selfLink -, 5 uid s, 6 resourceVersion s, 7 generation i, 8 creationTimestamp t, 9 deletionTimestamp *t, 10 deletionGracePeriodSeconds *i, 11 labels {}s, 12 annotations {}s, 13 ownerReferences []OwnerReference, 14 finalizers []s, 17 managedFields -
OwnerReference: 1 kind s, 3 name s, 4 uid s, 5 apiVersion s, 6 controller *b, 7 blockOwnerDeletion *b
LabelSelector: 1 matchLabels {}s, 2 matchExpressions []Requirement
Requirement: 1 key s, 2 operator s, 3 values []s
DeleteOptions: 1 gracePeriodSeconds *i, 2 preconditions *Preconditions, 3 orphanDependents *b, 4 propagationPolicy *s, 5 dryRun []s
Preconditions: 1 uid *s, 2 resourceVersion *s
Namespace: 1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status -
NamespaceSpec: 1 finalizers []s
ConfigMap: 1 metadata ObjectMeta, 2 data {}s, 3 binaryData {}y, 4 immutable *b
Secret: 1 metadata ObjectMeta, 2 data {}y, 3 type s, 4 stringData {}s, 5 immutable *b
ServiceAccount: 1 metadata ObjectMeta, 2 secrets []ObjectReference, 3 imagePullSecrets []LocalObjectReference, 4 automountServiceAccountToken *b
ObjectReference: 1 kind s, 2 namespace s, 3 name s, 4 uid s, 5 apiVersion s, 6 resourceVersion s, 7 fieldPath s
LocalObjectReference: 1 name s
Service: 1 metadata ObjectMeta, 2 spec ServiceSpec, 3 status -
ServiceSpec: 1 ports []ServicePort, 2 selector {}s, 3 clusterIP s, 4 type s, 5 externalIPs []s, 7 sessionAffinity s, 8 loadBalancerIP s, 9 loadBalancerSourceRanges []s, 10 externalName s, 11 externalTrafficPolicy s, 12 healthCheckNodePort i, 13 publishNotReadyAddresses b, 14 sessionAffinityConfig *SessionAffinityConfig, 17 ipFamilyPolicy *s, 18 clusterIPs []s, 19 ipFamilies []s, 20 allocateLoadBalancerNodePorts *b, 21 loadBalancerClass *s, 22 internalTrafficPolicy *s, 23 trafficDistribution *s
SessionAffinityConfig: 1 clientIP *ClientIPConfig
ClientIPConfig: 1 timeoutSeconds *i
ServicePort: 1 name s, 2 protocol s, 3 port i, 4 targetPort o, 5 nodePort i, 6 appProtocol *s
Deployment: 1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status -
DeploymentSpec: 1 replicas *i, 2 selector *LabelSelector, 3 template PodTemplateSpec, 4 strategy DeploymentStrategy, 5 minReadySeconds i, 6 revisionHistoryLimit *i, 7 paused b, 9 progressDeadlineSeconds *i
DeploymentStrategy: 1 type s, 2 rollingUpdate *RollingUpdate
RollingUpdate: 1 maxUnavailable *o, 2 maxSurge *o
PodTemplateSpec: 1 metadata ObjectMeta, 2 spec PodSpec
Pod: 1 metadata ObjectMeta, 2 spec PodSpec, 3 status -
PodSpec: 1 volumes []Volume, 2 containers []Container, 3 restartPolicy s, 4 terminationGracePeriodSeconds *i, 5 activeDeadlineSeconds *i, 6 dnsPolicy s, 7 nodeSelector {}s, 8 serviceAccountName s, 9 serviceAccount s, 10 nodeName s, 11 hostNetwork b, 12 hostPID b, 13 hostIPC b, 14 securityContext *PodSecurityContext, 15 imagePullSecrets []LocalObjectReference, 16 hostname s, 17 subdomain s, 19 schedulerName s, 20 initContainers []Container, 21 automountServiceAccountToken *b, 22 tolerations []Toleration, 23 hostAliases []HostAlias, 24 priorityClassName s, 25 priority *i, 26 dnsConfig *PodDNSConfig, 27 shareProcessNamespace *b, 28 readinessGates []ReadinessGate, 30 enableServiceLinks *b, 31 preemptionPolicy *s, 33 topologySpreadConstraints []TopologySpreadConstraint
PodSecurityContext: 2 runAsUser *i, 3 runAsNonRoot *b, 4 supplementalGroups []i, 5 fsGroup *i, 6 runAsGroup *i, 9 fsGroupChangePolicy *s, 10 seccompProfile *SeccompProfile
SeccompProfile: 1 type s, 2 localhostProfile *s
Toleration: 1 key s, 2 operator s, 3 value s, 4 effect s, 5 tolerationSeconds *i
HostAlias: 1 ip s, 2 hostnames []s
PodDNSConfig: 1 nameservers []s, 2 searches []s, 3 options []PodDNSConfigOption
PodDNSConfigOption: 1 name s, 2 value *s
ReadinessGate: 1 conditionType s
TopologySpreadConstraint: 1 maxSkew i, 2 topologyKey s, 3 whenUnsatisfiable s, 4 labelSelector *LabelSelector
Volume: 1 name s, 2 . VolumeSource
VolumeSource: 1 hostPath *HostPathVolumeSource, 2 emptyDir *EmptyDirVolumeSource, 6 secret *SecretVolumeSource, 10 persistentVolumeClaim *ClaimVolumeSource, 19 configMap *ConfigMapVolumeSource, 26 projected *ProjectedVolumeSource
HostPathVolumeSource: 1 path s, 2 type *s
EmptyDirVolumeSource: 1 medium s, 2 sizeLimit *q
SecretVolumeSource: 1 secretName s, 2 items []KeyToPath, 3 defaultMode *i, 4 optional *b
ClaimVolumeSource: 1 claimName s, 2 readOnly b
ConfigMapVolumeSource: 1 . LocalObjectReference, 2 items []KeyToPath, 3 defaultMode *i, 4 optional *b
KeyToPath: 1 key s, 2 path s, 3 mode *i
ProjectedVolumeSource: 1 sources []VolumeProjection, 2 defaultMode *i
VolumeProjection: 1 secret *SecretProjection, 2 downwardAPI *DownwardAPIProjection, 3 configMap *SecretProjection, 4 serviceAccountToken *TokenProjection
SecretProjection: 1 . LocalObjectReference, 2 items []KeyToPath, 4 optional *b
DownwardAPIProjection: 1 items []DownwardAPIVolumeFile
DownwardAPIVolumeFile: 1 path s, 2 fieldRef *FieldRef, 3 resourceFieldRef *ResourceFieldRef, 4 mode *i
TokenProjection: 1 audience s, 2 expirationSeconds *i, 3 path s
Container: 1 name s, 2 image s, 3 command []s, 4 args []s, 5 workingDir s, 6 ports []ContainerPort, 7 env []EnvVar, 8 resources ResourceRequirements, 9 volumeMounts []VolumeMount, 10 livenessProbe *Probe, 11 readinessProbe *Probe, 12 lifecycle *Lifecycle, 13 terminationMessagePath s, 14 imagePullPolicy s, 15 securityContext *SecurityContext, 16 stdin b, 17 stdinOnce b, 18 tty b, 19 envFrom []EnvFromSource, 20 terminationMessagePolicy s, 22 startupProbe *Probe, 24 restartPolicy *s
ContainerPort: 1 name s, 2 hostPort i, 3 containerPort i, 4 protocol s, 5 hostIP s
EnvVar: 1 name s, 2 value s, 3 valueFrom *EnvVarSource
EnvVarSource: 1 fieldRef *FieldRef, 2 resourceFieldRef *ResourceFieldRef, 3 configMapKeyRef *KeyRef, 4 secretKeyRef *KeyRef
FieldRef: 1 apiVersion s, 2 fieldPath s
ResourceFieldRef: 1 containerName s, 2 resource s, 3 divisor q
KeyRef: 1 . LocalObjectReference, 2 key s, 3 optional *b
EnvFromSource: 1 prefix s, 2 configMapRef *EnvSource, 3 secretRef *EnvSource
EnvSource: 1 . LocalObjectReference, 2 optional *b
VolumeMount: 1 name s, 2 readOnly b, 3 mountPath s, 4 subPath s, 5 mountPropagation *s, 6 subPathExpr s
Probe: 1 . Handler, 2 initialDelaySeconds i, 3 timeoutSeconds i, 4 periodSeconds i, 5 successThreshold i, 6 failureThreshold i, 7 terminationGracePeriodSeconds *i
Handler: 1 exec *ExecAction, 2 httpGet *HTTPGetAction, 3 tcpSocket *TCPSocketAction, 4 grpc *GRPCAction
Lifecycle: 1 postStart *LifecycleHandler, 2 preStop *LifecycleHandler
LifecycleHandler: 1 exec *ExecAction, 2 httpGet *HTTPGetAction, 3 tcpSocket *TCPSocketAction, 4 sleep *SleepAction
ExecAction: 1 command []s
HTTPGetAction: 1 path s, 2 port o, 3 host s, 4 scheme s, 5 httpHeaders []HTTPHeader
HTTPHeader: 1 name s, 2 value s
TCPSocketAction: 1 port o, 2 host s
GRPCAction: 1 port i, 2 service *s
SleepAction: 1 seconds i
SecurityContext: 1 capabilities *Capabilities, 2 privileged *b, 4 runAsUser *i, 5 runAsNonRoot *b, 6 readOnlyRootFilesystem *b, 7 allowPrivilegeEscalation *b, 8 runAsGroup *i, 11 seccompProfile *SeccompProfile
Capabilities: 1 add []s, 2 drop []s
ResourceRequirements: 1 limits {}q, 2 requests {}q
Job: 1 metadata ObjectMeta, 2 spec JobSpec, 3 status -
JobSpec: 1 parallelism *i, 2 completions *i, 3 activeDeadlineSeconds *i, 4 selector *LabelSelector, 5 manualSelector *b, 6 template PodTemplateSpec, 7 backoffLimit *i, 8 ttlSecondsAfterFinished *i, 9 completionMode *s, 10 suspend *b
CronJob: 1 metadata ObjectMeta, 2 spec CronJobSpec, 3 status -
CronJobSpec: 1 schedule s, 2 startingDeadlineSeconds *i, 3 concurrencyPolicy s, 4 suspend *b, 5 jobTemplate JobTemplateSpec, 6 successfulJobsHistoryLimit *i, 7 failedJobsHistoryLimit *i, 8 timeZone *s
JobTemplateSpec: 1 metadata ObjectMeta, 2 spec JobSpec
ResourceQuota: 1 metadata ObjectMeta, 2 spec ResourceQuotaSpec, 3 status -
ResourceQuotaSpec: 1 hard {}q, 2 scopes []s
PodDisruptionBudget: 1 metadata ObjectMeta, 2 spec PodDisruptionBudgetSpec, 3 status -
PodDisruptionBudgetSpec: 1 minAvailable *o, 2 selector *LabelSelector, 3 maxUnavailable *o
Role: 1 metadata ObjectMeta, 2 rules []PolicyRule
ClusterRole: 1 metadata ObjectMeta, 2 rules []PolicyRule, 3 aggregationRule *AggregationRule
AggregationRule: 1 clusterRoleSelectors []LabelSelector
PolicyRule: 1 verbs []s, 2 apiGroups []s, 3 resources []s, 4 resourceNames []s, 5 nonResourceURLs []s
RoleBinding: 1 metadata ObjectMeta, 2 subjects []Subject, 3 roleRef RoleRef
ClusterRoleBinding: 1 metadata ObjectMeta, 2 subjects []Subject, 3 roleRef RoleRef
Subject: 1 kind s, 2 apiGroup s, 3 name s, 4 namespace s
RoleRef: 1 apiGroup s, 2 kind s, 3 name s
HorizontalPodAutoscaler: 1 metadata ObjectMeta, 2 spec HorizontalPodAutoscalerSpec, 3 status -
HorizontalPodAutoscalerSpec: 1 scaleTargetRef CrossVersionObjectReference, 2 minReplicas *i, 3 maxReplicas i, 4 metrics []MetricSpec
CrossVersionObjectReference: 1 kind s, 2 name s, 3 apiVersion s
MetricSpec: 1 type s, 4 resource *ResourceMetricSource
ResourceMetricSource: 1 name s, 2 target MetricTarget
MetricTarget: 1 type s, 2 value *q, 3 averageValue *q, 4 averageUtilization *i
Ingress: 1 metadata ObjectMeta, 2 spec IngressSpec, 3 status -
IngressSpec: 1 defaultBackend *IngressBackend, 2 tls []IngressTLS, 3 rules []IngressRule, 4 ingressClassName *s
IngressBackend: 4 service *IngressServiceBackend
IngressServiceBackend: 1 name s, 2 port ServiceBackendPort
ServiceBackendPort: 1 name s, 2 number i
IngressTLS: 1 hosts []s, 2 secretName s
IngressRule: 1 host s, 2 . IngressRuleValue
IngressRuleValue: 1 http *HTTPIngressRuleValue
HTTPIngressRuleValue: 1 paths []HTTPIngressPath
HTTPIngressPath: 1 path s, 2 backend IngressBackend, 3 pathType *s
PriorityClass: 1 metadata ObjectMeta, 2 value i, 3 globalDefault b, 4 description s, 5 preemptionPolicy *s
Eviction: 1 metadata ObjectMeta, 2 deleteOptions *DeleteOptions
Scale: 1 metadata ObjectMeta, 2 spec ScaleSpec, 3 status -
ScaleSpec: 1 replicas i
TokenRequest: 1 metadata ObjectMeta, 2 spec TokenRequestSpec, 3 status -
TokenRequestSpec: 1 audiences []s, 3 boundObjectRef *BoundObjectReference, 4 expirationSeconds *i
BoundObjectReference: 1 kind s, 2 apiVersion s, 3 name s, 4 uid s
SelfSubjectAccessReview: 1 metadata ObjectMeta, 2 spec SelfSubjectAccessReviewSpec, 3 status -
SelfSubjectAccessReviewSpec: 1 resourceAttributes *ResourceAttributes, 2 nonResourceAttributes *NonResourceAttributes
ResourceAttributes: 1 namespace s, 2 verb s, 3 group s, 4 version s, 5 resource s, 6 subresource s, 7 name s
NonResourceAttributes: 1 path s, 2 verb s
SelfSubjectRulesReview: 1 metadata ObjectMeta, 2 spec SelfSubjectRulesReviewSpec, 3 status -
SelfSubjectRulesReviewSpec: 1 namespace s
SelfSubjectReview: 1 metadata ObjectMeta, 2 status -
TokenReview: 1 metadata ObjectMeta, 2 spec TokenReviewSpec, 3 status -
TokenReviewSpec: 1 token s, 2 audiences []s
"""  # noqa: E501


class Part(msgspec.Struct, frozen=True):
    """A field: `shape` is '', [] or {}; `pointer` keeps the zero value."""

    name: str
    type: str
    shape: str
    pointer: bool


def _part(word: str) -> tuple[int, Part]:
    number, name, type = word.split()
    plain = type.removeprefix("*")
    shape = plain[:2] if plain[:2] in ("[]", "{}") else ""
    return int(number), Part(name, plain.removeprefix(shape), shape, plain != type)


def _message(line: str) -> tuple[str, dict[int, Part]]:
    name, _, fields = line.partition(": ")
    return name, dict(map(_part, fields.split(", ")))


MESSAGES = dict(map(_message, _LINES.strip().splitlines()))
