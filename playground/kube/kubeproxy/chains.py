"""How are the iptables chains of a Service port called?

Source: pkg/proxy/iptables/proxier.go (portProtoHash, servicePortEndpointChainName).
"""

from __future__ import annotations

from base64 import b32encode
from functools import lru_cache
from hashlib import sha256


@lru_cache(maxsize=4_096)
def service_chain(kind: str, name: str, protocol: str) -> str:
    """`kind` is SVC (endpoints on any Node), SVL (this Node's), EXT or FW; `name` as ServicePort.name."""
    return f"KUBE-{kind}-{hash16(name + protocol.lower())}"


@lru_cache(maxsize=4_096)
def endpoint_chain(name: str, protocol: str, ip: str, port: int) -> str:
    return f"KUBE-SEP-{hash16(name + protocol.lower() + address(ip, port))}"


def address(ip: str, port: int) -> str:
    """`ip:port`, with brackets around an IPv6 address."""
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"


def hash16(text: str) -> str:
    """What stands behind the dash in a chain's name."""
    return b32encode(sha256(text.encode()).digest()).decode()[:16]
