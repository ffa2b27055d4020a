"""How does a test set up Pods behind a Service, and read its EndpointSlices?"""

from playground.kube.apiserver.objects import PodState
from playground.kube.events import Changed
from playground.kube.settings import ClusterSettings
from tests.kube.world import World

LABELS = {"app": "web"}
NETWORK = ClusterSettings(pod_network="10.0.0.0/8", node_prefix=16)


def bare(count=0, nodes=1, **service):
    """A Service and Pods that run already, without controllers between them."""
    world = World(nodes, NETWORK)
    world.service(**service)
    for number in range(count):
        running(world, number)
    world.run(0.1)
    world.machinery.events.clear()
    return world


def running(world, number, ready=True, node="node-a", **more):
    state = PodState(phase="Running", ready=ready, started=0)
    return world.pod(f"pod{number:04}", labels=LABELS, node=node, ip=f"10.1.{number // 250}.{number % 250 + 2}", state=state, **more)


def slices(world, service="web"):
    return world.store.find(world.machinery.slices_by_service, ("default", service))


def lengths(world):
    return sorted((len(each.endpoints) for each in slices(world)), reverse=True)


def writes(world):
    """What was done to EndpointSlices since the last look, in any order."""
    changes = [event for event in world.machinery.events if isinstance(event, Changed) and (event.new or event.old).kind == "EndpointSlice"]
    world.machinery.events.clear()
    return sorted("create" if change.old is None else "delete" if change.new is None else "update" for change in changes)
