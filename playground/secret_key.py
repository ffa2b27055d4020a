"""Which key signs cookies when the operator has named none? One made once and kept beside the database."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def secret_key(path: Path) -> str:
    """The key in the file `path`; made on first use, readable by its owner only, the same for every process."""
    if not path.exists():
        _create(path)
    return path.read_text(encoding="utf-8")


def _create(path: Path) -> None:
    """Write a whole new key, then give it its name: of two processes that start at once, one names the file first and both read that."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8") as draft:
        draft.write(get_random_secret_key())
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, path)
