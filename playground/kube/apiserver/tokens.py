"""Which token says that its holder is a ServiceAccount, and whom does a token name?

Source: pkg/serviceaccount/{claims,jwt}.go, KEP-1205; pkg/registry/core/serviceaccount/storage/token.go (a token for the API server that is
mounted lasts a year in truth); pkg/kubelet/token/token_manager.go (a token is asked for anew when four fifths of its time have gone).
Simplified: tokens are signed with HS256 by a key that follows from the cluster's seed, where a real cluster's have RS256 and a secret key; tokens
of Secrets of type kubernetes.io/service-account-token are not made.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

import msgspec

from playground.kube.apiserver import accounts, tokenvolume
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Object, Pod
from playground.kube.clock import SECOND

YEAR = 365 * 24 * 60 * 60
_RENEWED_AFTER = 0.8
_HEADER = b'{"alg":"HS256","kid":"switchyard"}'


class User(msgspec.Struct, frozen=True):
    """Who asks the API server."""

    name: str
    groups: tuple[str, ...]


ANONYMOUS = User("system:anonymous", ("system:unauthenticated",))


def issue(
    machinery: Machinery, account: Object, lasts: int, pod: Pod | None = None, since: int | None = None, audiences: Sequence[str] = ()
) -> str:
    """A token for `lasts` seconds from `since` (virtual microseconds) or from now, which is good as long as its account and its Pod are there;
    without `audiences` it is for the API server."""
    begins = machinery.settings.epoch + (machinery.now if since is None else since) // SECOND
    warned = lasts == tokenvolume.LASTS and pod is not None and not audiences
    bound: JSON = {"namespace": account.namespace}
    if pod is not None:
        node = machinery.store.get("Node", "", pod.node)
        bound |= {"node": {"name": node.name, "uid": node.uid}} if node is not None else {}
        bound["pod"] = {"name": pod.name, "uid": pod.uid}
    bound["serviceaccount"] = {"name": account.name, "uid": account.uid}
    claims = {
        "aud": list(audiences) or [issuer(machinery)],
        "exp": begins + (YEAR if warned else lasts),
        "iat": begins,
        "iss": issuer(machinery),
        "jti": _identity(account.uid, pod.uid if pod is not None else "", str(begins)),
        "kubernetes.io": bound | ({"warnafter": begins + lasts} if warned else {}),
        "nbf": begins,
        "sub": user_name(account.namespace, account.name),
    }
    said = f"{_coded(_HEADER)}.{_coded(msgspec.json.encode(claims))}"
    return f"{said}.{_signature(machinery, said)}"


def of_pod(machinery: Machinery, pod: Pod, lasts: int, audiences: Sequence[str] = ()) -> str:
    """What the kubelet has written into a file of the Pod by now; "" if the account has gone meanwhile."""
    account = machinery.store.get("ServiceAccount", pod.namespace, accounts.name_in(pod.spec))
    if account is None:
        return ""
    first, turn = pod.state.started or pod.created, int(lasts * _RENEWED_AFTER) * SECOND
    return issue(machinery, account, lasts, pod, first + (machinery.now - first) // turn * turn, audiences)


def named(machinery: Machinery, token: str) -> User | None:
    """Whom a token names; None for one that is not good, or not any more."""
    said, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(machinery, said).encode()):
        return None
    claims = msgspec.json.decode(_decoded(said.partition(".")[2]))
    now, bound = machinery.settings.epoch + machinery.now // SECOND, claims["kubernetes.io"]
    held = [bound[kind] for kind in ("serviceaccount", "pod") if kind in bound]
    if issuer(machinery) not in claims["aud"] or now >= claims["exp"] or any(machinery.store.by_uid(each["uid"]) is None for each in held):
        return None
    return user(bound["namespace"], bound["serviceaccount"]["name"])


def user(namespace: str, name: str) -> User:
    """A ServiceAccount, as whoever it is to the API server (apiserver pkg/authentication/serviceaccount/util.go)."""
    return User(user_name(namespace, name), ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated"))


def user_name(namespace: str, name: str) -> str:
    return f"system:serviceaccount:{namespace}:{name}"


def issuer(machinery: Machinery) -> str:
    return f"https://kubernetes.default.svc.{machinery.settings.domain}"


def _signature(machinery: Machinery, said: str) -> str:
    key = f"switchyard {machinery.settings.seed}".encode()
    return _coded(hmac.digest(key, said.encode(), "sha256"))


def _identity(*words: str) -> str:
    digits = hashlib.sha256(" ".join(words).encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


def _coded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _decoded(text: str) -> Any:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
