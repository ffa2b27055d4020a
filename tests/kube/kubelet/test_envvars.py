"""Environment variables (pkg/kubelet/envvars/envvars_test.go, pkg/kubelet/kubelet_pods_test.go TestMakeEnvironmentVariables)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.objects import Object
from playground.kube.kubelet.envvars import Missing, expand, from_services, merged, own_variables, visible


def service(name: str, ip: str, *ports: tuple[Any, ...], namespace: str = "default") -> Object:
    """Ports as (number, name, protocol), the last two if they are not "" and TCP."""
    listed = [dict(zip(("port", "name", "protocol"), port, strict=False)) for port in ports]
    return Object("Service", namespace, name, f"{namespace}/{name}", 1, 0, spec={"clusterIP": ip, "ports": listed})


def group(prefix: str, url: str, protocol: str, port: str, ip: str) -> list[tuple[str, str]]:
    return [(prefix, url), (f"{prefix}_PROTO", protocol), (f"{prefix}_PORT", port), (f"{prefix}_ADDR", ip)]


OF_SERVICES: dict[str, tuple[Object, list[tuple[str, str]]]] = {
    "seven variables for a port without a name": (
        service("redis-master", "10.0.0.11", (6379,)),
        [("REDIS_MASTER_SERVICE_HOST", "10.0.0.11"), ("REDIS_MASTER_SERVICE_PORT", "6379"), ("REDIS_MASTER_PORT", "tcp://10.0.0.11:6379"),
         *group("REDIS_MASTER_PORT_6379_TCP", "tcp://10.0.0.11:6379", "tcp", "6379", "10.0.0.11")]),
    "one number on two protocols": (
        service("abc-123", "5.6.7.8", (8081, "u-d-p", "UDP"), (8081, "t-c-p", "TCP")),
        [("ABC_123_SERVICE_HOST", "5.6.7.8"), ("ABC_123_SERVICE_PORT", "8081"),
         ("ABC_123_SERVICE_PORT_U_D_P", "8081"), ("ABC_123_SERVICE_PORT_T_C_P", "8081"), ("ABC_123_PORT", "udp://5.6.7.8:8081"),
         *group("ABC_123_PORT_8081_UDP", "udp://5.6.7.8:8081", "udp", "8081", "5.6.7.8"),
         *group("ABC_123_PORT_8081_TCP", "tcp://5.6.7.8:8081", "tcp", "8081", "5.6.7.8")]),
    "a name that begins with a digit stays": (
        service("q-u-u-x", "9.8.7.6", (8082,), (8083, "8083")),
        [("Q_U_U_X_SERVICE_HOST", "9.8.7.6"), ("Q_U_U_X_SERVICE_PORT", "8082"), ("Q_U_U_X_SERVICE_PORT_8083", "8083"),
         ("Q_U_U_X_PORT", "tcp://9.8.7.6:8082"), *group("Q_U_U_X_PORT_8082_TCP", "tcp://9.8.7.6:8082", "tcp", "8082", "9.8.7.6"),
         *group("Q_U_U_X_PORT_8083_TCP", "tcp://9.8.7.6:8083", "tcp", "8083", "9.8.7.6")]),
    "IPv6 has brackets in addresses with ports only": (
        service("six", "2001:db8::", (84, "", "SCTP")),
        [("SIX_SERVICE_HOST", "2001:db8::"), ("SIX_SERVICE_PORT", "84"), ("SIX_PORT", "sctp://[2001:db8::]:84"),
         *group("SIX_PORT_84_SCTP", "sctp://[2001:db8::]:84", "sctp", "84", "2001:db8::")]),
    "its letters stay as they are written": (
        service("super-ipv6", "2001:DB8::", (8084, "u-d-p", "UDP"), (8084, "t-c-p", "TCP")),
        [("SUPER_IPV6_SERVICE_HOST", "2001:DB8::"), ("SUPER_IPV6_SERVICE_PORT", "8084"),
         ("SUPER_IPV6_SERVICE_PORT_U_D_P", "8084"), ("SUPER_IPV6_SERVICE_PORT_T_C_P", "8084"), ("SUPER_IPV6_PORT", "udp://[2001:DB8::]:8084"),
         *group("SUPER_IPV6_PORT_8084_UDP", "udp://[2001:DB8::]:8084", "udp", "8084", "2001:DB8::"),
         *group("SUPER_IPV6_PORT_8084_TCP", "tcp://[2001:DB8::]:8084", "tcp", "8084", "2001:DB8::")]),
    "a headless Service has none": (service("db", "None", (5432,)), []),
    "nor one without an address": (service("saas", "", (80,)), []),
}  # fmt: skip


@pytest.mark.parametrize(("one", "expected"), OF_SERVICES.values(), ids=OF_SERVICES)
def test_variables_of_a_service(one: Object, expected: list[tuple[str, str]]) -> None:
    assert list(from_services([one])) == expected


def test_variables_of_several_services_come_service_by_service_in_the_order_given() -> None:
    every = [one for one, _ in OF_SERVICES.values()]
    assert list(from_services(every)) == [variable for _, expected in OF_SERVICES.values() for variable in expected]
    assert list(from_services(every[::-1])) == [variable for _, expected in [*OF_SERVICES.values()][::-1] for variable in expected]


EVERY = [
    service("kubernetes", "1.2.3.1", (443,)),
    service("web", "1.2.3.8", (80,)),
    service("headless", "None", (80,)),
    service("web", "None", (80,)),
    service("web", "", (80,)),
    service("test", "1.2.3.3", (83,), namespace="one"),
    service("kubernetes", "1.2.3.4", (84,), namespace="two"),
    service("test", "1.2.3.5", (85,), namespace="two"),
]
VISIBLE = {
    "in a namespace without any": ("three", True, ["1.2.3.1"]),
    "without links, the API server's only": ("one", False, ["1.2.3.1"]),
    "with links, those of the own namespace too": ("one", True, ["1.2.3.1", "1.2.3.3"]),
    "a Service `kubernetes` of the own namespace comes first, with links": ("two", True, ["1.2.3.4", "1.2.3.5"]),
    "but not without": ("two", False, ["1.2.3.1"]),
    "in the namespace default": ("default", True, ["1.2.3.1", "1.2.3.8"]),
}


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("namespace", "links", "ips"), VISIBLE.values(), ids=VISIBLE)
def test_services_that_a_pod_sees(namespace: str, links: bool, ips: list[str], turned: bool) -> None:
    services = EVERY[::-1] if turned else EVERY
    assert [each.spec["clusterIP"] for each in visible(services, namespace, links)] == ips


EXPANSIONS = {
    "a variable that is known": ("tcp://$(HOST):80", "tcp://h:80"),
    "one that is not": ("$(NOBODY)", "$(NOBODY)"),
    "an escaped one": ("$$(HOST)", "$(HOST)"),
    "a dollar sign twice": ("a$$b", "a$b"),
    "one that does not end": ("$(HOST", "$(HOST"),
    "a shell's way": ("$HOST ${HOST}", "$HOST ${HOST}"),
    "an empty one": ("[$(EMPTY)]", "[]"),
    "two in a row": ("$(HOST)$(HOST)", "hh"),
}


@pytest.mark.parametrize(("text", "expected"), EXPANSIONS.values(), ids=EXPANSIONS)
def test_expansion(text: str, expected: str) -> None:
    assert expand(text, {"HOST": "h", "EMPTY": ""}) == expected


def started(container: dict[str, Any], services: tuple[tuple[str, str], ...] = (), data: dict[str, str] | None = None) -> dict[str, str]:
    def found(reference: dict[str, Any]) -> dict[str, str] | None:
        return data if reference["name"] == "known" else None

    own = own_variables(container, services, "default", found, found, lambda source: source["fieldRef"]["fieldPath"])
    return dict(merged(own, services))


def test_what_a_container_sets_itself_beats_a_service() -> None:
    services = (("WEB_PORT", "tcp://1.2.3.4:80"), ("WEB_SERVICE_HOST", "1.2.3.4"))
    env = [{"name": "WEB_PORT", "value": "80"}, {"name": "URL", "value": "http://$(WEB_SERVICE_HOST):$(WEB_PORT)"}]
    assert started({"env": env}, services) == {"WEB_PORT": "80", "URL": "http://1.2.3.4:80", "WEB_SERVICE_HOST": "1.2.3.4"}


def test_env_beats_env_from_and_a_prefix_is_put_before() -> None:
    env_from = [{"configMapRef": {"name": "known"}}, {"prefix": "p_", "secretRef": {"name": "known"}}]
    env = [{"name": "B", "value": "own"}, {"name": "C", "value": "$(A)"}]
    assert started({"env": env, "envFrom": env_from}, (), {"A": "a", "B": "b"}) == {"A": "a", "B": "own", "p_A": "a", "p_B": "b", "C": "a"}


def test_only_what_was_declared_before_is_expanded() -> None:
    env = [
        {"name": "FIRST", "value": "$(SECOND)"},
        {"name": "SECOND", "value": "2"},
        {"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "n"}}},
    ]
    env += [{"name": "THIRD", "value": "$(SECOND)-$(NAME)"}, {"name": "EMPTY"}]
    assert started({"env": env}) == {"FIRST": "$(SECOND)", "SECOND": "2", "NAME": "n", "THIRD": "2-n", "EMPTY": ""}


KEYED = {
    "a key": ({"name": "known", "key": "A"}, {"X": "a"}),
    "an optional key of a Secret that is missing": ({"name": "gone", "key": "A", "optional": True, "secret": True}, {}),
    "an optional key that is missing": ({"name": "known", "key": "B", "optional": True}, {}),
    "an optional object that is missing": ({"name": "gone", "key": "A", "optional": True}, {}),
    "a key that is missing": ({"name": "known", "key": "B"}, "couldn't find key B in ConfigMap default/known"),
    "an object that is missing": ({"name": "gone", "key": "A"}, 'configmap "gone" not found'),
}


@pytest.mark.parametrize(("reference", "expected"), KEYED.values(), ids=KEYED)
def test_references_to_keys(reference: dict[str, Any], expected: Any) -> None:
    kind = "secretKeyRef" if "secret" in reference else "configMapKeyRef"
    container = {"env": [{"name": "X", "valueFrom": {kind: reference}}]}
    if isinstance(expected, dict):
        assert started(container, (), {"A": "a"}) == expected
    else:
        with pytest.raises(Missing, match=expected):
            started(container, (), {"A": "a"})


def test_an_optional_config_map_that_is_missing_gives_nothing() -> None:
    assert started({"envFrom": [{"configMapRef": {"name": "gone", "optional": True}}]}) == {}


API_SERVER = service("kubernetes", "1.2.3.1", (8081,))
OWN = service("test", "1.2.3.3", (8083,), namespace="one")
OF_API_SERVER = dict(from_services([API_SERVER]))
LITERALS = [
    {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "the-pod"}}},
    {"name": "EARLY", "value": "$(LATE)"},
    {"name": "LATE", "value": "now"},
    {"name": "EMPTY", "value": ""},
    {"name": "OF_EMPTY", "value": "foo-$(EMPTY)"},
    {"name": "SECOND", "value": "test2-$(POD_NAME)"},
    {"name": "THIRD", "value": "$(SECOND)-3"},
    {"name": "NOBODY", "value": "$(UNDEFINED)"},
]
EXPANDED = {
    "POD_NAME": "the-pod", "EARLY": "$(LATE)", "LATE": "now", "EMPTY": "", "OF_EMPTY": "foo-", "SECOND": "test2-the-pod",
    "THIRD": "test2-the-pod-3", "NOBODY": "$(UNDEFINED)",
}  # fmt: skip
FROM_MAP = {
    "env": [{"name": "EXPANDED", "value": "$(KEY)"}, {"name": "TWICE", "value": "own"}],
    "envFrom": [{"configMapRef": {"name": "known"}}, {"prefix": "p_", "configMapRef": {"name": "known"}}],
}
HELD = {"KEY": "held", "TWICE": "held"}
OF_MAP = {"KEY": "held", "EXPANDED": "held", "TWICE": "own", "p_KEY": "held", "p_TWICE": "held"}

# the container, the Services that its Pod sees; its environment
WHOLE: dict[str, tuple[dict[str, Any], list[Object], dict[str, str]]] = {
    "nothing but what it says, where no Service is seen": ({"env": [{"name": "TEST_PORT", "value": "tcp://1.2.3.3:8083"}]}, [],
                                                           {"TEST_PORT": "tcp://1.2.3.3:8083"}),
    "nothing at all": ({}, [], {}),
    "what it says beside the API server": ({"env": [{"name": "FOO", "value": "ZAP"}]}, [API_SERVER], {"FOO": "ZAP", **OF_API_SERVER}),
    "expansions, of what came before only": ({"env": LITERALS}, [API_SERVER], EXPANDED | OF_API_SERVER),
    "a ConfigMap, twice": (FROM_MAP, [API_SERVER], OF_MAP | OF_API_SERVER),
    "a ConfigMap beside a Service of the namespace": (FROM_MAP, [API_SERVER, OWN], OF_MAP | OF_API_SERVER | dict(from_services([OWN]))),
}  # fmt: skip


@pytest.mark.parametrize(("container", "services", "expected"), WHOLE.values(), ids=WHOLE)
def test_the_whole_environment_of_a_container(container: dict[str, Any], services: list[Object], expected: dict[str, str]) -> None:
    assert started(container, tuple(from_services(services)), HELD) == expected
