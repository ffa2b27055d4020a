"""Which programs does an image have?"""

from __future__ import annotations

import pytest

from playground.terminal.programs.images import KNOWN, image_of
from playground.terminal.programs.machines import NODE_IMAGE, WORKSTATION_IMAGE
from playground.terminal.sessions.table import PROGRAMS, program


@pytest.mark.parametrize(
    ("image", "has", "has_not"),
    [
        ("busybox", "sh wget nslookup ping nc", "curl dig bash getent"),
        ("alpine:3.22", "sh wget nslookup getent", "curl dig bash"),
        ("curlimages/curl:8.16.0", "sh curl wget nslookup", "dig bash"),
        ("nicolaka/netshoot", "bash curl dig nslookup host ping nc", "dash"),
        ("registry.k8s.io/e2e-test-images/agnhost:2.53", "bash curl dig nslookup nc", "dash"),
        ("registry.k8s.io/e2e-test-images/jessie-dnsutils:1.3", "bash dig nslookup getent", "curl"),
        ("nginx:1.29", "bash dash curl getent", "wget nslookup dig ping nc ps"),
        ("nginx:1.29-alpine", "sh curl wget nslookup getent", "bash dig"),
        ("redis:8.2", "bash getent", "curl wget nslookup"),
        ("frontend:1", "bash ash curl wget dig nslookup ping nc getent", ""),
        ("registry.k8s.io/pause:3.10", "", "sh ls cat"),
        ("gcr.io/distroless/static", "", "sh ls cat"),
        ("hashicorp/http-echo", "", "sh ls cat"),
    ],
)
def test_an_image_has_what_it_was_made_with(image: str, has: str, has_not: str) -> None:
    made = image_of(image)
    assert [name for name in has.split() if program(made, name) is None] == []
    assert [name for name in has_not.split() if program(made, name) is not None] == []


def test_a_program_is_found_by_its_path_too() -> None:
    made = image_of("busybox")
    assert program(made, "/bin/sh") is program(made, "sh") is PROGRAMS["sh"]
    assert program(made, "/tmp/sh") is None


@pytest.mark.parametrize(
    ("image", "flavour"),
    [
        ("busybox:1.28", "old"),
        ("busybox:1.28.4", "old"),
        ("busybox:1.36", "busybox"),
        ("busybox", "busybox"),
        ("alpine:3.9", "busybox"),
        ("nicolaka/netshoot", "bind"),
    ],
)
def test_which_nslookup_it_is(image: str, flavour: str) -> None:
    assert image_of(image).nslookup == flavour


def test_what_is_simulated_is_in_some_image_or_on_some_machine() -> None:
    listed = {name for programs, _ in KNOWN.values() for name in programs} | NODE_IMAGE.programs | WORKSTATION_IMAGE.programs
    assert set(PROGRAMS) - listed == set()
