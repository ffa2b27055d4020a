"""How often may one do something?"""

from __future__ import annotations

from playground.clusters.rates import Bucket, Buckets


def test_a_burst_is_allowed_and_then_the_rate() -> None:
    bucket = Bucket(rate=2, burst=3, now=0)
    assert [bucket.take(0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take(0.5) == 0


def test_tokens_never_pile_up_beyond_the_burst() -> None:
    bucket = Bucket(rate=1, burst=2, now=0)
    assert [bucket.take(1000) > 0 for _ in range(3)] == [False, False, True]


def test_each_key_has_its_own_bucket_and_the_wait_is_told_in_whole_seconds() -> None:
    now = [0.0]
    buckets = Buckets(2, 60, clock=lambda: now[0])
    assert [buckets.wait("ann") for _ in range(3)] == [0, 0, 30]
    assert buckets.wait("bob") == 0
    now[0] = 30
    assert buckets.wait("ann") == 0


def test_only_so_many_keys_are_kept() -> None:
    buckets = Buckets(1, 60, keep=2, clock=lambda: 0.0)
    assert [buckets.wait(key) for key in ("ann", "bob", "cid", "bob", "ann")] == [0, 0, 0, 60, 0]
