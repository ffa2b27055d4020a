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
# By command; "" is every command. A flag of one letter is a shorthand.
FLAGS = {
    "": "as-user-extra proxy-url",
    "api-resources": "show-managed-fields",
    "apply": "all cascade force grace-period l openapi-patch prune prune-allowlist selector subresource",
    "auth whoami": "allow-missing-template-keys show-managed-fields template",
    "config view": "flatten merge raw",
    "diff": "show-secrets",
    "run": "R detach-keys k kustomize recursive",
    "set selector": "resource-version",
    "top node": "show-swap use-protocol-buffers",
    "top pod": "show-swap use-protocol-buffers",
}


def flag(command: str, name: str) -> bool:
    return name in FLAGS.get(command, "").split() or name in FLAGS[""].split()


def sentence(words: str) -> str:
    return f"kubectl {words} is not simulated in this terminal"
