"""What is unknown and what has the wrong type, in the API server's words, with our hint in the cause only."""

from __future__ import annotations

from typing import Any

import pytest

UNMARSHAL = "json: cannot unmarshal"
CASES: list[tuple[str, dict[str, Any], str, list[str]]] = [
    ("an unknown field", {"spec": {"port": 80}}, 'strict decoding error: unknown field "spec.port"',
     ['spec.port: unknown field "spec.port"; did you mean "ports"?']),
    ("unknown fields at several places", {"spec": {"ports": [{"port": 80, "targetPrt": 5000}], "selektor": {}}},
     'strict decoding error: unknown field "spec.ports[0].targetPrt", unknown field "spec.selektor"',
     ['spec.ports[0].targetPrt: unknown field "spec.ports[0].targetPrt"; did you mean "targetPort"?',
      'spec.selektor: unknown field "spec.selektor"; did you mean "selector"?']),
    ("a field like no other", {"spec": {"zzzzqqqq": 1}}, 'strict decoding error: unknown field "spec.zzzzqqqq"',
     ['spec.zzzzqqqq: unknown field "spec.zzzzqqqq"']),
    ("a field in another case", {"spec": {"clusterip": "None"}}, 'strict decoding error: unknown field "spec.clusterip"',
     ['spec.clusterip: unknown field "spec.clusterip"; did you mean "clusterIP"?']),
    ("a string for a number", {"spec": {"ports": [{"port": "80"}]}},
     f"{UNMARSHAL} string into Go struct field ServicePort.spec.ports.port of type int32",
     [f'spec.ports[0].port: {UNMARSHAL} string into Go struct field ServicePort.spec.ports.port of type int32 (saw "80", expected an integer)']),
    ("a number for a label", {"metadata": {"labels": {"a": 1}}},
     f"{UNMARSHAL} number into Go struct field ObjectMeta.metadata.labels of type string",
     [f"metadata.labels.a: {UNMARSHAL} number into Go struct field ObjectMeta.metadata.labels of type string (saw 1, expected a string)"]),
    ("a map for a list", {"spec": {"ports": {"port": 80}}},
     f"{UNMARSHAL} object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort",
     [f'spec.ports: {UNMARSHAL} object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort (saw {{"port":80}}, expected a list)']),
    ("a list for a map", {"spec": {"selector": ["app"]}},
     f"{UNMARSHAL} array into Go struct field ServiceSpec.spec.selector of type map[string]string",
     [f'spec.selector: {UNMARSHAL} array into Go struct field ServiceSpec.spec.selector of type map[string]string (saw ["app"], expected a map)']),
    ("a fraction", {"spec": {"ports": [{"port": 80.5}]}},
     f"{UNMARSHAL} number 80.5 into Go struct field ServicePort.spec.ports.port of type int32",
     [f"spec.ports[0].port: {UNMARSHAL} number 80.5 into Go struct field ServicePort.spec.ports.port of type int32 (saw 80.5, expected an integer)"]),
    ("a number beyond its type", {"spec": {"ports": [{"port": 3_000_000_000}]}},
     f"{UNMARSHAL} number 3000000000 into Go struct field ServicePort.spec.ports.port of type int32",
     [f"spec.ports[0].port: {UNMARSHAL} number 3000000000 into Go struct field ServicePort.spec.ports.port of type int32 "
      "(saw 3000000000, expected an integer)"]),
    ("nothing in a list", {"spec": {"ports": [None]}}, f"{UNMARSHAL} null into Go struct field ServiceSpec.spec.ports of type v1.ServicePort",
     [f"spec.ports[0]: {UNMARSHAL} null into Go struct field ServiceSpec.spec.ports of type v1.ServicePort (saw null, expected a map)"]),
]  # fmt: skip


@pytest.mark.parametrize(("part", "message", "causes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_document_that_cannot_be_decoded(world: Any, part: dict[str, Any], message: str, causes: list[str]) -> None:
    document = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, **part}
    refusal = world.refusal(world.server.create, document)
    assert (refusal.code, refusal.reason) == (400, "BadRequest")
    assert refusal.message == f'Service in version "v1" cannot be handled as a Service: {message}'
    assert [str(cause) for cause in refusal.causes] == causes


def test_a_quantity_must_look_like_one(world: Any, pod: Any) -> None:
    refusal = world.refusal(world.server.create, pod(container={"resources": {"limits": {"cpu": "1 core"}}}))
    assert refusal.causes[0].field == "spec.containers[0].resources.limits.cpu"
    assert "quantities must match the regular expression" in refusal.message


BASE64 = [("right", "aGVsbG8=", ""), ("wrapped", "aGVs\nbG8=\n", ""), ("empty", "", ""), ("plain text", "s3cret!", "6"), ("cut short", "aGVsbG8", "4"),
          ("padded too soon", "a=", "1")]  # fmt: skip


@pytest.mark.parametrize(("text", "at"), [case[1:] for case in BASE64], ids=[case[0] for case in BASE64])
def test_the_data_of_a_secret_must_be_base64(world: Any, text: str, at: str) -> None:
    causes = world.causes({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"password": text}})
    assert [cause.partition(" (saw")[0] for cause in causes] == ([f"data.password: illegal base64 data at input byte {at}"] if at else [])


def test_a_null_counts_as_absent(world: Any, service: Any) -> None:
    assert world.causes(service(type=None, clusterIP=None, ports=[{"port": 80, "name": None}])) == []


def test_a_port_may_be_a_number_or_a_name(world: Any, service: Any) -> None:
    assert world.causes(service(ports=[{"port": 80, "targetPort": "http"}])) == []
