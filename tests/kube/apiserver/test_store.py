"""The store numbers every change, tells it once it is done, keeps its indexes right, and leaves no trace of what was undone."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object, Owner, Pod, Stored
from playground.kube.apiserver.store import FEW, Store
from playground.kube.settings import ClusterSettings


def service(store, name, **fields):
    return Object("Service", "default", name, store.new_uid(), 0, 0, **fields)


@pytest.fixture
def store():
    return Store(seed=3)


def test_every_change_gets_the_next_revision(store):
    first = store.create(service(store, "a"))
    second = store.replace(first, labels={"app": "x"})
    assert (first.version, second.version, store.revision) == (1, 2, 2)
    assert first.labels == {}


def test_a_change_that_changes_nothing_is_none(store):
    thing = store.create(service(store, "a", labels={"app": "x"}))
    assert store.replace(thing, labels={"app": "x"}) is thing
    assert store.put(thing, msgspec.structs.replace(thing, version=99)) is thing
    assert store.revision == 1


def test_watchers_hear_what_was_and_what_is(store):
    heard = []
    store.watch("Service", lambda old, new: heard.append((old and old.version, new and new.version)))
    thing = store.create(service(store, "a"))
    thing = store.replace(thing, labels={"app": "x"})
    store.remove(thing)
    assert heard == [(None, 1), (1, 2), (2, None)]


def test_a_transaction_tells_nothing_before_it_is_done(store):
    heard = []
    store.watch("Service", lambda old, new: heard.append(new.name))
    with store.transaction():
        store.create(service(store, "a"))
        assert heard == []
        assert store.get("Service", "default", "a")
    assert heard == ["a"]


def test_an_undone_transaction_leaves_no_trace(store):
    kept = store.create(service(store, "kept", labels={"app": "x"}))
    gone = store.create(service(store, "gone"))
    before, heard = msgspec.json.encode(store.state()), []
    store.watch("Service", lambda old, new: heard.append(new))
    with pytest.raises(KeyError), store.transaction():
        store.replace(kept, labels={})
        store.remove(gone)
        store.create(service(store, "new"))
        raise KeyError
    assert msgspec.json.encode(store.state()) == before
    assert heard == []
    assert store.by_uid(kept.uid) == kept


def test_dependents_are_found_by_the_uid_of_their_owner(store):
    owner = store.create(service(store, "owner"))
    mine = store.create(service(store, "mine", owners=(Owner("v1", "Service", "owner", owner.uid),)))
    store.create(service(store, "other"))
    assert store.owned(owner.uid) == [mine]
    store.replace(mine, owners=())
    assert store.owned(owner.uid) == []


def test_lists_are_in_order_of_namespace_and_name(store):
    for namespace, name in [("b", "z"), ("a", "y"), ("b", "a")]:
        store.create(Object("Service", namespace, name, store.new_uid(), 0, 0))
    assert [thing.key for thing in store.list("Service")] == [("a", "y"), ("b", "a"), ("b", "z")]
    assert [thing.name for thing in store.list("Service", "b")] == ["a", "z"]
    assert store.list("Service", "nowhere") == []


def test_uids_differ_and_depend_on_the_seed_alone():
    one, other, third = Store(1), Store(1), Store(2)
    uids = [one.new_uid() for _ in range(100)]
    assert len(set(uids)) == 100
    assert uids == [other.new_uid() for _ in range(100)]
    assert third.new_uid() not in uids


labels = st.dictionaries(st.sampled_from(["app", "tier"]), st.sampled_from(["x", "y"]))
moves = st.lists(
    st.tuples(st.sampled_from(["put", "remove", "undo"]), st.sampled_from("abc"), labels, st.sampled_from(["", "n1", "n2"])), max_size=30
)


@given(moves)
def test_indexes_find_what_a_scan_finds_whatever_happened_before(steps):
    machinery = Machinery(ClusterSettings())
    for step in steps:
        move(machinery.store, *step)
    pods = machinery.store.list("Pod")
    for node in ("n1", "n2"):
        assert machinery.store.find(machinery.pods_by_node, node) == [pod for pod in pods if pod.node == node]
    for selector in ({"app": "x"}, {"app": "x", "tier": "y"}):
        assert machinery.pods_matching("default", selector) == [pod for pod in pods if selector.items() <= pod.labels.items()]


def move(store, verb, name, labels, node):
    old = store.get("Pod", "default", name)
    if verb == "remove" and old:
        store.remove(old)
    elif verb == "put" and old:
        store.replace(old, labels=labels, node=node)
    elif verb == "put":
        store.create(Pod("Pod", "default", name, store.new_uid(), 0, 0, labels=labels, node=node))
    elif verb == "undo" and old:
        with pytest.raises(KeyError), store.transaction():
            store.remove(old)
            raise KeyError


def test_an_empty_selector_matches_no_pod():
    machinery = Machinery(ClusterSettings())
    machinery.store.create(Pod("Pod", "default", "a", machinery.store.new_uid(), 0, 0))
    assert machinery.pods_matching("default", {}) == []


def test_what_is_stored_survives_json():
    store = Store()
    store.create(Pod("Pod", "default", "a", store.new_uid(), 0, 5, labels={"app": "x"}, node="n1", ip="10.244.1.2"))
    store.create(service(store, "s", spec={"ports": [{"port": 80}]}))
    revision, serial, objects = msgspec.json.decode(msgspec.json.encode(store.state()), type=tuple[int, int, list[Stored]])
    other = Store()
    other.restore(revision, serial, objects)
    assert msgspec.json.encode(other.state()) == msgspec.json.encode(store.state())


def test_the_changes_after_a_revision_are_remembered(store):
    thing = store.create(service(store, "a"))
    changed = store.replace(thing, labels={"app": "x"})
    store.remove(changed)
    assert store.since(0) == [(1, None, thing), (2, thing, changed), (3, changed, None)]
    assert store.since(2) == [(3, changed, None)]
    assert store.since(3) == []


def test_so_many_changes_are_remembered_and_no_more():
    store = Store(remembered=2)
    for name in "abc":
        store.create(service(store, name))
    assert store.since(0) is None
    assert [change[0] for change in store.since(1)] == [2, 3]


def test_what_was_undone_is_not_remembered(store):
    store.create(service(store, "a"))
    with pytest.raises(KeyError), store.transaction():
        store.create(service(store, "b"))
        raise KeyError
    assert [change[0] for change in store.since(0)] == [1]


def test_a_store_that_was_brought_back_remembers_nothing_from_before(store):
    store.create(service(store, "a"))
    other = Store(seed=3)
    other.restore(*store.state())
    assert other.since(0) is None
    assert other.since(1) == []


def test_who_minds_some_fields_hears_of_changes_of_those_and_of_what_comes_and_goes(store):
    heard = []
    store.watch("Service", lambda old, new: heard.append((new or old).version), of=("spec", "labels"))
    thing = store.replace(store.replace(store.create(service(store, "a")), status={"x": 1}), labels={"app": "x"}, status={})
    store.remove(thing)
    assert heard == [1, 3, 3]


def test_an_index_of_some_fields_is_right_after_every_change(store):
    index = store.index("Service", lambda thing: list(thing.labels), of=("labels",))
    thing = store.create(service(store, "a", labels={"app": "x"}))
    thing = store.replace(store.replace(thing, status={"x": 1}), labels={"tier": "y"})
    assert (store.find(index, "app"), store.find(index, "tier")) == ([], [thing])


def test_an_index_of_some_fields_is_right_after_what_was_undone(store):
    index = store.index("Service", lambda thing: list(thing.labels), of=("labels",))
    thing = store.create(service(store, "a", labels={"app": "x"}))
    with pytest.raises(RuntimeError, match="no"), store.transaction():
        store.replace(thing, labels={"tier": "y"})
        raise RuntimeError("no")
    assert (store.find(index, "app"), store.find(index, "tier")) == ([thing], [])


def test_who_follows_after_the_first_changes_hears_of_the_next(store):
    heard = []
    thing = store.replace(store.create(service(store, "a")), status={"x": 1})
    store.watch("Service", lambda old, new: heard.append(new.version), of=("status",))
    store.replace(thing, status={"x": 2})
    assert heard == [3]


def test_an_index_finds_one_few_and_many_as_they_come_and_go(store):
    index, there = store.index("Service", lambda thing: ["all"]), []
    for number in range(FEW + 3):
        there.append(store.create(service(store, f"s-{number:03}")))
        assert store.find(index, "all") == there
    while there:
        store.remove(there.pop(len(there) // 2))
        assert store.find(index, "all") == there
        assert index.count("all") == len(there)


@pytest.mark.parametrize("many", [1, 2, FEW, FEW + 1])
def test_a_restored_index_finds_the_same_and_lets_go_of_what_goes(store, many):
    made = [store.create(service(store, f"s-{number:03}")) for number in range(many)]
    again = Store(seed=3)
    index = again.index("Service", lambda thing: ["all", thing.name])
    again.restore(*store.state())
    assert again.find(index, "all") == made
    assert again.find(index, "s-000") == [made[0]]
    for thing in made:
        again.remove(thing)
    assert (again.find(index, "all"), index.count("s-000")) == ([], 0)


def test_what_one_owner_has_of_several_kinds_is_found_after_a_restore(store):
    owner = Owner("v1", "Service", "web", "u-1")
    pods = [store.create(Pod("Pod", "default", name, store.new_uid(), 0, 0, owners=(owner,))) for name in "ab"]
    first = store.create(service(store, "a", owners=(owner, owner)))
    again = Store(seed=3)
    again.restore(*store.state())
    assert again.owned("u-1") == [*pods, first]
    again.remove(first)
    assert again.owned("u-1") == pods


def test_who_follows_a_kind_whole_is_given_its_restored_objects_at_once(store):
    made = [store.create(service(store, name)) for name in "ab"]
    again, one_by_one, together = Store(seed=3), [], []
    again.follow("Service", lambda old, new: one_by_one.append(new))
    again.follow("Service", lambda old, new: None, filler=together.append)
    again.restore(*store.state())
    assert (one_by_one, together) == (made, [made])
