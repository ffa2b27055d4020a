"""Can a container's command be started at all?  What runc says where the image surely has no such program.

Source: runc libcontainer (init: `exec: "..."`), Go os/exec LookPath: a name is looked for in $PATH, a path is taken as it is.
Simplified: only images all of whose programs are known are judged, and nothing that a mount, $PATH or a working directory could bring in.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import JSON
from playground.kube.kubelet.images import image_name
from playground.terminal.programs.images import image_of, surely_lacks
from playground.terminal.sessions.table import DIRECTORIES

# They run their args as they are.
NO_ENTRYPOINT = frozenset("busybox alpine debian ubuntu httpd".split())
# A path that begins elsewhere names something that none of these images has.
TOP = frozenset("bin boot dev etc home lib lib32 lib64 media mnt opt proc root run sbin srv sys tmp usr var".split())
AT_THE_TOP = frozenset("docker-entrypoint.sh docker-entrypoint.d entrypoint.sh pause http-echo whoami coredns hello cacert.pem".split())


def complaint(container: JSON) -> str:
    """What runc says of the command of a Pod's container, "" where it can be started or that is not sure."""
    image = str(container.get("image", ""))
    return _why(container, image, _first(container, image))


def of_probe(container: JSON, word: str) -> str:
    """The same of the first word of what is run in a container by its side."""
    return _why(container, str(container.get("image", "")), word)


def _why(container: JSON, image: str, word: str) -> str:
    if not word or "$(" in word or any(each.get("name") == "PATH" for each in container.get("env") or ()):
        return ""
    directory, slash, name = word.rpartition("/")
    if not slash:
        mounted = any(_touches(str(each.get("mountPath", "")), folder) for each in _mounts(container) for folder in DIRECTORIES)
        return f'exec: "{word}": executable file not found in $PATH' if not mounted and surely_lacks(image, name) else ""
    if any(_touches(str(each.get("mountPath", "")), word) for each in _mounts(container)) or not word.startswith("/"):
        return ""
    missing = surely_lacks(image, name) if directory in DIRECTORIES else _is_nowhere(image, word)
    return f'exec: "{word}": stat {word}: no such file or directory' if missing else ""


def _first(container: JSON, image: str) -> str:
    """The first word of what is started, "" where the image's own entrypoint decides."""
    if container.get("command"):
        return str(container["command"][0])
    args = container.get("args") or ()
    return str(args[0]) if args and image_name(image) in NO_ENTRYPOINT else ""


def _mounts(container: JSON) -> tuple[Any, ...]:
    return tuple(container.get("volumeMounts") or ())


def _touches(mount: str, path: str) -> bool:
    """One of them lies in the other."""
    one, other = f"{mount.rstrip('/')}/", f"{path.rstrip('/')}/"
    return one.startswith(other) or other.startswith(one)


def _is_nowhere(image: str, path: str) -> bool:
    """A path that begins as none in such an image does, or that is a whole command line."""
    top = path.split("/")[1]
    return image_of(image).complete and (" " in path or (top not in TOP and top not in AT_THE_TOP))
