"""What is a Pod called inside of it?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.objects import Pod
from playground.kube.kubelet.hostnames import hostname_and_domain, nodename

LONG = "a" * 62 + ".b"


def pod_of(spec: dict[str, Any]) -> Pod:
    return Pod("Pod", "default", "p", "u", 1, 0, spec=spec, node="node-a")


WHOLE = {"hostname": "h", "subdomain": "s"}


@pytest.mark.parametrize(
    ("spec", "kernel", "pair"),
    [
        ({}, "p", ("p", "")),
        ({"hostname": "h"}, "h", ("h", "")),
        (WHOLE, "h", ("h", "s.default.svc.cluster.local")),
        ({"subdomain": "s"}, "p", ("p", "s.default.svc.cluster.local")),
        ({**WHOLE, "setHostnameAsFQDN": True}, "h.s.default.svc.cluster.local", ("h", "s.default.svc.cluster.local")),
        ({"hostname": "h", "setHostnameAsFQDN": True}, "h", ("h", "")),
        ({**WHOLE, "hostnameOverride": "a.b.example.com"}, "a.b.example.com", ("a.b.example.com", "")),
        ({"hostnameOverride": LONG}, "a" * 62, ("a" * 62, "")),
    ],
)
def test_a_pod_has_a_hostname_and_a_domain(spec: dict[str, Any], kernel: str, pair: tuple[str, str]) -> None:
    """Else a learner would think that these fields do nothing."""
    pod: Pod = pod_of(spec)
    assert (nodename(pod, "cluster.local"), hostname_and_domain(pod, "cluster.local")) == (kernel, pair)


def test_in_its_nodes_network_it_is_called_as_its_node() -> None:
    assert nodename(pod_of({"hostNetwork": True, "hostname": "h"}), "cluster.local") == "node-a"
