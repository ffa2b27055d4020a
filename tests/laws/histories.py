"""What might a learner do?  Histories: actions with pauses between them, some of them refused, on a small cluster."""

from __future__ import annotations

import functools
import json
from typing import Any

import msgspec
from hypothesis import strategies as st

from playground.assets.schema import load
from playground.kube import actions
from playground.kube.apiserver.schema import Schema
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.cluster import Cluster
from playground.kube.dns.corefile import shipped_text
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings, Networks

Step = tuple[int, actions.Action]


@functools.cache
def schema() -> Schema:
    return Schema(load())


def deployment(name: str, replicas: int, **probe: Any) -> dict[str, Any]:
    labels = {"app": name}
    container = {"name": "web", "image": "nginx", "ports": [{"containerPort": 80}], **probe}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container], "terminationGracePeriodSeconds": 5}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def service(name: str, policy: str = "Cluster", **selector: str) -> dict[str, Any]:
    spec = {"selector": selector, "ports": [{"port": 80}], "internalTrafficPolicy": policy}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": f"{name}-svc"}, "spec": spec}


CLIENT = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "client"},
    "spec": {"containers": [{"name": "client", "image": "curlimages/curl", "command": ["sleep", "infinity"]}]},
}
START = [deployment("web", 3), service("web", app="web"), deployment("db", 1), service("db", app="db"), CLIENT]


SINGLE = ClusterSettings()
DUAL = ClusterSettings(second=Networks("fd00:10:96::/112", "fd00:10:244::/56", "fd00:192:168::/64"))
stacks = st.sampled_from([SINGLE, DUAL])


def started(made_with: ClusterSettings = SINGLE) -> Cluster:
    """Three Nodes, two Deployments with a Service each, a client that sends five requests a second; not yet settled."""
    cluster = Cluster.create(made_with, schema())
    for _ in range(3):
        cluster.submit(actions.AddNode())
    cluster.submit(actions.Apply(START))
    cluster.submit(actions.StartTraffic("client", "web-svc:80", 5))
    cluster.advance(3 * SECOND)
    return cluster


GAME = {**service("game"), "spec": {"selector": {"app": "game"}, "ports": [{"port": 7000, "protocol": "UDP"}]}}


def playing(made_with: ClusterSettings = SINGLE) -> Cluster:
    """The same, and the client keeps a UDP socket open to another Deployment."""
    cluster = started(made_with)
    cluster.submit(actions.Apply([deployment("game", 2, ports=[{"containerPort": 7000, "protocol": "UDP"}]), GAME]))
    cluster.submit(actions.StartTraffic("client", "game-svc:7000/UDP", 2, True))
    cluster.advance(cluster.now + 2 * SECOND)
    return cluster


def live(cluster: Cluster, steps: list[Step]) -> list[Step]:
    """Do the steps, pods by their place in the list of Pods; give back those not refused, as a log: (time, action)."""
    log = []
    for pause, step in steps:
        cluster.advance(cluster.now + pause)
        action = aimed(cluster, step)
        try:
            cluster.submit(action)
        except Refusal:
            continue
        log.append((cluster.now, action))
    return log


def aimed(cluster: Cluster, action: Any) -> Any:
    """The action at the Pod that its number stands for now."""
    pods = cluster.store.list("Pod", "default")
    if isinstance(action, actions.Delete) and action.kind == "Pod" and action.name.isdigit() and pods:
        return msgspec.structs.replace(action, name=pods[int(action.name) % len(pods)].name)
    if isinstance(action, actions.Crash | actions.SetProbe) and action.pod.isdigit() and pods:
        return msgspec.structs.replace(action, pod=pods[int(action.pod) % len(pods)].name)
    return action


def replay(log: list[Step], until: int, made_with: ClusterSettings = SINGLE) -> Cluster:
    cluster = playing(made_with)
    for time, action in log:
        cluster.advance(time)
        cluster.submit(action)
    cluster.advance(until)
    return cluster


def written(log: list[Step]) -> str:
    return json.dumps([[time, msgspec.to_builtins(action)] for time, action in log])


def read(text: str) -> list[Step]:
    return [(time, msgspec.convert(action, actions.Action)) for time, action in json.loads(text)]


SHIPPED = shipped_text("cluster.local")
COREFILES = [SHIPPED, SHIPPED.replace("disable success cluster.local", "disable success example.org"), SHIPPED.replace("cache", "cash")]

POLICIES = [{"spec": {"ipFamilyPolicy": each}} for each in ("SingleStack", "PreferDualStack", "RequireDualStack")]
numbers = st.integers(0, 9).map(str)
nodes = st.sampled_from(["node-a", "node-b", "node-c", "node-z"])
names = st.sampled_from(["web", "db", "game", "missing"])
deeds = st.one_of(
    st.builds(actions.Delete, kind=st.just("Pod"), name=numbers, namespace=st.just("default"), grace=st.sampled_from([None, 0, 2])),
    st.builds(actions.Delete, kind=st.sampled_from(["Deployment", "Service", "Node"]), name=names, namespace=st.just("default")),
    st.builds(actions.Scale, kind=st.just("Deployment"), name=names, namespace=st.just("default"), replicas=st.integers(-1, 6)),
    st.builds(actions.Crash, pod=numbers, namespace=st.just("default")),
    st.builds(
        actions.Patch,
        kind=st.just("ConfigMap"),
        name=st.just("coredns"),
        namespace=st.just("kube-system"),
        patch=st.sampled_from([{"data": {"Corefile": text}} for text in COREFILES]),
    ),
    st.builds(actions.Forward, pod=numbers, port=st.sampled_from([80, 81]), namespace=st.just("default")),
    st.builds(actions.Hang, pod=numbers, namespace=st.just("default")),
    st.builds(actions.Wake, pod=numbers, namespace=st.just("default")),
    st.builds(
        actions.SetProbe,
        pod=numbers,
        namespace=st.just("default"),
        probe=st.sampled_from(["readiness", "liveness"]),
        passes=st.sampled_from([True, False, None]),
    ),
    st.builds(actions.PowerOff, node=nodes),
    st.builds(actions.PowerOn, node=nodes),
    st.builds(actions.StopProxy, node=nodes),
    st.builds(actions.StartProxy, node=nodes),
    st.builds(actions.Drain, node=nodes),
    st.builds(actions.AddNode),
    st.builds(
        actions.Lookup,
        source=st.just("default/client"),
        name=st.sampled_from(["web-svc", "db-svc.default.svc.cluster.local.", "example.org", ""]),
        type=st.sampled_from(["", "A", "SRV"]),
        server=st.sampled_from(["", "10.244.0.9"]),
    ),
    st.builds(actions.Ping, source=st.just("default/client"), address=st.sampled_from(["10.244.1.2", "172.17.0.10", "8.8.8.8", "x"])),
    st.builds(actions.Send, source=st.just("default/client"), to=st.sampled_from(["web-svc:80", "db-svc:80", "nobody:80", "bad"])),
    st.builds(
        actions.Apply,
        documents=st.lists(
            st.sampled_from(
                [
                    deployment("web", 2),
                    deployment("new", 2),
                    service("web", "Local", app="web"),
                    service("bad name", app="x"),
                    {"kind": "?"},
                ]
            ),
            min_size=1,
            max_size=3,
        ),
    ),
    st.builds(
        actions.Patch,
        kind=st.just("Service"),
        name=st.sampled_from(["web-svc", "db-svc"]),
        namespace=st.just("default"),
        patch=st.sampled_from(
            [{"spec": {"selector": {"app": "db"}}}, {"spec": {"ports": []}}, {"metadata": {"labels": {"x": "y"}}}, *POLICIES]
        ),
    ),
)
pauses = st.sampled_from([0, 3 * MILLISECOND, 40 * MILLISECOND, 700 * MILLISECOND, 2 * SECOND, 61 * SECOND])
histories = st.lists(st.tuples(pauses, deeds), max_size=8)
