"""Which limit does this count for, and is it used up?  Counted in this process, for each visitor, cluster or network address."""

from __future__ import annotations

from django.conf import settings

from playground.clusters.errors import TooFast
from playground.clusters.models import Cluster
from playground.clusters.rates import Buckets

_limits = settings.LIMITS
RATES = {
    "clusters_per_hour": Buckets(_limits.clusters_per_hour, 3600),
    "clusters_per_hour_and_address": Buckets(_limits.clusters_per_hour_and_address, 3600),
    "checks_per_minute": Buckets(_limits.checks_per_minute, 60),
    "what_ifs_per_minute": Buckets(_limits.what_ifs_per_minute, 60),
    "lesson_looks_per_minute": Buckets(_limits.lesson_looks_per_minute, 60),
    "lesson_checks_per_minute": Buckets(_limits.lesson_checks_per_minute, 60),
    "actions_per_minute": Buckets(_limits.actions_per_minute, 60),
    "applies_per_minute": Buckets(_limits.applies_per_minute, 60),
    "terminal_actions_per_minute": Buckets(_limits.terminal_actions_per_minute, 60),
    "api_requests_per_minute": Buckets(_limits.api_requests_per_minute, 60),
    "api_writes_per_minute": Buckets(_limits.api_writes_per_minute, 60),
}


def spend(who: str, *limits: str) -> None:
    """To be called before something is done that these limits count; TooFast."""
    for limit in limits:
        wait = RATES[limit].wait(who)
        if wait:
            raise TooFast(limit, getattr(settings.LIMITS, limit), wait)


def check(cluster: Cluster) -> None:
    """To be called before a question is answered that a page asks while somebody types; TooFast."""
    spend(cluster.looker or cluster.visitor, "checks_per_minute")


def reckon(cluster: Cluster) -> None:
    """To be called before it is reckoned how many requests would fare; TooFast."""
    spend(cluster.looker or cluster.visitor, "what_ifs_per_minute")
