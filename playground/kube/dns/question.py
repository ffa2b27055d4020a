"""What does a name ask for?  A Service, one of its endpoints or ports, a Pod's address, or none of these.

Source: coredns plugin/kubernetes/parse.go (parseRequest).
"""

from __future__ import annotations

import msgspec


class Path(msgspec.Struct, frozen=True):
    """`kind` is svc or pod, "" for the zone itself and for `svc` and `pod` right below it; of a Pod, `service` is its
    address with dashes. All in lower case; what a name does not say is ""."""

    kind: str = ""
    namespace: str = ""
    service: str = ""
    endpoint: str = ""
    port: str = ""
    protocol: str = ""


def parse(name: str, zone: str) -> Path | None:
    """The parts of a name (with its last dot) in a zone of the same letters; None for a name that cannot exist."""
    base = name[: -len(zone)].removesuffix(".").lower()
    if base in ("", "svc", "pod"):
        return Path()
    *left, kind = base.split(".")
    if kind not in ("svc", "pod") or len(left) > 4:
        return None
    namespace, service, *rest = (*reversed(left), "", "")[: max(len(left), 2)]
    if len(rest) == 2:
        return Path(kind, namespace, service, "", rest[1].removeprefix("_"), rest[0].removeprefix("_"))
    return Path(kind, namespace, service, rest[0] if rest else "")
