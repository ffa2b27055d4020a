"""How amounts are written: cases of TestQuantityString and TestQuantityParseEmit in apimachinery's quantity_test.go."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.canonical import canonical

WRITTEN = [
    ("1024Ki", "1Mi"), ("1500Mi", "1500Mi"), ("0.5Gi", "512Mi"), ("1.5Gi", "1536Mi"), ("1.1Ki", "1126400m"), ("1Ki", "1Ki"), ("0.5Ki", "512"),
    (0.5, "500m"), ("0.1", "100m"), (1, "1"), ("1000m", "1"), ("1500m", "1500m"), (1000, "1k"), ("128974848", "128974848"), ("100Mi", "100Mi"),
    ("0", "0"), ("0Mi", "0"), ("1e3", "1e3"), ("1000e-3", "1"), ("1E", "1E"), ("1000P", "1E"), ("1000E", "9223372036854775807"), ("-0.5", "-500m"),
    ("9" * 30 + "Ei", "9223372036854775807"),
    ("0.1n", "1n"), ("10k", "10k"), ("1500k", "1500k"), ("nonsense", "nonsense"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), WRITTEN)
def test_an_amount_has_one_way_to_be_written(given: Any, expected: str) -> None:
    """Else a learner would think that `1024Ki` and `1Mi`, or `1000m` and `1`, are two amounts: a cluster shows each pair as one."""
    assert canonical(given) == expected


def test_amounts_read_back_as_the_api_server_writes_them(world: Any, pod: Any) -> None:
    """Else a learner read `0.5` where every cluster says `500m`."""
    volume = {"name": "a", "emptyDir": {"sizeLimit": "1024Mi"}}
    world.server.apply(pod(container={"resources": {"requests": {"cpu": 0.5, "memory": "1024Mi"}}}, volumes=[volume]))
    spec = world.json("Pod", "client")["spec"]
    assert spec["containers"][0]["resources"]["requests"] == {"cpu": "500m", "memory": "1Gi"}
    assert spec["volumes"][0] == {"name": "a", "emptyDir": {"sizeLimit": "1Gi"}}
