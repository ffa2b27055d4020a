"""Cases of TestValidatePod and its neighbours in pkg/apis/core/validation/validation_test.go."""

from __future__ import annotations

from typing import Any

import pytest

CONTAINER: list[tuple[str, dict[str, Any], list[str]]] = [
    ("without image", {"image": ""}, ["spec.containers[0].image: Required value"]),
    ("without name", {"name": ""}, ["spec.containers[0].name: Required value"]),
    ("image with a space", {"image": " nginx"},
     ['spec.containers[0].image: Invalid value: " nginx": must not have leading or trailing whitespace']),
    ("name with dots", {"name": "a.b"}, ['spec.containers[0].name: Invalid value: "a.b": must not contain dots']),
    ("unknown pull policy", {"imagePullPolicy": "Sometimes"},
     ['spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"']),
    ("port without number", {"ports": [{"name": "http"}]}, ["spec.containers[0].ports[0].containerPort: Required value"]),
    ("port too large", {"ports": [{"containerPort": 65536}]},
     ["spec.containers[0].ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive"]),
    ("two ports of one name", {"ports": [{"name": "a", "containerPort": 1}, {"name": "a", "containerPort": 2}]},
     ['spec.containers[0].ports[1].name: Duplicate value: "a"']),
    ("port name in capitals", {"ports": [{"name": "HTTP", "containerPort": 1}]},
     ['spec.containers[0].ports[0].name: Invalid value: "HTTP": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'spec.containers[0].ports[0].name: Invalid value: "HTTP": must contain at least one letter (a-z)']),
    ("variable without name", {"env": [{"value": "x"}]}, ["spec.containers[0].env[0].name: Required value"]),
    ("variable with value and source", {"env": [{"name": "A", "value": "x", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}]},
     ['spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty']),
    # A mistyped field gave an empty variable, and no word was said.
    ("variable of a field that is none", {"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "status.podIp"}}}]},
     ['spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "status.podIp": '
      "error converting fieldPath: field label not supported: status.podIp"]),
    ("variable of a field for volumes", {"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "status.phase"}}}]},
     ['spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", '
      '"metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", '
      '"status.podIPs"']),
    ("variable of a key of a name", {"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name['app']"}}}]},
     ["spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"metadata.name['app']\": "
      "error converting fieldPath: field label does not support subscript: metadata.name['app']"]),
    ("variable of a ConfigMap without key", {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "c"}}}]},
     ["spec.containers[0].env[0].valueFrom.configMapKeyRef.key: Required value"]),
    ("variable of a resource by a divisor that does not fit",
     {"env": [{"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "3"}}},
              {"name": "B", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "0.001"}}},
              {"name": "C", "valueFrom": {"resourceFieldRef": {"resource": "requests.memory", "divisor": "1m"}}}]},
     ['spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": '
      "only divisor's values 1m and 1 are supported with the cpu resource",
      'spec.containers[0].env[2].valueFrom.resourceFieldRef.divisor: Invalid value: "requests.memory": '
      "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the memory resource"]),
    ("variable without a source", {"env": [{"name": "A", "valueFrom": {}}]},
     ['spec.containers[0].env[0].valueFrom: Invalid value: "": '
      "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"]),
    ("variable of a file in no volume",
     {"env": [{"name": "A", "valueFrom": {"fileKeyRef": {"volumeName": "v", "path": "../env", "key": "a=b"}}}, {"name": "B", "valueFrom": {"fileKeyRef": {}}}]},
     ['spec.containers[0].env[0].valueFrom.fileKeyRef.key: Invalid value: "a=b": a valid environment variable name must consist only of '
      "printable ASCII characters other than '='",
      'spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: "v"',
      'spec.containers[0].env[0].valueFrom.fileKeyRef.path: Invalid value: "../env": must not contain \'..\'',
      "spec.containers[0].env[1].valueFrom.fileKeyRef.key: Required value",
      "spec.containers[0].env[1].valueFrom.fileKeyRef.volumeName: Required value",
      "spec.containers[0].env[1].valueFrom.fileKeyRef.path: Required value"]),
    ("variable of a resource that is none", {"env": [{"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "cpu"}}}]},
     ['spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: Unsupported value: "cpu": supported values: "limits.cpu", '
      '"limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"']),
    ("variables of nothing", {"envFrom": [{"prefix": "A_"}]},
     ['spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`']),
    ("variables of no name", {"envFrom": [{"configMapRef": {}}]}, ["spec.containers[0].envFrom[0].configMapRef.name: Required value"]),
    ("mount of no volume", {"volumeMounts": [{"name": "data", "mountPath": "/data"}]},
     ['spec.containers[0].volumeMounts[0].name: Not found: "data"']),
    ("more asked than allowed", {"resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1500m"}}},
     ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1500m']),
    ("a device asked for without a limit", {"resources": {"requests": {"nvidia.com/gpu": 1}}},
     ["spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources"]),
    ("fewer devices asked for than allowed", {"resources": {"requests": {"nvidia.com/gpu": 1}, "limits": {"nvidia.com/gpu": 2}}},
     ['spec.containers[0].resources.requests: Invalid value: "1": must be equal to nvidia.com/gpu limit of 2']),
    ("half a device", {"resources": {"limits": {"nvidia.com/gpu": "500m"}}},
     # What is allowed is also asked for.
     ['spec.containers[0].resources.limits[nvidia.com/gpu]: Invalid value: "500m": must be an integer',
      'spec.containers[0].resources.requests[nvidia.com/gpu]: Invalid value: "500m": must be an integer']),
    # A learner's `storage` was taken, and limited nothing.
    ("storage of a container", {"resources": {"requests": {"storage": "1Gi"}}},
     ['spec.containers[0].resources.requests[storage]: Invalid value: "storage": must be a standard resource for containers']),
    ("a resource that nobody knows", {"resources": {"requests": {"gpu": 1}}},
     ['spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers']),
    ("probe without handler", {"readinessProbe": {"periodSeconds": 1}}, ["spec.containers[0].readinessProbe: Required value: must specify a handler type"]),
    ("probe of two handlers", {"readinessProbe": {"exec": {"command": ["true"]}, "httpGet": {"port": 80}}},
     ["spec.containers[0].readinessProbe.httpGet: Forbidden: may not specify more than 1 handler type"]),
    ("probe without port", {"readinessProbe": {"httpGet": {"path": "/"}}},
     ["spec.containers[0].readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive"]),
    # A learner was told that a hook may sleep for longer than its Pod is given, and saw it cut short.
    ("hook that sleeps for too long", {"lifecycle": {"preStop": {"sleep": {"seconds": 31}}}},
     ["spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)"]),
    ("negative delay", {"readinessProbe": {"tcpSocket": {"port": 80}, "initialDelaySeconds": -1}},
     ["spec.containers[0].readinessProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0"]),
    ("header of a name with a space", {"readinessProbe": {"httpGet": {"port": 80, "httpHeaders": [{"name": "My Header", "value": "x"}]}}},
     ['spec.containers[0].readinessProbe.httpGet.httpHeaders: Invalid value: "My Header": a valid HTTP header must consist of alphanumeric '
      "characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"]),
    ("unknown message policy", {"terminationMessagePolicy": "Log"},
     ['spec.containers[0].terminationMessagePolicy: Unsupported value: "Log": supported values: "File", "FallbackToLogsOnError"']),
    ("user below zero", {"securityContext": {"runAsUser": -1}},
     ["spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive"]),
    ("privileged that may not escalate", {"securityContext": {"privileged": True, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}},
     ['spec.containers[0].securityContext: Invalid value: {"AllowPrivilegeEscalation":false,"AppArmorProfile":null,"Capabilities":{"Add":null,'
      '"Drop":["ALL"]},"Privileged":true,"ProcMount":null,"ReadOnlyRootFilesystem":null,"RunAsGroup":null,"RunAsNonRoot":null,"RunAsUser":null,'
      '"SELinuxOptions":null,"SeccompProfile":null,"WindowsOptions":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true']),
    ("unknown seccomp profile", {"securityContext": {"seccompProfile": {"type": "Default"}}},
     ['spec.containers[0].securityContext.seccompProfile.type: Unsupported value: "Default": supported values: "Localhost", "RuntimeDefault", "Unconfined"']),
    ("one port of the Node twice", {"ports": [{"containerPort": 80, "hostPort": 8080}, {"containerPort": 81, "hostPort": 8080}]},
     ['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//8080"']),
    ("liveness twice", {"livenessProbe": {"tcpSocket": {"port": 80}, "successThreshold": 2}},
     ["spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1"]),
]  # fmt: skip
SPEC: list[tuple[str, dict[str, Any], list[str]]] = [
    ("without containers", {"containers": []}, ["spec.containers: Required value"]),
    ("two containers of one name", {"containers": [{"name": "a", "image": "x"}, {"name": "a", "image": "y"}]},
     ['spec.containers[1].name: Duplicate value: "a"']),
    ("unknown restart policy", {"restartPolicy": "Maybe"},
     ['spec.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"']),
    ("DNS policy None without servers", {"dnsPolicy": "None"},
     ["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"]),
    ("gated and placed", {"schedulingGates": [{"name": "a"}], "nodeName": "node-a"},
     ["spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared"]),
    ("hostname with a dot", {"hostname": "a.b"}, ['spec.hostname: Invalid value: "a.b": must not contain dots']),
    ("toleration of an unknown effect", {"tolerations": [{"key": "a", "operator": "Exists", "effect": "Run"}]},
     ['spec.tolerations[0].effect: Unsupported value: "Run": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"']),
    ("toleration without key", {"tolerations": [{"operator": "Equal"}]},
     ['spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"']),
    ("affinity without terms", {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}}},
     ["spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: "
      "must have at least one node selector term"]),
    ("company that is nowhere", {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
        {"topologyKey": "", "labelSelector": {"matchExpressions": [{"key": "a", "operator": "Like"}]}}]}}},
     ["spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchExpressions[0].operator: "
      'Invalid value: "Like": not a valid selector operator',
      "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty",
      "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: "
      'Invalid value: "": name part must be non-empty',
      "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"\": name part must consist of "
      "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or "
      "'123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"]),
    ("company too dear", {"affinity": {"podAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
        {"weight": 101, "podAffinityTerm": {"topologyKey": "a"}}]}}},
     ["spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100"]),
    ("one port of the Node for two containers", {"containers": [
        {"name": "a", "image": "x", "ports": [{"containerPort": 80, "hostPort": 8080}]},
        {"name": "b", "image": "y", "ports": [{"containerPort": 81, "hostPort": 8080}]}]},
     ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//8080"']),
    ("one port in the Node's network for two containers", {"hostNetwork": True, "containers": [
        {"name": "a", "image": "x", "ports": [{"containerPort": 80}]}, {"name": "b", "image": "y", "ports": [{"containerPort": 80}]}]},
     ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"']),
    ("spread by nothing", {"topologySpreadConstraints": [{"maxSkew": 0, "topologyKey": "", "whenUnsatisfiable": "Foo"}]},
     ["spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
      "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
      'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Foo": supported values: "DoNotSchedule", "ScheduleAnyway"']),
    ("spread twice the same way", {"topologySpreadConstraints": [
        {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"},
        {"maxSkew": 2, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}]},
     ['spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"']),
    ("spread over domains that it may do without", {"topologySpreadConstraints": [
        {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway", "minDomains": 2, "matchLabelKeys": ["app"]}]},
     ["spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
      "spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set"]),
    ("a name of its own in its Node's network", {"hostNetwork": True, "setHostnameAsFQDN": True, "hostnameOverride": "a.example.com"},
     ["spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true",
      "spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true"]),
    ("a name of its own that is too long", {"hostnameOverride": "a" * 63 + ".b"},
     ["spec.hostnameOverride: Too long: may not be more than 64 bytes"]),
    ("a name of its own that is none", {"hostnameOverride": "A_b"},
     ['spec.hostnameOverride: Invalid value: "A_b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '
      "'-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
      "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"]),
    ("alias of no address", {"hostAliases": [{"ip": "foo", "hostnames": ["A_b"]}]},
     ['spec.hostAliases[0].ip: Invalid value: "foo": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'spec.hostAliases[0].hostnames[0]: Invalid value: "A_b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '
      "'-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
      "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"]),
    ("searches and options that are none", {"dnsConfig": {"searches": ["a..b", "_tcp.example.com.", "."], "options": [{"value": "x"}]}},
     ['spec.dnsConfig.searches[0]: Invalid value: "a..b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '
      "'_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
      "'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')",
      "spec.dnsConfig.options[0]: Required value: must not be empty"]),
    ("too many searches", {"dnsConfig": {"searches": ["a"] * 33}},
     ["spec.dnsConfig.searches: Invalid value: [" + ",".join(['"a"'] * 33) + "]: must not have more than 32 search paths"]),
    ("two gates of one name", {"schedulingGates": [{"name": "a"}, {"name": "a"}]}, ['spec.schedulingGates[1]: Duplicate value: "a"']),
    ("ephemeral from the first", {"ephemeralContainers": [{"name": "e", "image": "busybox"}]},
     ["spec.ephemeralContainers: Forbidden: cannot be set on create"]),
    ("a whole that is less than its parts", {"resources": {"requests": {"cpu": "1"}, "limits": {"cpu": "2"}}, "containers": [
        {"name": "a", "image": "x", "resources": {"requests": {"cpu": "1"}, "limits": {"cpu": "3"}}},
        {"name": "b", "image": "x", "resources": {"requests": {"cpu": "500m"}}}]},
     ['spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 1500m',
      'spec.resources.containers[0][cpu].limits: Invalid value: "3": must be less than or equal to pod limits of 2']),
    ("devices of a Pod as a whole", {"resources": {"limits": {"nvidia.com/gpu": 1}}},
     ['spec.resources.limits[nvidia.com/gpu]: Unsupported value: "nvidia.com/gpu": supported values: "cpu", "hugepages-", "memory"']),
    ("a whole that asks for more than it may take", {"resources": {"requests": {"cpu": "3"}, "limits": {"cpu": "2"}}},
     ['spec.resources.requests: Invalid value: "3": must be less than or equal to cpu limit of 2']),
    ("groups below zero", {"securityContext": {"fsGroup": -1, "supplementalGroups": [2**31]}},
     ["spec.securityContext.fsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive",
      "spec.securityContext.supplementalGroups[0]: Invalid value: 2147483648: must be between 0 and 2147483647, inclusive"]),
    ("affinity to a label that cannot be", {"affinity": {"nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "In", "values": ["b c"]}]}]},
        "preferredDuringSchedulingIgnoredDuringExecution": [
            {"weight": 0, "preference": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b c"]}]}}]}}},
     ["spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values[0]: "
      "Invalid value: \"b c\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end "
      "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
      "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100"]),
    ("affinity to an unknown field", {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
        "nodeSelectorTerms": [{"matchFields": [{"key": "metadata.uid", "operator": "In", "values": ["a"]}]}]}}}},
     ["spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].key: "
      'Invalid value: "metadata.uid": not a valid field selector key']),
    ("two volumes of one name", {"volumes": [{"name": "a"}, {"name": "a"}]}, ['spec.volumes[1].name: Duplicate value: "a"']),
]  # fmt: skip


@pytest.mark.parametrize(("container", "expected"), [case[1:] for case in CONTAINER], ids=[case[0] for case in CONTAINER])
def test_a_wrong_container_is_refused(world: Any, pod: Any, container: dict[str, Any], expected: list[str]) -> None:
    """Else a learner would think that a mistyped fieldPath is an empty variable, or that `storage` limits what a container may fill."""
    assert world.causes(pod(container=container)) == expected
    assert world.refusal(world.server.create, pod(container=container)).code == 422


@pytest.mark.parametrize(("spec", "expected"), [case[1:] for case in SPEC], ids=[case[0] for case in SPEC])
def test_a_wrong_pod_is_refused(world: Any, pod: Any, spec: dict[str, Any], expected: list[str]) -> None:
    """Else a learner would think that two containers can have one port of their Node, or that a Pod may be spread by nothing."""
    assert world.causes(pod(**spec)) == expected


def test_a_pod_with_everything_right_is_taken(world: Any, pod: Any) -> None:
    """Else a learner would think that labels, Secrets, ConfigMaps and limits cannot become variables of a container."""
    container = {
        "ports": [{"name": "http", "containerPort": 8080}, {"name": "dns", "containerPort": 53, "protocol": "UDP"}],
        "env": [
            {"name": "A", "value": "1"},
            {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
            {"name": "APP", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
            {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "s", "key": "a.b"}}},
            {"name": "CPU", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}},
        ],
        "envFrom": [{"prefix": "A_", "configMapRef": {"name": "c"}}],
        "volumeMounts": [{"name": "data", "mountPath": "/data"}],
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
        "readinessProbe": {"httpGet": {"port": "http"}},
        "lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}},
    }
    assert world.causes(pod(container=container, volumes=[{"name": "data", "emptyDir": {}}], nodeSelector={"disk": "ssd"})) == []


@pytest.mark.parametrize("cost", ["abc", "", "+10", "008", "1.5", "2147483648", "-2147483649"])
def test_a_deletion_cost_is_a_whole_number_of_32_bits(world: Any, pod: Any, cost: str) -> None:
    """Else a learner would think that a Pod with pod-deletion-cost `high` is kept when its Deployment is scaled down."""
    document = pod()
    document["metadata"]["annotations"] = {"controller.kubernetes.io/pod-deletion-cost": cost}
    assert world.causes(document) == [
        f'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "{cost}": must be a 32bit integer'
    ]


@pytest.mark.parametrize("cost", ["0", "-5", "-05", "2147483647"])
def test_a_deletion_cost_may_be_negative(world: Any, pod: Any, cost: str) -> None:
    """Else a learner would think that no Pod can be made cheaper to lose than one that says nothing."""
    document = pod()
    document["metadata"]["annotations"] = {"controller.kubernetes.io/pod-deletion-cost": cost}
    assert world.causes(document) == []


PROBED = {
    "name": "i",
    "image": "busybox",
    "lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}},
    "livenessProbe": {"tcpSocket": {"port": 80}},
    "readinessProbe": {"httpGet": {"port": 80}},
    "startupProbe": {"tcpSocket": {"port": 80}},
}


def test_only_an_init_container_that_goes_on_may_have_probes_and_hooks(world: Any, pod: Any) -> None:
    """Else a learner would think that a readiness probe makes the main containers wait for an ordinary init container's server."""
    assert world.causes(pod(initContainers=[PROBED])) == [
        f"spec.initContainers[0].{name}: Forbidden: may not be set for init containers without restartPolicy=Always"
        for name in ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
    ]
    assert world.causes(pod(initContainers=[{**PROBED, "restartPolicy": "Always"}])) == []


def test_an_update_may_change_the_image_and_nothing_else_of_the_spec(world: Any, pod: Any) -> None:
    world.server.create(pod())
    assert world.causes(pod(container={"image": "busybox:1.37"})) == []
    (cause,) = world.causes(pod(container={"command": ["sleep"]}))
    assert cause.startswith("spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,")
    (cause,) = world.causes(pod(containers=[{"name": "main", "image": "a"}, {"name": "more", "image": "b"}]))
    assert cause == "spec.containers: Forbidden: pod updates may not add or remove containers"


def test_a_label_of_a_pod_that_a_controller_made_can_be_changed(world: Any, pod: Any) -> None:
    made = world.server.create(pod()).thing
    bare = {key: value for key, value in made.spec.items() if key not in ("tolerations", "priority", "enableServiceLinks")}
    world.store.replace(made, spec=bare, node="node-a")
    changed = world.server.patch("Pod", "default", "client", {"metadata": {"labels": {"app": "x"}}}).thing
    assert changed.labels == {"app": "x"}
    assert changed.node == "node-a"


def test_the_seconds_of_a_toleration_may_change_and_nothing_else_of_it(world: Any, pod: Any) -> None:
    """Else a learner could not make a Pod leave a lost Node sooner than after 300 s without making it anew."""
    toleration = {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
    world.server.create(pod(tolerations=[toleration]))
    assert world.causes(pod(tolerations=[{**toleration, "tolerationSeconds": 5}])) == []
    assert world.causes(pod(tolerations=[{**toleration, "effect": ""}])) == [
        "spec.tolerations[0].effect: Invalid value: \"\": effect must be 'NoExecute' when `tolerationSeconds` is set",
        "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
    ]


def test_an_active_deadline_may_come_nearer_and_never_go_away(world: Any, pod: Any) -> None:
    """Else a learner saw a Pod's deadline prolonged, which no cluster allows."""
    world.server.create(pod(activeDeadlineSeconds=50))
    assert world.causes(pod(activeDeadlineSeconds=5)) == []
    assert world.causes(pod(activeDeadlineSeconds=60)) == [
        "spec.activeDeadlineSeconds: Invalid value: 60: must be less than or equal to previous value"
    ]
    stored = world.json("Pod", "client")
    stored["spec"] = {key: value for key, value in stored["spec"].items() if key != "activeDeadlineSeconds"}
    refusal = world.refusal(world.server.replace, stored)
    assert [str(cause) for cause in refusal.causes] == [
        "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value"
    ]


def test_gates_may_be_taken_from_a_pod_and_its_selector_added_to_as_long_as_it_has_one(world: Any, pod: Any) -> None:
    """Else a Pod with scheduling gates could never be let go."""
    world.server.create(pod(schedulingGates=[{"name": "a"}], nodeSelector={"disk": "ssd"}))
    assert world.causes(pod(schedulingGates=[{"name": "a"}], nodeSelector={"disk": "ssd", "zone": "z"})) == []
    assert world.causes(pod(schedulingGates=[{"name": "a"}], nodeSelector={"disk": "hdd"})) == [
        'spec.nodeSelector: Invalid value: {"disk":"hdd"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)'
    ]
    assert world.causes(pod(schedulingGates=[{"name": "a"}, {"name": "b"}], nodeSelector={"disk": "ssd"})) == [
        "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'"
    ]
    stored = world.json("Pod", "client")
    stored["spec"] = {key: value for key, value in stored["spec"].items() if key != "schedulingGates"}
    world.server.replace(stored)
    (cause,) = world.causes(pod(nodeSelector={"disk": "ssd", "zone": "z"}))
    assert cause.startswith("spec: Forbidden")


def test_no_init_container_can_be_added_to_a_pod(world: Any, pod: Any) -> None:
    """Else a learner would think that an init container can be added to a Pod that exists, which has to be made anew for it."""
    world.server.create(pod())
    assert world.causes(pod(initContainers=[{"name": "i", "image": "busybox"}])) == [
        "spec.initContainers: Forbidden: pod updates may not add or remove containers"
    ]
