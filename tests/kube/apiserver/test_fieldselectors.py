"""Which objects field selectors mean."""

from __future__ import annotations

import pytest

from playground.kube.apiserver.fieldselectors import parse
from playground.kube.errors import Refusal

POD = {"metadata": {"name": "a", "namespace": "b"}, "spec": {"nodeName": "n"}, "status": {"phase": "Running"}}
CASES = [
    ("", True), ("metadata.name=a", True), ("metadata.name==a,metadata.namespace=b", True), ("metadata.name!=a", False),
    ("status.phase!=Succeeded,status.phase!=Failed", True), ("spec.nodeName=", False), ("status.podIP=", True), ("spec.hostNetwork=false", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "matches"), CASES)
def test_all_terms_have_to_hold(text: str, matches: bool) -> None:
    assert parse(text, "Pod").matches(POD) is matches


def test_an_events_source_is_its_component() -> None:
    event = {"metadata": {"name": "e"}, "source": {"component": "kubelet"}, "involvedObject": {"name": "a"}}
    assert parse("source=kubelet,involvedObject.name=a", "Event").matches(event)


@pytest.mark.parametrize(
    ("text", "why"),
    [("spec.image=x", "field label not supported: spec.image"), ("metadata.name", "can't understand"), ("a", "invalid selector")],
)
def test_what_cannot_be_selected_by_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        parse(text, "Pod")


def test_the_one_name_that_can_match_is_known() -> None:
    assert parse("metadata.name=a", "Pod").name == "a"
    assert parse("metadata.name!=a", "Pod").name is None
