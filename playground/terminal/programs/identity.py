"""Who is one in a container?  The user, its groups, their names, and its home.

Source: containerd internal/cri/server (container_create, userstr: WithUser, WithAdditionalGIDs, and the primary group among the others);
pkg/kubelet/kuberuntime/security_context.go (fsGroup is one more supplemental group); runc libcontainer/init_linux.go (HOME); the images' own
/etc/passwd and /etc/group: busybox, alpine, debian.
Simplified: of the users that an image has only root, nobody and curl_user are known, of the groups those of root besides.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import JSON, Pod
from playground.terminal.programs.images import Image

ROOT, NOBODY, CURL_USER, CURL_GROUP = 0, 65534, 100, 101
# The groups of root, by whose image it is.
OF_ROOT = {
    "busybox": {10: "wheel"},
    "alpine": {1: "bin", 2: "daemon", 3: "sys", 4: "adm", 6: "disk", 10: "wheel", 11: "floppy", 20: "dialout", 26: "tape", 27: "video"},
    "debian": {},
}
HOMES = {"busybox": "/home", "alpine": "/", "debian": "/nonexistent"}


def user_of(pod: Pod, container: JSON, image: Image) -> int:
    return int(_asked(pod, container, "runAsUser", image.user))


def group_of(pod: Pod, container: JSON, image: Image, user: int) -> int:
    """The primary group: that of the user in the image's passwd, if the spec says none; of a user who is not there root's."""
    return int(
        _asked(pod, container, "runAsGroup", {CURL_USER: CURL_GROUP if image.name == "curl" else ROOT, NOBODY: NOBODY}.get(user, ROOT))
    )


def groups_of(pod: Pod, image: Image, user: int, group: int) -> tuple[int, ...]:
    """All of them, as the kernel sorts them."""
    context = pod.spec.get("securityContext") or {}
    found = [group, *(context.get("supplementalGroups") or ())]
    if context.get("fsGroup") is not None:
        found.append(context["fsGroup"])
    if user == ROOT and context.get("supplementalGroupsPolicy") != "Strict":
        found += [ROOT, *OF_ROOT[_family(image)]]
    return tuple(sorted(dict.fromkeys(map(int, found))))


def home_of(image: Image, user: int) -> str:
    """What HOME is where nobody says it: runc takes it from the image's passwd."""
    if user == image.user:
        return image.home
    return {ROOT: "/root", NOBODY: HOMES[_family(image)]}.get(user, "/")


def user_name(image: Image, user: int) -> str:
    """ "" for one without a name."""
    return {ROOT: "root", NOBODY: "nobody", CURL_USER: "curl_user" if image.name == "curl" else ""}.get(user, "")


def group_name(image: Image, group: int) -> str:
    own = {
        ROOT: "root",
        NOBODY: "nogroup" if _family(image) == "debian" else "nobody",
        CURL_GROUP: "curl_group" if image.name == "curl" else "",
    }
    return {**OF_ROOT[_family(image)], **own}.get(group, "")


def _family(image: Image) -> str:
    return "debian" if not image.busybox else "busybox" if image.name == "busybox" else "alpine"


def _asked(pod: Pod, container: JSON, field: str, otherwise: int) -> Any:
    """What a container's security context says, or else its Pod's."""
    for each in (container.get("securityContext"), pod.spec.get("securityContext")):
        if each and each.get(field) is not None:
            return each[field]
    return otherwise
