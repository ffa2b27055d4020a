"""The files of a container's ServiceAccount (pkg/volume/projected)."""

from playground.kube.apiserver import tokens, tokenvolume
from playground.kube.kubelet import projected
from tests.kube.world import World, pod_spec

PATH = tokenvolume.PATH


def files(world, spec):
    pod = world.pod(spec=spec)
    return dict(projected.files(world.machinery, pod, spec["containers"][0]))


def mounted():
    spec = pod_spec()
    tokenvolume.mount(spec)
    return spec


def test_a_token_the_clusters_certificate_and_the_namespace():
    world = World(nodes=0)
    world.run(1)
    found = files(world, mounted())
    assert sorted(found) == [f"{PATH}/ca.crt", f"{PATH}/namespace", f"{PATH}/token"]
    assert (found[f"{PATH}/namespace"], found[f"{PATH}/ca.crt"]) == ("default", tokenvolume.CERTIFICATE)
    assert tokens.named(world.machinery, found[f"{PATH}/token"]).name == "system:serviceaccount:default:default"


def test_none_where_nothing_is_mounted():
    assert files(World(nodes=0), pod_spec()) == {}


def test_a_token_at_a_place_and_for_an_audience_of_its_own():
    world = World(nodes=0)
    source = {"serviceAccountToken": {"path": "vault", "audience": "vault", "expirationSeconds": 600}}
    spec = pod_spec(volumeMounts=[{"name": "own", "mountPath": "/tokens/"}])
    found = files(world, spec | {"volumes": [{"name": "own", "projected": {"sources": [source]}}]})
    assert list(found) == ["/tokens/vault"]
    assert tokens.named(world.machinery, found["/tokens/vault"]) is None
