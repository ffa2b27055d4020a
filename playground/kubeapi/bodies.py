"""Which object does the body of a request hold?  JSON, YAML, or Kubernetes' protobuf.

Source: apimachinery pkg/runtime/serializer and apiserver pkg/endpoints/handlers (negotiation, decoding).
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings

from playground.kube.errors import Refusal, bad_request
from playground.kubeapi import protobuf
from playground.kubeapi.exchange import Request
from playground.manifests import malformed
from playground.manifests.errors import BadYAML
from playground.manifests.reader import read
from playground.rest.exchange import JSON_TYPE

JSON = dict[str, Any]
PROTOBUF = "application/vnd.kubernetes.protobuf"
YAMLS = ("application/yaml", "application/apply-patch+yaml")


def decoded(request: Request, expected: str = "") -> Any:
    """The body as a JSON value; None if it is empty. `expected` is the kind that refusals name; raises Refusal."""
    if not request.body:
        return None
    type = content_type(request)
    if type == PROTOBUF:
        return protobuf.decode(request.body)
    if type in YAMLS and request.body.lstrip()[:1] != b"{":
        return _yaml(request.body)
    if type in (JSON_TYPE, *YAMLS) or type.endswith("+json"):
        return _json(request.body, expected)
    message = f"the body of the request was in an unknown format - accepted media types include: {JSON_TYPE}, application/yaml, {PROTOBUF}"
    raise Refusal(415, "UnsupportedMediaType", message)


def a_patch(request: Request, style: str) -> Any:
    """The body as the JSON value of a patch, of any sort; raises Refusal as the handlers of patches do, each in words of its own."""
    wrong = malformed.why(request.body.decode(errors="replace"))
    if wrong:
        raise bad_request(wrong if style == "strategic" else f"error decoding patch: {wrong}")
    return _json(request.body, "")


def content_type(request: Request) -> str:
    return request.headers.get("content-type", JSON_TYPE).partition(";")[0].strip().lower() or JSON_TYPE


def an_object(value: Any, what: str) -> JSON:
    """The value, which has to be an object; raises Refusal."""
    if not isinstance(value, dict):
        raise bad_request(f"the object provided is unrecognized (must be of type {what}): couldn't get version/kind; json parse error")
    return value


def part(value: JSON, name: str, what: str) -> JSON:
    """The object inside of an object under a name, empty where there is none; raises Refusal."""
    inner = value.get(name)
    if inner is None:
        return {}
    if not isinstance(inner, dict):
        raise bad_request(f"json: cannot unmarshal into Go struct field .{name} of type {what}")
    return inner


def _json(body: bytes, expected: str) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        must = f" (must be of type {expected})" if expected else ""
        raise bad_request(f"the object provided is unrecognized{must}: couldn't get version/kind; json parse error: {error}") from None


def _yaml(body: bytes) -> Any:
    try:
        values = read(body.decode(), settings.YAML_LIMITS).values
    except (BadYAML, UnicodeDecodeError) as error:
        raise bad_request(f"error decoding YAML: {error}") from None
    return values[0] if values else None
