"""What has a new Pod of the ServiceAccount that it runs as?  Its name, its token's volume, its secrets for pulling images; without it there is no Pod.

Source: plugin/pkg/admission/serviceaccount/admission.go; pkg/controller/serviceaccount/serviceaccounts_controller.go (the account `default`).
Simplified: where the account `default` of an active Namespace is not there yet, the real admission waits up to two seconds for the controller
to make it; here it is made at that instant. The deprecated annotation enforce-mountable-secrets is not looked at.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import tokenvolume
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Object
from playground.kube.errors import forbidden

DEFAULT = "default"


def name_in(spec: JSON) -> str:
    """The account that a Pod of this spec runs as; `serviceAccount` is the older name of the field."""
    return str(spec.get("serviceAccountName") or spec.get("serviceAccount") or DEFAULT)


def found(machinery: Machinery, namespace: str, spec: JSON) -> Object | None:
    """The account that a new Pod is to run as, if it is there or comes by itself."""
    name = name_in(spec)
    account: Object | None = machinery.store.get("ServiceAccount", namespace, name)
    return ensure_default(machinery, namespace) if account is None and name == DEFAULT else account


def account_of(machinery: Machinery, namespace: str, spec: JSON, pod: str) -> Object:
    """The same; raises Refusal, which calls the Pod `pod`, if it is missing."""
    account, name = found(machinery, namespace, spec), name_in(spec)
    if account is None:
        raise forbidden("pods", pod, f'error looking up service account {namespace}/{name}: serviceaccount "{name}" not found')
    return account


def ensure_default(machinery: Machinery, namespace: str) -> Object | None:
    """The account `default` of a Namespace, made if it is missing; None where the Namespace is not active."""
    space, found = machinery.store.get("Namespace", "", namespace), machinery.store.get("ServiceAccount", namespace, DEFAULT)
    if found is None and space is not None and space.deleting is None:
        found = Object("ServiceAccount", namespace, DEFAULT, machinery.store.new_uid(), 0, machinery.now)
        found = machinery.store.create(found)
    return found if isinstance(found, Object) else None


def admit(spec: JSON, account: JSON) -> None:
    """Fill in the spec of a new Pod, in place; `account` are the top-level fields of its ServiceAccount."""
    spec["serviceAccountName"] = spec["serviceAccount"] = name_in(spec)
    if _mounts_token(spec, account):
        tokenvolume.mount(spec)
    if account.get("imagePullSecrets") and not spec.get("imagePullSecrets"):
        spec["imagePullSecrets"] = [{"name": each.get("name", "")} for each in account["imagePullSecrets"]]


def _mounts_token(spec: JSON, account: JSON) -> bool:
    """The Pod's own word counts before the account's."""
    own: Any = spec.get("automountServiceAccountToken")
    return bool(own if own is not None else account.get("automountServiceAccountToken", True))
