"""What is told of Namespaces, ConfigMaps, and of kinds without a page of their own?"""

from __future__ import annotations

import re
from typing import Any

from playground.kube.apiserver.resources import KINDS
from playground.kube.cluster import Cluster
from playground.terminal.kubectl import api
from playground.terminal.kubectl.describing import policies
from playground.terminal.kubectl.describing.page import Page, head, marks

JSON = dict[str, Any]
# Source: github.com/fatih/camelcase (Split).
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+")
_ACRONYMS = ("API", "URL", "UID", "GUID")
_META = ("name", "namespace", "labels", "annotations", "managedFields")


def namespace(page: Page, kube: Cluster, document: JSON) -> None:
    page.line(0, "Name:", document["metadata"]["name"])
    marks(page, document)
    page.line(0, "Status:", document.get("status", {}).get("phase", ""))
    within = document["metadata"]["name"]
    page.raw("\n")
    policies.quotas(page, api.some(kube, KINDS["ResourceQuota"], within))
    page.raw("\n")
    policies.limit_ranges(page, api.some(kube, KINDS["LimitRange"], within))


def config_map(page: Page, kube: Cluster, document: JSON) -> None:
    head(page, document)
    marks(page, document)
    page.raw("\nData\n====\n")
    for key, value in sorted((document.get("data") or {}).items()):
        page.raw(f"{key}:\n----\n{value}\n\n")
    page.raw("\nBinaryData\n====\n")
    for key, value in sorted((document.get("binaryData") or {}).items()):
        page.raw(f"{key}: {len(value) * 3 // 4 - value.count('=')} bytes\n")
    page.raw("\n")


def any_other(page: Page, kube: Cluster, document: JSON) -> None:
    """As custom kinds are told: field by field, with spaces in their names."""
    head(page, document)
    marks(page, document)
    for key, value in sorted(document.items()):
        if key == "metadata":
            page.raw("Metadata:\n")
            _fields(page, 1, {name: each for name, each in value.items() if name not in _META})
        else:
            _field(page, 0, _title(key), value)


def _fields(page: Page, level: int, value: JSON) -> None:
    for key, each in sorted(value.items()):
        _field(page, level, _title(key), each)


def _field(page: Page, level: int, title: str, value: Any) -> None:
    if isinstance(value, dict):
        page.line(level, f"{title}:")
        _fields(page, level + 1, value)
    elif isinstance(value, list):
        page.line(level, f"{title}:")
        for each in value:
            if isinstance(each, dict):
                _fields(page, level + 1, each)
            else:
                page.line(level + 1, _plain(each))
    else:
        page.line(level, f"{title}:", _plain(value))


def _plain(value: Any) -> str:
    return "<nil>" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _title(name: str) -> str:
    """`apiVersion` is `API Version`; a name with other signs than letters stays as it is."""
    if not all(sign.isalpha() or sign == "-" for sign in name):
        return name
    said, words = [], _WORD.findall(name)
    while words:
        word = words.pop(0)
        if len(word) > 1 and word.isupper() and words and words[0][0].isupper():
            word += words.pop(0)
        said.append(word.upper() if word.upper() in _ACRONYMS else word.title() if word.islower() else word)
    return " ".join(said)
