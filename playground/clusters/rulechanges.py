"""What do the Nodes do with a Service now that they did not do before?  Told where a learner could see it: an endpoint, a count, a verdict.

With few Nodes each is told by itself, because they hear of a change at different times; with many, all of them together,
once every kube-proxy has had the time to hear of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.clusters.wording import TOGETHER, counted, listed, short
from playground.kube.clock import SECOND
from playground.kube.events import RulesSynced

Rule = dict[str, Any]
Rules = dict[str, Rule]
Heard = tuple[int, Rule | None, Rule | None]
OUTSIDE = "/outside"
ALL_HAVE_HEARD = SECOND
LONGEST = 5 * SECOND


class RuleChanges:
    """`rules` are those that every Node has now, by Node and by Service port, as the picture has them."""

    def __init__(self, rules: dict[str, Rules]):
        self._known = dict(rules)
        self._synced: dict[str, int] = {}
        self._since: dict[str, int] = {}
        self._changed: dict[str, dict[str, Heard]] = {}

    def synced(self, event: RulesSynced) -> None:
        """When it was that these Nodes took over what is about to be heard of."""
        self._synced.update(dict.fromkeys(event.nodes, event.time))

    def hear(self, node: str, rules: Rules | None, now: int) -> None:
        """All rules of a Node, after one of them changed; None: there is no such Node any more."""
        old, time = self._known.pop(node, {}), self._synced.pop(node, now)
        if rules is None:
            for nodes in self._changed.values():
                nodes.pop(node, None)
            return
        self._known[node] = rules
        for port in {**old, **rules} if rules else ():  # a Node that starts again has none for a moment
            if _seen(old.get(port)) != _seen(rules.get(port)):
                self._since.setdefault(port, time)
                nodes = self._changed.setdefault(port, {})
                told = nodes[node][1] if node in nodes else old.get(port)
                nodes[node] = time, told, rules.get(port)

    def take(self, now: int) -> Iterator[tuple[int, str, str]]:
        """(time, sentence, Service) for each change that is to be told by now."""
        self._synced.clear()
        many = len(self._known) > TOGETHER
        alike: dict[tuple[str, str], dict[str, int]] = {}  # ports of a Service that changed alike are told once
        due = [port for port, since in self._since.items() if not many or self._is_due(port, now - since)]
        self._since = {port: since for port, since in self._since.items() if port not in due}
        changed = {port: self._changed.pop(port) for port in due}
        for port, changes in changed.items():
            inside = changed.get(port.replace(OUTSIDE, ""), {}) if OUTSIDE in port else {}
            for node, (time, told, rule) in changes.items():
                if _seen(told) != _seen(rule) and not _is_alike(inside.get(node), told, rule):
                    alike.setdefault((port.partition(":")[0], _words(port, told, rule)), {})[node] = time
        for (service, words), nodes in alike.items():
            where = "every Node" if many and len(nodes) == len(self._known) else listed(sorted(nodes))
            yield now if many else max(nodes.values()), f"the rules on {where} {words}", service

    def _is_due(self, port: str, waited: int) -> bool:
        """Whether every Node has heard of it, and they mostly agree; those that go on changing are waited for."""
        if waited < ALL_HAVE_HEARD:
            return False
        ways = {_words(port, told, rule) for _, told, rule in self._changed[port].values()}
        return len(ways) <= TOGETHER or waited >= LONGEST


def _seen(rule: Rule | None) -> object:
    return rule and (rule["verdict"], rule["count"], rule["endpoints"])


def _is_alike(inside: Heard | None, old: Rule | None, new: Rule | None) -> bool:
    """Whether what is done with requests from outside has changed as it did with those to the ClusterIP: that is told once."""
    return inside is not None and _seen(inside[2]) == _seen(new) and (new is None or _seen(inside[1]) == _seen(old))


def _words(port: str, old: Rule | None, new: Rule | None) -> str:
    service, outside = short(port.partition(":")[0]), OUTSIDE in port
    requests = f"requests from outside to {service}" if outside else f"requests to {service}"
    if new is None:
        return f"no longer take {requests}" if outside else f"no longer know {service}"
    if new["verdict"] == "DROP":
        return f"now drop {requests}: none of its endpoints is on that Node"
    if new["verdict"] == "REJECT":
        return f"now refuse {requests}: it has no endpoint to use"
    same_count = not outside and old is not None and (old["verdict"], old["count"]) == ("forward", new["count"])
    others = " (not the same as before)" if same_count else ""
    return f"now forward {requests if outside else service} to {counted(new['count'], 'endpoint')}{others}"
