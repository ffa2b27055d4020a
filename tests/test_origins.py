"""Which pages may open a WebSocket."""

import pytest
from channels.testing import WebsocketCommunicator
from django.test import SimpleTestCase, override_settings

from playground.clusters.visitors import Asker, token
from playground.origins import OriginCheck, is_allowed

HOSTS = ["play.test", ".school.test", "[::1]"]
TRUSTED = ["https://course.test"]


@pytest.mark.parametrize(
    ("case", "origin", "host", "allowed"),
    [
        ("the same origin", "https://play.test", "play.test", True),
        ("the same origin with a port", "https://play.test:8000", "play.test:8000", True),
        ("the same origin, an address of IPv6", "https://[::1]:8000", "[::1]:8000", True),
        ("a domain below one that is served", "https://a.school.test", "a.school.test", True),
        ("another site that the operator trusts", "https://course.test", "play.test", True),
        ("another site", "https://evil.test", "play.test", False),
        ("another port of the same host", "https://play.test:9999", "play.test:8000", False),
        ("another scheme of the same host", "http://play.test", "play.test", False),
        ("a trusted host by another scheme", "http://course.test", "play.test", False),
        ("a trusted host by another port", "https://course.test:444", "play.test", False),
        ("a look-alike that starts the same", "https://play.test.evil.test", "play.test", False),
        ("a look-alike that ends the same", "https://evilplay.test", "play.test", False),
        ("a host that we do not serve, as DNS rebinding makes it", "https://evil.test", "evil.test", False),
        ("a sandboxed frame", "null", "play.test", False),
        ("no origin", "", "play.test", False),
        ("no host", "https://", "", False),
        ("an origin that no parser takes", "http://[", "[", False),
        ("a user before the host", "https://play.test@evil.test", "play.test", False),
        ("a path after the host", "https://play.test/", "play.test", False),
    ],
)
def test_origins(case, origin, host, allowed):
    assert is_allowed(origin, host, scheme="https", hosts=HOSTS, trusted=TRUSTED) is allowed, case


async def accepting(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})


async def connected(*headers: tuple[bytes, bytes], subprotocols: list[str] | None = None) -> bool:
    socket = WebsocketCommunicator(OriginCheck(accepting), "/", headers=list(headers), subprotocols=subprotocols)
    accepted, _ = await socket.connect()
    return accepted


@override_settings(ALLOWED_HOSTS=["play.test"], HTTPS=False)
class OriginCheckTests(SimpleTestCase):
    host = (b"host", b"play.test:8000")
    origin = (b"origin", b"http://play.test:8000")

    async def test_a_page_of_ours_gets_through(self):
        assert await connected(self.host, self.origin)

    async def test_another_page_is_refused_before_the_application_hears_of_it(self):
        assert not await connected(self.host, (b"origin", b"http://evil.test"))

    async def test_two_origins_are_refused(self):
        assert not await connected(self.host, self.origin, self.origin)

    async def test_behind_https_the_origin_must_be_https(self):
        with override_settings(HTTPS=True):
            assert not await connected(self.host, self.origin)

    async def test_a_sandboxed_frame_gets_through_by_a_good_token_alone(self):
        null = (b"origin", b"null")
        assert not await connected(self.host, null)
        assert not await connected(self.host, null, subprotocols=["switchyard", "bearer.forged"])
        assert await connected(self.host, null, subprotocols=["switchyard", f"bearer.{token(Asker('v', 'c'))}"])

    async def test_a_good_token_opens_nothing_to_another_site(self):
        evil = (b"origin", b"http://evil.test")
        assert not await connected(self.host, evil, subprotocols=["switchyard", f"bearer.{token(Asker('v', 'c'))}"])
