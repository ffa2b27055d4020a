"""Which programs does an image hold, and whose are they?  One table, by the image's name.

Read from the images' own recipes: docker-library busybox, alpine, nginx, redis; curl/curl-container; nicolaka/netshoot;
kubernetes/kubernetes test/images/agnhost and jessie-dnsutils. An image that is built from nothing but one program has no shell.
Simplified: an image that is not in the table has every program, so that a made-up `frontend:1` can be looked into; versions are not followed but for
busybox up to 1.28, whose nslookup still searched, and curl, which tells its version; in a directory for programs lie all that the image has.
"""

from __future__ import annotations

import re

import msgspec

from playground.kube.kubelet.images import OFFICIAL, image_name
from playground.terminal.programs.inventories import ALPINE, APPLETS, DEBIAN

# In every image with a shell: busybox's own, or coreutils, grep and sed of Debian.
COMMON = frozenset(
    "sh cat ls pwd echo printf true false test [ env printenv sleep date seq wc sort uniq head tail cut tr grep sed tee id whoami hostname"
    " touch rm mkdir basename dirname uname yes expr xargs which".split()
)
BUSYBOX = COMMON | APPLETS
GNU = COMMON | DEBIAN
NETWORK = frozenset("curl dig nslookup host".split())
EVERYTHING = BUSYBOX | GNU | NETWORK
NOTHING: frozenset[str] = frozenset()
HTTPD = frozenset(
    "ab apachectl apxs checkgid dbmmanage envvars envvars-std fcgistarter htcacheclean htdbm htdigest htpasswd httpd httpd-foreground"
    " httxt2dbm logresolve rotatelogs suexec".split()
)
REDIS = frozenset("docker-entrypoint.sh gosu redis-benchmark redis-check-aof redis-check-rdb redis-cli redis-sentinel redis-server".split())
POSTGRES = frozenset("docker-entrypoint.sh gosu initdb pg_ctl pg_dump pg_isready postgres psql".split())
MARIADB = frozenset("docker-entrypoint.sh gosu healthcheck.sh mariadb mariadb-admin mariadb-dump mariadbd".split())
VALKEY = frozenset("docker-entrypoint.sh setpriv valkey-benchmark valkey-cli valkey-sentinel valkey-server redis-cli redis-server".split())
MYSQL = frozenset("docker-entrypoint.sh gosu mysql mysqladmin mysqld mysqldump".split())

# name: (programs, shell). `shell` says whose sentences the shell and the small tools print.
KNOWN: dict[str, tuple[frozenset[str], str]] = {
    "busybox": (BUSYBOX, "ash"),
    "alpine": (ALPINE, "ash"),
    "traefik": (ALPINE | {"traefik"}, "ash"),
    "curl": (ALPINE | {"curl"}, "ash"),
    "netshoot": (ALPINE | NETWORK | {"bash"}, "ash"),
    "agnhost": (ALPINE | NETWORK | {"bash", "agnhost"}, "ash"),
    "nginx": (GNU | frozenset("curl envsubst gettext gettext.sh ngettext nginx nginx-debug njs".split()), "dash"),
    "httpd": (GNU | HTTPD, "dash"),
    "redis": (GNU | REDIS, "dash"),
    "postgres": (GNU | POSTGRES, "dash"),
    "mysql": (GNU | MYSQL, "bash"),
    "mariadb": (GNU | MARIADB, "dash"),
    "valkey": (GNU | VALKEY, "dash"),
    "dnsutils": (GNU | {"dig", "nslookup", "host", "ping", "nc", "ps", "kill", "wget"}, "dash"),
    "jessie-dnsutils": (GNU | {"dig", "nslookup", "host", "ping", "ps"}, "dash"),
    "debian": (GNU, "dash"),
    "ubuntu": (GNU, "dash"),
    **dict.fromkeys(("pause", "http-echo", "whoami", "coredns", "hello-world", "etcd"), (NOTHING, "")),
}
# Of these all programs are known; of those without a shell it is known that no common one is there.
COMPLETE = frozenset("busybox alpine curl nginx httpd redis debian ubuntu".split())
WHOSE = re.compile(
    r"(docker\.io/)?(curlimages/curl|hashicorp/http-echo|traefik/whoami|coredns/coredns)\b.*|registry\.k8s\.io/(pause|coredns/coredns|etcd)\b.*"
)
BARE = ("distroless", "scratch", "chainguard")
LAST_THAT_SEARCHED = (1, 28)


class Image(msgspec.Struct, frozen=True):
    """`shell` is ash (busybox), dash or bash, "" if there is none; `nslookup` is bind, busybox or old; `complete`: it has nothing but these programs."""

    name: str
    programs: frozenset[str]
    shell: str = "dash"
    nslookup: str = "bind"
    curl: str = "8.18.0"
    home: str = "/root"
    user: int = 0
    complete: bool = False

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
        programs, shell = ALPINE | (programs - GNU), "ash"
    made = Image(name, programs, shell, _nslookup(name, tag, programs), complete=name in COMPLETE and _is_own(text))
    if name == "curl":
        version = tag if re.fullmatch(r"\d+\.\d+\.\d+", tag) else made.curl
        return msgspec.structs.replace(made, curl=version, home="/home/curl_user", user=100)
    return made


def surely_lacks(text: str, name: str) -> bool:
    """Whether an image, named as in a Pod's spec, has no program of this name in the directories for them. False where that is not sure."""
    image = image_of(text)
    if image.complete:
        return name not in image.programs
    return image.programs is NOTHING and image.name in KNOWN and _is_own(text) and name in EVERYTHING


def _is_own(text: str) -> bool:
    """The image is that of the project, not somebody's of the same name."""
    return bool(OFFICIAL.fullmatch(text) or WHOSE.fullmatch(text))


def _nslookup(name: str, tag: str, programs: frozenset[str]) -> str:
    if "dig" in programs:
        return "bind"
    version = tuple(int(each) for each in re.findall(r"\d+", tag)[:2])
    return "old" if name == "busybox" and len(version) == 2 and version <= LAST_THAT_SEARCHED else "busybox"
