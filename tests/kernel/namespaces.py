"""How is a network namespace held without a name?  By a file descriptor: it is gone when the process is, however that ends."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


class Namespace:
    def __init__(self) -> None:
        made: list[int] = []
        failed: list[OSError] = []
        thread = threading.Thread(target=_make, args=(made, failed))
        thread.start()
        thread.join()
        if failed:
            raise failed[0]
        self.fd = made[0]

    @property
    def path(self) -> str:
        """A name that iproute2 takes."""
        return f"/proc/{os.getpid()}/fd/{self.fd}"

    @contextmanager
    def inside(self) -> Iterator[None]:
        """The calling thread is in the namespace; sockets and children that it makes stay there."""
        before = _here()
        try:
            _call(libc.setns, self.fd, NEWNET)
            yield
        finally:
            _call(libc.setns, before, NEWNET)
            os.close(before)

    def run(self, *words: str, text: str = "") -> str:
        """What a program prints that is run in the namespace. Raises RuntimeError with what it complains of."""
        with self.inside():
            done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def set(self, name: str, value: str) -> None:
        """A kernel setting of this namespace, as net.ipv4.ip_forward."""
        with self.inside(), open(f"/proc/sys/{name.replace('.', '/')}", "w") as setting:  # noqa: PTH123 - not a file
            setting.write(value)

    def close(self) -> None:
        os.close(self.fd)


def _make(made: list[int], failed: list[OSError]) -> None:
    try:
        _call(libc.unshare, NEWNET)
        made.append(_here())
    except OSError as error:
        failed.append(error)


def _here() -> int:
    return os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _call(function: Callable[..., int], *args: Any) -> None:
    if function(*args):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
