"""Which texts name sites that may frame something, and what the browser is told."""

import pytest
from django.http import HttpResponse
from django.test import override_settings

from playground.embeds import sites


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("https://course.example", ["https://course.example"]),
        ("  HTTPS://Course.Example/ \n\nhttps://course.example", ["https://course.example"]),
        ("http://localhost:8080\nhttps://*.school.example", ["http://localhost:8080", "https://*.school.example"]),
    ],
)
def test_sites_are_read_one_a_line(text, expected):
    assert sites.read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "course.example",
        "https://",
        "*",
        "https://course.example/path",
        "https://course.example; script-src *",
        "https://course.example https://evil.example",
        "https://a.*.example",
        "javascript://course.example",
        "https://user@course.example",
        "https://-course.example",
        "https://" + "a" * 300,
    ],
)
def test_what_is_no_site_is_refused_and_cannot_change_the_header(text):
    with pytest.raises(sites.BadSite, match="is no site"):
        sites.read(text)


def test_too_many_sites_name_the_limit():
    with pytest.raises(sites.BadSite, match="share_link_sites"):
        sites.read("\n".join(f"https://c{number}.example" for number in range(21)))


@pytest.mark.parametrize(
    ("ancestors", "own", "expected"),
    [
        (["*"], [], ["*"]),
        (["*"], ["https://a.example"], ["'self'", "https://a.example"]),
        (["https://course.example"], [], ["'self'", "https://course.example"]),
        (["https://course.example"], ["https://a.example"], ["'self'", "https://a.example"]),
    ],
)
def test_a_links_own_sites_stand_before_those_of_the_server(ancestors, own, expected):
    with override_settings(EMBED_ANCESTORS=ancestors):
        response = sites.may_frame(HttpResponse(), own)
    assert response._csp_replace == {"frame-ancestors": expected}
