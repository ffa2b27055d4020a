"""What is answered to a get and to a list?

Source: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go (List), pkg/storage/continue.go;
kubernetes.io/docs/reference/using-api/api-concepts (resource versions).
Simplified: the pages of a list are read one after another, not of one moment.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec

from playground.kube.apiserver import seen
from playground.kube.errors import Cause, Refusal, bad_request, not_found
from playground.rest import choosing, forms
from playground.rest.choosing import Choice
from playground.rest.exchange import Answer, Request, answer
from playground.rest.paths import Target

JSON = dict[str, Any]


def get(request: Request, kube: Any, target: Target) -> Answer:
    """One object."""
    form, thing = forms.of(request), found(kube, target)
    return answer(forms.one(form, target.resource, kube.server.encode(thing), forms.seconds(kube)))


def list_(request: Request, kube: Any, target: Target) -> Answer:
    form, choice = forms.of(request), choosing.of(request, target)
    things, revision = _as_of(request, kube, choice)
    page, more = _page(request, things, revision)
    documents = [document for document in map(kube.server.encode, page) if choice.fields.matches(document)]
    return answer(forms.many(form, target.resource, documents, revision, forms.seconds(kube), more))


def found(kube: Any, target: Target) -> Any:
    """The stored object that an address means; raises Refusal."""
    thing = seen.single(kube.machinery, target.resource.kind, target.found_in, target.name)
    if thing is None:
        raise not_found(target.resource.qualified, target.name)
    return thing


def gone(message: str = "The resourceVersion for the provided list is too old.") -> Refusal:
    return Refusal(410, "Expired", message)


def revision_of(request: Request) -> int | None:
    """The resourceVersion asked for; None without one, or with 0: any will do. Raises Refusal."""
    text = request.asked("resourceVersion")
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        raise bad_request(f'invalid resource version "{text[:40]}": strconv.ParseUint: parsing "{text[:40]}": invalid syntax')
    return int(text) or None if text else None


def _as_of(request: Request, kube: Any, choice: Choice) -> tuple[list[Any], int]:
    """The objects chosen and their resourceVersion: of now, or with resourceVersionMatch=Exact as they were."""
    asked, now = revision_of(request), kube.store.revision
    if asked is not None and asked > now:
        why = f"Too large resource version: {asked}, current: {now}"
        raise Refusal(504, "Timeout", why, (Cause("", "ResourceVersionTooLarge", "Too large resource version"),))
    if asked is None or request.asked("resourceVersionMatch") != "Exact" or asked == now:
        return choice.among(kube), now
    changes = kube.store.since(asked)
    if changes is None:
        raise gone()
    things = {each.key: each for each in kube.store.list(choice.kind, choice.namespace)}
    for _, old, new in reversed([change for change in changes if (change[1] or change[2]).kind == choice.kind]):
        if new is not None:
            things.pop(new.key, None)
        if old is not None:
            things[old.key] = old
    return [each for _, each in sorted(things.items()) if choice.fits(each)], asked


def _page(request: Request, things: list[Any], revision: int) -> tuple[list[Any], JSON]:
    """The objects of one page of a list, and what its metadata says of the next."""
    limit, after = request.number("limit"), request.asked("continue")
    if after:
        start = _opened(after)
        things = [each for each in things if list(each.key) > start]
    if limit <= 0 or len(things) <= limit:
        return things, {}
    page = things[:limit]
    token = base64.urlsafe_b64encode(msgspec.json.encode({"v": forms.META, "rv": revision, "start": page[-1].key})).decode()
    return page, {"continue": token, "remainingItemCount": len(things) - limit}


def _opened(token: str) -> list[str]:
    try:
        return list(msgspec.json.decode(base64.urlsafe_b64decode(token), type=_Token).start)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise bad_request("continue key is not valid: it was not given out by this server") from None


class _Token(msgspec.Struct):
    start: tuple[str, str]
