"""What is an object of a kind that is not drawn: a namespace, a list of endpoints, or one that nothing acts on?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playground.kube.apiserver import resources
from playground.kube.apiserver.accounts import name_in
from playground.kube.controllers.endpointslicemirroring import SKIP
from playground.kube.controllers.slicing import MANAGED_BY, MANAGER, SERVICE_NAME
from playground.kube.dns.directory import is_headless
from playground.kube.explain.reached import NO_ADDRESS, OTHER_FAMILY, PORTLESS, obstacle
from playground.pages.facts import dns, words
from playground.pages.facts.values import SOFT, Badge, Button, Fact, Overview, Row

USELESS = {
    PORTLESS: "it has no port of it, by name and protocol",
    OTHER_FAMILY: "of a family that it does not have",
    NO_ADDRESS: "its addresses are names",
}


def overview(running: Any, thing: Any) -> Overview:
    if dns.is_corefile(thing):
        return replace(dns.overview(running, thing), rows=(Row("All of it", (_delete(thing),)),))
    inert = is_inert(thing.kind)
    return Overview(
        sentence=_inert_sentence(thing) if inert else SENTENCES.get(thing.kind, _plain_sentence)(running, thing),
        badge=Badge(SOFT, "stored, not simulated") if inert else None,
        facts=_facts(thing),
        rows=(Row("All of it", (_delete(thing),)),),
    )


def is_inert(kind: str) -> bool:
    """Stored as the API server would, but nothing in this playground acts on it."""
    return not resources.by_kind(kind).simulated


def _inert_sentence(thing: Any) -> str:
    return f"This {thing.kind} is stored and given back as the API server would, but not simulated: nothing here acts on it."


def _plain_sentence(running: Any, thing: Any) -> str:
    return f"A {thing.kind} of the cluster."


def _namespace(running: Any, thing: Any) -> str:
    return "A room for names: objects in it are found by their name together with its name, and go when it goes."


def _slice(running: Any, piece: Any) -> str:
    name = piece.labels.get(SERVICE_NAME)
    if not name:
        return f"Endpoints of no Service: without the label {SERVICE_NAME} nothing is sent to them."
    service = running.store.get("Service", piece.namespace, name)
    if service is None:
        return f"Endpoints of {name}, and there is no such Service: nothing is sent to them."
    ready = sum(endpoint.ready is not False for endpoint in piece.endpoints)
    start = "Up to 100 endpoints" if piece.labels.get(MANAGED_BY) == MANAGER else "Endpoints"
    return f"{start} of {name}{_use(service, piece)}. {ready} of {len(piece.endpoints)} are ready."


def _use(service: Any, piece: Any) -> str:
    """What becomes of the endpoints of a Service's slice."""
    if service.spec.get("type") == "ExternalName":
        return ", which is an ExternalName: nothing is sent to them"
    if piece.endpoints and obstacle(service, piece):
        return f", but {USELESS[obstacle(service, piece)]}, so that kube-proxy makes no rules of these"
    if is_headless(service):
        return ", which is headless: DNS answers with those that are ready, and kube-proxy has no rules for them"
    return ": every kube-proxy makes its rules of these"


def _endpoints(running: Any, thing: Any) -> str:
    said = "The older list of a Service's addresses. kube-proxy does not read it any more: it reads EndpointSlices."
    mirrored = thing.slices is None and thing.labels.get(SKIP) != "true"
    return f"{said} Of this one, which somebody wrote, they are copies, where its Service has no selector." if mirrored else said


def _facts(thing: Any) -> tuple[Fact, ...]:
    facts = [Fact("API version", resources.by_kind(thing.kind).api_version)]
    service = thing.labels.get(SERVICE_NAME)
    if service:
        facts.append(Fact("Service", service, f"Service/{thing.namespace}/{service}"))
    for name in ("data", "stringData"):
        if thing.rest.get(name):
            facts.append(Fact(name, words.listed(sorted(thing.rest[name])), note="the keys it holds"))
    return tuple(facts)


def _delete(thing: Any) -> Button:
    return Button("delete", "Delete", {"kind": thing.kind, "namespace": thing.namespace, "name": thing.name}, style="danger")


def _revision(running: Any, thing: Any) -> str:
    owner = thing.controller.name if thing.controller else "no owner"
    return f"Revision {thing.rest.get('revision', 0)} of {owner}: it remembers the template, so that a rollout can be undone."


def _claim(running: Any, thing: Any) -> str:
    return "A request for storage. A simulated provisioner binds it at once to a volume of its own; nothing is stored there."


def _lease(running: Any, thing: Any) -> str:
    if getattr(thing, "since", None) is None:
        return "A claim to something for a while, which its holder renews. Nothing here reads it."
    return f"The kubelet of {thing.name} renews it every ten seconds: by that the control plane knows that the Node is alive."


def _budget(running: Any, thing: Any) -> str:
    allowed, healthy = thing.status.get("disruptionsAllowed", 0), thing.status.get("currentHealthy", 0)
    wanted = words.counted(thing.status.get("desiredHealthy", 0), "Pod")
    return f"It wants {wanted} healthy, and {healthy} are: {allowed} may be evicted now, by a drain for example. A plain deletion does not ask."


def _values(running: Any, thing: Any) -> str:
    return (
        "Values for containers: in their environment as they were when it started, and in their volumes. A Pod that needs it waits for it."
    )


def _account(running: Any, thing: Any) -> str:
    pods = [pod for pod in running.store.list("Pod", thing.namespace) if name_in(pod.spec) == thing.name]
    return f"Who Pods are to the API server. {words.counted(len(pods), 'Pod')} of {thing.namespace} run as it; what it may do, roles and their bindings say."


def _role(running: Any, thing: Any) -> str:
    return "Rules of what may be done. They count for programs in Pods that ask the API server, where a binding gives them to their ServiceAccount."


def _binding(running: Any, thing: Any) -> str:
    role = thing.rest.get("roleRef") or {}
    return f"It gives the rules of {role.get('kind', 'a role')} {role.get('name', '')} to its subjects, for what programs in Pods ask the API server."


SENTENCES = {
    "ServiceAccount": _account,
    "Role": _role,
    "ClusterRole": _role,
    "RoleBinding": _binding,
    "ClusterRoleBinding": _binding,
    "ConfigMap": _values,
    "Secret": _values,
    "Lease": _lease,
    "PodDisruptionBudget": _budget,
    "Namespace": _namespace,
    "EndpointSlice": _slice,
    "Endpoints": _endpoints,
    "ControllerRevision": _revision,
    "PersistentVolumeClaim": _claim,
}
