"""What does a Node answer to a load balancer that asks whether it has endpoints of a Service (spec.healthCheckNodePort)?

Source: pkg/proxy/healthcheck/service_health.go.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.kubeproxy.config import ProxyConfig
from playground.kube.kubeproxy.endpoints import Part, parts_of
from playground.kube.kubeproxy.portrules import PortRules

OK, UNAVAILABLE = 200, 503


class HealthAnswer(msgspec.Struct, frozen=True):
    """The HTTP answer to any path: `count` is the number of local endpoints that are ready; terminating ones never count."""

    namespace: str
    service: str
    count: int

    @property
    def code(self) -> int:
        return OK if self.count else UNAVAILABLE

    @property
    def headers(self) -> dict[str, str]:
        weight = str(self.count)
        return {"Content-Type": "application/json", "X-Content-Type-Options": "nosniff", "X-Load-Balancing-Endpoint-Weight": weight}

    @property
    def body(self) -> dict[str, Any]:
        return {"service": {"namespace": self.namespace, "name": self.service}, "localEndpoints": self.count, "serviceProxyHealthy": True}

    @property
    def text(self) -> str:
        """The body as it is sent, indented by tabs."""
        inner = f'\t"service": {{\n\t\t"namespace": "{self.namespace}",\n\t\t"name": "{self.service}"\n\t}}'
        return f'{{\n{inner},\n\t"localEndpoints": {self.count},\n\t"serviceProxyHealthy": true\n}}'


def health_answer(config: ProxyConfig, rules: PortRules) -> HealthAnswer:
    """What the Node says of the Service that these rules are of: it counts over all ports of its EndpointSlices, also such as the Service has not."""
    namespace, _, service = rules.port.service.partition("/")
    ready = {each.ip for part in _all_parts(rules) for each in part.local(config.node)[0]}
    return HealthAnswer(namespace, service, len(ready))


def _all_parts(rules: PortRules) -> list[Part]:
    named = dict.fromkeys((port.name, port.protocol) for piece in rules.pieces for port in piece.slice.ports)
    ports = [msgspec.structs.replace(rules.port, port_name=name, protocol=protocol) for name, protocol in named]
    return [part for port in ports for part in parts_of(port, rules.pieces, rules.doubled)]
