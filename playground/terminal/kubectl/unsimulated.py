"""What does kubectl 1.37 have that this terminal does not simulate?  One table, so that nothing that there is gets called unknown.

Source: `kubectl COMMAND --help` of 1.37, of every command.
"""

from __future__ import annotations

COMMANDS = frozenset(
    [
        "apply edit-last-applied", "apply set-last-applied", "auth reconcile", "autoscale", "certificate", "certificate approve",
        "certificate deny", "cluster-info dump", "completion", "config delete-cluster", "config delete-context", "config delete-user",
        "config rename-context", "config set", "config set-cluster", "config set-credentials", "config unset", "cp", "debug", "kuberc",
        "kuberc set", "kuberc view", "kustomize", "options", "plugin", "plugin list", "port-forward", "proxy", "set subject",
    ]
)  # fmt: skip
_PRINTED = "allow-missing-template-keys template"
_MADE = f"field-manager save-config {_PRINTED}"
_OF_FILES = "R k kustomize recursive"
_MAKING = (
    "create clusterrole", "create clusterrolebinding", "create configmap", "create cronjob", "create deployment", "create ingress",
    "create job", "create namespace", "create poddisruptionbudget", "create priorityclass", "create quota", "create role",
    "create rolebinding", "create secret docker-registry", "create secret generic", "create secret tls", "create service clusterip",
    "create service externalname", "create service loadbalancer", "create service nodeport", "create serviceaccount",
)  # fmt: skip
# By command; "" is every command. A flag of one letter is a shorthand.
FLAGS = {
    "": """as as-group as-uid as-user-extra certificate-authority client-certificate client-key insecure-skip-tls-verify kubeconfig password
        profile profile-output proxy-url tls-server-name token username v vmodule warnings-as-errors""",
    **dict.fromkeys(_MAKING, _MADE),
    "annotate": f"{_PRINTED} {_OF_FILES} field-manager local record resource-version",
    "api-resources": "show-managed-fields",
    "apply": (
        f"{_PRINTED} {_OF_FILES} all cascade force grace-period l openapi-patch "
        "overwrite prune prune-allowlist record selector subresource timeout wait"
    ),
    "apply view-last-applied": _OF_FILES,
    "attach": "detach-keys",
    "auth whoami": f"{_PRINTED} show-managed-fields",
    "config view": f"{_PRINTED} flatten merge raw",
    "create": f"{_MADE} {_OF_FILES} edit l raw record selector windows-line-endings",
    "create token": _PRINTED,
    "delete": f"{_OF_FILES} i interactive raw",
    "describe": _OF_FILES,
    "diff": f"{_OF_FILES} field-manager force-conflicts l prune prune-allowlist selector server-side show-managed-fields show-secrets",
    "edit": f"{_MADE} {_OF_FILES} o output output-patch record show-managed-fields subresource validate windows-line-endings",
    "events": _PRINTED,
    "exec": "f filename",
    "expose": f"{_MADE} {_OF_FILES} record",
    "get": f"{_PRINTED} {_OF_FILES}",
    "label": f"{_PRINTED} {_OF_FILES} field-manager local record resource-version",
    "patch": f"{_PRINTED} {_OF_FILES} field-manager record",
    "replace": f"{_MADE} {_OF_FILES} cascade raw wait",
    "rollout history": f"{_PRINTED} {_OF_FILES}",
    "rollout pause": f"{_PRINTED} {_OF_FILES} field-manager",
    "rollout restart": f"{_PRINTED} {_OF_FILES} field-manager",
    "rollout resume": f"{_PRINTED} {_OF_FILES} field-manager",
    "rollout status": _OF_FILES,
    "rollout undo": f"{_PRINTED} {_OF_FILES}",
    "run": f"{_MADE} {_OF_FILES} cascade detach-keys force grace-period record timeout wait",
    "scale": f"{_PRINTED} {_OF_FILES} record resource-version timeout",
    "set env": f"{_PRINTED} {_OF_FILES} field-manager local",
    "set image": f"{_PRINTED} {_OF_FILES} field-manager local record",
    "set resources": f"{_PRINTED} {_OF_FILES} field-manager local record",
    "set selector": f"{_PRINTED} R field-manager local record recursive resource-version",
    "set serviceaccount": f"{_PRINTED} {_OF_FILES} field-manager local record",
    "taint": f"{_PRINTED} field-manager",
    "top node": "show-swap use-protocol-buffers",
    "top pod": "show-swap use-protocol-buffers",
    "wait": f"{_PRINTED} R local o output recursive show-managed-fields",
}


def flag(command: str, name: str) -> bool:
    return name in FLAGS.get(command, "").split() or name in FLAGS[""].split()


def sentence(words: str) -> str:
    return f"kubectl {words} is not simulated in this terminal"
