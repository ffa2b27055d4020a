"""Can this be the name of an image at all?  Whether such an image exists in the world, nobody here can know.

Source: pkg/kubelet/images/image_manager.go (applyDefaultImageTag), pkg/util/parsers, github.com/distribution/reference
(ParseNormalizedNamed, splitDockerDomain).
"""

from __future__ import annotations

import re
from functools import lru_cache

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE = re.compile(rf"{_DOMAIN}/{_COMPONENT}(?:/{_COMPONENT})*(?::[0-9A-Za-z_][0-9A-Za-z_.-]{{0,127}})?(?:@{_DIGEST})?")
_IDENTIFIER = re.compile(r"[a-f0-9]{64}")
LONGEST_NAME = 255


@lru_cache(maxsize=4_096)
def problem(image: str) -> str:
    """Why a kubelet cannot use this name, in its words; "" if it can."""
    why = _wrong(image)
    return f'Failed to apply default image tag "{image}": couldn\'t parse image name "{image}": {why}' if why else ""


def _wrong(image: str) -> str:
    if _IDENTIFIER.fullmatch(image):
        return f"invalid repository name ({image}), cannot specify 64-byte hexadecimal strings"
    domain, rest = _split(image)
    path = rest.partition(":")[0]
    if path != path.lower():
        return f"invalid reference format: repository name ({path}) must be lowercase"
    if not _REFERENCE.fullmatch(f"{domain}/{rest}"):
        return "invalid reference format"
    return f"repository name must not be more than {LONGEST_NAME} characters" if len(f"{domain}/{path}") > LONGEST_NAME else ""


def _split(image: str) -> tuple[str, str]:
    """The registry and the rest; what names no registry is of docker.io, and of its library if it is one word."""
    first, slash, rest = image.partition("/")
    if not slash or not (re.search(r"[.:]", first) or first == "localhost" or first != first.lower()):
        first, rest = "docker.io", image
    if first == "docker.io" and "/" not in rest:
        rest = f"library/{rest}"
    return first, rest
