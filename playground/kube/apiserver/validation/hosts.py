"""Is what a Pod asks to have in its /etc/hosts and its /etc/resolv.conf right, and the name that it wants to be called by?

Source: pkg/apis/core/validation/validation.go (ValidateHostAliases, validatePodDNSConfig, validatePodHostName).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import each_invalid, forbidden, invalid, required, too_long
from playground.kube.errors import Cause

Document = dict[str, Any]

# What the C library can hold.
LONGEST_HOSTNAME = 64
MOST_SERVERS, MOST_SEARCHES, LONGEST_SEARCHES = 3, 32, 2048


def host_aliases(spec: Document, path: str) -> list[Cause]:
    causes = []
    for index, alias in enumerate(spec.get("hostAliases", ())):
        here, address = f"{path}.hostAliases[{index}]", alias.get("ip", "")
        causes += each_invalid(f"{here}.ip", address, names.ip_address(address))
        for at, name in enumerate(alias.get("hostnames", ())):
            causes += each_invalid(f"{here}.hostnames[{at}]", name, names.dns1123_subdomain(name))
    return causes


def hostname_override(spec: Document, path: str) -> list[Cause]:
    if "hostnameOverride" not in spec:
        return []
    here, name = f"{path}.hostnameOverride", str(spec["hostnameOverride"])
    causes = each_invalid(here, name, names.dns1123_subdomain(name))
    if len(name) > LONGEST_HOSTNAME:
        causes.append(too_long(here, LONGEST_HOSTNAME))
    excluded = [field for field in ("hostNetwork", "setHostnameAsFQDN") if spec.get(field)]
    return causes + [forbidden(here, f"may not be specified when {field} is true") for field in excluded]


def dns_config(spec: Document, path: str) -> list[Cause]:
    config, path, alone = spec.get("dnsConfig", {}), f"{path}.dnsConfig", spec["dnsPolicy"] == "None"
    if alone and "dnsConfig" not in spec:
        return [required(path, "must provide `dnsConfig` when `dnsPolicy` is None")]
    if alone and not config.get("nameservers"):
        return [required(f"{path}.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None")]
    return _servers(config, path) + _searches(config, path) + _options(config, path)


def _servers(config: Document, path: str) -> list[Cause]:
    servers, path = config.get("nameservers", []), f"{path}.nameservers"
    causes = [invalid(path, servers, f"must not have more than {MOST_SERVERS} nameservers")] if len(servers) > MOST_SERVERS else []
    for index, server in enumerate(servers):
        causes += each_invalid(f"{path}[{index}]", server, names.ip_address(server))
    return causes


def _searches(config: Document, path: str) -> list[Cause]:
    searches, path = config.get("searches", []), f"{path}.searches"
    causes = [invalid(path, searches, f"must not have more than {MOST_SEARCHES} search paths")] if len(searches) > MOST_SEARCHES else []
    if len(" ".join(searches)) > LONGEST_SEARCHES:
        causes.append(
            invalid(path, searches, f"must not have more than {LONGEST_SEARCHES} characters (including spaces) in the search list")
        )
    for index, search in enumerate(searches):
        name = search.removesuffix(".")
        causes += each_invalid(f"{path}[{index}]", name, names.search_domain(name)) if search != "." else []
    return causes


def _options(config: Document, path: str) -> list[Cause]:
    options = config.get("options", ())
    return [required(f"{path}.options[{index}]", "must not be empty") for index, each in enumerate(options) if not each.get("name")]
