"""Which rules has this Node?  iptables-save and ip6tables-save, with the text that kube-proxy's rules have there.

Source: iptables/iptables-save.c (xtables-save). Only what kube-proxy writes, and the chains it hangs on, are there.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from playground.kube.cluster import Cluster
from playground.terminal.programs.asks import Look, Program
from playground.terminal.programs.call import Call, complain, out

FAMILIES = {"iptables-save": "IPv4", "ip6tables-save": "IPv6"}


def save(call: Call) -> Program:
    words = list(call.args)
    table = ""
    while words:
        word = words.pop(0)
        if word in ("-t", "--table") and words:
            table = words.pop(0)
        elif word.startswith("--table="):
            table = word.partition("=")[2]
        elif word in ("-c", "--counters"):
            return (yield from complain(call, "this playground counts no packets at its rules"))
        else:
            return (yield from complain(call, f"Unknown arguments found on commandline: {word}"))
    text: Any = yield Look(partial(_rules, call.container.hostname, FAMILIES[call.name]))
    parts = [f"{part}COMMIT\n" for part in text.split("COMMIT\n")[:-1]]
    chosen = [part for part in parts if not table or _name(part) == table]
    if table and not chosen:
        return (yield from complain(call, f"Cannot initialize: Table does not exist (do you need to insmod?): {table}"))
    yield from out("".join(chosen) if table else text)
    return 0


def _rules(node: str, family: str, kube: Cluster) -> str:
    held = kube.proxies.iptables(node, family)
    return held.save() if held else ""


def _name(part: str) -> str:
    return part[part.index("*") + 1 :].partition("\n")[0]
