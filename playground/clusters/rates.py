"""May this visitor do that now?  Token buckets, kept in this process, for people and their scripts."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class Bucket:
    """`burst` tokens at most, `rate` new ones a second."""

    __slots__ = ("_at", "_tokens", "burst", "rate")

    def __init__(self, rate: float, burst: float, now: float):
        self.rate = rate
        self.burst = burst
        self._tokens = float(burst)
        self._at = now

    def take(self, now: float) -> float:
        """Take one token: 0.0 if there was one, else the seconds until there is."""
        self._tokens = min(self.burst, self._tokens + (now - self._at) * self.rate)
        self._at = now
        if self._tokens < 1:
            return (1 - self._tokens) / self.rate
        self._tokens -= 1
        return 0.0


class Buckets:
    """One bucket for each key; at most `keep` keys, the longest unused are forgotten (full again by then)."""

    def __init__(self, count: int, seconds: float, keep: int = 20_000, clock: Callable[[], float] = time.monotonic):
        self.count = count
        self.seconds = seconds
        self._keep = keep
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> int:
        """Take a token for this key: 0, or the whole seconds to wait before one can be had."""
        now = self._clock()
        with self._lock:
            bucket = self._buckets.setdefault(key, Bucket(self.count / self.seconds, self.count, now))
            self._buckets.move_to_end(key)
            if len(self._buckets) > self._keep:
                self._buckets.popitem(last=False)
            return math.ceil(bucket.take(now))
