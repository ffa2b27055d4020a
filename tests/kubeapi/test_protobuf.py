"""What is read from bodies in protobuf: bytes as kubectl makes them, built here by hand."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.kube.errors import Refusal
from playground.kubeapi import protobuf


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def body(version: str, kind: str, message: bytes) -> bytes:
    return b"k8s\x00" + field(1, field(1, version.encode()) + field(2, kind.encode())) + field(2, message)


META = field(1, field(1, b"web") + field(3, b"") + field(7, 0) + field(11, field(1, b"app") + field(2, b"web")))


def test_a_service_with_a_number_and_with_a_name_as_its_target() -> None:
    ports = [
        field(1, field(1, b"http") + field(3, 80) + field(4, field(1, 0) + field(2, 8080) + field(3, b"")) + field(5, 0)),
        field(1, field(3, 81) + field(4, field(1, 1) + field(2, 0) + field(3, b"web"))),
    ]
    assert protobuf.decode(body("v1", "Service", META + field(2, b"".join(ports)) + field(3, field(1, b"")))) == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "labels": {"app": "web"}},
        "spec": {"ports": [{"name": "http", "port": 80, "targetPort": 8080}, {"port": 81, "targetPort": "web"}]},
    }


def test_a_zero_that_was_meant_is_kept_and_one_that_was_not_is_left_out() -> None:
    spec = field(1, 0) + field(5, 0) + field(7, 0) + field(4, b"")
    assert protobuf.decode(body("apps/v1", "Deployment", field(2, spec)))["spec"] == {"replicas": 0}


def test_bytes_become_base64_and_negative_numbers_stay_negative() -> None:
    secret = field(2, field(1, b"a") + field(2, b"\x00\xff"))
    assert protobuf.decode(body("v1", "Secret", secret))["data"] == {"a": "AP8="}
    assert protobuf.decode(body("v1", "DeleteOptions", field(1, (1 << 64) - 1)))["gracePeriodSeconds"] == -1


def test_a_field_that_is_not_known_is_refused_so_that_nothing_is_lost() -> None:
    with pytest.raises(Refusal, match=r"Service\.spec: field 99 .* kubectl apply -f -") as refused:
        protobuf.decode(body("v1", "Service", field(2, field(99, b"x"))))
    assert refused.value.code == 415


def test_a_kind_that_is_not_known_is_refused_with_another_way() -> None:
    with pytest.raises(Refusal, match="takes NetworkPolicy as JSON or YAML only"):
        protobuf.decode(body("networking.k8s.io/v1", "NetworkPolicy", b""))


def test_what_go_inlines_stands_among_the_fields_around_it() -> None:
    volume = field(1, b"host") + field(2, field(1, field(1, b"/") + field(2, b"")))
    reference = field(3, field(1, field(1, b"settings")) + field(2, b"key"))
    container = field(1, b"c") + field(7, field(1, b"A") + field(3, reference))
    spec = protobuf.decode(body("v1", "Pod", field(2, field(1, volume) + field(2, container))))["spec"]
    assert spec["volumes"] == [{"name": "host", "hostPath": {"path": "/", "type": ""}}]
    assert spec["containers"][0]["env"] == [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "key"}}}]


@given(st.binary(max_size=60))
def test_whatever_comes_it_is_read_or_refused(data: bytes) -> None:
    for bytes_ in (data, b"k8s\x00" + data, body("v1", "Service", data), body("v1", "ConfigMap", field(2, data))):
        with suppress(Refusal):
            assert protobuf.decode(bytes_)["kind"]
