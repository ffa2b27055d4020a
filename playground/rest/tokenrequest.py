"""What is answered to who asks for a token of a ServiceAccount?

Source: pkg/registry/core/serviceaccount/storage/token.go, pkg/apis/authentication/validation/validation.go, k8s.io/api/authentication/v1.
Simplified: a token can be bound to a Pod, not to a Secret or a Node.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import tokens
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.apiserver.validation.fields import invalid as wrong
from playground.kube.clock import SECOND
from playground.kube.errors import Cause, conflict, invalid, not_found

JSON = dict[str, Any]
KIND = "TokenRequest"
API_VERSION = "authentication.k8s.io/v1"
USUAL, LEAST, MOST = 3_600, 600, 1 << 32


def issued(kube: Any, namespace: str, name: str, spec: JSON) -> JSON:
    """A TokenRequest with its status; nothing is stored. Raises Refusal."""
    account = kube.store.get("ServiceAccount", namespace, name)
    if account is None:
        raise not_found("serviceaccounts", name)
    lasts = USUAL if spec.get("expirationSeconds") is None else int(spec["expirationSeconds"])
    _check(lasts)
    audiences = [str(each) for each in spec.get("audiences") or ()] or [tokens.issuer(kube.machinery)]
    token = tokens.issue(kube.machinery, account, lasts, _bound(kube, namespace, spec), audiences=audiences)
    made, ends = timestamp(kube.settings, kube.now), timestamp(kube.settings, kube.now + lasts * SECOND)
    return {
        "kind": KIND,
        "apiVersion": API_VERSION,
        "metadata": {"name": name, "namespace": namespace, "creationTimestamp": made},
        "spec": {"audiences": audiences, "expirationSeconds": lasts, "boundObjectRef": spec.get("boundObjectRef")},
        "status": {"token": token, "expirationTimestamp": ends},
    }


def _check(lasts: int) -> None:
    why = f"a duration less than {LEAST // 60} minutes" if lasts < LEAST else "a duration larger than 2^32 seconds" if lasts > MOST else ""
    if why:
        raise invalid("TokenRequest.authentication.k8s.io", "", (wrong("spec.expirationSeconds", lasts, f"may not specify {why}"),))


def _bound(kube: Any, namespace: str, spec: JSON) -> Any:
    """The Pod that the token is to be bound to, or None."""
    reference = spec.get("boundObjectRef")
    if not reference:
        return None
    kind, name = str(reference.get("kind", "")), str(reference.get("name", ""))
    if kind != "Pod":
        cause = Cause("spec.boundObjectRef.kind", "FieldValueInvalid", f'Invalid value: "{kind}": only a Pod can be bound to here')
        raise invalid("TokenRequest.authentication.k8s.io", "", (cause,))
    pod = kube.store.get("Pod", namespace, name)
    if pod is None:
        raise not_found("pods", name)
    if reference.get("uid") and reference["uid"] != pod.uid:
        differ = f"the UID in the bound object reference ({reference['uid']}) does not match the UID in record"
        why = f"{differ}. The object might have been deleted and then recreated"
        raise conflict("pods", name, why)
    return pod
