"""Which programs does an image hold, and whose are they?  One table, by the image's name.

Read from the images' own recipes: docker-library busybox, alpine, nginx, redis; curl/curl-container; nicolaka/netshoot;
kubernetes/kubernetes test/images/agnhost and jessie-dnsutils. An image that is built from nothing but one program has no shell.
Simplified: an image that is not in the table has every program, so that a made-up `frontend:1` can be looked into; versions are not followed but for
busybox up to 1.28, whose nslookup still searched, and curl, which tells its version.
"""

from __future__ import annotations

import re

import msgspec

from playground.kube.kubelet.images import image_name

# In every image with a shell: busybox's own, or coreutils, grep and sed of Debian.
COMMON = frozenset(
    "sh cat ls pwd echo printf true false test [ env printenv sleep date seq wc sort uniq head tail cut tr grep sed tee id whoami hostname"
    " touch rm mkdir basename dirname uname yes expr xargs which".split()
)
BUSYBOX = COMMON | frozenset(
    "ash wget nslookup ping ping6 nc ps kill awk ip ifconfig busybox arp df du find free ifup mount netstat route stat tar top traceroute"
    " umount vi watch".split()
)
GNU = COMMON | frozenset("bash dash getent awk".split())
NETWORK = frozenset("curl dig nslookup host".split())
EVERYTHING = BUSYBOX | GNU | NETWORK
NOTHING: frozenset[str] = frozenset()

# name: (programs, shell). `shell` says whose sentences the shell and the small tools print.
KNOWN: dict[str, tuple[frozenset[str], str]] = {
    "busybox": (BUSYBOX | {"ftpget", "httpd", "telnet", "tftp"}, "ash"),
    "alpine": (BUSYBOX | {"getent"}, "ash"),
    "curl": (BUSYBOX | {"getent", "curl"}, "ash"),
    "netshoot": (BUSYBOX | NETWORK | {"getent", "bash"}, "ash"),
    "agnhost": (BUSYBOX | NETWORK | {"getent", "bash", "agnhost"}, "ash"),
    "nginx": (GNU | {"curl", "nginx"}, "dash"),
    "httpd": (GNU, "dash"),
    "redis": (GNU, "dash"),
    "postgres": (GNU, "dash"),
    "mysql": (GNU, "bash"),
    "dnsutils": (GNU | {"dig", "nslookup", "host", "ping", "nc", "ps", "kill", "wget"}, "dash"),
    "jessie-dnsutils": (GNU | {"dig", "nslookup", "host", "ping", "ps"}, "dash"),
    "debian": (GNU, "dash"),
    "ubuntu": (GNU, "dash"),
    **dict.fromkeys(("pause", "http-echo", "whoami", "coredns", "hello-world", "etcd", "traefik"), (NOTHING, "")),
}
NAMES = {"curlimages/curl": "curl"}
BARE = ("distroless", "scratch", "chainguard")
LAST_THAT_SEARCHED = (1, 28)


class Image(msgspec.Struct, frozen=True):
    """`shell` is ash (busybox), dash or bash, "" if there is none; `nslookup` is bind, busybox or old."""

    name: str
    programs: frozenset[str]
    shell: str = "dash"
    nslookup: str = "bind"
    curl: str = "8.18.0"
    home: str = "/root"
    user: int = 0

    @property
    def busybox(self) -> bool:
        """Its small tools are busybox's."""
        return self.shell == "ash"

    @property
    def prefers_ipv4(self) -> bool:
        """Its busybox is built as the project ships it (FEATURE_PREFER_IPV4_ADDRESS), which Alpine does not do."""
        return self.name == "busybox"


def image_of(text: str) -> Image:
    """What is known of an image, named as in a Pod's spec."""
    name = image_name(text)
    tag = text.rpartition("/")[2].partition(":")[2].partition("@")[0]
    if any(word in text for word in BARE):
        return Image(name, NOTHING, "")
    if name not in KNOWN:
        return Image(name, EVERYTHING, "ash" if "alpine" in text else "dash")
    programs, shell = KNOWN[name]
    if "alpine" in tag and programs:
        programs, shell = BUSYBOX | {"getent"} | (programs - GNU), "ash"
    made = Image(name, programs, shell, _nslookup(name, tag, programs))
    if name == "curl":
        version = tag if re.fullmatch(r"\d+\.\d+\.\d+", tag) else made.curl
        return msgspec.structs.replace(made, curl=version, home="/home/curl_user", user=100)
    return made


def _nslookup(name: str, tag: str, programs: frozenset[str]) -> str:
    if "dig" in programs:
        return "bind"
    version = tuple(int(each) for each in re.findall(r"\d+", tag)[:2])
    return "old" if name == "busybox" and len(version) == 2 and version <= LAST_THAT_SEARCHED else "busybox"
