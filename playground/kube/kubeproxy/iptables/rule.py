"""How is one rule written, for iptables-restore and as iptables-save prints it?

Source: the man pages of iptables and iptables-extensions; iptables/iptables.c (save_rule) and extensions/libxt_*.c for the
order and form in which save prints what restore took.
"""

from __future__ import annotations

import re
from ipaddress import ip_network

import msgspec

ADDRESSED = re.compile(r"(! )?-([sdi]) (\S+)")
PROTOCOL = re.compile(r"-m (\w+) -p \1")
PLAIN = re.compile(r"[A-Za-z0-9_-]+")
MASKS = {False: "255.255.255.255", True: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}


class Rule(msgspec.Struct, frozen=True):
    """A rule of a chain: `pieces` are its matches and its target, each with its options, in the order in which kube-proxy writes them."""

    chain: str
    pieces: tuple[str, ...]

    def restored(self) -> str:
        """As kube-proxy hands it to iptables-restore."""
        return " ".join(("-A", self.chain, *self.pieces))

    def saved(self, ipv6: bool = False) -> str:
        """As iptables-save prints it: addresses and protocol first, then the matches in their order, every default said."""
        head: dict[str, str] = {}
        body: list[str] = []
        for piece in self.pieces:
            if addressed := ADDRESSED.fullmatch(piece):
                head[addressed[2]] = _addressed(addressed[1] or "", addressed[2], addressed[3])
            elif protocol := PROTOCOL.fullmatch(piece):
                head["p"] = f"-p {protocol[1]}"
                body.append(f"-m {protocol[1]}")
            else:
                body.append(_saved(piece, ipv6))
        return " ".join(["-A", self.chain, *(head[each] for each in "sdip" if head.get(each)), *body])


def rule(chain: str, *pieces: str) -> Rule:
    """Empty pieces are left out."""
    return Rule(chain, tuple(piece for piece in pieces if piece))


def comment(text: str) -> str:
    return f'-m comment --comment "{text}"'


def name_comment(name: str) -> str:
    """As kube-proxy writes the name of a Service port alone: without quotes."""
    return f"-m comment --comment {name}"


def probability(count: int) -> str:
    """One of `count`, with ten decimals."""
    return f"{1 / count:.10f}"


def _addressed(inverted: str, option: str, value: str) -> str:
    """A network without its host bits; any address at all is not said."""
    if option == "i":
        return f"{inverted}-i {value}"
    network = ip_network(value, strict=False)
    return f"{inverted}-{option} {network}" if network.prefixlen or inverted else ""


def _saved(piece: str, ipv6: bool) -> str:
    words = piece.split(" ")
    match words:
        case ["-m", "comment", "--comment", *text]:
            said = " ".join(text).strip('"')
            return f"-m comment --comment {said}" if PLAIN.fullmatch(said) else comment(said)
        case ["-m", "statistic", *_, share]:
            return f"-m statistic --mode random --probability {round(float(share) * 2**31) / 2**31:.11f}"
        case ["-m", "recent", "--name", chain, *rest]:
            return f"-m recent {' '.join(rest)} --name {chain} --mask {MASKS[ipv6]} --rsource"
        case ["-m", "mark", *inverted, "--mark", mark]:
            return " ".join(["-m mark", *inverted, "--mark", "/".join(_hex(each) for each in mark.split("/"))])
        case ["-j", "MARK", operation, mark]:
            return f"-j MARK --set-xmark {_hex(mark)}/{_hex(mark) if operation == '--or-mark' else '0x0'}"
        case ["-j", "REJECT"]:
            return f"-j REJECT --reject-with {'icmp6' if ipv6 else 'icmp'}-port-unreachable"
    return piece


def _hex(mark: str) -> str:
    return hex(int(mark, 16))
