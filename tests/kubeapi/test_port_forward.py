"""Does the real kubectl forward a port, so that a program on the learner's machine reaches one Pod?"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.kubeapi.kubectl import DEPLOYMENT, SERVICE, Kubectl, config, kubectl, manage

__all__ = ["config", "kubectl", "manage"]
pytestmark = pytest.mark.slow


class Forwarded:
    """kubectl port-forward, and the port that it listens on."""

    def __init__(self, process: subprocess.Popen[str]):
        self._process = process
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("Forwarding from 127.0.0.1:"), process.stderr and process.stderr.read()
        self.url = f"http://127.0.0.1:{first.split(' -> ')[0].rpartition(':')[2]}"
        self.remote = int(first.split(" -> ")[1])

    def complaint(self) -> str:
        """What it says in the end."""
        assert self._process.stderr is not None
        return self._process.stderr.read()


@contextmanager
def forwarded(kubectl: Kubectl, to: str, port: str) -> Iterator[Forwarded]:
    with kubectl.begun("port-forward", "--address=127.0.0.1", to, f":{port}") as process:
        yield Forwarded(process)


@pytest.fixture
def web(kubectl: Kubectl) -> Kubectl:
    kubectl("apply -f -", DEPLOYMENT)
    kubectl("apply -f -", SERVICE.replace("TARGET", "80").replace("port: 80", "port: 8080"))
    kubectl("wait --for=condition=Available deployment/web --timeout=40s")
    return kubectl


def test_a_pod_answers_a_program_of_the_learners_machine(web: Kubectl) -> None:
    pod = web("get pods -o name").split()[0]
    with forwarded(web, pod, "80") as way:
        answer = httpx.get(way.url)
        assert (answer.status_code, answer.text) == (200, f"{pod.removeprefix('pod/')} (nginx:1.28)\n")
        curl = shutil.which("curl")
        if curl is not None:
            said = subprocess.run([curl, "-s", way.url], capture_output=True, text=True, check=True).stdout
            assert said == answer.text
        httpx.head(f"{way.url}/any?a=b")
    assert '"GET / HTTP/1.1" 200' in web(f"logs {pod}")
    assert '"HEAD /any?a=b HTTP/1.1" 200' in web(f"logs {pod}")
    assert web(f"logs {pod}").startswith("127.0.0.1 - - ")


def test_a_connection_is_kept_open_for_several_requests(web: Kubectl) -> None:
    with forwarded(web, "deployment/web", "80") as way, httpx.Client(base_url=way.url) as client:
        texts = {client.post("/", content=b"x" * 100_000).text for _ in range(3)} | {client.get("/any").text}
        assert len(texts) == 1
        assert client.head("/").headers["content-type"].startswith("text/plain")


def test_a_service_is_forwarded_to_one_of_its_pods_and_nothing_is_balanced(web: Kubectl) -> None:
    with forwarded(web, "service/web", "8080") as way:
        assert way.remote == 80
        assert len({httpx.get(way.url).text for _ in range(8)}) == 1


def test_a_port_where_nothing_listens_is_refused_in_the_kubelets_words(web: Kubectl) -> None:
    with forwarded(web, "deployment/web", "81") as way:
        with pytest.raises(httpx.HTTPError):
            httpx.get(way.url)
        complaint = way.complaint()
    assert "error forwarding port 81 to pod " in complaint
    assert "IPv4: dial tcp4 127.0.0.1:81: connect: connection refused" in complaint
    assert complaint.endswith("error: lost connection to pod\n")


def test_the_connection_is_lost_with_its_pod(web: Kubectl) -> None:
    pod = web("get pods -o name").split()[0]
    with forwarded(web, pod, "80") as way:
        assert httpx.get(way.url).status_code == 200
        web(f"delete {pod} --grace-period=0 --force")
        with pytest.raises(httpx.HTTPError):
            httpx.get(way.url)
        assert "error: lost connection to pod" in way.complaint()


def test_a_pod_that_does_not_run_cannot_be_forwarded_to(kubectl: Kubectl) -> None:
    kubectl('run p --image=nginx --overrides={"spec":{"nodeSelector":{"no":"where"}}}')
    assert "unable to forward port because pod is not running. Current status=Pending" in kubectl.fails("port-forward pod/p 0:80")
    assert 'pods "nobody" not found' in kubectl.fails("port-forward pod/nobody 0:80")
