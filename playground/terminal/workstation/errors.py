"""How are the playground's own words refused?"""

from __future__ import annotations


class BadWords(ValueError):
    """The message is what stands after `error: `; the cluster has not been asked."""
