"""Who but its owner may look at a cluster?  Whoever holds a share link that stands; the room that keeps the links says which do."""

from __future__ import annotations

from collections.abc import Callable

Rule = Callable[[str, str], bool]
_rules: list[Rule] = []


def ask(rule: Rule) -> None:
    """From now on `rule(share, cluster)` is asked too; to be called once, when the server starts."""
    _rules.append(rule)


def stands(share: str, cluster: str) -> bool:
    """Whether this link opens this cluster now."""
    return any(rule(share, cluster) for rule in _rules)
