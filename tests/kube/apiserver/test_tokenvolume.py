"""The volume of a Pod's token has a name of its own in each Pod, and equal Pods share one spec all the same."""

from __future__ import annotations

import re
from typing import Any

import pytest


def shown(world: Any, name: str = "client") -> dict[str, Any]:
    document: dict[str, Any] = world.json("Pod", name)
    return document


def volume(world: Any, name: str) -> str:
    return str(shown(world, name)["spec"]["volumes"][0]["name"])


def test_each_pod_calls_it_by_letters_of_its_own(world: Any, pod: Any) -> None:
    """Else a learner would think that the volume of every Pod has one name."""
    for name in ("one", "two"):
        world.server.create(pod(name))
    names = [volume(world, name) for name in ("one", "two")]
    assert all(re.fullmatch("kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}", each) for each in names)
    assert names[0] != names[1]


def test_equal_pods_share_one_spec(world: Any, pod: Any) -> None:
    for name in ("one", "two"):
        world.server.create(pod(name))
    assert world.store.get("Pod", "default", "one").spec is world.store.get("Pod", "default", "two").spec


def test_the_manifest_that_was_applied_changes_nothing_again(world: Any, pod: Any) -> None:
    """Else a second apply of the very same file said `configured`, or were refused."""
    world.server.apply(pod())
    assert world.server.apply(pod()).verb == "unchanged"


@pytest.mark.parametrize("write", ["apply", "replace"])
def test_what_was_got_can_be_sent_back_and_the_spec_stays_shared(world: Any, pod: Any, write: str) -> None:
    """Else a learner could not write back what `kubectl get -o yaml` gave them."""
    for name in ("client", "other"):
        world.server.create(pod(name))
    before = shown(world)["spec"]
    getattr(world.server, write)(shown(world))
    assert shown(world)["spec"] == before
    assert world.store.get("Pod", "default", "client").spec is world.store.get("Pod", "default", "other").spec


def test_the_image_may_change_beside_it(world: Any, pod: Any) -> None:
    world.server.create(pod())
    before = volume(world, "client")
    world.server.patch("Pod", "default", "client", {"spec": {"containers": [{"name": "main", "image": "nginx"}]}}, "strategic")
    assert (volume(world, "client"), shown(world)["spec"]["containers"][0]["volumeMounts"][0]["name"]) == (before, before)


def test_a_replacement_without_it_is_refused(world: Any, pod: Any) -> None:
    """Else a learner would think that a Pod can be replaced by the file that it was made of: volumes may not change."""
    world.server.create(pod())
    assert "pod updates may not change fields other than" in world.refusal(world.server.replace, pod()).message


def test_a_copy_of_a_pod_keeps_the_letters_that_it_came_with(world: Any, pod: Any) -> None:
    world.server.create(pod())
    copied = shown(world)
    copied["metadata"] = {"name": "copy"}
    world.server.create(copied)
    assert [each["name"] for each in shown(world, "copy")["spec"]["volumes"]] == [volume(world, "client")]


def test_no_document_can_name_the_volume_as_the_store_does(world: Any, pod: Any) -> None:
    refusal = world.refusal(world.server.create, pod(volumes=[{"name": "kube-api-access-"}]))
    assert "spec.volumes[0].name" in refusal.message
