"""What would the server send of a few clusters? Pictures and frames in the shapes of docs/protocol.md."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Picture = dict[str, Any]

ADDRESS = {"frontend-svc": "172.17.0.5", "redis-master": "172.17.0.9"}


def node(name: str, index: int, **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "ip": f"192.168.0.{index + 10}",
        "cidr": f"10.244.{index}.0/24",
        "zone": "",
        "ready": True,
        "on": True,
        "proxied": True,
        "schedulable": True,
    } | changes


def pod(name: str, where: str, ip: str, app: str, ports: tuple[int, ...] = (), ns: str = "default", **changes: Any) -> dict[str, Any]:
    return {
        "ns": ns,
        "name": name,
        "node": where,
        "ip": ip,
        "phase": "Running",
        "status": "Running",
        "ready": True,
        "containers": [1, 1],
        "restarts": 0,
        "terminating": False,
        "labels": {"app": app},
        "owner": "",
        "app": app,
        "ports": list(ports),
        "since": 0,
    } | changes


def service(
    name: str, ip: str, port: int, target: int, app: str, pods: list[dict[str, Any]], ns: str = "default", **changes: Any
) -> dict[str, Any]:
    endpoints = [
        [f"{each['ns']}/{each['name']}", f"{each['ip']}:{target}", each["node"], "ready" if each["ready"] else "not-ready"] for each in pods
    ]
    ready = sum(1 for each in endpoints if each[3] == "ready")
    return {
        "ns": ns,
        "name": name,
        "type": "ClusterIP",
        "ip": ip,
        "ports": [{"name": "http", "port": port, "target": target, "protocol": "TCP"}],
        "selector": {"app": app},
        "app": app,
        "internal": "Cluster",
        "external": None,
        "balancer": None,
        "endpoints": endpoints,
        "ready": ready,
        "notReady": len(endpoints) - ready,
    } | changes


def rule(of: dict[str, Any], **changes: Any) -> dict[str, Any]:
    ready = [endpoint[1] for endpoint in of["endpoints"] if endpoint[3] == "ready"]
    return {
        "address": f"{of['ip']}:{of['ports'][0]['port']}",
        "protocol": "TCP",
        "verdict": "forward" if ready else "REJECT",
        "endpoints": ready[:8],
        "count": len(ready),
        "behind": False,
    } | changes


def picture(
    nodes: list[dict[str, Any]], pods: list[dict[str, Any]], services: list[dict[str, Any]], traffic: list[dict[str, Any]] = ()
) -> Picture:
    rules = {f"{each['ns']}/{each['name']}:http": rule(each) for each in services}
    return {
        "nodes": {each["name"]: each for each in nodes},
        "pods": {f"{each['ns']}/{each['name']}": each for each in pods},
        "services": {f"{each['ns']}/{each['name']}": each for each in services},
        "rules": {each["name"]: deepcopy(rules) for each in nodes},
        "traffic": {each["id"]: each for each in traffic},
        "clock": {"now": 0, "speed": 1.0, "paused": False},
        "history": {"undo": None, "redo": None},
        "cluster": {"id": "c1", "title": "shop"},
    }


def first_cluster() -> Picture:
    """What a visitor sees first: three Nodes, frontend x3, redis-master, and a client that sends."""
    nodes = [node(f"node-{letter}", index) for index, letter in enumerate("abc")]
    frontends = [
        pod("frontend-6d4cf56db6-x2x9k", "node-a", "10.244.0.3", "frontend", (5000,), owner="ReplicaSet/frontend-6d4cf56db6"),
        pod("frontend-6d4cf56db6-p7q4m", "node-b", "10.244.1.2", "frontend", (5000,), owner="ReplicaSet/frontend-6d4cf56db6"),
        pod("frontend-6d4cf56db6-k2v8t", "node-c", "10.244.2.4", "frontend", (5000,), owner="ReplicaSet/frontend-6d4cf56db6"),
    ]
    redis = pod("redis-master-7b9c5d-hh2jz", "node-b", "10.244.1.3", "redis-master", (6379,))
    client = pod("client", "node-a", "10.244.0.4", "client")
    dns = pod("coredns-5d78c9869d-abcde", "node-c", "10.244.2.2", "kube-dns", (53,), ns="kube-system")
    services = [
        service("frontend-svc", ADDRESS["frontend-svc"], 80, 5000, "frontend", frontends),
        service("redis-master", ADDRESS["redis-master"], 6379, 6379, "redis-master", [redis]),
        service("kube-dns", "172.17.0.10", 53, 53, "kube-dns", [dns], ns="kube-system"),
    ]
    stream = {"id": "t1", "from": "default/client", "to": "frontend-svc:80", "rate": 10, "keepAlive": False}
    return picture(nodes, [*frontends, redis, client, dns], services, [stream])


def troubled_cluster() -> Picture:
    """One of everything that can be wrong: Local with no local endpoint, a Pod dying, one waiting, one crashing, Nodes off and cordoned."""
    base = first_cluster()
    pods = list(base["pods"].values())
    pods[0] |= {"ready": False, "terminating": True, "status": "Terminating"}
    pods += [
        pod(
            "frontend-6d4cf56db6-n3w5c",
            "node-c",
            "",
            "frontend",
            (5000,),
            phase="Pending",
            status="ContainerCreating",
            ready=False,
            containers=[0, 1],
        ),
        pod("worker-0", "node-b", "10.244.1.9", "worker", status="CrashLoopBackOff", ready=False, containers=[0, 1], restarts=4),
        pod("report-28473-lw2fj", "node-b", "10.244.1.12", "report", phase="Succeeded", status="Completed", ready=False, containers=[0, 1]),
        pod("frontend-6d4cf56db6-zz9qp", "", "", "frontend", (5000,), phase="Pending", status="Pending", ready=False, containers=[0, 1]),
        pod("web-0", "node-c", "10.244.2.8", "web", (8080,), ns="shop", ready=False, containers=[0, 1]),
    ]
    frontends = [each for each in pods if each["app"] == "frontend" and each["ip"]]
    services = [
        service("frontend-svc", ADDRESS["frontend-svc"], 80, 5000, "frontend", frontends, internal="Local"),
        service("redis-master", ADDRESS["redis-master"], 6379, 6379, "redis-master", [pods[3]]),
        service("web", "172.17.0.44", 8080, 8080, "web", [pods[-1]], ns="shop"),
    ]
    nodes = [*base["nodes"].values(), node("node-d", 3, ready=False, on=False), node("node-e", 4, schedulable=False)]
    made = picture(nodes, pods, services, list(base["traffic"].values()))
    made["rules"]["node-a"]["default/frontend-svc:http"] |= {"verdict": "DROP", "endpoints": [], "count": 0}
    made["rules"]["node-b"]["default/frontend-svc:http"] |= {"behind": True}
    made["history"] = {"undo": "Delete Pod frontend-6d4cf56db6-x2x9k", "redo": None}
    return made


def crowd(node_count: int, pod_count: int, service_count: int) -> Picture:
    """Many of each, dealt out evenly; `app-00` is the Service that gets the traffic of `client`."""
    nodes = [node(f"node-{index:02}", index) for index in range(node_count)]
    pods = [pod("client", "node-00", "10.244.0.250", "client")]
    apps: dict[str, list[dict[str, Any]]] = {f"app-{index:02}": [] for index in range(service_count)}
    names = list(apps)
    for index in range(pod_count):
        app = names[(index * 7) % len(names)] if index % 3 else names[0]
        made = pod(
            f"{app}-6d4cf56db6-{index:05}",
            f"node-{index % node_count:02}",
            f"10.244.{index % node_count}.{index // node_count + 2}",
            app,
            (8080,),
        )
        apps[app].append(made)
        pods.append(made)
    services = [service(app, f"172.17.0.{index + 5}", 80, 8080, app, members) for index, (app, members) in enumerate(apps.items())]
    return picture(nodes, pods, services)


Request = list[Any]


def request(
    rid: int,
    at: int,
    outcome: str,
    where: str,
    endpoint: str | None = None,
    endpoint_node: str | None = None,
    *,
    source: str = "default/client",
    source_node: str = "node-a",
    to: str = "frontend-svc:80",
    of: str | None = "default/frontend-svc",
    reused: int = 0,
    balancer: str | None = None,
) -> Request:
    sentence = f"Request {rid} from client to {to}: {outcome} ({where})"
    return [rid, at, source, source_node, to, of, outcome, where, endpoint, endpoint_node, sentence, reused, balancer]


def flows(requests: list[Request]) -> list[list[Any]]:
    counts: dict[tuple[Any, ...], int] = {}
    for entry in requests:
        key = (entry[2], entry[5] or entry[4], entry[8], entry[6])
        counts[key] = counts.get(key, 0) + 1
    return [[*key, count] for key, count in counts.items()]
