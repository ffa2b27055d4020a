"""What do `kubectl config`'s commands say?  They go by one context, of which only the namespace can be changed.

Source: staging/src/k8s.io/kubectl/pkg/cmd/config.
Simplified: a kubeconfig has one cluster, one user and one context here; a changed one is kept as ~/.kube/config as long as the shell lasts.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from playground.manifests.errors import BadYAML
from playground.manifests.reader import read
from playground.manifests.writer import write
from playground.terminal.kubectl import output
from playground.terminal.kubectl.asks import Keep, Program
from playground.terminal.kubectl.call import Call, out
from playground.terminal.kubectl.errors import Bare, Several, Wrong, misused
from playground.terminal.kubectl.tabs import columns
from playground.terminal.kubectl.unsimulated import sentence
from playground.terminal.programs.container import Kubeconfig

JSON = dict[str, Any]
CONTEXTS = "no-headers:switch output/o:text"
VIEW = "minify:switch output/o:text show-managed-fields:switch"
HEAD = ("CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE")


def document(config: Kubeconfig) -> JSON:
    """The file, with its fields in the order of Go's type."""
    server = {"server": config.server} | ({"insecure-skip-tls-verify": True} if config.server.startswith("http:") else {})
    context = {"cluster": config.cluster, "user": config.user, "namespace": config.namespace}
    return {
        "kind": "Config",
        "apiVersion": "v1",
        "clusters": [{"name": config.cluster, "cluster": server}],
        "users": [{"name": config.user, "user": {"token": "REDACTED"}}],
        "contexts": [{"name": config.context, "context": context}],
        "current-context": config.context,
    }


def of_file(text: str, config: Kubeconfig) -> Kubeconfig:
    """The kubeconfig with the namespace that a file gives its context; as it is if the file does not read as one."""
    try:
        contexts = [each for value in read(text).values for each in value.get("contexts") or ()]
        spaces = [each["context"]["namespace"] for each in contexts if each["name"] == config.context]
    except (BadYAML, KeyError, TypeError, AttributeError):
        return config
    return msgspec.structs.replace(config, namespace=str(spaces[0] or "default")) if spaces else config


def check(call: Call) -> None:
    """A context, cluster or user that is named is there; raises Wrong. Some commands have a --user of their own, of which there may be several."""
    own = {"context": call.config.context, "cluster": call.config.cluster, "user": call.config.user}
    context, cluster, user = (call.flags.of(name, own[name]) for name in own)
    if context != own["context"]:
        raise Bare(f"Error in configuration: context was not found for specified context: {context}")
    if cluster != own["cluster"]:
        raise Wrong(f'no server found for cluster "{cluster}"')
    if user != own["user"] and isinstance(user, str):
        raise Wrong(f'auth info "{user}" does not exist')


def current_context(call: Call) -> Program:
    yield from out(f"{call.config.context}\n")
    return 0


def view(call: Call) -> Program:
    if call.words:
        raise misused("config view", f"unexpected arguments: [{' '.join(call.words)}]")
    named = call.flags.text("context", call.config.context)
    if call.flags.on("minify") and named != call.config.context:
        raise Wrong(f"cannot locate context {named}")
    form = call.flags.text("output", "yaml")
    if form == "json":  # of a Go type: its fields keep their order
        yield from out(json.dumps(document(call.config), indent=4) + "\n")
    else:
        yield from out(output.printer(form, output.MADE)(document(call.config)))
    return 0


def get_contexts(call: Call) -> Program:
    form, config = call.flags.text("output"), call.config
    if form not in ("", "name"):
        raise Wrong(f"--output {form} is not available in kubectl config get-contexts; resetting to default output format")
    found = not call.words or config.context in call.words
    if form == "name":
        rows = [(config.context,)] if found else []
    else:
        rows = [] if call.flags.on("no-headers") else [HEAD]
        rows += [("*", config.context, config.cluster, config.user, config.namespace)] if found else []
    yield from out(columns("".join("\t".join(row) + "\n" for row in rows)))
    missing: list[Exception] = [Wrong(f"context {name} not found") for name in call.words if name != config.context]
    if missing:
        raise missing[0] if len(missing) == 1 else Several(missing)
    return 0


def get_clusters(call: Call) -> Program:
    yield from out(f"NAME\n{call.config.cluster}\n")
    return 0


def get_users(call: Call) -> Program:
    yield from out(f"NAME\n{call.config.user}\n")
    return 0


def use_context(call: Call) -> Program:
    if len(call.words) != 1:
        raise misused("config use-context", f"Unexpected args: [{' '.join(call.words)}]")
    if call.words[0] != call.config.context:
        raise Wrong(f'no context exists with the name: "{call.words[0]}"')
    yield from out(f'Switched to context "{call.config.context}".\n')
    return 0


def set_context(call: Call) -> Program:
    flags, config, words = call.flags, call.config, call.words
    if len(words) > 1:
        raise misused("config set-context", f"Unexpected args: [{' '.join(words)}]")
    if words and flags.on("current"):
        raise Wrong("you cannot specify both a context name and --current")
    if not words and not flags.on("current"):
        raise Wrong("you must specify a non-empty context name or --current")
    if words not in ([], [config.context]):
        raise Wrong(sentence("config set-context with a context that is not there"))
    if flags.text("cluster", config.cluster) != config.cluster or flags.text("user", config.user) != config.user:
        raise Wrong(sentence("config set-context with another cluster or user"))
    if "namespace" in flags:
        kept = msgspec.structs.replace(config, namespace=flags.text("namespace") or "default")
        yield Keep(write(document(kept)))
    yield from out(f'Context "{config.context}" modified.\n')
    return 0
