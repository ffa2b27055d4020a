"""What does --help print?  What a command does, how it is called, examples, and what its flags mean: the playground's own words, not those of kubectl."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from playground.terminal.kubectl.flags import Flag, table


class Command(Protocol):
    @property
    def does(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def flags(self) -> str: ...


Commands = Mapping[str, Command]
EVERYWHERE = (
    "Every command takes -n NAMESPACE. 'kubectl explain TYPE' tells the fields of a kind, 'kubectl api-resources' which kinds there are.\n"
)


def overview(commands: Commands, name: str) -> str:
    """The commands below a name."""
    start = f"{name} " if name else ""
    below = list(dict.fromkeys(each.removeprefix(start).split()[0] for each in sorted(commands) if each.startswith(start)))
    lines = "".join(_columns([(word, _does(commands, start + word)) for word in below]))
    more = "" if name else f"{EVERYWHERE}\n"
    return f"kubectl {start}in this terminal knows:\n\n{lines}\n{more}'kubectl {start}COMMAND --help' says more.\n"


def _does(commands: Commands, name: str) -> str:
    if name in commands:
        return commands[name].does
    return ", ".join(dict.fromkeys(each.removeprefix(f"{name} ").split()[0] for each in sorted(commands) if each.startswith(f"{name} ")))


def usage(commands: Commands, name: str) -> str:
    command = commands[name]
    known = dict.fromkeys(table(command.flags).values())
    told = [(_title(flag), _means(name, flag)) for flag in sorted(known, key=lambda flag: flag.name) if _means(name, flag)]
    rest = ", ".join(sorted(f"--{flag.name}" for flag in known if not _means(name, flag)))
    parts = [f"{command.does[0].upper()}{command.does[1:]}.\n", f"Usage:\n  {f'kubectl {name} {command.words}'.rstrip()}\n"]
    parts += ["Examples:\n" + "".join(f"  kubectl {line}\n" for line in EXAMPLES[name])] if name in EXAMPLES else []
    parts += [f"Flags:\n{''.join(_columns(told))}"] if told else []
    parts += [f"Taken too: {rest}\n"] if rest else []
    parts += [overview(commands, name)] if any(each.startswith(f"{name} ") for each in commands) else []
    return "\n".join(parts)


def _means(name: str, flag: Flag) -> str:
    return WORDS.get(f"{name} --{flag.name}") or WORDS.get(flag.name, "")


def _title(flag: Flag) -> str:
    return flag.title if flag.bare is not None and flag.type == "switch" else f"{flag.title}=..."


def _columns(rows: list[tuple[str, str]]) -> list[str]:
    width = max((len(left) for left, _ in rows), default=0)
    return [f"  {left:<{width}}  {right}\n" for left, right in rows]


# What a flag means wherever it is known, or for one command.
WORDS = {
    "rm": "delete it when one is no longer attached",
    "expose": "with a Service for its port",
    "all": "all objects of the type",
    "all-containers": "of all containers",
    "all-namespaces": "in all Namespaces",
    "all-pods": "of all Pods that the object looks after; says which line is whose",
    "clusterrole": "the ClusterRole that is bound",
    "command": "what stands behind -- is the command, not arguments of the image's own",
    "container": "which container of the Pod",
    "containers": "which containers, `*` for any part of a name",
    "current-replicas": "only if there are so many now",
    "dry-run": "do nothing: client shows what would be sent, server what would come of it",
    "explain --recursive": "with all fields below",
    "set env --prefix": "before each name",
    "wait --for": "what to wait for",
    "env": "a variable as NAME=VALUE, several times",
    "external-name": "the name that the Service stands for",
    "field-selector": "only those with such fields, as status.phase=Running",
    "filename": "objects of a file, or of - for what is typed in",
    "follow": "go on until Ctrl-C",
    "for": "only of this object",
    "force": "do not wait for the kubelet",
    "drain --force": "also Pods that nothing makes anew",
    "replace --force": "delete it, and make it anew",
    "from": "take it from another object: configmap/NAME, secret/NAME, cronjob/NAME",
    "from-file": "a key of a file, several times",
    "from-literal": "a key as KEY=VALUE, several times",
    "grace-period": "how many seconds containers have to stop",
    "ignore-not-found": "it is no failure if there is none",
    "image": "the image of the container",
    "keys": "only these keys",
    "label-columns": "a column for each of these labels",
    "labels": "labels of the new object, as KEY=VALUE,...",
    "limits": "the most that a container may use, as cpu=200m,memory=64Mi",
    "list": "show them, change nothing",
    "auth can-i --list": "all that one may",
    "name": "the name of the new object",
    "no-headers": "without the line of titles",
    "node-port": "the port of all Nodes",
    "now": "containers have one second to stop",
    "output": "another form: yaml, json, name, wide, jsonpath=..., custom-columns=...",
    "overrides": "JSON that is laid over the object",
    "overwrite": "also change what has a value",
    "patch": "the change, as JSON or YAML",
    "port": "the port",
    "prefix": "before each line whose it is",
    "previous": "of the container's start before this one",
    "quiet": "say less",
    "recursive": "of directories below, too",
    "replicas": "how many Pods",
    "requests": "what a container needs, as cpu=100m,memory=64Mi",
    "resolve": "with the values that variables refer to",
    "resource": "types that the role is for, as pods,deployments.apps",
    "restart": "when a container that has ended is started again",
    "revision": "of this revision",
    "role": "the Role that is bound",
    "rule": "HOST/PATH=SERVICE:PORT; a path that ends with * is a prefix",
    "schedule": "when, as '*/5 * * * *'",
    "selector": "only those with these labels, as app=web,tier!=test",
    "serviceaccount": "a ServiceAccount that the role is given, as NAMESPACE:NAME",
    "session-affinity": "ClientIP: a client comes to the same Pod again",
    "show-kind": "names with their types",
    "show-labels": "with a column of all labels",
    "since": "only what is younger than that, as 5m",
    "sort-by": "in the order of a field, as .metadata.name",
    "stdin": "hand on what is typed",
    "subresource": "of the subresource status or scale",
    "tail": "only the last lines, so many",
    "target-port": "the port of the Pods",
    "tcp": "PORT or PORT:TARGETPORT",
    "timeout": "give up after that, as 30s",
    "timestamps": "with the time of each line",
    "to-revision": "back to this revision, 0 for the one before",
    "tty": "with a terminal",
    "type": "the type",
    "user": "a user that the role is given",
    "verb": "what the role allows, as get,list,watch",
    "wait": "wait until they are gone",
    "watch": "go on with each change, until Ctrl-C",
}
EXAMPLES = {
    "annotate": ["annotate service web note=hello", "annotate service web note-"],
    "apply": ["apply -f web.yaml"],
    "attach": ["attach web-0", "attach -it shell -c main"],
    "auth can-i": ["auth can-i delete pods"],
    "create configmap": ["create configmap settings --from-literal=level=debug"],
    "create deployment": ["create deployment web --image=nginx --replicas=3 --port=80"],
    "create ingress": ["create ingress web --rule='example.org/*=web:80'"],
    "create role": ["create role reader --verb=get,list --resource=pods"],
    "create rolebinding": ["create rolebinding read --role=reader --serviceaccount=default:build"],
    "create service clusterip": ["create service clusterip web --tcp=80:8080"],
    "delete": ["delete pod web-0", "delete service,deployment -l app=web"],
    "describe": ["describe service web", "describe node node-a"],
    "drain": ["drain node-a --ignore-daemonsets"],
    "events": ["events --for pod/web-0 --watch"],
    "exec": ["exec web-0 -- env", "exec -it deploy/web -- sh"],
    "explain": ["explain service.spec.ports"],
    "expose": ["expose deployment web --port=80 --target-port=8080"],
    "get": ["get pods -o wide", "get endpointslices -l kubernetes.io/service-name=web", "get service web -o yaml", "get pods -w"],
    "label": ["label pod web-0 tier=front", "label pod web-0 tier=back --overwrite", "label pod web-0 tier-"],
    "logs": ["logs web-0", "logs -f deploy/web", "logs -l app=web --prefix --tail=5"],
    "patch": ["""patch service web -p '{"spec":{"type":"NodePort"}}'"""],
    "rollout restart": ["rollout restart deployment/web"],
    "rollout status": ["rollout status deployment/web"],
    "rollout undo": ["rollout undo deployment/web"],
    "run": ["run web --image=nginx --port=80", "run -it --rm shell --image=busybox -- sh"],
    "scale": ["scale deployment web --replicas=3"],
    "set env": ["set env deployment/web LEVEL=debug", "set env deployment/web LEVEL-", "set env deployment/web --list"],
    "set image": ["set image deployment/web nginx=nginx:1.29"],
    "set resources": ["set resources deployment/web --requests=cpu=100m --limits=cpu=200m"],
    "set selector": ["set selector service web app=web,version=2"],
    "taint": ["taint node node-a key=value:NoSchedule", "taint node node-a key-"],
    "wait": ["wait --for=condition=Ready pod -l app=web --timeout=60s"],
}  # fmt: skip
