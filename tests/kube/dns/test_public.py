"""What does the DNS of the world outside say?"""

from __future__ import annotations

import pytest

from playground.kube.dns import public

EXAMPLE = "ns.example.com. hostmaster.example.com. 2025010100 7200 3600 1209600 3600"
CASES: dict[str, tuple[str, str, tuple[str, list[str], list[str]]]] = {
    "an address": ("example.com.", "A", ("NOERROR", ["192.0.2.10"], [])),
    "one of IPv6": ("example.net.", "AAAA", ("NOERROR", ["2001:db8:192::30"], [])),
    "a name below it": ("a.b.example.org.", "A", ("NOERROR", ["192.0.2.20"], [])),
    "another type is NODATA, with the zone's SOA": ("www.example.com.", "MX", ("NOERROR", [], ["example.com."])),
    "the zone's SOA": ("example.com.", "SOA", ("NOERROR", [EXAMPLE], [])),
    "its name server": ("example.com.", "NS", ("NOERROR", ["ns.example.com."], [])),
    "another name of com does not exist, and com says so": ("www.kubernetes.com.", "A", ("NXDOMAIN", [], ["com."])),
    "com itself does": ("com.", "A", ("NOERROR", [], ["com."])),
    "of another zone the root says it": ("kubernetes.io.", "A", ("NXDOMAIN", [], ["."])),
    "a Service's name, too": ("web.default.svc.cluster.local.", "A", ("NXDOMAIN", [], ["."])),
}


@pytest.mark.parametrize(("name", "type", "said"), CASES.values(), ids=CASES)
def test_it_answers(name: str, type: str, said: tuple[str, list[str], list[str]]) -> None:
    """Else a learner would take a name without such records (NODATA) for one that nobody has (NXDOMAIN)."""
    answer = public.ask(name, type)
    assert (answer.rcode, [each.value for each in answer.records], [each.name for each in answer.authority]) == said
    assert {each.type for each in answer.authority} <= {"SOA"}
    assert (answer.authoritative, answer.forwarded) == (False, name)
