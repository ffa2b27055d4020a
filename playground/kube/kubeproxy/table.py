"""Which Service ports does an address and port stand for?  More than one where several Services claim it."""

from __future__ import annotations

from collections.abc import Iterable

from playground.kube.apiserver.objects import EndpointSlice, Object
from playground.kube.kubeproxy.config import ProxyConfig
from playground.kube.kubeproxy.portrules import PortRules
from playground.kube.kubeproxy.serviceports import Key, ServicePort, service_ports
from playground.kube.kubeproxy.watched import WatchedService, service_of

Held = tuple[PortRules, ...]


class Table:
    """Rules by what packets are known by; those that claim the same key are sorted by name. A value in it is replaced, never changed."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held: dict[Key, Held] = {}

    def find(self, key: Key) -> Held:
        return self.held.get(key, ())

    def put(self, rules: PortRules, old: ServicePort | None) -> dict[Key, Held]:
        """A Service port is new or has changed (it was `old`). Gives what was held before, under each key that this touches."""
        port = rules.port
        if old is not port:
            return self._exchange(port, (*(old.keys() if old else ()), *port.keys()), rules)
        keys = port.keys()
        before = {key: self.find(key) for key in keys}
        if all(len(held) == 1 and held[0].port is port for held in before.values()):
            self.held.update(dict.fromkeys(before, (rules,)))
            return before
        return self._exchange(port, before, rules)

    def drop(self, port: ServicePort) -> dict[Key, Held]:
        """A Service port is gone; gives the same."""
        return self._exchange(port, port.keys(), None)

    def _exchange(self, port: ServicePort, keys: Iterable[Key], rules: PortRules | None) -> dict[Key, Held]:
        before = {key: self.find(key) for key in keys}
        mine = dict.fromkeys(rules.port.keys() if rules else (), rules)
        for key, held in before.items():
            claimants = [each for each in held if identity(each.port) != identity(port)]
            if (own := mine.get(key)) is not None:
                claimants = sorted([*claimants, own], key=lambda each: identity(each.port))
            self.held[key] = tuple(claimants)
            if not claimants:
                del self.held[key]
        return before


def identity(port: ServicePort) -> tuple[str, str, str]:
    """What makes it the same Service port before and after a change."""
    return port.name, port.protocol, port.family


def rules_in(held: Iterable[Held]) -> list[PortRules]:
    """All that is held, each once, sorted by name."""
    found = {id(rules): rules for claimants in held for rules in claimants}
    return sorted(found.values(), key=lambda rules: identity(rules.port))


def table_of(config: ProxyConfig, services: Iterable[Object], slices: Iterable[EndpointSlice]) -> Table:
    """What one kube-proxy holds when it has seen these objects."""
    watched: dict[tuple[str, str], WatchedService] = {}
    for piece in slices:
        if (key := service_of(piece)) is not None:
            watched.setdefault(key, WatchedService(key)).put_in(piece)
    table = Table()
    for service in services:
        found = watched.get(service.key, WatchedService(service.key))
        for port in service_ports(service, config.family, config.ip_mode):
            table.put(PortRules(port, found.pieces(), found.doubled), None)
    return table
