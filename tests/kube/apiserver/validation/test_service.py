"""Cases of TestValidateServiceCreate and TestValidateServiceUpdate in pkg/apis/core/validation/validation_test.go."""

from __future__ import annotations

from typing import Any

import pytest

NODE_PORT = {"type": "NodePort"}
BALANCER = {"type": "LoadBalancer"}
EXTERNAL_NAME = {"type": "ExternalName", "externalName": "example.com", "selector": None, "ports": None}
LOCAL_ONLY = "may only be set for externally-accessible services"

WRONG: list[tuple[str, dict[str, Any], list[str]]] = [
    ("no ports", {"ports": []}, ["spec.ports: Required value"]),
    ("port zero", {"ports": [{"port": 0}]},
     ["spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive"]),
    ("port too large", {"ports": [{"port": 70000, "targetPort": 80}]},
     ["spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive"]),
    ("target port name too long", {"ports": [{"port": 80, "targetPort": "a-name-longer-than-15"}]},
     ['spec.ports[0].targetPort: Invalid value: "a-name-longer-than-15": must be no more than 15 bytes']),
    ("unknown protocol", {"ports": [{"port": 80, "protocol": "INVALID"}]},
     ['spec.ports[0].protocol: Unsupported value: "INVALID": supported values: "SCTP", "TCP", "UDP"']),
    ("two unnamed ports", {"ports": [{"port": 80}, {"port": 81}]},
     ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"]),
    ("two ports of one name", {"ports": [{"name": "a", "port": 80}, {"name": "a", "port": 81}]},
     ['spec.ports[1].name: Duplicate value: "a"']),
    ("one port twice", {"ports": [{"name": "a", "port": 80}, {"name": "b", "port": 80}]},
     ['spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}']),
    ("node port of a ClusterIP Service", {"ports": [{"port": 80, "nodePort": 30080}]},
     ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"]),
    ("one node port twice", {**NODE_PORT, "ports": [{"name": "a", "port": 1, "nodePort": 30080}, {"name": "b", "port": 2, "nodePort": 30080}]},
     ["spec.ports[1].nodePort: Duplicate value: 30080"]),
    ("node port outside the range", {**NODE_PORT, "ports": [{"port": 80, "nodePort": 80}]},
     ["spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767"]),
    ("unknown type", {"type": "Nothing"},
     ['spec.type: Unsupported value: "Nothing": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"']),
    ("unknown affinity", {"sessionAffinity": "invalid"},
     ['spec.sessionAffinity: Unsupported value: "invalid": supported values: "ClientIP", "None"']),
    ("affinity for too long", {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 86401}}},
     ["spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400"]),
    ("external policy of a ClusterIP Service", {"externalTrafficPolicy": "Local"},
     [f'spec.externalTrafficPolicy: Invalid value: "Local": {LOCAL_ONLY}']),
    ("unknown internal policy", {"internalTrafficPolicy": "Near"},
     ['spec.internalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"']),
    ("unknown distribution", {"trafficDistribution": "Random"},
     ['spec.trafficDistribution: Unsupported value: "Random": supported values: "PreferClose", "PreferSameNode", "PreferSameZone"']),
    ("health check port without need", {**BALANCER, "healthCheckNodePort": 31000},
     ["spec.healthCheckNodePort: Invalid value: 31000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"]),
    ("source ranges of a ClusterIP Service", {"loadBalancerSourceRanges": ["10.0.0.0/8"]},
     ["spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"]),
    # Accepted, a mistyped range would guard nothing, and a single address without its length would seem to be allowed in.
    ("source ranges that are no networks", {**BALANCER, "loadBalancerSourceRanges": ["203.0.113.7", " 10.0.0.0/8 ", "10.0.0.0/33", "everyone/8"]},
     [f'spec.LoadBalancerSourceRanges[{index}]: Invalid value: "{value}": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
      for index, value in ((0, "203.0.113.7"), (2, "10.0.0.0/33"), (3, "everyone/8"))]),
    ("headless NodePort", {**NODE_PORT, "clusterIP": "None"},
     ["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"]),
    ("address that is none", {"clusterIP": "invalid"},
     ['spec.clusterIPs[0]: Invalid value: "invalid": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']),
    ("address outside the network", {"clusterIP": "10.0.0.1"},
     ['spec.clusterIPs: Invalid value: ["10.0.0.1"]: failed to allocate IP 10.0.0.1: the provided network does not match the current range']),
    ("addresses that disagree", {"clusterIP": "172.17.0.9", "clusterIPs": ["172.17.0.8"]},
     ['spec.clusterIPs: Invalid value: ["172.17.0.8"]: first value must match `clusterIP`']),
    ("a second family", {"ipFamilies": ["IPv6"]}, ['spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster']),
    ("two families required", {"ipFamilyPolicy": "RequireDualStack"},
     ['spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services']),
    ("external name missing", {**EXTERNAL_NAME, "externalName": ""}, ["spec.externalName: Required value"]),
    ("external name with an address", {**EXTERNAL_NAME, "clusterIP": "172.17.0.9"},
     ["spec.clusterIPs: Forbidden: may not be set for ExternalName services"]),
    ("loopback as external address", {"externalIPs": ["127.0.0.1"]},
     ['spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)']),
    ("link-local multicast as external address", {"externalIPs": ["224.0.0.9"]},
     ['spec.externalIPs[0]: Invalid value: "224.0.0.9": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)']),
    ("label key in the selector", {"selector": {"a b": "x"}},
     ["spec.selector: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
      "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"]),
]  # fmt: skip

RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("one unnamed port", {}),
    ("headless", {"clusterIP": "None"}),
    ("headless without ports", {"clusterIP": "None", "ports": []}),
    ("without selector", {"selector": None}),
    ("external name", EXTERNAL_NAME),
    ("external name with a trailing dot", {**EXTERNAL_NAME, "externalName": "example.com."}),
    ("one number under two protocols", {"ports": [{"name": "a", "port": 53, "protocol": "UDP"}, {"name": "b", "port": 53}]}),
    ("local external policy of a NodePort Service", {**NODE_PORT, "externalTrafficPolicy": "Local"}),
    ("local external policy with external addresses", {"externalIPs": ["1.2.3.4"], "externalTrafficPolicy": "Local"}),
    ("local internal policy", {"internalTrafficPolicy": "Local"}),
    ("explicit address", {"clusterIP": "172.17.0.77"}),
    ("explicit node port", {**NODE_PORT, "ports": [{"port": 80, "nodePort": 30080}]}),
    ("one node port under two protocols",
     {**NODE_PORT, "ports": [{"name": "a", "port": 53, "protocol": "UDP", "nodePort": 30053}, {"name": "b", "port": 53, "nodePort": 30053}]}),
    ("affinity", {"sessionAffinity": "ClientIP"}),
    # Refused as link-local, it would have been called what it is not (ValidateNonSpecialIP).
    ("an external address of wider multicast", {"externalIPs": ["225.1.1.1"]}),
    ("source ranges of both families", {**BALANCER, "loadBalancerSourceRanges": ["10.0.0.0/8", " 2001:db8::/64 "]}),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "expected"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_wrong_service_is_refused_with_every_field_error(world: Any, service: Any, spec: dict[str, Any], expected: list[str]) -> None:
    """Else a learner would think that a mistyped source range guards a Service, or that 224.0.0.9 may be an external address of it."""
    document = service(**spec)
    assert world.causes(document) == expected
    refusal = world.refusal(world.server.create, document)
    listed = expected[0] if len(expected) == 1 else f"[{', '.join(expected)}]"
    assert (refusal.code, refusal.message) == (422, f'Service "web" is invalid: {listed}')


@pytest.mark.parametrize("spec", [case[1] for case in RIGHT], ids=[case[0] for case in RIGHT])
def test_a_right_service_is_taken(world: Any, service: Any, spec: dict[str, Any]) -> None:
    """Else a learner would think that 225.1.1.1 is link-local, or that source ranges cannot be of both families."""
    assert world.causes(service(**spec)) == []
    assert world.server.create(service(**spec)).verb == "created"


def test_the_name_of_a_service_is_a_label_that_may_start_with_a_digit(world: Any, service: Any) -> None:
    """Else a learner would think that a Service cannot be called `3scale`, as it could not before 1.36 (KEP-5311)."""
    assert world.causes(service("3scale")) == []
    assert world.causes(service("a.b")) == ['metadata.name: Invalid value: "a.b": must not contain dots']
    (cause,) = world.causes(service("-web"))
    assert cause.startswith('metadata.name: Invalid value: "-web": a lowercase RFC 1123 label must consist of')


CHANGES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("another address", {"clusterIP": "172.17.0.99"}, ['spec.clusterIPs[0]: Invalid value: ["172.17.0.99"]: may not change once set']),
    ("to headless", {"clusterIP": "None"}, ['spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set']),
    ("selector, ports and type", {"selector": {"app": "other"}, "ports": [{"port": 81}], "type": "NodePort"}, []),
    ("to ExternalName", {"type": "ExternalName", "externalName": "example.com"}, []),
]


@pytest.mark.parametrize(("spec", "expected"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
def test_an_update_keeps_the_address_that_was_given(world: Any, service: Any, spec: dict[str, Any], expected: list[str]) -> None:
    given = world.server.apply(service()).thing.spec["clusterIP"]
    assert world.causes(service(**spec)) == expected
    if not expected:
        changed = world.server.replace(service(**spec)).thing.spec
        assert changed.get("clusterIP") == (None if changed["type"] == "ExternalName" else given)


def test_the_health_check_port_of_a_load_balancer_stays(world: Any, service: Any) -> None:
    """A port that could move would leave the load balancers asking at the old one (validateServiceExternalTrafficFieldsUpdate)."""
    local = {**BALANCER, "externalTrafficPolicy": "Local"}
    world.server.apply(service(**local, healthCheckNodePort=31000))
    assert world.causes(service(**local, healthCheckNodePort=31001)) == ["spec.healthCheckNodePort: Forbidden: field is immutable"]
    assert world.causes(service(**local)) == world.causes(service(**BALANCER)) == []
