"""How is each action carried out?  One method for each, all of them inside one transaction of the store.

Source: staging/src/k8s.io/kubectl/pkg/drain/filters.go for what a drain warns of.
Simplified: a drain does not wait until the Pods are gone, and does not try again to evict those that a PodDisruptionBudget keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from playground.kube import actions, rollback
from playground.kube.actions import Action, Receipt
from playground.kube.apiserver import resources
from playground.kube.apiserver.eviction import evict
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.names import parse_ip
from playground.kube.apiserver.pods import is_finished
from playground.kube.apiserver.server import APIServer, Outcome
from playground.kube.errors import Refusal, already_exists, bad_request, invalid, not_found, over_limit
from playground.kube.explain import guesses, hints, unsimulated
from playground.kube.explain.effects import Effects
from playground.kube.kubelet import Kubelet
from playground.kube.kubelet.files import Changes
from playground.kube.kubelet.views import view
from playground.kube.kubeproxy import Proxies
from playground.kube.network.asking import check_asked
from playground.kube.network.network import Network
from playground.kube.network.targets import LONGEST_NAME
from playground.kube.network.traffic import Traffic

NO_PROBE = "it has no such probe: in a real cluster it is ready as long as it runs, and only this playground pretends otherwise"
API_WRITES = (actions.Apply, actions.Create, actions.Replace, actions.Patch, actions.Scale, actions.Delete, actions.Evict)
Done = tuple[list[str], list[str]]
Way = Callable[[Any], Done | Receipt]


class Performer:
    """Turns an action into writes to the API server and calls to the kubelets and the network."""

    def __init__(self, machinery: Machinery, server: APIServer, kubelet: Kubelet, proxies: Proxies, network: Network, traffic: Traffic):
        self._machinery = machinery
        self._server = server
        self._kubelet = kubelet
        self._proxies = proxies
        self._network = network
        self._traffic = traffic
        self._effects = Effects(machinery)
        self._ways: dict[type, Way] = {
            actions.Apply: self._apply,
            actions.Create: self._create,
            actions.Replace: self._replace,
            actions.Patch: self._patch,
            actions.Scale: self._scale,
            actions.Undo: self._undo,
            actions.Delete: self._delete,
            actions.Evict: self._evict,
            actions.AddNode: self._add_node,
            actions.Drain: self._drain,
            actions.PowerOff: self._power_off,
            actions.PowerOn: self._power_on,
            actions.StopProxy: self._stop_proxy,
            actions.StartProxy: self._start_proxy,
            actions.Crash: self._crash,
            actions.Hang: self._hang,
            actions.Wake: self._wake,
            actions.SetProbe: self._set_probe,
            actions.WriteFiles: self._write_files,
            actions.StartTraffic: self._start_traffic,
            actions.StopTraffic: self._stop_traffic,
            actions.Send: self._send,
            actions.Say: self._say,
            actions.Forward: self._forward,
            actions.Lookup: self._look_up,
            actions.Ping: self._ping,
            actions.Batch: self._batch,
        }

    def perform(self, action: Action) -> Receipt:
        """Carry out an action; raises Refusal. The caller undoes what was done before a refusal."""
        done = self._ways[type(action)](action)
        return done if isinstance(done, Receipt) else Receipt(tuple(done[0]), tuple(done[1]))

    # --- writes to the API server

    def _apply(self, action: actions.Apply) -> Receipt:
        return self._each(action.documents, self._server.apply)

    def _create(self, action: actions.Create) -> Receipt:
        return self._each(action.documents, lambda document: self._server.create(document, action.validation))

    def _each(self, documents: list[dict[str, Any]], write: Callable[[dict[str, Any]], Outcome]) -> Receipt:
        allowed = self._machinery.settings.limits.objects_in_one_apply
        if len(documents) > allowed:
            raise over_limit(f'{len(documents)} objects at once are too many: limit "objects_in_one_apply" allows {allowed}')
        if not documents:
            raise bad_request("no objects passed to apply")
        outcomes = []
        for index, document in enumerate(documents):
            try:
                outcomes.append(write(document))
            except Refusal as refusal:
                refusal.document = index
                raise
        return self._said(*outcomes)

    def _replace(self, action: actions.Replace) -> Receipt:
        return self._said(self._server.replace(action.document, action.subresource, action.manager, action.validation))

    def _patch(self, action: actions.Patch) -> Receipt:
        how = (action.subresource, action.manager, action.validation)
        if action.style == "apply":
            return self._said(self._server.apply_fields(action.patch, action.manager, action.force, action.subresource, action.validation))
        return self._said(self._server.patch(action.kind, action.namespace, action.name, action.patch, action.style, *how))

    def _scale(self, action: actions.Scale) -> Receipt:
        return self._said(self._server.scale(action.kind, action.namespace, action.name, action.replicas))

    def _undo(self, action: actions.Undo) -> Done:
        if action.kind not in rollback.KINDS:
            raise bad_request(f'no rollbacker has been implemented for "{action.kind}"')
        resource = resources.by_kind(action.kind)
        owner = self._machinery.store.get(action.kind, action.namespace or "default", action.name)
        if owner is None:
            raise not_found(resource.qualified, action.name)
        back, spoken = rollback.aim(self._machinery.store, owner, action.to_revision), resource.spoken(action.name)
        if rollback.is_present(back, owner):
            return [f"{spoken} skipped rollback (current template already matches revision {rollback.number_of(back)})"], []
        self._server.replace(rollback.document(self._server.encode(owner), owner, back))
        return [f"{spoken} rolled back"], []

    def _delete(self, action: actions.Delete) -> Receipt:
        how = (action.grace, action.propagation, action.uid, action.version)
        return self._said(self._server.delete(action.kind, action.namespace, action.name, *how))

    def _evict(self, action: actions.Evict) -> Done:
        pod = self._pod(action.namespace, action.pod)
        evict(self._machinery, pod, action.grace)
        return [f"pod/{pod.name} evicted"], []

    def _batch(self, action: actions.Batch) -> Receipt:
        done = []
        for each in action.actions:
            if not isinstance(each, API_WRITES):
                raise bad_request(f"{type(each).__name__} cannot be part of a batch: only writes to the API server can")
            done.append(self.perform(each))
        lines, warnings, refs = ([each for receipt in done for each in getattr(receipt, name)] for name in ("lines", "warnings", "refs"))
        return Receipt(tuple(lines), tuple(warnings), tuple(refs))

    def _said(self, *outcomes: Outcome) -> Receipt:
        lines = tuple(f"{resources.by_kind(each.thing.kind).spoken(each.thing.name)} {each.verb}" for each in outcomes)
        told = [warning for each in outcomes for warning in each.warnings]
        told += [hint for each in outcomes if _is_new_service(each) for hint in hints.of_service(self._machinery, each.thing)]
        told += self._effects.of(outcomes)
        told += guesses.of(self._kubelet, outcomes) + unsimulated.of(outcomes)
        # kubectl says each warning once.
        return Receipt(lines, tuple(dict.fromkeys(told)), tuple(each.thing.ref for each in outcomes))

    # --- Nodes

    def _add_node(self, action: actions.AddNode) -> Done:
        limits = self._machinery.settings.limits
        if self._machinery.store.count("Node") >= limits.nodes:
            raise over_limit(f'this playground holds at most {limits.nodes} Nodes: limit "nodes" reached')
        name = action.name or self._free_node_name()
        causes = self._server.check({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": action.labels}})
        if causes:
            raise invalid("Node", name, causes)
        if self._machinery.store.get("Node", "", name) is not None:
            raise already_exists("nodes", name)
        self._kubelet.register(name, action.labels)
        return [f"node/{name} registered"], []

    def _free_node_name(self) -> str:
        taken = {node.name for node in self._machinery.store.list("Node")}
        return next(name for name in _node_names() if name not in taken)

    def _drain(self, action: actions.Drain) -> Done:
        """As `kubectl drain --ignore-daemonsets --force` does, which says what these two let pass."""
        node = self._node(action.node)
        staying, alone, refused = [], [], []
        lines = [f"node/{node.name} cordoned"]
        self._server.patch("Node", "", node.name, {"spec": {"unschedulable": True}}, "merge", "")
        for pod in self._machinery.store.find(self._machinery.pods_by_node, node.name):
            owner, name = pod.controller, f"{pod.namespace}/{pod.name}"
            if owner and owner.kind == "DaemonSet":
                staying.append(name)
                continue
            if pod.deleting is not None:
                continue
            if owner is None and not is_finished(pod):
                alone.append(name)
            try:
                evict(self._machinery, pod)
            except Refusal as refusal:
                refused.append(f'error when evicting pods/"{pod.name}" -n "{pod.namespace}": {refusal.message}')
                continue
            lines.append(f"pod/{pod.name} evicted")
        told = (("ignoring DaemonSet-managed Pods", staying), ("deleting Pods that declare no controller", alone))
        said = "; ".join(f"{what}: {', '.join(names)}" for what, names in told if names)
        return [*lines, *([] if refused else [f"node/{node.name} drained"])], [*([said] if said else []), *refused]

    def _power_off(self, action: actions.PowerOff) -> Done:
        return self._power(action.node, False)

    def _power_on(self, action: actions.PowerOn) -> Done:
        return self._power(action.node, True)

    def _power(self, name: str, on: bool) -> Done:
        self._node(name)
        word = "on" if on else "off"
        if self._kubelet.powered(name) is on:
            return [f"node/{name} is powered {word} already"], []
        self._kubelet.power(name, on)
        return [f"node/{name} powered {word}"], []

    def _stop_proxy(self, action: actions.StopProxy) -> Done:
        return self._switch_proxy(action.node, False)

    def _start_proxy(self, action: actions.StartProxy) -> Done:
        return self._switch_proxy(action.node, True)

    def _switch_proxy(self, name: str, runs: bool) -> Done:
        self._node(name)
        if not self._kubelet.up(name):
            raise bad_request(f'node "{name}" is off or booting: its kube-proxy starts with it')
        if (self._proxies.stopped(name) is None) is runs:
            return [f"kube-proxy on node/{name} {'runs' if runs else 'is stopped'} already"], []
        if runs:
            self._proxies.start(name)
        else:
            self._proxies.stop(name)
        return [f"kube-proxy on node/{name} {'started' if runs else 'stopped'}"], []

    def _node(self, name: str) -> Any:
        node = self._machinery.store.get("Node", "", name)
        if node is None:
            raise not_found("nodes", name)
        return node

    # --- Pods and traffic

    def _crash(self, action: actions.Crash) -> Done:
        pod = self._pod(action.namespace, action.pod)
        self._kubelet.crash(pod, action.container, action.exit_code)
        return [f"pod/{pod.name} crashed"], []

    def _hang(self, action: actions.Hang) -> Done:
        pod = self._pod(action.namespace, action.pod)
        self._kubelet.hang(pod)
        return [f"pod/{pod.name} hangs"], []

    def _wake(self, action: actions.Wake) -> Done:
        pod = self._pod(action.namespace, action.pod)
        self._kubelet.wake(pod)
        return [f"pod/{pod.name} goes on"], []

    def _set_probe(self, action: actions.SetProbe) -> Done:
        pod = self._pod(action.namespace, action.pod)
        self._kubelet.set_probe(pod, action.probe, action.passes)
        how = {True: "passes", False: "fails", None: "answers by itself"}[action.passes]
        has = any(action.probe in container.probes for container in view(pod).containers)
        return [f"pod/{pod.name} {action.probe} {how}"], [] if has or action.passes is None else [NO_PROBE]

    def _write_files(self, action: actions.WriteFiles) -> Done:
        pod = self._pod(action.namespace, action.pod)
        self._kubelet.write(pod, action.container, Changes(action.removed, action.written))
        return [f"pod/{pod.name} {_plural(len(action.written), 'file')} written, {len(action.removed)} removed"], []

    def _pod(self, namespace: str, name: str) -> Any:
        pod = self._machinery.store.get("Pod", namespace or "default", name)
        if pod is None:
            raise not_found("pods", name)
        return pod

    def _start_traffic(self, action: actions.StartTraffic) -> Done:
        stream = self._traffic.start(action.source, action.to, action.rate, action.keep_alive)
        return [f"traffic/{stream} started"], []

    def _stop_traffic(self, action: actions.StopTraffic) -> Done:
        self._traffic.stop(action.stream)
        return [f"traffic/{action.stream} stopped"], []

    def _send(self, action: actions.Send) -> Receipt:
        sender = self._network.senders.require(action.source)
        allowed = self._machinery.settings.limits.requests_at_once
        if not 1 <= action.count <= allowed:
            raise over_limit(f'{action.count} requests at once: limit "requests_at_once" allows 1 to {allowed}')
        self._network.check_target(action.to)
        if len(action.header) > LONGEST_NAME:
            raise bad_request(f'header "{action.header[:20]}...": a host has at most {LONGEST_NAME} characters')
        check_asked(action.asked)
        numbers = [self._network.send(sender, action.to, None, action.header, action.asked) for _ in range(action.count)]
        return Receipt((f"{action.count} request{'s' if action.count != 1 else ''} sent",), first_request=numbers[0])

    def _say(self, action: actions.Say) -> Receipt:
        check_asked(action.asked)
        self._network.say(action.number, action.asked)
        return Receipt(("said",), first_request=action.number)

    def _forward(self, action: actions.Forward) -> Receipt:
        pod = self._pod(action.namespace, action.pod)
        if not 1 <= action.port <= 65_535:
            raise bad_request(f'port "{action.port}" is not a port: expected a number from 1 to 65535')
        check_asked(action.asked)
        number = self._network.forward(pod, action.port, action.asked)
        return Receipt((f"pod/{pod.name} connected to at port {action.port}",), first_request=number)

    def _look_up(self, action: actions.Lookup) -> Receipt:
        sender = self._network.senders.require(action.source)
        self._network.check(sender)
        reply = self._network.look_up(sender, action.name, action.type, action.server)
        return Receipt((f"{action.name} looked up",), reply=reply)

    def _ping(self, action: actions.Ping) -> Receipt:
        sender = self._network.senders.require(action.source)
        if parse_ip(action.address) is None:
            raise bad_request(f"ping: bad address '{action.address}'")
        self._network.check(sender)
        return Receipt((f"{action.address} pinged",), reply=actions.Reply(self._network.ping(sender, action.address)))


def _plural(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _is_new_service(outcome: Outcome) -> bool:
    """A Service whose spec is another now. What is equal stays the very same value."""
    thing, old = outcome.thing, outcome.old
    return thing.kind == "Service" and outcome.verb != "deleted" and (old is None or old.spec is not thing.spec)


def _node_names() -> Iterator[str]:
    """node-a to node-z, then node-aa, node-ab, ..."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    yield from (f"node-{letter}" for letter in letters)
    yield from (f"node-{one}{two}" for one in letters for two in letters)
