"""Does every refusal keep the API server's words, all its causes, and their places?"""

import pytest

from playground.kube.errors import Cause, Refusal, already_exists, conflict, forbidden, invalid, not_found, over_limit
from playground.manifests import reader
from playground.manifests.errors import BadYAML
from playground.pages import problems

TEXT = """\
kind: Service
metadata:
  name: web
---
kind: Service
metadata:
  name: shop
spec:
  ports:
    - port: 99999
"""
STATUSES = {
    "an invalid object": (invalid("Service", "web", (Cause("spec", "FieldValueRequired", "Required value"),)), 422),
    "a name that is taken": (already_exists("services", "web"), 409),
    "an object that was changed meanwhile": (conflict("services", "web", "the object has been modified"), 409),
    "an object that is not there": (not_found("pods", "web"), 404),
    "something forbidden": (forbidden("namespaces", "default", "it may not be deleted"), 422),
    "a limit": (over_limit("501 Pods are too many"), 422),
    "too fast": (Refusal(429, "TooManyRequests", "too fast"), 429),
    "the server cannot": (Refusal(503, "ServiceUnavailable", "later"), 503),
    "a code that is nobody's": (Refusal(418, "Teapot", "no"), 422),
}


@pytest.mark.parametrize(("refusal", "status"), STATUSES.values(), ids=STATUSES)
def test_status(refusal: Refusal, status: int) -> None:
    problem = problems.of_refusal(refusal)
    assert problem.status == status
    assert problem.title.startswith(f"Error from server ({refusal.reason})")


def test_all_causes_are_listed_with_their_places_in_the_document_that_was_refused() -> None:
    causes = (
        Cause("spec.ports[0].port", "FieldValueInvalid", "Invalid value: 99999"),
        Cause("metadata.labels", "FieldValueInvalid", "Invalid value"),
    )
    refusal = invalid("Service", "shop", causes)
    refusal.document = 1
    problem = problems.of_refusal(refusal, reader.read(TEXT).documents)
    assert problem.title == 'Error from server (Invalid): Service "shop" is invalid'
    assert [(each.field, each.line, each.column) for each in problem.complaints] == [
        ("spec.ports[0].port", 10, 7),
        ("metadata.labels", 6, 1),
    ]


def test_a_cause_without_a_field_has_no_place() -> None:
    problem = problems.of_refusal(Refusal(400, "BadRequest", "no", (Cause("", "BadRequest", "no"),)), reader.read(TEXT).documents)
    assert problem.complaints[0].line is None


def test_a_conflict_of_edited_yaml_says_how_to_go_on() -> None:
    problem = problems.of_refusal(conflict("services", "web", "modified"), reader.read(TEXT).documents)
    assert "resourceVersion" in problem.advice


def test_yaml_that_cannot_be_read_says_where() -> None:
    problem = problems.of_yaml(BadYAML(3, 7, "a tab", "spaces"))
    assert (problem.status, problem.complaints[0].line, problem.complaints[0].column) == (422, 3, 7)


def test_yaml_beyond_a_limit_names_the_limit_what_was_asked_and_what_is_allowed() -> None:
    problem = problems.of_yaml(BadYAML(1, 1, "a text of 70,000 bytes", "at most 65,536 bytes", "bytes"))
    assert problem.status == 413
    assert '"bytes"' in problem.title
    assert "70,000" in problem.title
    assert "65,536" in problem.title
