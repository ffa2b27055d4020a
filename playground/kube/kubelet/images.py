"""What does a simulated image do?  Which ports it listens on, whether its command ends, and how it takes SIGTERM.

Our own annotations on a Pod: `switchyard.dev/listen: "5000"` (or "5000/TCP,53/UDP") for its first container,
`switchyard.dev/shutdown-delay: "5"`: after SIGTERM it goes on serving for so many seconds, then ends.
Ports, where no annotation says: those in the args of known images; of FIXED images that nothing configures the one port that they open, whatever
is declared; else the declared containerPorts, else the image's well-known port. A command that does nothing but sleep listens nowhere.
Simplified: what takes input and would end at once waits until somebody attaches to it, who then sees it run.
Source: PID 1 ignores a SIGTERM it has no handler for (pid_namespaces(7)), so `sleep` lives until SIGKILL;
test/images/agnhost/netexec (--http-port 8080, --udp-port 8081, --sctp-port, --delay-shutdown).
"""

from __future__ import annotations

import re

import msgspec

from playground.kube.apiserver import tokenvolume
from playground.kube.apiserver.objects import JSON
from playground.kube.kubelet.references import words_of

Port = tuple[int, str]
LISTEN = "switchyard.dev/listen"
SHUTDOWN_DELAY = "switchyard.dev/shutdown-delay"
_BY_PORT = {
    80: "nginx httpd apache caddy traefik whoami wordpress haproxy echo-server httpbin gb-frontend",
    2181: "zookeeper",
    2379: "etcd",
    3000: "grafana",
    3306: "mysql mariadb",
    4222: "nats",
    5000: "registry",
    5432: "postgres",
    5601: "kibana",
    5672: "rabbitmq",
    6379: "redis valkey redis-master gb-redis-follower",
    8080: "tomcat jenkins hello-app kubernetes-bootcamp echoserver agnhost",
    9042: "cassandra",
    9090: "prometheus",
    9200: "elasticsearch",
    9898: "podinfo",
    11211: "memcached",
    27017: "mongo",
}
WELL_KNOWN = {image: port for port, images in _BY_PORT.items() for image in images.split()}
# Official images whose server opens one port, the same whatever a Pod declares, until it is configured.
FIXED = frozenset("nginx httpd redis valkey memcached postgres mysql mariadb mongo tomcat".split())
OFFICIAL = re.compile(r"(?:docker\.io/)?(?:library/)?[\w.-]+(?::[\w.-]+)?(?:@.*)?")
# Programs that answer probes on ports which the manifests that everybody uses do not declare.
HEALTH_PORTS = {"ingress-nginx/controller": (10254,), "coredns/coredns": (8080, 8181)}
NETEXEC = (("--http-port", "TCP", "8080"), ("--udp-port", "UDP", "8081"), ("--sctp-port", "SCTP", ""))
ONE_SHOT = "busybox alpine ubuntu debian fedora centos bash hello-world python node golang perl curl dnsutils".split()
SHELLS = frozenset("sh ash dash bash".split())
_ONLY_SLEEPS = re.compile(r"(?:(?:/\w+)*/?(?:ba|a)?sh -\w*c )?(?:/bin/)?sleep\s+[\w.]+\s*")
ENDS_AT_ONCE = 100_000
LONGEST = 1_000_000_000.0
LOOKED_AT = 2_000


class Process(msgspec.Struct, frozen=True, gc=False):
    """One container's main process. `listens` are (port, protocol); `lasts` is how long its command runs in microseconds,
    None for ever, and then it ends with `exit_code`; `deaf` ignores SIGTERM; `lingers` is how long it goes on serving
    after SIGTERM in microseconds, 0 if it stops at once."""

    listens: tuple[Port, ...] = ()
    lasts: int | None = None
    exit_code: int = 0
    deaf: bool = False
    lingers: int = 0


def process_of(container: JSON, annotations: dict[str, str], first: bool) -> Process:
    """What a container of a Pod with these annotations runs; annotations speak of the `first` container."""
    image = image_name(container.get("image", ""))
    words = words_of(container)
    listed = annotations.get(LISTEN) if first else None
    listens = _ports(listed) if listed is not None else _listens(container, image, words)
    lasts, exit_code, deaf = (None, 0, False) if listens else _command(image, words)
    if container.get("stdin") and lasts == ENDS_AT_ONCE:
        lasts, exit_code = None, 0
    delay = annotations.get(SHUTDOWN_DELAY) or _flag(words, "--delay-shutdown") or "0"
    return Process(listens, lasts, exit_code, deaf, round(min(seconds(delay), LONGEST) * 1_000_000))


def image_name(image: str) -> str:
    """`registry.k8s.io/e2e-test-images/agnhost:2.39` is `agnhost`."""
    return image.split("@")[0].rpartition("/")[2].split(":")[0]


def sleep_of(command: list[str]) -> float | None:
    """How many seconds a command sleeps in all, if sleeping is what it does: `sleep 5`, `sh -c "sleep 5; nginx -s quit"`."""
    text = _text(command)
    found = re.findall(r"(?:^|[\s;&/])sleep\s+(\d+(?:\.\d+)?[smhd]?|infinity|inf)", text)
    return sum(seconds(each) for each in found) if found else None


def only_sleeps(words: list[str]) -> bool:
    """Whether a command does nothing else."""
    return bool(_ONLY_SLEEPS.fullmatch(_text(words)))


def seconds(text: str) -> float:
    """`5`, `1.5s`, `2m`, `1h`, `infinity` as `sleep` reads them; 0 for what is no time."""
    if text in ("infinity", "inf"):
        return float("inf")
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,6})?)([smhd]?)", text.strip())
    return float(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[found[2]] if found else 0.0


def _listens(container: JSON, image: str, words: list[str]) -> tuple[Port, ...]:
    told = _told(image, words)
    if told or only_sleeps(words):
        return told
    if image in FIXED and not _configured(container):
        return ((WELL_KNOWN[image], "TCP"),)
    declared = tuple((int(port["containerPort"]), str(port.get("protocol", "TCP"))) for port in container.get("ports", ()))
    if declared:
        return declared + _undeclared(container, declared)
    return () if container.get("command") else ((WELL_KNOWN[image], "TCP"),) if image in WELL_KNOWN else ()


def _configured(container: JSON) -> bool:
    """Whether its server may listen elsewhere than its image says: other people's image, a command of its own, files, or a variable of a port."""
    ported = any("PORT" in str(each.get("name", "")) for each in container.get("env") or ())
    own = container.get("command") or container.get("args") or _files(container) or ported
    return bool(own) or not OFFICIAL.fullmatch(str(container.get("image", "")))


def _files(container: JSON) -> list[JSON]:
    """What is mounted in it, but for the token of its ServiceAccount."""
    return [each for each in container.get("volumeMounts") or () if each.get("mountPath") != tokenvolume.PATH]


def _undeclared(container: JSON, declared: tuple[Port, ...]) -> tuple[Port, ...]:
    """What a known program listens on beside its declared ports."""
    path = re.sub(r"(:[^/]*)?(@.*)?$", "", str(container.get("image", "")), count=1)
    known = next((ports for name, ports in HEALTH_PORTS.items() if path == name or path.endswith(f"/{name}")), ())
    return tuple((port, "TCP") for port in known if (port, "TCP") not in declared)


def _told(image: str, words: list[str]) -> tuple[Port, ...]:
    """The ports that the words of a known program name."""
    if image == "agnhost" or "netexec" in words:
        flags = NETEXEC if "netexec" in words else (("--port", "TCP", ""),)
        return tuple((port, protocol) for name, protocol, usual in flags if (port := _number(_flag(words, name)) or _number(usual)))
    if image in ("http-echo", "echo"):
        port = _number((_flag(words, "-listen") or _flag(words, "--listen") or ":5678").rpartition(":")[2])
        return ((port, "TCP"),) if port else ()
    programs = r"http\.server\s+(\d+)|\bnc\b.*?-p\s*(\d+)|redis-server.*?--port\s+(\d+)|httpd\b.*?-p\s+(\d+)"
    found = re.search(programs, _text(words))
    port = _number(next(filter(None, found.groups()))) if found else 0
    protocol = "UDP" if re.search(r"\bnc\b[^;|&]*\s-[a-z]*u", _text(words)) else "TCP"
    return ((port, protocol),) if port else ()


def _command(image: str, words: list[str]) -> tuple[int | None, int, bool]:
    """How long a command that listens nowhere lasts, its exit code, and whether it ignores SIGTERM."""
    text = _text(words)
    if re.search(r"\bwhile\s+(true|:|\[)|\btail\s(?:.*\s)?(?:-\w*[fF]|--follow)\b|\bfor\s*\(\(;;|\btop\b|\bpause\b", text):
        return None, 0, True
    code = re.search(r"\bexit\s+(\d{1,3})\b", text)
    exit_code = int(code[1]) & 255 if code else 1 if text in ("false", "/bin/false") else 0
    slept = sleep_of(words)
    if slept is not None:
        return (None if slept == float("inf") else round(slept * 1_000_000) or ENDS_AT_ONCE), exit_code, True
    ends = (
        (image in ONE_SHOT and (not words or words[0] not in ("python", "python3", "node")))
        or code is not None
        or text in ("false", "/bin/false", "true", "/bin/true")
    )
    return (ENDS_AT_ONCE if ends or _is_shell(words) else None), exit_code, False


def _is_shell(words: list[str]) -> bool:
    """A shell script that neither loops nor sleeps is soon done; one that execs a program is that program."""
    return (
        len(words) > 1
        and words[0].rpartition("/")[2] in ("sh", "bash", "ash", "echo", "date", "env", "printenv", "nslookup")
        and not any("exec " in word for word in words)
    )


def _ports(text: str) -> tuple[Port, ...]:
    found: list[Port] = []
    for part in text.split(","):
        number, _, protocol = part.strip().partition("/")
        if _number(number):
            found.append((_number(number), protocol.upper() or "TCP"))
    return tuple(dict.fromkeys(found))


def _number(text: str) -> int:
    """A port number, or 0 for what is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) and int(text) < 65_536 else 0


def _text(words: list[str]) -> str:
    """A command as one line; of a very long one its beginning."""
    return " ".join(str(word) for word in words)[:LOOKED_AT]


def _flag(words: list[str], name: str) -> str:
    for index, word in enumerate(words):
        if word.startswith(name + "="):
            return word[len(name) + 1 :]
        if word == name and index + 1 < len(words):
            return words[index + 1]
    return ""
