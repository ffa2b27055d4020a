"""Manifests as people write them: each is simulated, or stored and said to be inert; none is refused, and applied again it changes nothing."""

from pathlib import Path

import pytest
from django.conf import settings

from playground.clusters import scenes
from playground.kube.actions import Apply
from playground.kube.apiserver.resources import SIMULATED
from playground.kube.explain.settling import settle
from playground.manifests.reader import read

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.yaml"))

# An init container asks for a Service that another manifest makes.
WAITING = {"init-and-probes": ["Pod default/myapp-pod: Init:0/2"]}


def inert_kinds(documents):
    listed = [inner for each in documents for inner in each.get("items", [each])]
    return sorted({each["kind"] for each in listed if each["kind"] not in SIMULATED})


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_manifest_is_taken_as_it_is_written(path):
    documents = read(path.read_text(), settings.YAML_LIMITS).values
    kube = scenes.start(scenes.find("empty"), 1)
    first = kube.submit(Apply(documents))
    assert all(line.endswith(" created") for line in first.lines)
    told = [warning for warning in first.warnings if not warning.startswith("hint: ")]
    assert sorted(warning.split()[0] for warning in told) == inert_kinds(documents)
    assert all(warning.endswith("is stored but not simulated: nothing acts on it") for warning in told)
    assert settle(kube) == WAITING.get(path.stem, [])
    again = kube.submit(Apply(documents))
    assert [line for line in again.lines if not line.endswith(" unchanged")] == []
