"""May a container run as who it would be?  Not as root, where runAsNonRoot says so.

Source: pkg/kubelet/kuberuntime/security_context.go (verifyRunAsNonRoot: a user that the image gives by name cannot be judged).
Simplified: the user of an image is known of the most used ones only, of docker-library and of Kubernetes' own; any other is let run.
"""

from __future__ import annotations

import re

from playground.kube.apiserver.objects import JSON
from playground.kube.kubelet.images import OFFICIAL, image_name

# Their recipes name no USER.
ROOT = frozenset(
    "alpine bash busybox caddy centos debian fedora golang hello-world httpd mariadb mongo mysql nginx node perl php postgres python rabbitmq redis"
    " registry ruby tomcat traefik ubuntu valkey wordpress".split()
)
NAMED = {"memcached": "memcache", "haproxy": "haproxy"}
# Those of others, by their path.
OTHERS = {
    "curlimages/curl": "curl_user",
    "prom/prometheus": "nobody",
    "jenkins/jenkins": "jenkins",
    "nicolaka/netshoot": "",
    "traefik/whoami": "",
}
OF_KUBERNETES = re.compile(r"registry\.k8s\.io/(e2e-test-images/)?(agnhost|busybox|nginx|httpd|jessie-dnsutils)(:.*)?")


def objection(container: JSON, context: JSON) -> str:
    """What the kubelet says of a container of a Pod with this securityContext, "" where it may run or that is not sure."""
    both = {**context, **(container.get("securityContext") or {})}
    if not both.get("runAsNonRoot"):
        return ""
    if both.get("runAsUser") is not None:
        return "container's runAsUser breaks non-root policy" if both["runAsUser"] == 0 else ""
    user = _user(str(container.get("image", "")))
    if user is None:
        return ""
    if user:
        return f"container has runAsNonRoot and image has non-numeric user ({user}), cannot verify user is non-root"
    return "container has runAsNonRoot and image will run as root"


def _user(image: str) -> str | None:
    """The name of the user that an image runs as, "" of root, None where it is a number or not known."""
    name = image_name(image)
    if OFFICIAL.fullmatch(image):
        return "" if name in ROOT else NAMED.get(name)
    path = re.sub(r"(:[^/]*)?(@.*)?$", "", image, count=1).removeprefix("docker.io/")
    return "" if OF_KUBERNETES.fullmatch(image) else OTHERS.get(path)
