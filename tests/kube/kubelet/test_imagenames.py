"""Which names an image can have (pkg/kubelet/images, distribution/reference)."""

import pytest

from playground.kube.kubelet.imagenames import problem
from tests.kube.world import World, pod_spec, template_of

FINE = (
    "nginx",
    "nginx:1.29",
    "ngnix",
    "library/nginx",
    "docker.io/nginx",
    "localhost/web",
    "localhost:5000/web:v1",
    "registry.k8s.io/e2e-test-images/agnhost:2.39",
    "web@sha256:" + "a" * 64,
    "a__b/c-d.e:X_1",
    "UPPER/web",
)
REFUSED = {
    "NGINX": "invalid reference format: repository name (library/NGINX) must be lowercase",
    "me/NGINX:1": "invalid reference format: repository name (me/NGINX) must be lowercase",
    "nginx:": "invalid reference format",
    "nginx:1:2": "invalid reference format",
    "nginx latest": "invalid reference format",
    "http://nginx": "invalid reference format",
    "my_.web": "invalid reference format",
    "nginx:" + "a" * 129: "invalid reference format",
    "web@sha256:abc": "invalid reference format",
    "a" * 64: f"invalid repository name ({'a' * 64}), cannot specify 64-byte hexadecimal strings",
}


@pytest.mark.parametrize("image", FINE)
def test_an_image_can_be_named(image):
    assert problem(image) == ""


@pytest.mark.parametrize(("image", "why"), REFUSED.items(), ids=[each[:20] for each in REFUSED])
def test_no_image_can_be_named(image, why):
    assert problem(image) == f'Failed to apply default image tag "{image}": couldn\'t parse image name "{image}": {why}'


def test_a_container_of_such_a_name_waits_until_it_has_another():
    world = World()
    world.pod("p", pod_spec(image="NGINX"))
    world.run(10)
    (state,) = world.get("Pod", "p").state.containers
    assert (state.state, state.reason, state.message) == ("waiting", "InvalidImageName", problem("NGINX"))
    assert world.reasons("p")[-2:] == ["InspectFailed", "Failed"]
    assert world.messages("Failed") == ["Error: InvalidImageName"]
    world.edit(world.get("Pod", "p"), **pod_spec(image="nginx"))
    world.run(5)
    assert world.get("Pod", "p").state.ready


def test_a_rollout_to_such_a_name_leaves_the_old_pods_running():
    world = World()
    world.deployment()
    world.run(5)
    world.edit(world.get("Deployment", "web"), template=template_of({"app": "web"}, image="Web"))
    world.run(60)
    assert sum(pod.state.ready for pod in world.pods()) == 3
