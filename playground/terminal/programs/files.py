"""Which files are there?  A few that the kubelet and the kernel make, and those that were written: on a machine by this session, in a
container by whatever ran in it since it was started.

Source: path_resolution(7), errno(3); kubernetes.io/docs `readOnlyRootFilesystem`.
Simplified: of an image's own files only directories are known, few of them, and all belong to root; volumes but emptyDir hold nothing, and cannot
be written to; on a machine /tmp and the home can.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playground.kube.kubelet.files import Changes, Text
from playground.terminal.programs.container import Container
from playground.terminal.programs.limits import Exhausted, Limits

NO_FILE, IS_DIRECTORY, READ_ONLY, NOT_DIRECTORY, DENIED = (
    "No such file or directory",
    "Is a directory",
    "Read-only file system",
    "Not a directory",
    "Permission denied",
)
TOP = ("bin", "dev", "etc", "home", "proc", "root", "run", "sys", "tmp", "usr", "var")
BUSYBOX, OTHERS = (
    ("/var/spool", "/var/www"),
    ("/media", "/mnt", "/opt", "/srv", "/var/cache", "/var/lib", "/var/log", "/var/tmp", "/usr/share"),
)
OF_THE_KERNEL, OF_EVERYBODY = ("/dev/", "/proc/", "/sys/"), ("/tmp/", "/var/tmp/")
NULL, ROOTS = "/dev/null", "/root"
RUN = "/var/run/", "/run/"


class FileError(Exception):
    """The message is errno's."""


class Files:
    """Paths here are absolute, without `.` and `..`. `kept` reads what was written into the container before. With `rolls` a file that becomes
    too long loses its beginning."""

    def __init__(
        self, container: Container, limits: Limits, kept: Callable[[], Mapping[str, Text]] | None = None, rolls: bool = False
    ) -> None:
        self._container = container
        self._limits = limits
        self._kept = kept
        self._rolls = rolls
        self._written: dict[str, Text] = {}
        self._removed: dict[str, None] = {}
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
        if container.message_path:
            self._fixed[container.message_path] = ""
        self._directories = {f"/{name}" for name in TOP} | {"/", *(BUSYBOX if container.image.name == "busybox" else OTHERS)}
        self._directories.add(container.image.home)
        for path in (*self._fixed, *(f"{each.path}/" for each in container.mounts), f"{container.cwd}/"):
            while path := path.rpartition("/")[0]:
                self._directories.add(path)

    def changes(self) -> Changes:
        """What was done in a container since this was asked last."""
        if self._kept is None or not (self._written or self._removed):
            return Changes()
        done = Changes(tuple(self._removed), self._written)
        self._written, self._removed = {}, {}
        return done

    def read(self, path: str) -> str:
        """The text of a file. Raises FileError."""
        if path == NULL:
            return ""
        if self.is_closed(path.rpartition("/")[0]):
            raise FileError(DENIED)
        found = self._there().get(path, self._fixed.get(path))
        if found is None:
            raise FileError(IS_DIRECTORY if self.is_directory(path) else NO_FILE)
        return found

    def write(self, path: str, text: str, append: bool = False) -> None:
        """Put text into a file, which is made if it is not there. Raises FileError, Exhausted."""
        if path == NULL:
            return
        there = self._there()
        if self._is_directory(path, there):
            raise FileError(IS_DIRECTORY)
        self._check(path, there)
        after = (there.get(path) or "") + text if append else text
        if len(after) > self._limits.file and self._rolls:
            after = after[-self._limits.file :].partition("\n")[2]
        if len(after) > self._limits.file:
            raise Exhausted(self._limits, "file", f"{path} becomes too long")
        self._put(path, after, there)

    def make_directory(self, path: str) -> None:
        there = self._there()
        if self.exists(path):
            raise FileError("File exists")
        self._check(path, there)
        self._put(path, None, there)

    def _check(self, path: str, there: Mapping[str, Text]) -> None:
        parent = path.rpartition("/")[0] or "/"
        if self.is_closed(parent):
            raise FileError(DENIED)
        if not self._is_directory(parent, there):
            raise FileError(NOT_DIRECTORY if self.is_file(parent) else NO_FILE)
        why = self._why_not(path)
        if why:
            raise FileError(why)

    def _why_not(self, path: str) -> str:
        """Why a path cannot be written, "" if it can be."""
        place = self._container
        if path == place.message_path:
            return ""
        if path in self._fixed or path.startswith(OF_THE_KERNEL):
            return READ_ONLY
        if place.machine:
            own = ("/tmp/", f"{place.image.home}/") if place.kubeconfig is not None else ("/tmp/",)
            return "" if path.startswith(own) else READ_ONLY
        mount = next((each for each in place.mounts if path.startswith(f"{each.path}/")), None)
        if mount is not None:
            return "" if mount.shared and mount.writable else READ_ONLY
        if place.read_only:
            return READ_ONLY
        own = (f"{place.image.home}/",) if place.user == place.image.user else ()
        return "" if place.user == 0 or path.startswith((*OF_EVERYBODY, *own)) else DENIED

    def _put(self, path: str, text: Text, there: Mapping[str, Text]) -> None:
        if path not in there and len(there) >= self._limits.files:
            raise Exhausted(self._limits, "files", "there are too many files")
        self._written[path] = text

    def remove(self, path: str, whole: bool = False) -> None:
        """Take a file away, or with `whole` a directory and all in it. Raises FileError."""
        there = self._there()
        if self.is_closed(path.rpartition("/")[0]):
            raise FileError(DENIED)
        if path not in there:
            raise FileError(IS_DIRECTORY if self.is_directory(path) else READ_ONLY if path in self._fixed else NO_FILE)
        if there[path] is None and not whole:
            raise FileError(IS_DIRECTORY)
        for each in [path, *(each for each in there if each.startswith(path + "/"))]:
            self._written.pop(each, None)
            self._removed[each] = None

    def is_closed(self, path: str) -> bool:
        """Whether a directory is root's own, or lies in that, and somebody else asks."""
        mounted = any(each.path.startswith(ROOTS) or path == each.path for each in self._container.mounts)
        return self._container.user != 0 and (path == ROOTS or path.startswith(f"{ROOTS}/")) and not mounted

    def is_directory(self, path: str) -> bool:
        return self._is_directory(path, self._there())

    def _is_directory(self, path: str, there: Mapping[str, Text]) -> bool:
        return path in self._directories or there.get(path, "") is None

    def is_file(self, path: str) -> bool:
        return path in self._fixed or path == NULL or self._there().get(path) is not None

    def exists(self, path: str) -> bool:
        return not self.is_closed(path.rpartition("/")[0]) and (self.is_file(path) or self.is_directory(path))

    def within(self, path: str) -> list[str]:
        """The names in a directory, in order; none in one that is closed."""
        if self.is_closed(path):
            return []
        below = path.rstrip("/") + "/"
        everything = (*self._fixed, *self._there(), *sorted(self._directories))
        return sorted({each.removeprefix(below).partition("/")[0] for each in everything if each.startswith(below) and each != below})

    def _there(self) -> Mapping[str, Text]:
        """All that was written."""
        if self._kept is None:
            return self._written
        kept = {path: text for path, text in self._kept().items() if path not in self._removed}
        return {**kept, **self._written} if self._written else kept
