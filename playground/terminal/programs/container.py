"""What does a program find around it in a container?  The facts of its Pod, as they were when the session began.

Source: pkg/kubelet/kubelet_pods.go (managedHostsFileContent, GeneratePodHostNameAndDomain); containerd's order of variables.
Sentences of refusals: pkg/registry/core/pod/strategy.go (validateContainer), rest/subresources.go; cri/streaming (container not found).
Simplified: the variables that an image sets itself are left out, but for PATH and HOME.
"""

from __future__ import annotations

import msgspec

from playground.kube.apiserver.objects import Pod
from playground.kube.apiserver.pods import containers_of, is_finished
from playground.kube.cluster import Cluster
from playground.kube.dns.resolvconf import ResolvConf
from playground.kube.errors import Refusal, bad_request, not_found
from playground.kube.kubelet.envvars import expand
from playground.kube.kubelet.files import Mount, mounts_of
from playground.kube.kubelet.hostnames import hostname_and_domain, nodename
from playground.kube.kubelet.projected import files
from playground.kube.kubelet.status import states
from playground.kube.kubelet.views import view
from playground.terminal.programs.identity import group_of, groups_of, home_of, user_of
from playground.terminal.programs.images import Image, image_of

# glibc sysdeps/gnu/errlist.h; musl src/errno/__strerror.h.
GLIBC_SAYS = {"refused": "Connection refused", "timeout": "Connection timed out", "unreachable": "Network is unreachable",
              "reset": "Connection reset by peer", "waiting": "Operation now in progress"}  # fmt: skip
MUSL_SAYS = GLIBC_SAYS | {"timeout": "Operation timed out", "unreachable": "Network unreachable", "waiting": "Operation in progress"}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
HOSTS = (
    "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n"
    "fe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n"
)


class Kubeconfig(msgspec.Struct, frozen=True):
    """The one context of a kubeconfig; `server` is the API server's address, `writes`: whoever uses it may change things."""

    server: str = "https://kubernetes.default.svc"
    cluster: str = "switchyard"
    context: str = "switchyard"
    user: str = "learner"
    namespace: str = "default"
    writes: bool = True


class Container(msgspec.Struct, frozen=True):
    """`env` are its variables in order; `hosts` the text of /etc/hosts; `uid` the Pod's, `slot` and `restarts` say which
    start of which of its containers this is; `deaf`: its main process ignores SIGTERM; `command` is what it runs; `epoch` is
    the wall time of virtual time 0 in seconds; `user` the uid that it runs as; `musl` is whose resolver it has; `other_ip`
    is its address of the second family, "" without one; `mounts` are its volumes, `read_only`: nothing else of it can be written, `cwd` is where
    its programs begin; `machine` names a sender that is no Pod: then there is no container
    (see `machines`); `kubeconfig` is what its kubectl goes by; `mounted` are the files of its ServiceAccount, paths and texts;
    at `message_path` it can say something before it ends; `group` is its first group, `groups` are all."""

    namespace: str
    pod: str
    name: str
    image: Image
    uid: str
    slot: int
    restarts: int
    hostname: str
    ip: str
    env: tuple[tuple[str, str], ...]
    resolv: ResolvConf
    hosts: str
    epoch: int
    deaf: bool = False
    command: str = ""
    user: int = 0
    musl: bool = False
    other_ip: str = ""
    mounts: tuple[Mount, ...] = ()
    read_only: bool = False
    cwd: str = "/"
    machine: str = ""
    kubeconfig: Kubeconfig | None = None
    mounted: tuple[tuple[str, str], ...] = ()
    message_path: str = ""
    group: int = 0
    groups: tuple[int, ...] = (0,)

    def own(self, address: str) -> str:
        """The address that it sends from to another one."""
        if address.startswith("127.") or address == "::1":
            return "127.0.0.1" if address != "::1" else address
        return self.ip if (":" in self.ip) == (":" in address) else self.other_ip

    def strerror(self, outcome: str) -> str:
        """What its C library says of a connection that was refused, timed out, or found the network unreachable; "" of any other end."""
        return (MUSL_SAYS if self.musl else GLIBC_SAYS).get(outcome, "")

    @property
    def source(self) -> str:
        """How actions name who sends: the Pod, or a machine."""
        return self.machine or f"{self.namespace}/{self.pod}"


def find(kube: Cluster, namespace: str, name: str, container: str = "", tty: bool = False) -> Container:
    """The container of a Pod, without a name its first, if something can be run in it. Raises Refusal."""
    pod: Pod | None = kube.store.get("Pod", namespace, name)
    if pod is None:
        raise not_found("pods", name)
    slot = _slot(pod, container)
    _check(kube, pod, slot)
    return container_of(kube, pod, slot, tty)


def container_of(kube: Cluster, pod: Pod, slot: int, tty: bool = False) -> Container:
    """One that runs, for what its kubelet runs in it: also beside the ended containers of a Pod that is finished."""
    spec = containers_of(pod.spec)[slot]
    hostname = nodename(pod, kube.settings.domain)
    image = image_of(spec.get("image", ""))
    own = kube.kubelet.environment(pod, spec["name"])
    process = view(pod).containers[slot].process
    user = user_of(pod, spec, image)
    group = group_of(pod, spec, image, user)
    command = " ".join(expand(str(word), dict(own)) for word in (*spec.get("command", ()), *spec.get("args", ()))) or image.name
    return Container(
        pod.namespace,
        pod.name,
        spec["name"],
        image,
        pod.uid,
        slot,
        states(pod)[slot].restarts,
        hostname,
        pod.ip,
        _env(own, hostname, home_of(image, user), tty),
        kube.network.resolv_conf(pod),
        _hosts(pod, kube.settings.domain),
        kube.settings.epoch,
        process.deaf or (kube.kubelet.runs(pod, slot) and "trap " not in command),
        command,
        user,
        kube.network.has_musl(pod),
        pod.other_ip,
        mounts_of(pod.spec, slot),
        bool((spec.get("securityContext") or {}).get("readOnlyRootFilesystem")),
        absolute("/", str(spec.get("workingDir") or "/")),
        mounted=files(kube.machinery, pod, spec),
        message_path=str(spec.get("terminationMessagePath") or ""),
        group=group,
        groups=groups_of(pod, image, user, group),
    )


def is_gone(kube: Cluster, container: Container) -> bool:
    """The container that a session runs in has ended, or its Node is off, or is no Node any more."""
    if container.machine:
        return bool(container.uid) and (kube.store.by_uid(container.uid) is None or not kube.kubelet.up(container.hostname))
    pod: Pod | None = kube.store.by_uid(container.uid)
    if pod is None or not kube.kubelet.up(pod.node):
        return True
    state = states(pod)[container.slot]
    return state.state != "running" or state.restarts != container.restarts


def absolute(cwd: str, name: str) -> str:
    """The full path of a name, without `.` and `..`."""
    parts: list[str] = []
    for part in (name if name.startswith("/") else f"{cwd}/{name}").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def _slot(pod: Pod, container: str) -> int:
    names = [each.name for each in view(pod).containers]
    if not container:
        return view(pod).inits
    if container not in names:
        raise bad_request(f"container {container} is not valid for pod {pod.name}")
    return names.index(container)


def _check(kube: Cluster, pod: Pod, slot: int) -> None:
    if not pod.node:
        raise bad_request(f"pod {pod.name} does not have a host assigned")
    if is_finished(pod):
        raise bad_request(f"cannot exec into a container in a completed pod; current phase is {pod.state.phase}")
    if not kube.kubelet.up(pod.node):
        raise Refusal(500, "InternalError", f"error dialing backend: dial tcp {pod.host_ip}:10250: connect: no route to host")
    found = states(pod)
    if slot >= len(found) or found[slot].state != "running":
        name = view(pod).containers[slot].name
        raise Refusal(500, "InternalError", f'unable to upgrade connection: container not found ("{name}")')


def _env(own: tuple[tuple[str, str], ...], hostname: str, home: str, tty: bool) -> tuple[tuple[str, str], ...]:
    first = {"PATH": PATH, **({"TERM": "xterm"} if tty else {}), "HOSTNAME": hostname}
    return tuple({**first, **dict(own), "HOME": dict(own).get("HOME", home)}.items())


def _hosts(pod: Pod, cluster_domain: str) -> str:
    aliases = [f"{each['ip']}\t" + "\t".join(each.get("hostnames") or ()) for each in pod.spec.get("hostAliases") or ()]
    added = "\n# Entries added by HostAliases.\n" + "".join(f"{line}\n" for line in aliases) if aliases else ""
    if pod.spec.get("hostNetwork"):
        return f"# Kubernetes-managed hosts file (host network).\n127.0.0.1\tlocalhost\n{pod.host_ip}\t{pod.node}\n{added}"
    hostname, domain = hostname_and_domain(pod, cluster_domain)
    names = f"{hostname}.{domain}\t{hostname}" if domain else hostname
    own = "".join(f"{ip}\t{names}\n" for ip in (pod.ip, pod.other_ip) if ip)
    return f"# Kubernetes-managed hosts file.\n{HOSTS}{own}{added}"
