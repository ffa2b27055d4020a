"""When is a request sent again that nobody answers?  As the kernel does with a SYN: to the same address, at the same moments as everybody's.

Source: tcp_syn_retries of ip-sysctl; see kube.kubelet.commands, whose containers do so by themselves.
"""

from __future__ import annotations

import msgspec

from playground.kube.clock import SECOND
from playground.kube.kubelet.commands import SENT_AGAIN
from playground.kube.kubeproxy.chains import address
from playground.terminal.programs.asks import Send, Sent


class Tries:
    """Those of one request."""

    def __init__(self) -> None:
        self._first: Sent | None = None
        self._begun = 0

    def aim(self, to: str) -> str:
        """Whereto the next one goes: a name is looked up once."""
        port, slash, protocol = to.rpartition(":")[2].partition("/")
        known = self._first is not None and self._first.address and port.isdigit()
        return f"{address(self._first.address, int(port))}{slash}{protocol}" if known and self._first is not None else to

    def header(self, ask: Send) -> str:
        """The header Host of the next one: that of the first, though it may go to an address."""
        return ask.header or ("" if self._first is None or ask.to == self.aim(ask.to) else ask.to.rpartition(":")[0])

    def heard(self, sent: Sent, now: int, patience: float) -> int | Sent:
        """What came of a try at virtual microsecond `now`, or when the next one is."""
        first = self._first
        if first is None:
            self._begun = now
        else:
            tried = tuple((each, sent.outcome) for each, _ in first.tried) if sent.unheard else ((sent.address, sent.outcome),)
            spent = (now - self._begun) / SECOND
            sent = msgspec.structs.replace(sent, waited=first.waited, addresses=first.addresses, tried=tried, spent=spent)
        due = (each for each in SENT_AGAIN if self._begun + each * SECOND > now and each < patience)
        again = next(due, None) if sent.unheard else None
        if again is None:
            return sent
        self._first = first or sent
        return self._begun + again * SECOND
