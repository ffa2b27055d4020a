"""Which files are there?  A few that the kubelet and the kernel make, read only, and a session's own in /tmp and at home on the workstation.

Simplified: no other directory can be written to, and what a session writes is gone with it.
"""

from __future__ import annotations

from playground.terminal.programs.container import Container
from playground.terminal.programs.limits import Exhausted, Limits

NO_FILE, IS_DIRECTORY, READ_ONLY, NOT_DIRECTORY = (
    "No such file or directory",
    "Is a directory",
    "Read-only file system",
    "Not a directory",
)
TOP = ("bin", "dev", "etc", "home", "proc", "root", "run", "sys", "tmp", "usr", "var")
NULL = "/dev/null"
RUN = "/var/run/", "/run/"


class FileError(Exception):
    """The message is errno's."""


class Files:
    """Paths here are absolute, without `.` and `..`."""

    def __init__(self, container: Container, limits: Limits) -> None:
        self._limits = limits
        self._written: dict[str, str] = {}
        self._made: dict[str, None] = {}
        environ = "".join(f"{name}={value}\0" for name, value in container.env)
        self._fixed = {
            "/etc/resolv.conf": container.resolv.text,
            "/etc/hosts": container.hosts,
            "/etc/hostname": f"{container.hostname}\n",
            "/proc/1/environ": environ,
            "/proc/self/environ": environ,
            "/proc/1/cmdline": container.command.replace(" ", "\0") + "\0",
        }
        for path, text in container.mounted:
            self._fixed[path] = text
            if path.startswith(RUN[0]):  # a link, in every image that is known here
                self._fixed[path.replace(*RUN, 1)] = text
        self._directories = {f"/{name}" for name in TOP} | {"/"}
        self._own = ("/tmp/",)
        if container.kubeconfig is not None:
            self._directories.add(container.image.home)
            self._own += (f"{container.image.home}/",)
        for path in self._fixed:
            while path := path.rpartition("/")[0]:
                self._directories.add(path)

    def read(self, path: str) -> str:
        """The text of a file. Raises FileError."""
        if path == NULL:
            return ""
        found = self._written.get(path, self._fixed.get(path))
        if found is None:
            raise FileError(IS_DIRECTORY if self.is_directory(path) else NO_FILE)
        return found

    def write(self, path: str, text: str, append: bool = False) -> None:
        """Put text into a file of the session's own, which is made if it is not there. Raises FileError, Exhausted."""
        if path == NULL:
            return
        if self.is_directory(path):
            raise FileError(IS_DIRECTORY)
        parent = path.rpartition("/")[0] or "/"
        if not self.is_directory(parent):
            raise FileError(NO_FILE)
        if path in self._fixed or not path.startswith(self._own):
            raise FileError(READ_ONLY)
        if path not in self._written and len(self._written) + len(self._made) >= self._limits.files:
            raise Exhausted(self._limits, "files", "there are too many files")
        after = self._written.get(path, "") + text if append else text
        if len(after) > self._limits.file:
            raise Exhausted(self._limits, "file", f"{path} becomes too long")
        self._written[path] = after

    def make_directory(self, path: str) -> None:
        if self.exists(path):
            raise FileError("File exists")
        if not self.is_directory(path.rpartition("/")[0] or "/"):
            raise FileError(NO_FILE)
        if not path.startswith(self._own):
            raise FileError(READ_ONLY)
        if len(self._written) + len(self._made) >= self._limits.files:
            raise Exhausted(self._limits, "files", "there are too many files")
        self._made[path] = None

    def remove(self, path: str, whole: bool = False) -> None:
        """Take a file away, or with `whole` a directory and all in it. Raises FileError."""
        if path in self._written:
            del self._written[path]
        elif path in self._made and whole:
            inside = [each for each in (*self._written, *self._made) if each.startswith(path + "/")]
            for each in (*inside, path):
                self._written.pop(each, None)
                self._made.pop(each, None)
        elif self.is_directory(path):
            raise FileError(IS_DIRECTORY)
        else:
            raise FileError(READ_ONLY if path in self._fixed else NO_FILE)

    def is_directory(self, path: str) -> bool:
        return path in self._directories or path in self._made

    def is_file(self, path: str) -> bool:
        return path in self._written or path in self._fixed or path == NULL

    def exists(self, path: str) -> bool:
        return self.is_file(path) or self.is_directory(path)

    def within(self, path: str) -> list[str]:
        """The names in a directory, in order."""
        below = path.rstrip("/") + "/"
        everything = (*self._fixed, *self._written, *self._made, *sorted(self._directories))
        return sorted({each.removeprefix(below).partition("/")[0] for each in everything if each.startswith(below) and each != below})
