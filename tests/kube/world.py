"""What do tests of the components stand on?  A cluster without its API server's front: objects are put in by hand, as defaults would leave them."""

from __future__ import annotations

import msgspec

from playground.kube.apiserver.accounts import ensure_default
from playground.kube.apiserver.allocators import Allocators
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object, Pod
from playground.kube.clock import SECOND
from playground.kube.controllers import CONTROLLERS
from playground.kube.events import Recorded
from playground.kube.kubelet import Kubelet
from playground.kube.scheduler import Scheduler
from playground.kube.settings import ClusterSettings, Limits


class World:
    def __init__(self, nodes=3, settings=None, empty=False, **limits):
        self.settings = settings or ClusterSettings(limits=Limits(**limits))
        self.machinery = Machinery(self.settings)
        self.store, self.clock = self.machinery.store, self.machinery.clock
        self.allocators = Allocators(self.machinery)
        self.scheduler = Scheduler(self.machinery)
        self.controllers = {each.name: each(self.machinery) for each in CONTROLLERS}
        self.kubelet = Kubelet(self.machinery, self.allocators)
        if not empty:
            self.put("Namespace", "default", {"finalizers": ["kubernetes"]}, namespace="", status={"phase": "Active"})
            ensure_default(self.machinery, "default")
        for number in range(nodes):
            self.kubelet.register(f"node-{chr(97 + number)}" if nodes <= 26 else f"node-{number:04}", {})

    # --- time

    def run(self, seconds=60):
        assert self.clock.run_until(self.clock.now + round(seconds * SECOND))

    def parts(self):
        return {
            "events": self.machinery.recorder,
            "scheduler": self.scheduler,
            "kubelet": self.kubelet,
            "allocators": self.allocators,
            **self.controllers,
        }

    def saved(self):
        """All state, through JSON and back."""
        parts = {name: part.state() for name, part in self.parts().items()}
        state = [self.clock.state(), self.machinery.chance.state, self.store.state()[:2], parts]
        return msgspec.json.encode([state, self.store.state()[2]])

    def copy(self):
        """The same cluster in other objects, made from its saved state."""
        (clock, chance, (revision, serial), parts), _ = msgspec.json.decode(self.saved())
        other = World(nodes=0, settings=self.settings, empty=True)
        other.store.restore(revision, serial, self.store.state()[2])
        for name, part in other.parts().items():
            part.restore(parts[name])
        other.clock.restore(clock)
        other.machinery.chance.state = chance
        return other

    # --- objects

    def put(self, kind, name, spec=None, namespace="default", **more):
        thing = Object(kind, namespace, name, self.store.new_uid(), 0, self.clock.now, spec=spec or {}, meta={"generation": 1}, **more)
        return self.store.create(thing)

    def pod(self, name="client", spec=None, labels=None, **more):
        pod = Pod("Pod", "default", name, self.store.new_uid(), 0, self.clock.now, labels=labels or {}, spec=spec or pod_spec(), **more)
        return self.store.create(pod)

    def deployment(self, name="web", replicas=3, template=None, **spec):
        labels = {"app": name}
        template = template or template_of(labels)
        return self.put("Deployment", name, {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template, **spec})

    def service(self, name="web", selector=None, ports=None, **spec):
        ports = [{"port": 80, "protocol": "TCP", "targetPort": 5000}] if ports is None else ports
        return self.put("Service", name, {"clusterIP": "172.17.0.9", "ports": ports, "selector": selector or {"app": name}, **spec})

    def get(self, kind, name, namespace="default"):
        return self.store.get(kind, "" if kind in ("Node", "Namespace") else namespace, name)

    def pods(self, app=None, live=False):
        found = [pod for pod in self.store.list("Pod") if app is None or pod.labels.get("app") == app]
        return [pod for pod in found if pod.deleting is None] if live else found

    def edit(self, thing, **spec):
        spec = {key: value for key, value in {**thing.spec, **spec}.items() if value is not None}
        if spec == thing.spec:
            return thing
        return self.store.replace(thing, spec=spec, meta={**thing.meta, "generation": thing.meta.get("generation", 1) + 1})

    def endpoints(self, service="web"):
        slices = self.store.find(self.machinery.slices_by_service, ("default", service))
        return {each.pod: each for piece in slices for each in piece.endpoints}

    def events(self):
        """What has happened since the last call."""
        happened, self.machinery.events = self.machinery.events, []
        return happened

    def reasons(self, name=None):
        """The reasons of the events recorded so far, in order."""
        recorded = [event for event in self.machinery.events if isinstance(event, Recorded)]
        return [event.reason for event in recorded if name is None or event.name == name]

    def messages(self, reason):
        return [event.message for event in self.machinery.events if isinstance(event, Recorded) and event.reason == reason]


def pod_spec(**container):
    """A Pod's spec with one container that listens on 5000."""
    spec = {key: container.pop(key) for key in list(container) if key in POD_FIELDS}
    ports = [{"containerPort": 5000, "protocol": "TCP"}]
    return {"containers": [{"name": "web", "image": "frontend:1", "ports": ports, **container}], **spec}


POD_FIELDS = (
    "restartPolicy",
    "terminationGracePeriodSeconds",
    "initContainers",
    "nodeSelector",
    "tolerations",
    "affinity",
    "activeDeadlineSeconds",
    "hostname",
    "subdomain",
    "volumes",
)


def template_of(labels, annotations=None, **container):
    metadata = {"labels": labels} | ({"annotations": annotations} if annotations else {})
    return {"metadata": metadata, "spec": pod_spec(**container)}
