"""What simulated images listen on and how they end."""

import pytest

from playground.kube.clock import SECOND
from playground.kube.kubelet.images import image_name, process_of, seconds, sleep_of


def process(image="frontend:1", annotations=None, first=True, **container):
    return process_of({"name": "c", "image": image, **container}, annotations or {}, first)


LISTENS = {
    "the annotation wins over all": (process("nginx", {"switchyard.dev/listen": "5000"}, ports=[{"containerPort": 80}]), [(5000, "TCP")]),
    "the annotation may name protocols": (process(annotations={"switchyard.dev/listen": "5000/TCP, 53/udp"}), [(5000, "TCP"), (53, "UDP")]),
    "an empty annotation means no port at all": (process("nginx", {"switchyard.dev/listen": ""}), []),
    "the annotation speaks of the first container only": (process("nginx", {"switchyard.dev/listen": "5000"}, False), [(80, "TCP")]),
    "declared ports": (process(ports=[{"containerPort": 8080}, {"containerPort": 53, "protocol": "UDP"}]), [(8080, "TCP"), (53, "UDP")]),
    "the well-known port of an image": (process("docker.io/library/redis:7@sha256:0"), [(6379, "TCP")]),
    "an official server opens its own port, whatever is declared": (process("nginx:1.29", ports=[{"containerPort": 8080}]), [(80, "TCP")]),
    "also where its registry is said": (process("docker.io/library/redis:7", ports=[{"containerPort": 6380}]), [(6379, "TCP")]),
    "one that files may configure opens what is declared": (
        process("nginx", ports=[{"containerPort": 8080}], volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d"}]),
        [(8080, "TCP")],
    ),
    "one that a variable may configure, too": (
        process("postgres", ports=[{"containerPort": 6000}], env=[{"name": "PGPORT", "value": "6000"}]),
        [(6000, "TCP")],
    ),
    "one of other people's, too": (process("bitnami/nginx:1", ports=[{"containerPort": 8080}]), [(8080, "TCP")]),
    # Else the ingress controller that most clusters run was restarted again and again by its liveness probe.
    "a port for probes that everybody's manifest leaves undeclared": (
        process("registry.k8s.io/ingress-nginx/controller:v1.13.0@sha256:dc75", ports=[{"containerPort": 80}]),
        [(80, "TCP"), (10254, "TCP")],
    ),
    "somebody else's controller": (process("example.com/controller:v1", ports=[{"containerPort": 80}]), [(80, "TCP")]),
    "a variable that the manifest writes out": (
        process("agnhost", args=["netexec", "--http-port=$(PORT)"], env=[{"name": "PORT", "value": "8123"}]),
        [(8123, "TCP"), (8081, "UDP")],
    ),
    "agnhost by its flag": (
        process("registry.k8s.io/e2e-test-images/agnhost:2.39", args=["netexec", "--http-port=9376", "--udp-port", "90"]),
        [(9376, "TCP"), (90, "UDP")],
    ),
    "agnhost without flags": (process("agnhost", args=["netexec"]), [(8080, "TCP"), (8081, "UDP")]),
    "agnhost on SCTP too": (process("agnhost", args=["netexec", "--sctp-port=9003"]), [(8080, "TCP"), (8081, "UDP"), (9003, "SCTP")]),
    "agnhost does something else": (process("agnhost", args=["porter", "--port=7000"]), [(7000, "TCP")]),
    "netcat": (process("busybox", args=["sh", "-c", "nc -lk -p 5000"]), [(5000, "TCP")]),
    "netcat on UDP": (process("busybox", args=["sh", "-c", "nc -lu -p 5000"]), [(5000, "UDP")]),
    "http-echo": (process("hashicorp/http-echo", args=["-text=hi", "-listen=:5679"]), [(5679, "TCP")]),
    "http-echo's own port": (process("hashicorp/http-echo", args=["-text=hi"]), [(5678, "TCP")]),
    "python's server": (process("python:3", command=["python", "-m", "http.server", "8000"]), [(8000, "TCP")]),
    "an unknown image": (process("example.com/what"), []),
    "a port that is none": (process("agnhost", args=["netexec", "--http-port", "9" * 5_000]), [(8080, "TCP"), (8081, "UDP")]),
    "a well-known image that runs another command": (process("nginx", command=["sleep", "5"]), []),
    "a sleep, whatever ports are declared": (process("busybox", command=["sleep", "3600"], ports=[{"containerPort": 80}]), []),
    "a shell that sleeps, whatever ports are declared": (
        process("busybox", args=["/bin/sh", "-c", "sleep 1d"], ports=[{"containerPort": 80}]),
        [],
    ),
    "a server after a sleep": (
        process("mine:1", command=["sh", "-c", "sleep 5; exec serve"], ports=[{"containerPort": 80}]),
        [(80, "TCP")],
    ),
}


@pytest.mark.parametrize("case", LISTENS)
def test_listens(case):
    """Else a learner would think that a declared containerPort opens a port, and that nginx moves to whatever is written there."""
    """Else a learner would think that an ingress controller is broken, whose probes ask at a port that it opens but does not declare."""
    made, ports = LISTENS[case]
    assert list(made.listens) == ports


LASTS = {
    "a server runs for ever": (process("nginx"), None, 0),
    "an unknown image runs for ever": (process("example.com/what"), None, 0),
    "busybox without a command is done at once": (process("busybox"), 0.1, 0),
    "sleep 3600": (process("busybox", command=["sleep", "3600"]), 3600, 0),
    "sleep infinity": (process("busybox", command=["sleep", "infinity"]), None, 0),
    "sleep in a shell, then exit": (process("busybox", command=["sh", "-c", "sleep 2m; exit 3"]), 120, 3),
    "a loop with sleeps runs for ever": (process("busybox", args=["sh", "-c", "while true; do wget -qO- web; sleep 1; done"]), None, 0),
    "tail -f runs for ever": (process("busybox", command=["tail", "-f", "/dev/null"]), None, 0),
    "tail -F runs for ever": (process("alpine", command=["sh", "-c", "tail -F /opt/logs.txt"]), None, 0),
    "tail -n+1 -f runs for ever": (process("busybox", args=["/bin/sh", "-c", "tail -n+1 -f /var/log/1.log"]), None, 0),
    "tail without following is soon done": (process("busybox", command=["sh", "-c", "tail -n 5 /f"]), 0.1, 0),
    "a script is soon done": (process("busybox", command=["sh", "-c", "echo hello"]), 0.1, 0),
    "what takes input waits for it": (process("busybox", args=["cat"], stdin=True), None, 0),
    "a sleep ends by itself, with input or without": (process("busybox", command=["sleep", "5"], stdin=True), 5, 0),
    "exit 1": (process("busybox", command=["sh", "-c", "exit 1"]), 0.1, 1),
    "false": (process("busybox", command=["false"]), 0.1, 1),
    "a program of one's own runs for ever": (process("mine:1", command=["/app/server"]), None, 0),
    "a command that listens runs for ever": (process("busybox", command=["sh", "-c", "httpd -f -p 8080"]), None, 0),
}


@pytest.mark.parametrize("case", LASTS)
def test_lasts(case):
    made, lasts, exit_code = LASTS[case]
    assert (made.lasts, made.exit_code) == (None if lasts is None else lasts * SECOND, exit_code)


ENDS = {
    "a server ends soon": (process("nginx"), False, 0),
    "sleep as process 1 ignores SIGTERM": (process("busybox", command=["sleep", "3600"]), True, 0),
    "an annotation may make it linger for ever": (process("nginx", {"switchyard.dev/shutdown-delay": "infinity"}), False, 1_000_000_000),
    "an annotation makes it linger": (process("nginx", {"switchyard.dev/shutdown-delay": "5"}), False, 5),
    "agnhost's own flag": (process("agnhost", args=["netexec", "--delay-shutdown", "10"]), False, 10),
}


@pytest.mark.parametrize("case", ENDS)
def test_ends(case):
    made, deaf, lingers = ENDS[case]
    assert (made.deaf, made.lingers) == (deaf, lingers * SECOND)


@pytest.mark.parametrize(
    ("text", "value"), [("5", 5), ("1.5s", 1.5), ("2m", 120), ("1h", 3600), ("infinity", float("inf")), ("soon", 0), ("", 0)]
)
def test_seconds(text, value):
    assert seconds(text) == value


def test_sleeps_add_up():
    assert sleep_of(["sh", "-c", "sleep 2 && sleep 3"]) == 5
    assert sleep_of(["nginx", "-s", "quit"]) is None


@pytest.mark.parametrize("image", ["redis", "redis:7", "docker.io/library/redis:7.2", "localhost:5000/redis", "redis@sha256:abc"])
def test_image_names(image):
    assert image_name(image) == "redis"
