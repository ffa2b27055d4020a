"""Which environment variables does a container start with?  Those of Services, of ConfigMaps and Secrets, and its own.

Source: pkg/kubelet/envvars/envvars.go (FromServices), pkg/kubelet/kubelet_pods.go (getServiceEnvVarMap,
makeEnvironmentVariables), third_party/forked/golang/expansion/expand.go.
Kubernetes leaves the order of the variables open; here a container's own come first, then those of Services by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from playground.kube.apiserver.objects import JSON, Object

Variable = tuple[str, str]
Source = Callable[[JSON], "dict[str, str] | None"]
MASTER = "default", "kubernetes"
REFERENCE = re.compile(r"\$(?:(\$)|\(([^)]*)\))")


class Missing(Exception):
    """A container cannot be started: what it needs is not there, of a ConfigMap or Secret (`kind`, `name`) or in a file; the text is the kubelet's
    message."""

    def __init__(self, message: str, kind: str = "", name: str = ""):
        super().__init__(message)
        self.kind = kind
        self.name = name


def visible(services: Iterable[Object], namespace: str, links: bool) -> list[Object]:
    """The Services whose variables a Pod of a namespace gets, by name: those of its own namespace if it has service links,
    and `kubernetes` of the namespace `default` always, unless the Pod's own namespace has a Service of that name."""
    found: dict[str, Object] = {}
    for service in services:
        if service.spec.get("clusterIP") in (None, "", "None"):
            continue
        if service.key == MASTER:
            found.setdefault(service.name, service)
        elif links and service.namespace == namespace:
            found[service.name] = service
    return [service for _, service in sorted(found.items())]


def from_services(services: Iterable[Object]) -> tuple[Variable, ...]:
    """The variables of Services in their order; those without a cluster IP have none."""
    return tuple(variable for service in services for variable in _of_service(service))


def mangled(name: str) -> str:
    """How a name stands in the name of a variable."""
    return name.upper().replace("-", "_")


def own_variables(
    container: JSON, services: Iterable[Variable], namespace: str, config_map: Source, secret: Source, field: Callable[[JSON], str | None]
) -> tuple[Variable, ...]:
    """What `envFrom` and `env` say, once each name: `env` beats `envFrom`, what comes later beats what came before.
    `config_map` and `secret` give the data a reference means, None if there is none; `field` the value of a fieldRef,
    resourceFieldRef or fileKeyRef; `namespace` is the Pod's. Raises Missing where a reference that is not optional leads nowhere."""
    found: dict[str, str] = {}
    for source in container.get("envFrom") or ():
        for kind, get in (("configMapRef", config_map), ("secretRef", secret)):
            if kind in source:
                data = _data(source[kind], get, kind)
                found |= {(source.get("prefix") or "") + key: value for key, value in data.items()}
    known = dict(services)
    for each in container.get("env") or ():
        value = _value(each, known | found, namespace, config_map, secret, field)
        if value is not None:
            found[each["name"]] = value
    return tuple(found.items())


def expand(text: str, known: dict[str, str]) -> str:
    """`$(NAME)` becomes its value, if it has one by now; `$$` is a dollar sign."""
    return REFERENCE.sub(lambda match: "$" if match[1] else known.get(match[2], match[0]), text)


def merged(own: Iterable[Variable], services: Iterable[Variable]) -> tuple[Variable, ...]:
    """All variables of a container: its own, and those of Services whose names it does not set itself."""
    own = tuple(own)
    taken = {name for name, _ in own}
    return (*own, *(variable for variable in services if variable[0] not in taken))


def _of_service(service: Object) -> list[Variable]:
    spec, prefix = service.spec, mangled(service.name)
    ip, ports = spec.get("clusterIP"), spec.get("ports") or ()
    if ip in (None, "", "None") or not ports:
        return []
    urls = [f"{_protocol(port)}://{f'[{ip}]' if ':' in ip else ip}:{port['port']}" for port in ports]
    found = [(f"{prefix}_SERVICE_HOST", ip), (f"{prefix}_SERVICE_PORT", str(ports[0]["port"]))]
    found += [(f"{prefix}_SERVICE_PORT_{mangled(port['name'])}", str(port["port"])) for port in ports if port.get("name")]
    found.append((f"{prefix}_PORT", urls[0]))
    for port, url in zip(ports, urls, strict=True):
        name = f"{prefix}_PORT_{port['port']}_{_protocol(port).upper()}"
        found += [(name, url), (f"{name}_PROTO", _protocol(port)), (f"{name}_PORT", str(port["port"])), (f"{name}_ADDR", ip)]
    return found


def _protocol(port: JSON) -> str:
    return str(port.get("protocol") or "TCP").lower()


def _value(
    each: JSON, known: dict[str, str], namespace: str, config_map: Source, secret: Source, field: Callable[[JSON], str | None]
) -> str | None:
    """The value of an entry of `env`; None for one whose optional reference leads nowhere."""
    if each.get("value"):
        return expand(each["value"], known)
    source: JSON = each.get("valueFrom") or {}
    for kind, get in (("configMapKeyRef", config_map), ("secretKeyRef", secret)):
        if kind in source:
            return _key(source[kind], namespace, get, kind)
    return field(source) if source else ""


def _key(reference: JSON, namespace: str, get: Source, kind: str) -> str | None:
    found = _data(reference, get, kind).get(reference["key"])
    if found is None and not reference.get("optional"):
        where = f"{_said(kind)} {namespace}/{reference['name']}"
        raise Missing(f"couldn't find key {reference['key']} in {where}", _said(kind), reference["name"])
    return found


def _data(reference: JSON, get: Source, kind: str) -> dict[str, str]:
    found = get(reference)
    if found is None and not reference.get("optional"):
        raise Missing(f'{_said(kind).lower()} "{reference["name"]}" not found', _said(kind), reference["name"])
    return found or {}


def _said(kind: str) -> str:
    return "ConfigMap" if kind.startswith("config") else "Secret"
