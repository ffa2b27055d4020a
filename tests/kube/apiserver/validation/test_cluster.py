"""Cases of TestValidateNode, TestValidateEndpointsCreate and of pkg/apis/discovery/validation/validation_test.go."""

from __future__ import annotations

from typing import Any

import pytest


def slice_of(**changes: Any) -> dict[str, Any]:
    document = {"addressType": "IPv4", "ports": [{"name": "http", "port": 80}], "endpoints": [{"addresses": ["10.1.2.3"]}], **changes}
    return {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "s"}, **document}


def endpoints_of(*subsets: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "e"}, "subsets": list(subsets)}


def node_of(**spec: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "spec": spec}


CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("a right slice", slice_of(), []),
    ("a slice without endpoints", slice_of(endpoints=[], ports=[]), []),
    ("a slice of an unknown type", slice_of(addressType="ip"),
     ['addressType: Unsupported value: "ip": supported values: "FQDN", "IPv4", "IPv6"']),
    ("an endpoint without address", slice_of(endpoints=[{"addresses": []}]),
     ["endpoints[0].addresses: Required value: must contain at least 1 address"]),
    ("an address of the other family", slice_of(endpoints=[{"addresses": ["2001:db8::1"]}]),
     ['endpoints[0].addresses[0]: Invalid value: "2001:db8::1": must be an IPv4 address']),
    ("a loopback endpoint", slice_of(endpoints=[{"addresses": ["127.0.0.1"]}]),
     ['endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)']),
    ("two slice ports of one name", slice_of(ports=[{"name": "", "port": 1}, {"name": "", "port": 2}]), ['ports[1].name: Duplicate value: ""']),
    ("hints for a zone twice, for a wrong one, and for a Node twice",
     slice_of(endpoints=[{"addresses": ["10.1.2.3"], "hints": {"forZones": [{"name": "a"}, {"name": "a"}, {"name": "b c"}],
                                                              "forNodes": [{"name": "n"}, {"name": "n"}]}}]),
     ['endpoints[0].hints.forZones[1].name: Duplicate value: "a"',
      'endpoints[0].hints.forZones[2].name: Invalid value: "b c": a valid label must be an empty string or consist of alphanumeric characters, '
      "'-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
      "regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      'endpoints[0].hints.forNodes[1].name: Duplicate value: "n"']),
    ("hints for nine zones", slice_of(endpoints=[{"addresses": ["10.1.2.3"], "hints": {"forZones": [{"name": f"z{i}"} for i in range(9)]}}]),
     ["endpoints[0].hints.forZones: Too many: 9: must have at most 8 items"]),
    ("a slice port with a wrong appProtocol", slice_of(ports=[{"name": "", "port": 80, "appProtocol": "a b"}]),
     ["ports[0].appProtocol: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
      "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
      "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"]),
    ("an address with a wrong hostname and nodeName", endpoints_of({"addresses": [{"ip": "10.1.2.3", "hostname": "a_b", "nodeName": "c_d"}]}),
     ["subsets[0].addresses[0].hostname: Invalid value: \"a_b\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
      "and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
      "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      "subsets[0].addresses[0].nodeName: Invalid value: \"c_d\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
      "'-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
      "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"]),
    ("right endpoints", endpoints_of({"addresses": [{"ip": "10.1.2.3"}], "ports": [{"port": 80}]}), []),
    ("a subset of nothing", endpoints_of({"ports": [{"port": 80}]}),
     ["subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"]),
    ("a subset of two unnamed ports", endpoints_of({"addresses": [{"ip": "10.1.2.3"}], "ports": [{"port": 80}, {"port": 81}]}),
     ["subsets[0].ports[0].name: Required value", "subsets[0].ports[1].name: Required value"]),
    ("a right node", node_of(taints=[{"key": "a", "effect": "NoSchedule"}]), []),
    ("a taint without effect", node_of(taints=[{"key": "a"}]), ["metadata.taints[0].effect: Required value"]),
    ("a taint twice", node_of(taints=[{"key": "a", "effect": "NoSchedule"}] * 2),
     ['metadata.taints[1]: Duplicate value: {"effect":"NoSchedule","key":"a"}']),
]  # fmt: skip


@pytest.mark.parametrize(("document", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_it_is_judged_as_kubernetes_judges_it(world: Any, document: dict[str, Any], expected: list[str]) -> None:
    assert world.causes(document) == expected


def test_a_custom_kind_is_named_by_plural_and_group(world: Any) -> None:
    names = {"plural": "widgets", "kind": "Widget"}
    spec = {"group": "example.com", "scope": "Namespaced", "names": names, "versions": [{"name": "v1", "served": True, "storage": True}]}
    document = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "wrong"}, "spec": spec}
    assert world.causes(document) == ['metadata.name: Invalid value: "wrong": must be spec.names.plural+"."+spec.group']
