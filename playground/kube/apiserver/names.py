"""What may a name, a label or a port be?  Each function gives the messages about a value; none when it is right.

Source: staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go and pkg/api/validate/content.
Lengths are looked at before patterns; a value that is too long is told only that.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = _LABEL + r"(\." + _LABEL + ")*"
_UNDERSCORED = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_SEARCH = _UNDERSCORED + r"(\." + _UNDERSCORED + ")*"
_LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = f"({_QUALIFIED})?"
_PERCENT = "[0-9]+%"
_CONFIG_KEY = "[-._a-zA-Z0-9]+"
_HEADER = "[-A-Za-z0-9]+"
_is_label = re.compile(_LABEL).fullmatch
_is_subdomain = re.compile(_SUBDOMAIN).fullmatch
_is_search = re.compile(_SEARCH).fullmatch
_is_label_1035 = re.compile(_LABEL_1035).fullmatch
_is_qualified = re.compile(_QUALIFIED).fullmatch
_is_value = re.compile(_VALUE).fullmatch
_is_percent = re.compile(_PERCENT).fullmatch
_is_config_key = re.compile(_CONFIG_KEY).fullmatch
_is_header = re.compile(_HEADER).fullmatch
_is_length = re.compile("[0-9]{1,3}").fullmatch
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_is_port_text = re.compile("[-a-z0-9]+").fullmatch

_CHARACTERS = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"


def dns1123_label(value: str) -> list[str]:
    if len(value) > 63:
        return [max_length(63)]
    if _is_label(value):
        return []
    if _is_subdomain(value):
        return ["must not contain dots"]
    words = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
    return [_pattern(words, _LABEL, "my-name", "123-abc")]


def dns1123_subdomain(value: str) -> list[str]:
    if len(value) > 253:
        return [max_length(253)]
    words = (
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
        "and must start and end with an alphanumeric character"
    )
    return [] if _is_subdomain(value) else [_pattern(words, _SUBDOMAIN, "example.com")]


def search_domain(value: str) -> list[str]:
    """A domain that names are looked for in, where an underscore may stand too (IsDNS1123SubdomainWithUnderscore)."""
    if len(value) > 253:
        return [max_length(253)]
    words = (
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', "
        "and must start and end with an alphanumeric character"
    )
    return [] if _is_search(value) else [_pattern(words, _SEARCH, "example.com")]


def dns1035_label(value: str) -> list[str]:
    if len(value) > 63:
        return [max_length(63)]
    words = (
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
        "start with an alphabetic character, and end with an alphanumeric character"
    )
    return [] if _is_label_1035(value) else [_pattern(words, _LABEL_1035, "my-name", "abc-123")]


def path_segment(value: str) -> list[str]:
    """Names of roles and of other kinds that may hold nearly anything."""
    if value in (".", ".."):
        return [f"may not be '{value}'"]
    return [f"may not contain '{each}'" for each in ("/", "%") if each in value]


def label_key(value: str) -> list[str]:
    """A qualified name: `name` or `prefix.example/name`."""
    if len(value) > 253 + 1 + 63:
        return [f"name part {max_length(63)}"]
    prefix, slash, name = value.rpartition("/")
    if "/" in prefix:
        words = _pattern(f"a qualified name {_CHARACTERS}", _QUALIFIED, "MyName", "my.name", "123-abc")
        return [f"{words} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
    wrong = []
    if slash:
        wrong += [f"prefix part {each}" for each in dns1123_subdomain(prefix)] if prefix else ["prefix part must be non-empty"]
    if not name:
        return [*wrong, "name part must be non-empty", _name_part()]
    if len(name) > 63:
        return [*wrong, f"name part {max_length(63)}"]
    return wrong if _is_qualified(name) else [*wrong, _name_part()]


def label_value(value: str) -> list[str]:
    if len(value) > 63:
        return [max_length(63)]
    words = f"a valid label must be an empty string or consist of alphanumeric characters, {_CHARACTERS.partition('characters, ')[2]}"
    return [] if _is_value(value) else [_pattern(words, _VALUE, "MyValue", "my_value", "12345")]


def port_number(value: int) -> list[str]:
    return in_range(value, 1, 65_535)


def in_range(value: int, low: int, high: int) -> list[str]:
    return [] if low <= value <= high else [f"must be between {low} and {high}, inclusive"]


def port_name(value: str) -> list[str]:
    if len(value) > 15:
        return [max_length(15)]
    checks = (
        (_is_port_text(value), "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"),
        (any("a" <= each <= "z" for each in value), "must contain at least one letter (a-z)"),
        ("--" not in value, "must not contain consecutive hyphens"),
        (not value.startswith("-") and not value.endswith("-"), "must not begin or end with a hyphen"),
    )
    return [message for right, message in checks if not right]


def header_name(value: str) -> list[str]:
    words = "a valid HTTP header must consist of alphanumeric characters or '-'"
    return [] if _is_header(value) else [_pattern(words, _HEADER, "X-Header-Name")]


def env_name(value: str) -> list[str]:
    if all(" " <= each <= "~" and each != "=" for each in value):
        return []
    return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]


def config_key(value: str) -> list[str]:
    """A key of a ConfigMap or Secret."""
    if len(value) > 253:
        return [max_length(253)]
    if not _is_config_key(value):
        words = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        return [_pattern(words, _CONFIG_KEY, "key.name", "KEY_NAME", "key-name")]
    if value in (".", ".."):
        return [f"must not be '{value}'"]
    return ["must not start with '..'"] if value.startswith("..") else []


def percent(value: str) -> list[str]:
    words = "a valid percent string must be a numeric string followed by an ending '%'"
    return [] if len(value) <= 20 and _is_percent(value) else [_pattern(words, _PERCENT, "1%", "93%")]


def ip_address(value: str) -> list[str]:
    """As strict as StrictIPCIDRValidation has it, which is on since 1.36."""
    found = parse_ip(value)
    if found is None:
        zeros = parse_ip(_without_zeros(value)) is not None
        return ["must not have leading 0s" if zeros else "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"]
    return ["must not be an IPv4-mapped IPv6 address"] if _is_mapped(found) else []


def network(value: str) -> list[str]:
    address, _, length = value.partition("/")
    found = parse_ip(_without_zeros(address))
    if found is None or not _is_length(length) or int(length) > found.max_prefixlen:
        return ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"]
    if parse_ip(address) is None or length != str(int(length)):
        return ["must not have leading 0s in IP or prefix length"]
    if _is_mapped(found):
        return ["must not have an IPv4-mapped IPv6 address"]
    free = found.max_prefixlen - int(length)
    return ["must not have bits set beyond the prefix length"] if int(found) & ((1 << free) - 1) else []


def _without_zeros(address: str) -> str:
    """An IPv4 address without leading zeros, which Kubernetes once read as decimal."""
    return _LEADING_ZEROS.sub("", address) if ":" not in address else address


def _is_mapped(address: IPv4Address | IPv6Address) -> bool:
    return isinstance(address, IPv6Address) and address.ipv4_mapped is not None


def parse_ip(value: str) -> IPv4Address | IPv6Address | None:
    if len(value) > 45 or "%" in value:
        return None
    for family in (IPv4Address, IPv6Address):
        try:
            return family(value)
        except AddressValueError:
            continue
    return None


def max_length(length: int) -> str:
    return f"must be no more than {length} bytes"


def _name_part() -> str:
    return _pattern(f"name part {_CHARACTERS}", _QUALIFIED, "MyName", "my.name", "123-abc")


def _pattern(words: str, pattern: str, *examples: str) -> str:
    listed = " or ".join(f"'{each}', " for each in examples)
    return f"{words} (e.g. {listed}regex used for validation is '{pattern}')"
