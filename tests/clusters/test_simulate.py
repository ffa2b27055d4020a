"""Does `manage.py simulate` say what becomes of requests, and why a manifest is refused?"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]

SHOP = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: frontend
spec:
  replicas: 3
  selector:
    matchLabels: {app: frontend}
  template:
    metadata:
      labels: {app: frontend}
    spec:
      containers:
      - name: frontend
        image: registry.k8s.io/e2e-test-images/agnhost:2.53
        args: [netexec, --http-port=5000, --delay-shutdown=5]
---
apiVersion: v1
kind: Service
metadata:
  name: frontend-svc
spec:
  selector: {app: frontend}
  ports:
  - port: 80
    targetPort: 5000
"""
CLIENT = """\
apiVersion: v1
kind: Pod
metadata:
  name: client
spec:
  containers:
  - name: client-container
    image: curlimages/curl
    command: [sleep, infinity]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "1-shop.yaml").write_text(SHOP)
    (tmp_path / "2-client.yml").write_text(CLIENT)
    (tmp_path / "notes.txt").write_text("not: [a manifest")
    return tmp_path


@pytest.fixture
def simulate(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*words: str, requests: int = 60, to: str = "frontend-svc:80", sender: str = "client", files: Any = None) -> str:
        out = io.StringIO()
        call_command("simulate", *(files or [str(folder)]), f"--from={sender}", f"--to={to}", f"--requests={requests}", *words, stdout=out)
        return out.getvalue()

    return run


@pytest.fixture
def refused(simulate: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What is said on standard error by a run that exits with 1."""

    def run(*words: str, **options: Any) -> str:
        with pytest.raises(SystemExit) as exit:
            simulate(*words, **options)
        assert exit.value.code == 1
        return capsys.readouterr().err

    return run


def test_requests_are_answered_by_every_pod_and_counted(simulate: Callable[..., str]) -> None:
    result = json.loads(simulate("--json"))
    assert result["outcomes"] == {"ok": 60}
    assert len(result["pods"]) == 3
    assert all(name.startswith("default/frontend-") for name in result["pods"])
    assert sum(result["pods"].values()) == sum(result["nodes"].values()) == 60
    assert set(result["nodes"]) <= {"node-a", "node-b", "node-c"}
    assert list(result["endpoints"]) == ["default/frontend-svc"]
    assert all(address.startswith("10.244.") and address.endswith(":5000") for address in result["endpoints"]["default/frontend-svc"])
    assert len(result["endpoints"]["default/frontend-svc"]) == 3
    assert result["warnings"] == []
    assert len(result["hash"]) == 64


def test_the_text_says_the_same(simulate: Callable[..., str]) -> None:
    text, result = simulate(), json.loads(simulate("--json"))
    assert text.startswith("60 requests from client to frontend-svc:80\n")
    assert "  ok  60\n" in text
    rows = dict(line.split(maxsplit=1) for line in text.splitlines() if line.startswith("  "))
    assert {name: rows[name] for name in result["pods"]} == {name: str(count) for name, count in result["pods"].items()}
    assert {name: rows[name] for name in result["nodes"]} == {name: str(count) for name, count in result["nodes"].items()}
    assert rows["default/frontend-svc"] == ", ".join(result["endpoints"]["default/frontend-svc"])
    assert result["hash"] in text
    assert "Warnings" not in text


def test_the_same_seed_gives_the_same_bytes_in_any_process(folder: Path) -> None:
    words = [
        "manage.py",
        "simulate",
        str(folder),
        "--from",
        "client",
        "--to",
        "frontend-svc:80",
        "--requests",
        "40",
        "--at",
        "0.1=delete pod frontend-...",
        "--json",
    ]
    runs = [
        subprocess.run(
            [sys.executable, *words, "--seed", seed],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": hashes},
            capture_output=True,
            text=True,
            check=True,
        )
        for seed, hashes in (("7", "1"), ("7", "2"), ("8", "1"))
    ]
    assert runs[0].stdout == runs[1].stdout
    assert json.loads(runs[0].stdout)["hash"] != json.loads(runs[2].stdout)["hash"]


def test_standard_input_is_a_manifest_too(folder: Path) -> None:
    words = ["manage.py", "simulate", "-", str(folder / "2-client.yml"), "--from=client", "--to=frontend-svc:80", "--requests=5", "--json"]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, input=SHOP, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["outcomes"] == {"ok": 5}


def test_what_is_done_on_the_way_changes_what_comes_after(simulate: Callable[..., str]) -> None:
    scaled = json.loads(simulate("--at=0.3=scale deployment/frontend --replicas=0", "--json", "--until=10", requests=1000))
    assert scaled["outcomes"]["ok"] > 30
    assert scaled["outcomes"]["refused"] > 100
    assert scaled["endpoints"] == {"default/frontend-svc": []}


def test_a_pod_that_is_killed_is_replaced(simulate: Callable[..., str]) -> None:
    result = json.loads(simulate("--at=1=delete pod frontend-...", "--json", "--until=30", requests=1500))
    assert result["outcomes"] == {"ok": 1500}
    assert len(result["pods"]) == 4
    assert len(result["endpoints"]["default/frontend-svc"]) == 3


def test_a_name_that_is_not_there_is_an_outcome(simulate: Callable[..., str]) -> None:
    assert json.loads(simulate("--json", to="nobody:80"))["outcomes"] == {"nxdomain": 60}


def test_requests_may_go_over_another_protocol_than_tcp(simulate: Callable[..., str]) -> None:
    result = json.loads(simulate("--json", to="kube-dns.kube-system:53/UDP"))
    assert result["outcomes"] == {"ok": 60}
    assert all(name.startswith("kube-system/coredns-") for name in result["pods"])


def test_a_sender_that_is_gone_sends_no_more(simulate: Callable[..., str]) -> None:
    result = json.loads(simulate("--at=0.295=delete pod client --force", "--json"))
    assert result["outcomes"] == {"ok": 30, "unsent": 30}
    assert result["warnings"][0].startswith("Warning: Immediate deletion does not wait")
    assert result["warnings"][1:] == ['30 of 60 requests were not sent: pods "client" not found']


def test_lines_of_the_workstation_are_typed_one_beside_the_other(simulate: Callable[..., str], folder: Path) -> None:
    args = "args: [netexec, --http-port=5000, --delay-shutdown=5]\n"
    (folder / "1-shop.yaml").write_text(SHOP.replace(args, args + "        livenessProbe: {tcpSocket: {port: 5000}}\n"))
    lines = [
        "label pod client a=b", "annotate svc frontend-svc note='two words'", "cordon node-c", "uncordon node-c", "drain node-c --ignore-daemonsets",
        "rollout restart deploy/frontend", "set image deployment/frontend frontend=registry.k8s.io/e2e-test-images/agnhost:2.54",
        "patch svc frontend-svc -p 'spec: {sessionAffinity: ClientIP}'", "create ns shop", "create deployment web --image=nginx -n shop --replicas=2",
        "expose deployment web -n shop --port=80", "create service clusterip plain --tcp=80:5000",
        "run other --image=nginx --port=80", "expose pod other --port 80",
        "add-node", "power-off node-b", "power-on node-b", "crash frontend-...", "fail-readiness frontend-...", "pass-liveness frontend-...",
        "reset-readiness frontend-...",
        "start-traffic client frontend-svc:80 --rate 5 --keep-alive", "stop-traffic stream-1", "send client frontend-svc:80 --count 3",
        "scale deployment/frontend --replicas=2", "delete svc/plain pod/other",
    ]  # fmt: skip
    result = json.loads(simulate(*(f"--at={second}={line}" for second, line in enumerate(lines)), "--json", "--until=60", requests=1))
    assert len(result["endpoints"]["default/frontend-svc"]) == 2
    assert len(result["endpoints"]["shop/web"]) == 2
    assert "default/plain" not in result["endpoints"]


def test_a_new_selector_takes_the_place_of_the_old_one(simulate: Callable[..., str], folder: Path) -> None:
    (folder / "3.yaml").write_text(CLIENT.replace("name: client\n", "name: other\n  labels: {role: other}\n"))
    result = json.loads(simulate("--at=0=set selector service frontend-svc role=other", "--json", "--until=3", requests=1))
    assert len(result["endpoints"]["default/frontend-svc"]) == 1


def test_what_does_not_settle_is_a_warning(simulate: Callable[..., str], folder: Path) -> None:
    (folder / "3.yaml").write_text(CLIENT.replace("client", "stuck").replace("sleep, infinity", '"false"'))
    (folder / "4.yaml").write_text(
        CLIENT.replace("name: client\n", "name: homeless\n").replace("spec:\n", "spec:\n  nodeSelector: {disk: ssd}\n")
    )
    result = json.loads(simulate("--json"))
    assert result["outcomes"] == {"ok": 60}
    assert any("Pod default/stuck: CrashLoopBackOff" in warning for warning in result["warnings"])
    assert any("Pod default/homeless: 0/3 nodes are available" in warning for warning in result["warnings"])
    assert "Warnings\n  not settled after" in simulate()


def test_an_unknown_field_is_refused_where_it_stands(refused: Callable[..., str], folder: Path) -> None:
    (folder / "1-shop.yaml").write_text(SHOP.replace("replicas: 3", "replica: 3"))
    assert f"{folder}/1-shop.yaml:6:3: Deployment frontend: " in refused()


def test_every_wrong_field_is_named_with_its_place(refused: Callable[..., str], folder: Path) -> None:
    (folder / "1-shop.yaml").write_text(SHOP.replace("port: 80", "port: 80000").replace("targetPort: 5000", "targetPort: 70000"))
    said = refused()
    assert f"{folder}/1-shop.yaml:25:5: Service frontend-svc: spec.ports[0].port: Invalid value: 80000" in said
    assert f"{folder}/1-shop.yaml:26:5: Service frontend-svc: spec.ports[0].targetPort: Invalid value: 70000" in said


def test_malformed_yaml_is_refused_in_every_file_at_once(refused: Callable[..., str], folder: Path) -> None:
    (folder / "1-shop.yaml").write_text("a: b: c\n")
    (folder / "2-client.yml").write_text("a:\n\tb: 1\n")
    said = refused()
    assert f"{folder}/1-shop.yaml:1:5: found a second colon" in said
    assert f"{folder}/2-client.yml:2:1: found a tab; expected spaces" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"files": ["nowhere.yaml"]}, 'the path "nowhere.yaml" does not exist'),
        ({"files": ["docs"]}, 'the folder "docs" holds no manifest'),
        ({"sender": "nobody"}, '--from: pods "nobody" not found in namespace default; there are: client, frontend-'),
        ({"sender": "nobody-..."}, 'pods "nobody-..." not found'),
        ({"to": "frontend-svc"}, 'target "frontend-svc": expected name:port'),
    ],
)
def test_what_cannot_be_tried_is_said(refused: Callable[..., str], options: dict[str, Any], said: str) -> None:
    assert said in refused(**options)


def test_an_action_that_is_refused_is_said(refused: Callable[..., str]) -> None:
    assert '--at 0.5: delete pod nobody: Error from server (NotFound): pods "nobody" not found' in refused("--at=0.5=delete pod nobody")


def test_bytes_that_are_no_text_are_refused(refused: Callable[..., str], folder: Path) -> None:
    (folder / "1-shop.yaml").write_bytes(b"a: 1\nb: \xff\n")
    assert "1-shop.yaml:2:1: found bytes that are not UTF-8" in refused()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("--at=soon", "expected SECONDS=LINE"),
        ("--at=soon=delete pod x", "'soon' is not a number of seconds"),
        ("--at=1=delte pod x", 'argument --at: unknown command "delte" for "kubectl"'),
        ("--until=-1", "'-1' is not a number of seconds from 0"),
        ("--until=nan", "'nan' is not a number of seconds"),
        ("--requests=0", "'0' is not a number from 1"),
    ],
)
def test_words_that_mean_nothing_are_refused_before_anything_is_done(simulate: Callable[..., str], word: str, said: str) -> None:
    with pytest.raises(CommandError) as caught:
        simulate(word)
    assert said in str(caught.value)


DUAL = SHOP.replace("  selector: {app: frontend}\n  ports:", "  ipFamilyPolicy: RequireDualStack\n  selector: {app: frontend}\n  ports:")


def test_a_dual_stack_cluster_is_asked_for_by_an_option(folder: Path, simulate: Callable[..., str], refused: Callable[..., str]) -> None:
    (folder / "1-shop.yaml").write_text(DUAL)
    assert "this cluster is not configured for dual-stack services" in refused()
    found = json.loads(simulate("--json", "--dual-stack", requests=5))
    assert found["outcomes"] == {"ok": 5}
    assert sum(each.startswith("[fd00:10:244:") for each in found["endpoints"]["default/frontend-svc"]) == 3


def test_ready_endpoints_of_a_service_without_ports_and_of_other_protocols_are_told(simulate: Callable[..., str], folder: Path) -> None:
    """Else a headless Service without ports would be said to have no endpoint, and one of TCP and UDP each of them twice."""
    service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: NAME}\nspec:\n  clusterIP: None\n  selector: {app: frontend}\n"
    ports = "  ports: [{name: t, port: 53}, {name: u, port: 53, protocol: UDP}]\n"
    (folder / "3.yaml").write_text(service.replace("NAME", "bare") + service.replace("NAME", "both") + ports)
    found = json.loads(simulate("--json", requests=1))["endpoints"]
    assert len(found["default/bare"]) == 3
    assert not any(":" in each for each in found["default/bare"])
    assert sorted(found["default/both"]) == sorted(f"{ip}:53{end}" for ip in found["default/bare"] for end in ("", "/UDP"))
