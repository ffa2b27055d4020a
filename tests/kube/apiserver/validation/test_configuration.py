"""Cases of TestValidateConfigMap, TestValidateSecret and their updates in pkg/apis/core/validation/validation_test.go."""

from __future__ import annotations

from typing import Any

import pytest

KEY = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' "
    "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)
FROZEN = "Forbidden: field is immutable when `immutable` is set"


def config_map(**fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, **fields}


def secret(**fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, **fields}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (config_map(data={"a b": "c"}), [f'data[a b]: Invalid value: "a b": {KEY}']),
        (config_map(binaryData={"..x": "YQ=="}), ["binaryData[..x]: Invalid value: \"..x\": must not start with '..'"]),
        (config_map(data={"a": "b"}, binaryData={"a": "YQ=="}), ['data[a]: Invalid value: "a": duplicate of key present in binaryData']),
        (config_map(data={"a": "x" * (1024 * 1024 + 1)}), ["[]: Too long: may not be more than 1048576 bytes"]),
        (secret(stringData={"a/b": "c"}), [f'data[a/b]: Invalid value: "a/b": {KEY}']),
        (secret(type="kubernetes.io/tls", data={"tls.crt": ""}), ["data[tls.key]: Required value"]),
        (secret(type="kubernetes.io/basic-auth"), ["data[username]: Required value", "data[password]: Required value"]),
        (secret(type="kubernetes.io/ssh-auth"), ["data[ssh-privatekey]: Required value"]),
        (secret(type="kubernetes.io/dockerconfigjson"), ["data[.dockerconfigjson]: Required value"]),
        (
            secret(type="kubernetes.io/service-account-token"),
            ["metadata.annotations[kubernetes.io/service-account.name]: Required value"],
        ),
    ],
)
def test_wrong_keys_and_missing_ones_are_refused(world: Any, document: dict[str, Any], expected: list[str]) -> None:
    """Else a learner would think that a ConfigMap's key may have spaces, or a Secret for TLS do without its key."""
    assert world.causes(document) == expected


@pytest.mark.parametrize(
    "document",
    [
        config_map(data={"a": "x" * 1024 * 1024}),
        config_map(data={"nginx.conf": "", ".hidden": "", "KEY_NAME": ""}),
        secret(type="kubernetes.io/basic-auth", stringData={"username": "me"}),
        secret(type="example.com/mine"),
    ],
)
def test_right_ones_are_taken(world: Any, document: dict[str, Any]) -> None:
    """Else a learner would think that a file's name with a dot cannot be a key, or that a Secret may not have a type of one's own."""
    assert world.causes(document) == []


def test_what_is_immutable_stays_as_it_is(world: Any) -> None:
    """Else a learner would think that an immutable ConfigMap can be changed, which has to be made anew."""
    world.server.create(config_map(data={"a": "b"}, immutable=True))
    assert world.causes(config_map(data={"a": "c"}, immutable=True)) == [f"data: {FROZEN}"]
    world.server.create(secret(type="Opaque", stringData={"a": "b"}))
    assert world.causes(secret(type="kubernetes.io/basic-auth", stringData={"username": "b"})) == [
        'type: Invalid value: "kubernetes.io/basic-auth": field is immutable'
    ]
