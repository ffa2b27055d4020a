"""How the element `<kube-playground>` reaches a page."""

import re

import pytest
from django.conf import settings
from django.test import Client


@pytest.mark.parametrize("address", ["/embed.js", "/embed.1.js"])
def test_any_site_may_load_the_element(address):
    response = Client().get(address)
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert b"kube-playground" in response.content


def test_it_is_one_file_without_imports():
    source = (settings.BASE_DIR / "static/js/embed.js").read_text("utf-8")
    assert not re.search(r"^import |import\(", source, re.MULTILINE)
