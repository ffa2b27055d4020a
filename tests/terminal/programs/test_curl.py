"""What does curl print, with which code does it end, and how long does it take?

The texts are those of curl 8.16 to 8.18 (verbose as of 8.16, "Could not connect to server" as of 8.12).
"""

from __future__ import annotations

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from tests.terminal.world import API, DB, EMPTY, LOCAL, UNUSED, WEB, World, pod, shared

ANSWER = "web-0 (registry.k8s.io/e2e-test-images/agnhost:2.53)\n"

# What is typed: what is printed, what is complained of, the exit code, and the seconds that pass.
CASES: dict[str, tuple[str, str, int, float]] = {
    "curl -s web": (ANSWER, "", 0, 0),
    "curl -s http://web.default:80/path?q=1": (ANSWER, "", 0, 0),
    f"curl -s {WEB}": (ANSWER, "", 0, 0),
    "curl -s peers:8080": (ANSWER, "", 0, 0),
    "curl -s web web": (ANSWER * 2, "", 0, 0),
    "curl -s -o /dev/null -w '%{http_code} %{remote_ip}:%{remote_port} %{size_download}%%\\n' web": (f"200 {WEB}:80 53%\n", "", 0, 0),
    "curl -sIo /dev/null -w '%{method} %{size_download}' web": ("HEAD 0", "", 0, 0),
    "curl -so /dev/null -w '%{method} %{size_download}' -d a=b web": ("POST 53", "", 0, 0),
    "curl -so /tmp/x web; cat /tmp/x": (ANSWER, "", 0, 0),
    "curl -sS nowhere": ("", "curl: (6) Could not resolve host: nowhere\n", 6, 0),
    "curl -sS 'http://[fd00]/'": ("", "curl: (3) URL rejected: Bad IPv6 address\n", 3, 0),
    "curl -sS -6 web": ("", "curl: (6) Could not resolve host: web\n", 6, 0),
    "curl -s -4 web": (ANSWER, "", 0, 0),
    "curl -sS 'a b'": ("", "curl: (3) URL rejected: Malformed input to a URL function\n", 3, 0),
    "curl -s nowhere; echo $?": ("6\n", "", 0, 0),
    f"curl -sS {EMPTY}": ("", f"curl: (7) Failed to connect to {EMPTY} port 80 after 0 ms: Could not connect to server\n", 7, 0),
    "curl -sS empty": ("", "curl: (7) Failed to connect to empty port 80 after 0 ms: Could not connect to server\n", 7, 0),
    "curl -sS localhost:9": ("", "curl: (7) Failed to connect to localhost port 9 after 0 ms: Could not connect to server\n", 7, 0),
    "curl -sS http://[2001:db8::5]": ("", "curl: (7) Failed to connect to 2001:db8::5 port 80 after 0 ms: Could not connect to server\n", 7, 0),
    "curl -sS -m 2 8.8.8.8": ("", "curl: (28) Connection timed out after 2001 milliseconds\n", 28, 2),
    "curl -sS -m 2 local": ("", "curl: (28) Connection timed out after 2001 milliseconds\n", 28, 2),
    f"curl -sS --connect-timeout 1.5 {LOCAL}": ("", "curl: (28) Connection timed out after 1501 milliseconds\n", 28, 1.5),
    "curl -sS -m 9 --connect-timeout=3 local": ("", "curl: (28) Connection timed out after 3001 milliseconds\n", 28, 3),
    f"curl -sS {UNUSED}": ("", f"curl: (28) Failed to connect to {UNUSED} port 80 after 133700 ms: Could not connect to server\n", 28, 133.7),
    "curl -sS -w '%{http_code} %{exitcode} %{errormsg}\\n' nowhere": (
        "000 6 Could not resolve host: nowhere\n",
        "curl: (6) Could not resolve host: nowhere\n",
        6,
        0,
    ),
    f"curl -sS {DB}:6379": ("", "curl: (52) Empty reply from server\n", 52, 0),
    f"curl -sSkf https://{API}": ("", "curl: (22) The requested URL returned error: 403\n", 22, 0),
    f"curl -sk https://{API}/healthz": ("ok", "", 0, 0),
    f"curl -s http://{API}:443": ("Client sent an HTTP request to an HTTPS server.\n", "", 0, 0),
    "curl -sS https://web:80": (
        "",
        "curl: (35) TLS connect error: error:0A00010B:SSL routines::wrong version number\n",
        35,
        0,
    ),
    "curl -sS ftp://web": ("", 'curl: (1) Protocol "ftp" not supported\n', 1, 0),
    "curl -s -o /etc/x web; echo $?": ("23\n", "", 0, 0),
    "curl": ("", "curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n", 2, 0),
    "curl --what web": ("", "curl: option --what: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n", 2, 0),
    "curl -m": ("", "curl: option -m: requires parameter\ncurl: try 'curl --help' or 'curl --manual' for more information\n", 2, 0),
    "curl --version | cut -d' ' -f1,2": ("curl 8.16.0\n", "", 0, 0),
}  # fmt: skip


@pytest.mark.parametrize(("script", "said"), CASES.items())
def test_curl(script: str, said: tuple[str, str, int, float]) -> None:
    """Else a learner would think that `curl -6` falls back to IPv4 where a Service has no other family."""
    world = shared()
    before = world.seconds
    finished = world.sh(script)
    assert (finished.out, finished.err, finished.code) == said[:3]
    assert world.seconds - before == pytest.approx(said[3])


def test_verbose_tells_each_step(world: World) -> None:
    finished = world.sh("curl -sv web")
    assert finished.out == ANSWER
    assert finished.err == (
        f"* Host web:80 was resolved.\n* IPv6: (none)\n* IPv4: {WEB}\n*   Trying {WEB}:80...\n"
        f"* Established connection to web ({WEB} port 80) from {world.ip('client')} port 40000 \n* using HTTP/1.x\n"
        "> GET / HTTP/1.1\n> Host: web\n> User-Agent: curl/8.16.0\n> Accept: */*\n> \n* Request completely sent off\n"
        "< HTTP/1.1 200 OK\n< Date: Tue, 14 Nov 2023 22:13:50 GMT\n< Content-Type: text/plain; charset=utf-8\n< Content-Length: 53\n< \n"
        "{ [53 bytes data]\n* Connection #0 to host web:80 left intact\n"
    )


def test_verbose_tells_why_there_is_no_connection(world: World) -> None:
    """Else a learner would think that a refused request came from 0.0.0.0, and not from the Pod's own address."""
    assert world.sh(f"curl -sv {EMPTY}").err == (
        f"*   Trying {EMPTY}:80...\n* connect to {EMPTY} port 80 from {world.ip('client')} port 40000 failed: Connection refused\n"
        f"* Failed to connect to {EMPTY} port 80 after 0 ms: Could not connect to server\n* closing connection #0\n"
    )


def test_head_shows_the_headers_alone(world: World) -> None:
    assert world.sh("curl -sI web").out == (
        "HTTP/1.1 200 OK\r\nDate: Tue, 14 Nov 2023 22:13:50 GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 53\r\n\r\n"
    )


def test_without_a_terminal_the_progress_meter_is_on_standard_error(world: World) -> None:
    finished = world.run("client", "curl", "web")
    assert finished.out == ANSWER
    assert finished.err.startswith("  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n")
    assert world.run("client", "curl", "-s", "web").err == ""


def test_a_name_of_etc_hosts_needs_no_dns(world: World) -> None:
    assert world.sh("curl -sS client:9").err.startswith("curl: (7) Failed to connect to client port 9")


def test_balanced_requests_can_be_counted(world: World) -> None:
    world.kube.submit(
        actions.Apply([pod("web-1", "registry.k8s.io/e2e-test-images/agnhost:2.53", {"app": "web"}, args=["netexec", "--http-port=8080"])])
    )
    world.kube.advance(world.kube.now + 10 * SECOND)
    rows = world.sh("for i in $(seq 20); do curl -s web; done | cut -d' ' -f1 | sort | uniq -c").out.split()
    assert sorted(rows[1::2]) == ["web-0", "web-1"]
    assert sum(map(int, rows[::2])) == 20


@pytest.mark.parametrize(("pod_name", "seconds"), [("alpine", 5.0), ("deb", 0.0)])
def test_without_coredns_a_name_cannot_be_resolved(world: World, pod_name: str, seconds: float) -> None:
    """glibc hears that the packet was rejected; musl waits for its five seconds."""
    world.kube.submit(actions.Scale("Deployment", "coredns", 0, "kube-system"))
    world.kube.advance(world.kube.now + 60 * SECOND)
    before = world.seconds
    finished = world.sh("curl -sS web", pod_name)
    assert (finished.err, finished.code) == ("curl: (6) Could not resolve host: web\n", 6)
    assert world.seconds - before == pytest.approx(seconds)


def test_max_time_bounds_the_resolving_too(world: World) -> None:
    world.kube.submit(actions.Scale("Deployment", "coredns", 0, "kube-system"))
    world.kube.advance(world.kube.now + 60 * SECOND)
    finished = world.sh("curl -sS -m 1 web", "alpine")
    assert (finished.err, finished.code) == ("curl: (28) Resolving timed out after 1000 milliseconds\n", 28)


def hang(world: World, name: str, namespace: str = "default") -> None:
    world.kube.submit(actions.Hang(name, namespace))


def test_a_hanging_server_takes_the_connection_and_says_nothing(world: World) -> None:
    hang(world, "web-0")
    finished = world.sh("curl -sS -m 3 web")
    assert (finished.err, finished.code) == ("curl: (28) Operation timed out after 3001 milliseconds with 0 bytes received\n", 28)
    assert world.seconds == pytest.approx(3)
    assert world.sh("nc -zv web 80", "box").code == 0
    assert world.sh("wget -qO- -T 2 web", "box").err == "wget: download timed out\n"


@pytest.mark.parametrize(
    ("pod_name", "typed", "said", "seconds"),
    [
        ("deb", "curl -sS web", "curl: (6) Could not resolve host: web\n", 10),
        ("client", "curl -sS web", "curl: (6) Could not resolve host: web\n", 5),
        ("client", "curl -sS -m 4 web", "curl: (28) Resolving timed out after 4000 milliseconds\n", 4),
    ],
)
def test_a_hanging_name_server_is_waited_for_as_glibc_and_musl_do(
    world: World, pod_name: str, typed: str, said: str, seconds: float
) -> None:
    for pod_of_dns in world.kube.store.list("Pod", "kube-system"):
        hang(world, pod_of_dns.name, "kube-system")
    assert world.sh(typed, pod_name).err == said
    assert world.seconds == pytest.approx(seconds)


@pytest.mark.parametrize("to", ["db:6379", "web:80", "empty:80", "172.17.0.99:80"])
def test_the_card_of_a_request_says_what_the_terminal_said(world: World, to: str) -> None:
    done = world.sh(f"curl -sS -m 2 {to}")
    (request,) = world.kube.network.recent(1)
    said = (done.out + done.err).strip()
    prints = world.kube.network.explain(request)[-1].detail["prints"]
    assert prints.split(" ms")[0][:20] == said.split(" ms")[0][:20]


ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
MORE = (
    "\nMore details here: https://curl.se/docs/sslcerts.html\n\n"
    "curl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about"
    " this situation and\nhow to fix it, please visit the webpage mentioned above.\n"
)
TRUSTS = {
    "nobody": ("https://kubernetes/healthz", "", "curl: (60) SSL certificate problem: unable to get local issuer certificate" + MORE, 60),
    "nobody, and does not mind": ("-k https://kubernetes/healthz", "ok", "", 0),
    "the cluster": (f"--cacert {ACCOUNT}/ca.crt https://kubernetes.default.svc/healthz", "ok", "", 0),
    "the cluster, by its address": (f"--cacert {ACCOUNT}/ca.crt https://{API}/healthz", "ok", "", 0),
    "somebody else": (
        "--cacert /etc/hosts https://kubernetes/healthz",
        "",
        "curl: (60) SSL certificate problem: unable to get local issuer certificate" + MORE,
        60,
    ),
    "a file that is not there": (
        "--cacert /nope https://kubernetes/healthz",
        "",
        "curl: (77) error adding trust anchors from file: /nope\n",
        77,
    ),
}


@pytest.mark.parametrize(("words", "out", "err", "code"), TRUSTS.values(), ids=TRUSTS)
def test_whom_curl_trusts(words: str, out: str, err: str, code: int) -> None:
    """Else a learner would think that a program in a Pod needs nothing to trust the API server."""
    finished = shared().sh(f"curl -sS {words}")
    assert (finished.out, finished.err, finished.code) == (out, err, code)


def test_a_name_that_the_certificate_does_not_stand_for_is_refused(world: World) -> None:
    world.kube.submit(actions.Apply([{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "alias"}, "spec": ALIAS}]))
    finished = world.sh(f"curl -sS --cacert {ACCOUNT}/ca.crt https://alias/healthz")
    assert finished.err == "curl: (60) SSL: no alternative certificate subject name matches target hostname 'alias'" + MORE


ALIAS = {"type": "ExternalName", "externalName": "kubernetes.default.svc.cluster.local"}
TOKEN = f"T=$(cat {ACCOUNT}/token); curl -sk"


def test_the_token_of_its_account_says_who_a_program_is() -> None:
    """Else a learner would think that every request from a Pod is unauthorized."""
    script = f'{TOKEN} -H "Authorization: Bearer $T" https://kubernetes/api/v1/namespaces/default/pods'
    where = r"list resource \"pods\" in API group \"\" in the namespace \"default\""
    assert f'"message": "pods is forbidden: User \\"system:serviceaccount:default:default\\" cannot {where}"' in shared().sh(script).out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('-H "Accept: application/json" -H "Authorization: Bearer $T"', 200),
        ("--oauth2-bearer $T", 200),
        ("", 403),
        ('-H "Authorization: Bearer x$T"', 401),
        ('-H "Authorization: Basic $T"', 403),
    ],
)
def test_how_a_token_is_given(words: str, code: int) -> None:
    assert shared().sh(f"{TOKEN} -o /dev/null -w '%{{http_code}} %{{http_version}}' {words} https://kubernetes/api").out == f"{code} 2"


def test_over_tls_the_answer_is_of_http_2() -> None:
    assert (
        shared()
        .sh("curl -sik https://kubernetes/healthz")
        .out.replace("\r", "")
        .startswith("HTTP/2 200 \ncache-control: no-cache, private\n")
    )


def test_where_the_token_is_not_mounted_there_is_no_directory(world: World) -> None:
    """Else a learner would look for a token that `automountServiceAccountToken: false` keeps away."""
    bare = pod("bare", "curlimages/curl:8.16.0", command=["sleep", "infinity"])
    bare["spec"]["automountServiceAccountToken"] = False
    world.kube.submit(actions.Apply([bare]))
    world.kube.advance(world.kube.now + 5 * SECOND)
    assert world.sh(f"ls {ACCOUNT}", "bare").code != 0
