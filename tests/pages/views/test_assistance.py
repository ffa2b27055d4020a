"""What is said while somebody still types?"""

import pytest

from playground.clusters import spending
from playground.clusters.rates import Buckets
from tests.pages.conftest import HTMX, Visitor

GOOD = "apiVersion: v1\nkind: Service\nmetadata:\n  name: more\nspec:\n  ports:\n    - port: 80\n"


def test_good_yaml_has_no_diagnostics(visitor: Visitor) -> None:
    assert _lint(visitor, GOOD) == []


def test_yaml_that_cannot_be_read_is_marked_where_it_breaks(visitor: Visitor) -> None:
    (found,) = _lint(visitor, "kind: Service\nmetadata: [\n")
    assert (found["severity"], found["line"]) == ("error", 2)


def test_every_wrong_field_is_marked_where_it_stands(visitor: Visitor) -> None:
    found = _lint(visitor, GOOD.replace("port: 80", "port: 99999\n    - port: 0"))
    assert {(each["path"], each["line"]) for each in found} >= {("spec.ports[0].port", 7), ("spec.ports[1].port", 8)}
    assert all(each["endColumn"] > each["column"] for each in found)


def test_each_of_several_documents_is_looked_at(visitor: Visitor) -> None:
    bad = GOOD.replace("port: 80", "port: 99999")
    assert {found["line"] for found in _lint(visitor, f"{GOOD}---\n{bad}")} == {15}


def test_an_unknown_field_is_marked_with_the_nearest_known_one(visitor: Visitor) -> None:
    (found,) = _lint(visitor, GOOD.replace("spec:", "spec:\n  selektor: {}"))
    assert (found["line"], found["path"]) == (6, "spec.selektor")
    assert '"selector"' in found["message"]


def test_what_is_not_simulated_is_noted_not_refused(visitor: Visitor) -> None:
    (found,) = _lint(visitor, "apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: few\n")
    assert (found["severity"], found["line"]) == ("info", 2)


def test_linting_changes_nothing(visitor: Visitor) -> None:
    before = visitor.hash()
    _lint(visitor, GOOD)
    assert visitor.hash() == before


def test_a_selector_names_the_pods_that_glow(visitor: Visitor) -> None:
    response = visitor.fragment("selector/?namespace=default&selector=app%3Dfrontend")
    pods = [f"default/{name}" for name in visitor.names("Pod", "frontend-")]
    assert f'data-pods="{" ".join(pods)}"' in response.content.decode()
    assert "<b>3</b> Pods of namespace default match" in response.content.decode()


def test_a_selector_without_pods_an_empty_and_a_broken_one_are_told_apart(visitor: Visitor) -> None:
    assert "<b>0</b>" in visitor.fragment("selector/?selector=app%3Dnobody").content.decode()
    assert "An empty selector" in visitor.fragment("selector/?selector=").content.decode()
    broken = visitor.fragment("selector/?selector=app")
    assert broken.status_code == 200
    assert "key=value" in broken.content.decode()


def test_labels_say_which_services_would_select_and_which_owner_would_let_go(visitor: Visitor, frontend: str) -> None:
    as_it_is = visitor.found("Pod", frontend).labels
    keep = "%2C".join(f"{key}%3D{value}" for key, value in as_it_is.items())
    kept = visitor.fragment(f"selecting/?namespace=default&name={frontend}&labels={keep}").content.decode()
    assert "frontend-svc" in kept
    assert "let it go" not in kept
    gone = visitor.fragment(f"selecting/?namespace=default&name={frontend}&labels=app%3Dquarantine").content.decode()
    assert "no Service selects it" in gone
    assert "let it go" in gone


def _lint(visitor: Visitor, text: str) -> list[dict]:
    response = visitor.client.post(f"{visitor.base}lint/", {"yaml": text}, **HTMX)
    assert response.status_code == 200
    return response.json()["diagnostics"]


@pytest.mark.parametrize("path", ["selector/?selector=app=web", "selecting/?labels=app=web", "proposal/?pods=default/client"])
def test_who_asks_too_often_while_typing_is_told_to_wait(visitor: Visitor, monkeypatch, path: str) -> None:
    monkeypatch.setitem(spending.RATES, "checks_per_minute", Buckets(1, 60))
    assert [visitor.fragment(path).status_code for _ in range(2)] == [200, 429]
    assert visitor.client.post(f"{visitor.base}lint/", {"yaml": GOOD}).status_code == 429
