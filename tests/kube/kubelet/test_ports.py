"""Do two containers of a Pod share one port?"""

from __future__ import annotations

import pytest

from tests.kube.world import World


def restarts(*images: str) -> list[int]:
    world = World()
    containers = [{"name": f"c{number}", "image": image} for number, image in enumerate(images)]
    world.pod("p", {"containers": containers, "nodeName": "node-a", "restartPolicy": "Always"})
    world.run(20)
    return [each.restarts for each in world.get("Pod", "p").state.containers]


@pytest.mark.parametrize(
    ("images", "expected"),
    [(("nginx", "redis"), [False, False]), (("nginx", "nginx"), [False, True]), (("nginx", "redis", "httpd"), [False, False, True])],
)
def test_the_later_one_of_two_that_want_the_same_port_ends_again_and_again(images: tuple[str, ...], expected: list[bool]) -> None:
    """Else a learner would think that each container has a network of its own."""
    assert [count > 0 for count in restarts(*images)] == expected
