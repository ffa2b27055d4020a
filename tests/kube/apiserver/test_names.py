"""The cases of staging/src/k8s.io/apimachinery/pkg/util/validation/validation_test.go."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playground.kube.apiserver import names

RULES: dict[Callable[[str], list[str]], tuple[list[str], list[str]]] = {
    names.dns1123_label: (
        ["a", "ab", "abc", "a1", "a-1", "a--1--2--b", "0", "01", "012", "1a", "1-a", "1--a--b--2", "a" * 63],
        ["", "A", "ABC", "aBc", "A1", "A-1", "1-A", "-", "a-", "-a", "1-", "-1", "_", "a_", "_a", "a_b", "1_", "_1", "1_2",
         ".", "a.", ".a", "a.b", "1.", ".1", "1.2", " ", "a ", " a", "a b", "1 ", " 1", "1 2", "a\n", "a" * 64],
    ),
    names.dns1123_subdomain: (
        ["a", "ab", "a1", "a-1", "0", "1-a", "a.a", "ab.a", "a.b.c.d.e", "aa.bb.cc.dd.ee", "1.2.3.4.5", "11.22.33.44.55", "a" * 253],
        ["", "A", "ABC", "-", "a-", "-a", "_", "a_b", ".", "a.", ".a", "a..b", "1.", ".1", "a b", "A.a", "aB.a", "a.a\n", "a" * 254],
    ),
    names.dns1035_label: (
        ["a", "ab", "abc", "a1", "a-1", "a--1--2--b", "a" * 63],
        ["0", "01", "012", "1a", "1-a", "", "A", "aBc", "-", "a-", "-a", "1-", "_", "a_b", ".", "a.b", " ", "a b", "a" * 64],
    ),
    names.label_key: (
        ["simple", "now-with-dashes", "1-starts-with-num", "1234", "simple/simple", "now-with-dashes/simple", "now.with.dots/simple",
         "1-num.2-num/3-num", "1234/5678", "1.2.3.4/5678", "Uppercase_Is_OK_123", "example.com/Uppercase_Is_OK_123",
         "requests.storage-foo", "a" * 63, "a" * 253 + "/" + "b" * 63],
        ["", "nospecialchars%^=@", "cantendwithadash-", "-cantstartwithadash-", "only/one/slash", "Example.com/abc", "example_com/abc",
         "example.com/", "/simple", "a" * 64, "a" * 254 + "/abc", "a\n"],
    ),
    names.label_value: (
        ["simple", "now-with-dashes", "1-starts-with-num", "end-with-num-1", "1234", "a" * 63, ""],
        ["nospecialchars%^=@", "Tama-nui-te-rā.is.Māori.sun", "\\backslashes\\are\\bad", "-starts-with-dash", "ends-with-dash-",
         ".starts.with.dot", "ends.with.dot.", "a" * 64, "a\n"],
    ),
    names.port_name: (
        ["telnet", "re-mail-ck", "pop3", "a", "a-1", "1-a", "a-1-b-2-c", "1-a-2-b-3"],
        ["longerthan15characters", "", "12345678", "1-2-3-4", "-begin", "end-", "two--hyphens", "-", "whois++"],
    ),
}  # fmt: skip
CASES = [(rule, value, right) for rule, (good, bad) in RULES.items() for values, right in ((good, True), (bad, False)) for value in values]


@pytest.mark.parametrize(("rule", "value", "right"), CASES, ids=[f"{rule.__name__}-{value[:20]!r}" for rule, value, _ in CASES])
def test_a_name_is_judged_as_kubernetes_judges_it(rule: Callable[[str], list[str]], value: str, right: bool) -> None:
    assert (rule(value) == []) is right


def test_messages_are_kubernetes_own() -> None:
    assert names.dns1123_label("A") == [
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
        "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    ]
    assert names.dns1123_label("a.b") == ["must not contain dots"]
    assert names.dns1123_label("a" * 64) == ["must be no more than 63 bytes"]
    assert names.dns1123_subdomain("A") == [
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
        r"alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    ]
    assert names.label_value("a b") == [
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
        "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    ]
    assert names.label_key("a b") == [
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    ]


@pytest.mark.parametrize("rule", list(RULES))
def test_a_very_long_value_is_refused_by_its_length(rule: Callable[[str], list[str]]) -> None:
    assert "must be no more than" in rule("-" * 1_000_000)[0]


STRICT = {
    "10.9.8.7": [],
    "2001:DB8::1": [],
    "010.9.8.07": ["must not have leading 0s"],
    "::ffff:10.9.8.7": ["must not be an IPv4-mapped IPv6 address"],
    "10.9.8": ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"],
    "fe80::1%eth0": ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"],
    "10.9.8.0/24": [],
    "2001:db8::/64": [],
    "0.0.0.0/0": [],
    "10.9.8.7/24": ["must not have bits set beyond the prefix length"],
    "2001:db8::1/64": ["must not have bits set beyond the prefix length"],
    "10.9.08.0/24": ["must not have leading 0s in IP or prefix length"],
    "10.9.0.0/016": ["must not have leading 0s in IP or prefix length"],
    "::ffff:10.9.8.0/120": ["must not have an IPv4-mapped IPv6 address"],
    "10.9.8.7/33": ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"],
    "10.9.8.7/": ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"],
}


@pytest.mark.parametrize("value", STRICT)
def test_addresses_and_networks_are_read_strictly(value: str) -> None:
    """Cases of staging/src/k8s.io/apimachinery/pkg/util/validation/ip_test.go: what is ambiguous is refused since 1.36 (KEP-4858)."""
    assert (names.network(value) if "/" in value else names.ip_address(value)) == STRICT[value]
