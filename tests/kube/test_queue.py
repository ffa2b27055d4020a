"""A component's queue works off each waiting key once, and a key that comes back while it is worked on is worked on again."""

from playground.kube.clock import Clock
from playground.kube.queue import WorkQueue


def make(reconcile=None, delay=5):
    clock, done = Clock(), []
    queue = WorkQueue(clock, "test", delay, reconcile or (lambda key: done.append((clock.now, key))))
    return clock, queue, done


def test_a_key_waiting_is_not_queued_twice():
    clock, queue, done = make()
    queue.add("default", "a")
    queue.add("default", "b")
    queue.add("default", "a")
    clock.run_until(100)
    assert done == [(5, ("default", "a")), (5, ("default", "b"))]


def test_a_key_added_while_it_is_worked_on_is_worked_on_again():
    clock, seen = Clock(), []

    def reconcile(key):
        seen.append((clock.now, key))
        if len(seen) == 1:
            queue.add(*key)

    queue = WorkQueue(clock, "test", 5, reconcile)
    queue.add("a")
    clock.run_until(100)
    assert seen == [(5, ("a",)), (10, ("a",))]


def test_a_delayed_key_comes_when_its_delay_is_over():
    clock, queue, done = make()
    queue.add_after(50, "a")
    clock.run_until(54)
    assert done == []
    clock.run_until(100)
    assert done == [(55, ("a",))]


def test_a_saved_queue_goes_on():
    clock, queue, _ = make()
    queue.add("a")
    other_clock, other, done = make()
    other.restore([list(key) for key in queue.state()])
    other_clock.restore(clock.state())
    other_clock.run_until(100)
    assert done == [(5, ("a",))]
