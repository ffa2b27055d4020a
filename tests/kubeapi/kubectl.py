"""How do tests run the real kubectl?  With a home and a kubeconfig of its own, against a real server; each test has its own namespace."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
KUBECTL = Path(sys.executable).parent / "kubectl"
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: TARGET}]
"""
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: nginx, image: "nginx:1.28"}]
"""
_namespaces = itertools.count()


class Kubectl:
    """Runs kubectl with a home and a kubeconfig of its own, in one namespace."""

    def __init__(self, folder: Path, config: str, namespace: str = "default"):
        self.folder = folder
        self.namespace = namespace
        (folder / "config").write_text(config)

    def run(self, *words: str, text: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        environment, command = self._environment(variables), self._command(words)
        return subprocess.run(command, env=environment, input=text, capture_output=True, text=True, timeout=60, check=False)

    @contextmanager
    def begun(self, *words: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
        """A command that goes on, killed in the end."""
        pipe = subprocess.PIPE
        environment, command = self._environment(variables), self._command(words)
        with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True, bufsize=1) as process:
            try:
                yield process
            finally:
                process.kill()

    def __call__(self, line: str, text: str = "", **variables: str) -> str:
        """What a command that succeeds prints."""
        done = self.run(*line.split(), text=text, **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fails(self, line: str, text: str = "") -> str:
        """What a command that fails complains of."""
        done = self.run(*line.split(), text=text)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def warned(self, line: str, text: str = "") -> list[str]:
        """What a command that succeeds warns of."""
        done = self.run(*line.split(), text=text)
        assert done.returncode == 0, done.stderr
        return [told.removeprefix("Warning: ") for told in done.stderr.splitlines() if told.startswith("Warning: ")]

    def _environment(self, variables: dict[str, str]) -> dict[str, str]:
        return {**os.environ, "HOME": str(self.folder), "KUBECONFIG": str(self.folder / "config"), **variables}

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [str(KUBECTL), "--namespace", self.namespace, *words]


@pytest.fixture(scope="module")
def manage(server: Any) -> Callable[..., str]:
    def run(*words: str) -> str:
        environment = {**os.environ, **server.variables, "PORT": str(server.port)}
        return subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    return run


@pytest.fixture(scope="module")
def config(manage: Callable[..., str]) -> str:
    return manage("kubeconfig", "--new")


@pytest.fixture
def kubectl(tmp_path: Path, config: str) -> Kubectl:
    made = Kubectl(tmp_path, config, f"test-{next(_namespaces)}")
    made("create namespace " + made.namespace)
    return made
