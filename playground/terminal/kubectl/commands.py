"""Which command do the words name?  And what is said where they name none.

Source: github.com/spf13/cobra (Find, SuggestionsFor); kubectl pkg/cmd/cmd.go, pkg/cmd/util (DefaultSubCommandRun).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from playground.kube.errors import Refusal
from playground.terminal.kubectl import (
    allowing,
    applying,
    attaching,
    configuring,
    deleting,
    describe,
    diffing,
    draining,
    editing,
    environment,
    events,
    explaining,
    get,
    helping,
    lastapplied,
    logging,
    marking,
    nodes,
    patching,
    replacing,
    requirements,
    rollout,
    running,
    scaling,
    setting,
    telling,
    templates,
    unsimulated,
    waiting,
)
from playground.terminal.kubectl.asks import Program
from playground.terminal.kubectl.call import Call, out
from playground.terminal.kubectl.errors import Exit, Several, Wrong, fail, misused
from playground.terminal.kubectl.flags import GLOBAL, read, table
from playground.terminal.kubectl.making import bindings, data, ingresses, objects, others, roles, secrets, services, workloads
from playground.terminal.kubectl.making import running as running_pods
from playground.terminal.kubectl.submitting import COMMON, warned
from playground.terminal.kubectl.unsimulated import sentence
from playground.terminal.programs.asks import Write
from playground.terminal.programs.container import Kubeconfig

NEAR = 2


class Command(msgspec.Struct, frozen=True):
    """`run` does it, `does` says what it does, `words` are what stands behind its name, as in `TYPE NAME`."""

    run: Callable[[Call], Program]
    does: str
    words: str = ""
    flags: str = ""


OBJECTS = "(TYPE [NAME] | TYPE/NAME ... | -f FILE)"
COMMANDS: dict[str, Command] = {
    "annotate": Command(marking.marking("annotation"), "change the annotations of objects", f"{OBJECTS} KEY=VALUE ... KEY- ...", marking.FLAGS),
    "api-resources": Command(telling.api_resources, "list the kinds that the server has", "", telling.RESOURCES),
    "api-versions": Command(telling.api_versions, "list the groups and versions that the server has"),
    "apply": Command(applying.apply, "make objects be as a file says", "-f FILE", applying.FLAGS),
    "apply view-last-applied": Command(lastapplied.view_last_applied, "show what a file last applied", OBJECTS, lastapplied.FLAGS),
    "attach": Command(attaching.attach, "attach to what runs in a container", "(POD | TYPE/NAME) [-c CONTAINER]", attaching.FLAGS),
    "auth can-i": Command(allowing.can_i, "say whether you may do something", "VERB (TYPE | TYPE/NAME | URL) | --list", allowing.CAN_I),
    "auth whoami": Command(allowing.who_am_i, "say who you are", "", "output/o:text"),
    "cluster-info": Command(telling.cluster_info, "say where the cluster is served"),
    "config current-context": Command(configuring.current_context, "say which context is used"),
    "config get-clusters": Command(configuring.get_clusters, "list the clusters of the kubeconfig"),
    "config get-contexts": Command(configuring.get_contexts, "list the contexts of the kubeconfig", "[NAME]", configuring.CONTEXTS),
    "config get-users": Command(configuring.get_users, "list the users of the kubeconfig"),
    "config set-context": Command(configuring.set_context, "change the namespace of the context", "(NAME | --current) --namespace=NAME", "current:switch"),
    "config use-context": Command(configuring.use_context, "use another context", "NAME"),
    "config view": Command(configuring.view, "show the kubeconfig", "", configuring.VIEW),
    "cordon": Command(nodes.cordoning(True), "let no new Pods come to a Node", "NODE", nodes.FLAGS),
    "create": Command(objects.create, "make objects of a file", "-f FILE", objects.FLAGS),
    "create clusterrole": Command(
        roles.cluster_role, "make a ClusterRole", "NAME --verb=VERB,... (--resource=TYPE,... | --non-resource-url=URL)", roles.CLUSTER_ROLE
    ),
    "create clusterrolebinding": Command(
        bindings.cluster_role_binding, "make a ClusterRoleBinding", "NAME --clusterrole=NAME [--user=USER] [--serviceaccount=SPACE:NAME]", bindings.CLUSTER
    ),
    "create configmap": Command(data.config_map, "make a ConfigMap", "NAME [--from-literal=KEY=VALUE] [--from-file=[KEY=]FILE]", data.CONFIG_MAP),
    "create cronjob": Command(workloads.cron_job, "make a CronJob", "NAME --image=IMAGE --schedule='* * * * *' [-- COMMAND]", workloads.CRON_JOB),
    "create deployment": Command(workloads.deployment, "make a Deployment", "NAME --image=IMAGE [-- COMMAND]", workloads.DEPLOYMENT),
    "create ingress": Command(ingresses.ingress, "make an Ingress", "NAME --rule=HOST/PATH=SERVICE:PORT[,tls[=SECRET]]", ingresses.FLAGS),
    "create job": Command(workloads.job, "make a Job", "NAME (--image=IMAGE [-- COMMAND] | --from=cronjob/NAME)", workloads.JOB),
    "create namespace": Command(others.namespace, "make a Namespace", "NAME", COMMON),
    "create poddisruptionbudget": Command(others.budget, "make a PodDisruptionBudget", "NAME --selector=LABELS --min-available=N", others.BUDGET),
    "create priorityclass": Command(others.priority_class, "make a PriorityClass", "NAME --value=N", others.PRIORITY),
    "create quota": Command(others.quota, "make a ResourceQuota", "NAME [--hard=KEY=AMOUNT,...]", others.QUOTA),
    "create role": Command(roles.role, "make a Role", "NAME --verb=VERB,... --resource=TYPE,...", roles.ROLE),
    "create rolebinding": Command(
        bindings.role_binding, "make a RoleBinding", "NAME (--role=NAME | --clusterrole=NAME) [--user=USER] [--serviceaccount=SPACE:NAME]", bindings.NAMESPACED
    ),
    "create secret docker-registry": Command(
        secrets.docker_registry, "make a Secret for a registry of images", "NAME --docker-username=USER --docker-password=WORD", secrets.REGISTRY
    ),
    "create secret generic": Command(data.secret, "make a Secret", "NAME [--from-literal=KEY=VALUE] [--from-file=[KEY=]FILE]", data.SECRET),
    "create secret tls": Command(secrets.tls, "make a Secret of a certificate and its key", "NAME --cert=FILE --key=FILE", secrets.TLS),
    "create service clusterip": Command(services.service("clusterip"), "make a Service of type ClusterIP", "NAME --tcp=PORT[:TARGET]", services.CLUSTER_IP),
    "create service externalname": Command(services.external_name, "make a Service of type ExternalName", "NAME --external-name=HOST", services.EXTERNAL_NAME),
    "create service loadbalancer": Command(
        services.service("loadbalancer"), "make a Service of type LoadBalancer", "NAME --tcp=PORT[:TARGET]", services.SERVICE
    ),
    "create service nodeport": Command(services.service("nodeport"), "make a Service of type NodePort", "NAME --tcp=PORT[:TARGET]", services.NODE_PORT),
    "create serviceaccount": Command(others.service_account, "make a ServiceAccount", "NAME", COMMON),
    "create token": Command(secrets.token, "ask for a token of a ServiceAccount", "SERVICEACCOUNT", secrets.TOKEN),
    "delete": Command(deleting.delete, "delete objects", OBJECTS, deleting.FLAGS),
    "describe": Command(describe.describe, "tell all about objects", OBJECTS, describe.FLAGS),
    "diff": Command(diffing.diff, "show what apply would change", "-f FILE", diffing.FLAGS),
    "drain": Command(draining.drain, "evict a Node's Pods", "NODE", draining.FLAGS),
    "edit": Command(editing.edit, "change an object in the page's editor", "TYPE/NAME", editing.FLAGS),
    "events": Command(events.events, "list what has happened", "[--for TYPE/NAME] [--watch]", events.FLAGS),
    "exec": Command(running.exec_, "run a command in a container", "(POD | TYPE/NAME) [-c CONTAINER] -- COMMAND", running.EXEC),
    "explain": Command(explaining.explain, "say which fields a kind has", "TYPE[.FIELD ...]", explaining.FLAGS),
    "expose": Command(services.expose, "make a Service for Pods that are there", f"{OBJECTS} [--port=PORT] [--target-port=PORT]", services.EXPOSE),
    "get": Command(get.get, "list objects", OBJECTS, get.FLAGS),
    "label": Command(marking.marking("label"), "change the labels of objects", f"{OBJECTS} KEY=VALUE ... KEY- ...", marking.FLAGS),
    "logs": Command(logging.logs, "print what containers have written", "(POD | TYPE/NAME | -l LABELS) [-c CONTAINER]", logging.FLAGS),
    "patch": Command(patching.patch, "change fields of an object", f"{OBJECTS} -p PATCH", patching.FLAGS),
    "replace": Command(replacing.replace, "put whole objects in the place of others", "-f FILE", replacing.FLAGS),
    "rollout history": Command(rollout.history, "list earlier revisions", OBJECTS, rollout.HISTORY),
    "rollout pause": Command(rollout.pausing(True), "let a Deployment stand", OBJECTS, rollout.CHANGE),
    "rollout restart": Command(rollout.restart, "replace all Pods", OBJECTS, rollout.CHANGE),
    "rollout resume": Command(rollout.pausing(False), "let a paused Deployment go on", OBJECTS, rollout.CHANGE),
    "rollout status": Command(rollout.status, "wait until all is rolled out", OBJECTS, rollout.STATUS),
    "rollout undo": Command(rollout.undo, "go back to an earlier revision", OBJECTS, rollout.UNDO),
    "run": Command(running_pods.run, "make a Pod", "NAME --image=IMAGE [-it --rm] [-- ARGUMENTS]", running_pods.FLAGS),
    "scale": Command(scaling.scale, "change how many Pods there are to be", f"{OBJECTS} --replicas=N", scaling.FLAGS),
    "set env": Command(environment.set_env, "change environment variables of containers", f"{OBJECTS} NAME=VALUE ... NAME- ...", environment.FLAGS),
    "set image": Command(setting.image, "change images of containers", f"{OBJECTS} CONTAINER=IMAGE ...", setting.IMAGE),
    "set resources": Command(
        requirements.set_resources, "change requests and limits of containers", f"{OBJECTS} --limits=NAME=AMOUNT,... --requests=...", requirements.FLAGS
    ),
    "set selector": Command(setting.selector, "change a Service's selector", f"{OBJECTS} KEY=VALUE,...", setting.SELECTOR),
    "set serviceaccount": Command(setting.service_account, "change the ServiceAccount of Pods", f"{OBJECTS} SERVICEACCOUNT", templates.FLAGS),
    "taint": Command(nodes.taint, "change the taints of Nodes", "node NODE KEY=VALUE:EFFECT ...", nodes.TAINT),
    "top node": Command(telling.top, "show what Nodes use", "", telling.TOP_NODE),
    "top pod": Command(telling.top, "show what Pods use", "", telling.TOP_POD),
    "uncordon": Command(nodes.cordoning(False), "let Pods come to a Node again", "NODE", nodes.FLAGS),
    "version": Command(telling.version, "say which versions these are", "", telling.VERSION_FLAGS),
    "wait": Command(waiting.wait, "wait until something is so", f"{OBJECTS} --for=(condition=NAME | jsonpath=PATH=VALUE | delete | create)", waiting.FLAGS),
}  # fmt: skip
ALIASES = {
    "config use": "use-context",
    "create cj": "cronjob", "create cm": "configmap", "create dep": "deployment", "create deploy": "deployment", "create ing": "ingress",
    "create ns": "namespace", "create pc": "priorityclass", "create pdb": "poddisruptionbudget", "create resourcequota": "quota",
    "create sa": "serviceaccount", "create svc": "service", "set sa": "serviceaccount",
    "top no": "node", "top nodes": "node", "top po": "pod", "top pods": "pod",
}  # fmt: skip


def kubectl(words: list[str], config: Kubeconfig, terminal: bool = False) -> Program:
    """A whole run of kubectl."""
    try:
        return (yield from _run(words, config, terminal))
    except (Wrong, Refusal, Several, Exit) as error:
        return (yield from fail(error))


def _run(words: list[str], config: Kubeconfig, terminal: bool) -> Program:
    place = _first(words)
    if place is not None and words[place] == "help":
        words = [*words[:place], *words[place + 1 :], "--help"]
    name, rest = named(words)
    command = COMMANDS.get(name)
    if command is None:
        asked = read(name, rest, table(GLOBAL)).on("help") or not name
        yield Write(1 if asked or name == "rollout" else 2, helping.overview(COMMANDS, name))
        return 0 if asked else 1
    flags = read(name, rest, table(f"{GLOBAL} {command.flags}"))
    if flags.on("help"):
        return (yield from out(helping.usage(COMMANDS, name))) or 0
    call = Call(name, flags, config, terminal)
    if not name.startswith("config "):
        configuring.check(call)
    yield from warned(call)
    return (yield from command.run(call))


def named(words: list[str]) -> tuple[str, list[str]]:
    """The command's name and the words without it; flags may stand before it. What has several commands below it is a name too."""
    place = _first(words)
    if place is None:
        return "", words
    first = words[place]
    if first in COMMANDS or any(name.startswith(f"{first} ") for name in COMMANDS):
        return _second(first, [*words[:place], *words[place + 1 :]])
    if first in _ORDER:
        raise Wrong(sentence(first))
    near = [name for name in _ORDER if name.startswith(first) or _distance(first, name) <= NEAR]
    hint = "\n\nDid you mean this?\n" + "".join(f"\t{name}\n" for name in near) if near else ""
    raise Wrong(f'unknown command "{first}" for "kubectl"{hint}')


def _second(first: str, rest: list[str]) -> tuple[str, list[str]]:
    place = _first(rest)
    word = ALIASES.get(f"{first} {rest[place]}", rest[place]) if place is not None else ""
    name = f"{first} {word}"
    if place is not None and (name in COMMANDS or any(each.startswith(f"{name} ") for each in COMMANDS)):
        return _second(name, [*rest[:place], *rest[place + 1 :]])
    if name in unsimulated.COMMANDS:
        raise Wrong(sentence(name))
    if first in COMMANDS or place is None:
        return first, rest
    said = " ".join(each for each in rest if not each.startswith("-"))
    raise misused(first, f'unknown command "{said}"')


def _first(words: list[str]) -> int | None:
    """Where the first word stands that is no flag and no flag's value."""
    known = table(GLOBAL)
    place = 0
    while place < len(words):
        word = words[place]
        if word == "--":
            return None
        if not word.startswith("-") or word == "-":
            return place
        flag = known.get(word.removeprefix("--")) if word.startswith("--") else known.get(word)
        place += 2 if flag is not None and flag.bare is None and "=" not in word else 1
    return None


# In the order in which cobra keeps them.
_ORDER = """create expose run set explain get edit delete rollout scale autoscale certificate cluster-info top cordon uncordon drain taint
    describe logs attach exec port-forward proxy cp auth debug events diff apply patch replace wait kustomize label annotate completion
    api-resources api-versions config kuberc plugin version options""".split()


def _distance(one: str, other: str) -> int:
    """Levenshtein's, as cobra reckons it."""
    above = list(range(len(other) + 1))
    for row, sign in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (sign.lower() != against.lower())))
        above = line
    return above[-1]
