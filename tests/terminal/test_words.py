"""Which action does a line ask for, and how is a line refused?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.kube.actions import (
    AddNode,
    Batch,
    Crash,
    Create,
    Delete,
    Drain,
    Hang,
    Patch,
    PowerOff,
    PowerOn,
    Scale,
    Send,
    SetProbe,
    StartProxy,
    StartTraffic,
    StopProxy,
    StopTraffic,
    Undo,
    Wake,
)
from playground.terminal.errors import BadWords
from playground.terminal.resolve import IMAGES
from playground.terminal.words import COMMANDS, parse


def marks(field: str, **changes: Any) -> dict[str, Any]:
    return {"metadata": {field: changes}}


ACTIONS = {
    "delete pod x": Delete("Pod", "x", "default"),
    "kubectl delete pods x": Delete("Pod", "x", "default"),
    "kubectl delete po/x -n shop": Delete("Pod", "x", "shop"),
    "delete po x -nshop": Delete("Pod", "x", "shop"),
    "delete pod x --namespace shop --grace-period=0 --force": Delete("Pod", "x", "shop", grace=0),
    "delete pod x --grace-period=0": Delete("Pod", "x", "default", grace=1),
    "delete pod x --grace-period 5": Delete("Pod", "x", "default", grace=5),
    "delete pod x --now": Delete("Pod", "x", "default", grace=1),
    "delete pod x --force": Delete("Pod", "x", "default", grace=0),
    "delete deploy/x --cascade=orphan": Delete("Deployment", "x", "default", propagation="Orphan"),
    "delete deployment.apps/x --cascade=foreground": Delete("Deployment", "x", "default", propagation="Foreground"),
    "delete --cascade deployments.apps x": Delete("Deployment", "x", "default"),
    "delete node node-a -n shop": Delete("Node", "node-a", ""),
    "delete svc/a pod/b": Batch("Delete 2 objects", [Delete("Service", "a", "default"), Delete("Pod", "b", "default")]),
    "delete pod a b # both": Batch("Delete 2 objects", [Delete("Pod", "a", "default"), Delete("Pod", "b", "default")]),
    "scale deployment/x --replicas=0": Scale("Deployment", "x", 0, "default"),
    "scale sts x --replicas 5": Scale("StatefulSet", "x", 5, "default"),
    "label pod x app=web tier-": Patch("Pod", "x", marks("labels", tier=None, app="web"), "default"),
    "label nodes node-a zone=1 --overwrite": Patch("Node", "node-a", marks("labels", zone="1"), ""),
    "annotate svc/x note='two words' a=b=c": Patch("Service", "x", marks("annotations", note="two words", a="b=c"), "default"),
    "cordon node-a": Patch("Node", "node-a", {"spec": {"unschedulable": True}}),
    "uncordon node/node-a": Patch("Node", "node-a", {"spec": {"unschedulable": None}}),
    "drain node-a --ignore-daemonsets --delete-emptydir-data --force": Drain("node-a"),
    "set image deploy/x web=nginx:1 log=fluentd": Patch("Deployment", "x", {IMAGES: {"web": "nginx:1", "log": "fluentd"}}, "default", "strategic"),
    "set selector service x app=web,tier=a env=b": Patch(
        "Service", "x", {"spec": {"selector": {"$patch": "replace", "app": "web", "tier": "a", "env": "b"}}}, "default", "strategic"
    ),
    """patch svc x -p '{"spec": {"type": "NodePort"}}'""": Patch("Service", "x", {"spec": {"type": "NodePort"}}, "default", "strategic"),
    "patch svc/x --type=merge -p 'spec: {a: 1}'": Patch("Service", "x", {"spec": {"a": 1}}, "default"),
    "patch deploy x --subresource=scale --type merge --patch='{spec: {replicas: 2}}'": Patch(
        "Deployment", "x", {"spec": {"replicas": 2}}, "default", "merge", "scale"
    ),
    "create namespace shop": Create([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}]),
    "create ns shop": Create([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}]),
    "power-off node-a": PowerOff("node-a"),
    "power-on node node-a": PowerOn("node-a"),
    "start-traffic outside:203.0.113.7 192.168.0.2:30080 --rate=5": StartTraffic("outside:203.0.113.7", "192.168.0.2:30080", 5.0),
    "send node:node-a 172.17.0.5:80": Send("node:node-a", "172.17.0.5:80"),
    "rollout undo deployment/web": Undo("web", "default"),
    "rollout undo deploy web --to-revision=2": Undo("web", "default", 2),
    "rollout undo sts/db": Undo("db", "default", 0, "StatefulSet"),
    "rollout pause deployment web": Patch("Deployment", "web", {"spec": {"paused": True}}, "default", "strategic"),
    "rollout resume deployment web": Patch("Deployment", "web", {"spec": {"paused": None}}, "default", "strategic"),
    "stop-proxy node-a": StopProxy("node-a"),
    "start-proxy node/node-a": StartProxy("node-a"),
    "hang web-1 -n shop": Hang("web-1", "shop"),
    "wake pod/web-1": Wake("web-1", "default"),
    "stop-dns": Scale("Deployment", "coredns", 0, "kube-system"),
    "start-dns": Scale("Deployment", "coredns", 2, "kube-system"),
    "add-node": AddNode(),
    "add-node node-x --labels zone=a,disk=ssd": AddNode("node-x", {"zone": "a", "disk": "ssd"}),
    "crash x": Crash("x", "default"),
    "crash pod/x -c web --exit-code 137 -n shop": Crash("x", "shop", "web", 137),
    "fail-readiness pod x": SetProbe("x", "readiness", False, "default"),
    "pass-readiness x": SetProbe("x", "readiness", True, "default"),
    "reset-liveness x": SetProbe("x", "liveness", None, "default"),
    "fail-liveness po/x": SetProbe("x", "liveness", False, "default"),
    "start-traffic client frontend-svc:80 --rate 2.5 --keep-alive": StartTraffic("default/client", "frontend-svc:80", 2.5, True),
    "start-traffic pod/client frontend-svc:80 -n shop": StartTraffic("shop/client", "frontend-svc:80"),
    "stop-traffic traffic/3": StopTraffic("3"),
    "send client 172.17.0.5:80 --count=30": Send("default/client", "172.17.0.5:80", 30),
    "send client game:7000/SCTP": Send("default/client", "game:7000/SCTP"),
    "start-traffic client kube-dns.kube-system:53/UDP --keep-alive": StartTraffic("default/client", "kube-dns.kube-system:53/UDP", 1.0, True),
}  # fmt: skip


@pytest.mark.parametrize("line", ACTIONS)
def test_a_line_asks_for(line: str) -> None:
    assert parse(line) == ACTIONS[line]


def test_the_namespace_of_the_terminal_counts_where_none_is_said() -> None:
    assert parse("delete pod x", "shop") == Delete("Pod", "x", "shop")
    assert parse("delete pod x -n default", "shop") == Delete("Pod", "x", "default")


def made(line: str) -> dict[str, Any]:
    action = parse(line)
    assert isinstance(action, Create)
    (document,) = action.documents
    return document


def test_create_deployment_makes_what_kubectl_makes() -> None:
    document = made("create deployment web --image=docker.io/library/nginx:1.29 --replicas=2 --port=80")
    assert document["metadata"] == {"name": "web", "namespace": "default", "labels": {"app": "web"}}
    assert document["spec"]["replicas"] == 2
    assert document["spec"]["selector"] == {"matchLabels": {"app": "web"}}
    assert document["spec"]["template"]["spec"]["containers"] == [
        {"name": "nginx", "image": "docker.io/library/nginx:1.29", "ports": [{"containerPort": 80}]}
    ]


def test_create_service_makes_what_kubectl_makes() -> None:
    spec = made("create service nodeport web --tcp=80:5000")["spec"]
    assert spec["type"] == "NodePort"
    assert spec["selector"] == {"app": "web"}
    assert spec["ports"] == [{"name": "80-5000", "port": 80, "targetPort": 5000, "protocol": "TCP"}]


def test_run_makes_a_pod_and_what_follows_two_dashes_are_its_arguments() -> None:
    document = made("run client --image=curlimages/curl --labels=a=b -- sleep --forever")
    assert document["metadata"]["labels"] == {"a": "b"}
    assert document["spec"]["containers"] == [{"name": "client", "image": "curlimages/curl", "args": ["sleep", "--forever"]}]


def test_expose_with_a_selector_of_its_own_needs_nothing_from_the_cluster() -> None:
    document = made("expose deployment web --port=80 --target-port=http --name=web-svc --type=NodePort --selector=app=web")
    assert document["metadata"]["name"] == "web-svc"
    assert document["spec"] == {
        "ports": [{"port": 80, "protocol": "TCP", "targetPort": "http"}],
        "selector": {"app": "web"},
        "type": "NodePort",
    }


REFUSED = {
    "": "a command is needed",
    "kubectl": "a command is needed",
    "delte pod x": 'unknown command "delte" for "kubectl"; did you mean delete? known here: add-node, annotate',
    "rollout history deployment/x": 'unknown command "history" for "kubectl rollout"; known here:',
    "create": 'unknown command "" for "kubectl create"',
    "delete pod x --grce-period=1": "unknown flag: --grce-period; did you mean --grace-period? known here: --cascade, --force",
    "delete pod x -x": "unknown shorthand flag: 'x' in -x",
    "delete pod x --grace-period": "flag needs an argument: --grace-period",
    "delete pod x -n": "flag needs an argument: 'n' in -n",
    "delete pod x --grace-period=soon": 'invalid argument "soon" for "--grace-period" flag: it must be a whole number',
    "delete pod x --force=maybe": 'invalid argument "maybe" for "--force" flag: it is true or false',
    "delete pod x --cascade=sideways": "must be one of background, foreground, orphan",
    "delete": "You must provide one or more resources",
    "delete pod": "resource(s) were provided, but no name was specified",
    "delete pdo x": 'the server doesn\'t have a resource type "pdo"',
    "delete pod pod/x": "there is no need to specify a resource type as a separate argument",
    "delete pod/x y": "mixture",
    "delete pod/": "arguments in resource/name form must have a single resource and name",
    "delete service, endpoints x": 'the server doesn\'t have a resource type "service,"',
    "delete pod 'x": "a quote or a backslash is never closed",
    "delete pod " + "x" * 5000: "at most 4,096",
    "scale deployment/x": 'required flag(s) "replicas" not set',
    "scale deployment/x --replicas=-1": "COUNT must be greater than or equal to 0",
    "scale deployment/x --replicas=1000000000000": "it must be a whole number",
    "label pod x": "at least one label update is required",
    "label a=b": "You must provide one or more resources",
    "set selector service x": "one selector is required",
    "set selector deployment x a=b": "selector can be set on services only, not on deployments",
    "set image deploy x": "at least one image update is required",
    "patch svc x": 'required flag(s) "patch" not set',
    "patch svc x -p '{'": "unable to parse the patch: line 1",
    "patch svc x -p '[1]'": "found a list; expected an object",
    "patch svc x y -p 'a: 1'": "one object at a time, not 2",
    "patch svc x -p 'a: 1' --type=json": "must be one of strategic, merge",
    "rollout restart pod/x": 'pods "x" restarting is not supported',
    "rollout restart rs/x": 'replicasets.apps "x" restarting is not supported',
    "rollout undo rs/x": 'no rollbacker has been implemented for "ReplicaSet"',
    "rollout pause sts/x": 'statefulsets.apps "x" pausing is not supported',
    "rollout resume ds/x": 'daemonsets.apps "x" resuming is not supported',
    "cordon": "one node is to be named, not 0",
    "cordon pod/x": "pod/x is no node",
    "drain node-a node-b": "one node is to be named, not 2",
    "expose sts/x --port=80": "cannot expose a StatefulSet.apps",
    "expose deploy/x": "couldn't find port via --port flag",
    "expose deploy/x --port=70000": "a port is a number from 1 to 65535",
    "expose deploy/x --port=80 --selector=app": "key=value",
    "create service clusterip web": 'required flag(s) "tcp" not set',
    "create service web --tcp=80": "create service needs one of clusterip, nodeport, loadbalancer",
    "create service clusterip web --tcp=x": 'invalid argument "x" for "--tcp" flag',
    "create namespace a b": "exactly one NAME is required, got 2",
    "create deployment web": 'required flag(s) "image" not set',
    "start-traffic client": "a sender and a target are to be named",
    "start-traffic client svc:80 --rate=0": "it must be more than 0",
    "start-traffic client svc:80 --rate=nan": "it must be more than 0",
    "stop-traffic": "one stream is to be named, as in stop-traffic stream-1",
}


@pytest.mark.parametrize("line", REFUSED)
def test_a_line_is_refused_in_kubectls_words(line: str) -> None:
    with pytest.raises(BadWords) as caught:
        parse(line)
    assert REFUSED[line] in caught.value.message


PIECES = "pod svc/x pod/x x a=b a- --force --replicas=1 -n --port=80 / -- - --x ' ...".split()
WORDS = st.sampled_from([word for name in COMMANDS for word in name.split()] + PIECES)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS | st.text(max_size=5), max_size=6).map(" ".join))
def test_any_line_is_an_action_or_refused_and_never_fails_otherwise(line: str) -> None:
    try:
        parse(line)
    except BadWords as error:
        assert error.message  # noqa: PT017
