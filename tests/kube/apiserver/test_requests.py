"""What a Pod asks for (component-helpers/resource/helpers.go)."""

import pytest

from playground.kube.apiserver.requests import amounts, pod_requests


def container(**requests):
    return {"resources": {"requests": requests}}


SIDECAR = {**container(cpu="100m"), "restartPolicy": "Always"}
SPECS = {
    "nothing": ({"containers": [{}]}, {}),
    "all containers together": ({"containers": [container(cpu="100m"), container(cpu="0.2", memory="1Ki")]}, {"cpu": 300, "memory": 1024}),
    "parts are rounded up": ({"containers": [container(cpu="1.5m", memory="0.5")]}, {"cpu": 2, "memory": 1}),
    "a limit without a request is one": (
        {"containers": [{"resources": {"limits": {"cpu": 1}, "requests": {"memory": "2"}}}]},
        {"cpu": 1000, "memory": 2},
    ),
    "an init container that asks for more": (
        {"initContainers": [container(cpu="1")], "containers": [container(cpu="100m")]},
        {"cpu": 1000},
    ),
    "an init container that asks for less": (
        {"initContainers": [container(cpu="50m")], "containers": [container(cpu="100m")]},
        {"cpu": 100},
    ),
    "a Pod as a whole, whatever its containers ask for": (
        {"resources": {"requests": {"cpu": "1"}}, "containers": [container(cpu="100m", memory="1Ki")]},
        {"cpu": 1000, "memory": 1024},
    ),
    "a Pod as a whole, of what it cannot have as a whole": (
        {"resources": {"requests": {"example.com/gpu": 1}}, "containers": [container(cpu="100m")]},
        {"cpu": 100},
    ),
    "a sidecar runs beside": ({"initContainers": [SIDECAR], "containers": [container(cpu="100m")]}, {"cpu": 200}),
    "a sidecar runs beside later init containers": (
        {"initContainers": [SIDECAR, container(cpu="1")], "containers": [container(cpu="100m")]},
        {"cpu": 1100},
    ),
}


@pytest.mark.parametrize(("spec", "expected"), SPECS.values(), ids=SPECS)
def test_a_pod_requests(spec, expected):
    """Else a learner would think that what a Pod asks for as a whole is not counted against its Node."""
    assert pod_requests(spec) == expected


def test_what_is_no_quantity_is_left_out():
    assert amounts({"cpu": "much", "pods": "110"}) == {"pods": 110}
