"""Where is a request to go, and by which protocol?  `name:port`, `address:port` or `[IPv6 address]:port`, with `/UDP` or `/SCTP`
where it is not TCP, read once."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import msgspec

from playground.kube.errors import bad_request
from playground.kube.network.asking import GET

NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(\.(?!-)[A-Za-z0-9_-]{1,63})*\.?")
LONGEST_NAME = 253
LOOPBACK = "127.0.0.1"
TCP, UDP, SCTP = PROTOCOLS = ("TCP", "UDP", "SCTP")
ICMP = "ICMP"


class Target(msgspec.Struct, frozen=True):
    """`name` is what DNS is asked for, "" where `ip` was given (or is known, as localhost is). `loopback`: it never leaves the Pod.
    `header` is what an HTTP request says in its header Host, "" for the host itself;
    `asked` is what is said first over TCP, "" for nothing."""

    text: str
    host: str
    port: int
    name: str
    ip: str
    loopback: bool = False
    protocol: str = TCP
    header: str = ""
    asked: str = GET


def is_loopback(ip: str) -> bool:
    return ip.startswith("127.") or ip == "::1"


@lru_cache(maxsize=4_096)
def target(text: str) -> Target:
    """Read a target. Raises Refusal."""
    place, protocol = _protocol(text)
    host, colon, port = place.rpartition(":")
    if not colon or not host:
        raise bad_request(f'target "{text}": expected name:port or address:port, as in frontend-svc:80 or 10.244.1.2:5000')
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65_535):
        raise bad_request(f'target "{text}": "{port}" is not a port: expected a number from 1 to 65535')
    if host.startswith("[") and host.endswith("]"):
        ip = _ipv6(text, host[1:-1])
        return Target(text, host[1:-1], int(port), "", ip, ip == "::1", protocol)
    if ":" in host:
        raise bad_request(f'target "{text}": an IPv6 address stands in brackets, as in [fd00:10:96::5]:80')
    if host == "localhost":
        return Target(text, host, int(port), "", LOOPBACK, True, protocol)
    if all(label.isdigit() for label in host.split(".")):
        ip = _address(text, host)
        return Target(text, host, int(port), "", ip, ip.startswith("127."), protocol)
    if not NAME.fullmatch(host) or len(host) > LONGEST_NAME:
        raise bad_request(
            f'target "{text}": "{host}" is not a DNS name: letters, digits, "-" and "_" in labels of 1 to 63, with dots between'
        )
    return Target(text, host, int(port), host, "", False, protocol)


def addressed(aim: Target, header: str, asked: str = GET) -> Target:
    """A target whose request says another host in its header Host, or asks for something else."""
    header = header if header != aim.host else ""
    return msgspec.structs.replace(aim, header=header, asked=asked) if header or asked != GET else aim


def _protocol(text: str) -> tuple[str, str]:
    """What stands before the slash, and the protocol after it, spelt as in a Service's ports."""
    place, slash, protocol = text.partition("/")
    if slash and protocol not in PROTOCOLS:
        supported = 'supported values: "SCTP", "TCP", "UDP"'
        raise bad_request(f'target "{text}": Unsupported value: "{protocol}": {supported}, as in kube-dns.kube-system:53/UDP')
    return place, protocol or TCP


def _address(text: str, host: str) -> str:
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        raise bad_request(f'target "{text}": "{host}" is not an IPv4 address: four numbers from 0 to 255') from None


def _ipv6(text: str, host: str) -> str:
    try:
        return str(IPv6Address(host if "%" not in host else ""))
    except AddressValueError:
        raise bad_request(f'target "{text}": "{host}" is not an IPv6 address: up to eight groups of hexadecimal digits') from None
