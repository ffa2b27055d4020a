"""What do `kubectl create rolebinding` and `kubectl create clusterrolebinding` make?

Source: staging/src/k8s.io/kubectl/pkg/cmd/create/{create_rolebinding,create_clusterrolebinding}.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.errors import Refusal
from playground.terminal.kubectl.asks import Program
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.flags import required
from playground.terminal.kubectl.making.roles import RBAC
from playground.terminal.kubectl.making.words import failed, name_of
from playground.terminal.kubectl.submitting import COMMON, made, meta

JSON = dict[str, Any]
CLUSTER = f"{COMMON} clusterrole:text user:array group:array serviceaccount:array"
NAMESPACED = f"{CLUSTER} role:text"


def role_binding(call: Call) -> Program:
    name, role, cluster_role = name_of(call), call.flags.text("role"), call.flags.text("clusterrole")
    if bool(role) is bool(cluster_role):
        raise Wrong("exactly one of clusterrole or role must be specified")
    return (yield from _bound(call, "RoleBinding", meta(call, name), "Role" if role else "ClusterRole", role or cluster_role))


def cluster_role_binding(call: Call) -> Program:
    required(call.flags, "clusterrole")
    name = name_of(call)
    return (yield from _bound(call, "ClusterRoleBinding", meta(call, name, spaced=False), "ClusterRole", call.flags.text("clusterrole")))


def _bound(call: Call, kind: str, about: JSON, role_kind: str, role: str) -> Program:
    subjects = [{"apiGroup": RBAC, "kind": "User", "name": each} for each in call.flags.of("user", [])]
    subjects += [{"apiGroup": RBAC, "kind": "Group", "name": each} for each in call.flags.of("group", [])]
    subjects += [_account(each) for each in call.flags.of("serviceaccount", [])]
    document = {
        "apiVersion": f"{RBAC}/v1",
        "kind": kind,
        "metadata": about,
        "roleRef": {"apiGroup": RBAC, "kind": role_kind, "name": role},
        **({"subjects": subjects} if subjects else {}),
    }
    try:
        return (yield from made(call, document))
    except Refusal as refusal:
        raise failed(kind.lower(), refusal) from None


def _account(text: str) -> dict[str, str]:
    space, colon, name = text.partition(":")
    if not colon or not space or not name or ":" in name:
        raise Wrong("serviceaccount must be <namespace>:<name>")
    return {"kind": "ServiceAccount", "name": name, "namespace": space}
