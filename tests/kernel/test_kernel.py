"""A real kernel, with the rules that we write, does what the simulation says. Source of the idea: Kubernetes' own witness is the kernel too.

Runs in a child process, in a user and network namespace of its own, so that it needs no root and can reach nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.kernel, pytest.mark.slow]

TOOLS = ("unshare", "ip", "iptables-restore", "iptables-save", "ip6tables-restore", "ip6tables-save")
APART = ("unshare", "--user", "--map-root-user", "--net")
PROBE = """*nat
:TRY - [0:0]
-A OUTPUT -m comment --comment "a try" -m addrtype --dst-type LOCAL -j TRY
-A TRY -m recent --name TRY --rcheck --seconds 1 --reap -j RETURN
-A TRY -p tcp -m statistic --mode random --probability 0.5 -m tcp -j DNAT --to-destination 10.0.0.1:80
-A POSTROUTING -j MASQUERADE --random-fully
COMMIT
"""


def why_not() -> str:
    """Why no lab can be built here, or ""."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"{', '.join(missing)} not installed (apt-get install iptables iproute2 util-linux)"
    script = "iptables-restore && ip link add one type veth peer name two && echo 1 > /proc/sys/net/ipv4/ip_forward"
    tried = subprocess.run([*APART, "sh", "-c", script], input=PROBE, capture_output=True, text=True, check=False)
    return tried.stderr.strip() if tried.returncode else ""


@pytest.fixture(scope="module", autouse=True)
def lab_is_possible() -> None:
    """Without a lab a visible skip; an error where CI is set, so that this witness cannot fall silent."""
    reason = why_not()
    if reason and os.environ.get("CI"):
        pytest.fail(f"no kernel lab: {reason}")
    if reason:
        pytest.skip(f"no kernel lab: {reason}")


def run(*words: str, module: str = "run") -> dict[str, Any]:
    words = (*APART, sys.executable, "-m", f"tests.kernel.{module}", *words)
    child = subprocess.run(words, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    report: dict[str, Any] = json.loads(child.stdout)
    return report


def test_every_path_of_the_table() -> None:
    report = run("table")
    assert report["disagreements"] == []
    assert report["flows"] >= 60
    assert report["connections"] > 5_000


def test_random_scenarios() -> None:
    """KERNEL_SCENARIOS says how many, KERNEL_SEED with which to begin; a disagreement names its seed."""
    count = int(os.environ.get("KERNEL_SCENARIOS", "60"))
    report = run("random", os.environ.get("KERNEL_SEED", "0"), str(count))
    assert report["disagreements"] == []
    assert report["scenarios"] == count
    assert report["flows"] > 10 * count


def test_datagrams_of_open_sockets_go_where_the_simulation_sends_them_while_nobody_deletes_their_flows() -> None:
    """As `kube/kubeproxy/test_conntrack.py` says: an unanswered flow that no rule caught meets REJECT, but never a later DNAT."""
    assert run(module="datagrams") == {
        "no Service": {"no Service": "timeout"},
        "no endpoints": {"no Service": "refused", "no endpoints": "refused"},
        "endpoint b1": {"no Service": "timeout", "no endpoints": "b1", "endpoint b1": "b1"},
        "endpoint b2": {"no Service": "timeout", "no endpoints": "b1", "endpoint b1": "b1", "endpoint b2": "b2"},
        "none again": {"no Service": "refused", "no endpoints": "b1", "endpoint b1": "b1", "endpoint b2": "b2", "none again": "refused"},
    }


def test_random_scenarios_by_ipv6() -> None:
    """The text of ip6tables too: taken by a restore, and printed back as we print it."""
    count = int(os.environ.get("KERNEL_SCENARIOS", "60"))
    report = run("ipv6", os.environ.get("KERNEL_SEED", "0"), str(count))
    assert report["disagreements"] == []
    assert report["scenarios"] == count
    assert report["flows"] > 10 * count
