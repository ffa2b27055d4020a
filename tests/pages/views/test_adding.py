"""Which selector does a Service of chosen Pods get, and do the forms offer what there is?"""

import re

import pytest

from tests.pages.conftest import Visitor

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: {name}
  labels: {labels}
spec:
  containers:
    - name: main
      image: nginx
"""


@pytest.mark.parametrize("form", ["yaml", "service", "traffic", "node", "rubbish"])
def test_each_form_is_a_fragment_and_a_page(visitor: Visitor, form: str) -> None:
    assert "<html" not in visitor.fragment(f"new/?form={form}").content.decode()
    assert "<html" in visitor.get(f"new/?form={form}").content.decode()


def test_an_empty_editor_is_sent_so_that_the_server_can_say_what_is_missing(visitor: Visitor) -> None:
    """An editor stands in the textarea's place, and a browser cannot point at a hidden field that is `required`."""
    [textarea] = re.findall(r"<textarea[^>]*>", visitor.fragment("new/?form=yaml").content.decode())
    assert "aria-required" in textarea
    assert " required" not in textarea


def test_traffic_can_go_to_every_port_of_every_service(visitor: Visitor) -> None:
    said = visitor.fragment("new/?form=traffic").content.decode()
    for target in ("frontend-svc:80", "redis-master:6379", "kube-dns.kube-system:53/UDP", "kube-dns.kube-system:9153", "default/client"):
        assert target in said


def test_the_example_can_be_applied(visitor: Visitor) -> None:
    example = visitor.fragment("new/").context["example"]
    assert visitor.press("apply", yaml=example).status_code == 200


def test_pods_of_one_deployment_are_told_by_app(visitor: Visitor) -> None:
    pods = [f"default/{name}" for name in visitor.names("Pod", "frontend-")]
    said = _proposed(visitor, pods)
    assert "app=frontend" in said
    assert "pod-template-hash" not in said


def test_two_labels_where_one_is_not_enough(visitor: Visitor) -> None:
    _pods(visitor, {"one": "{app: a, tier: front}", "two": "{app: a, tier: back}", "three": "{app: b, tier: front}"})
    said = _proposed(visitor, ["default/one"])
    assert "app=a" in said
    assert "tier=front" in said


def test_pods_that_no_label_sets_apart_are_given_one_and_that_is_said(visitor: Visitor) -> None:
    pods = [f"default/{name}" for name in visitor.names("Pod", "frontend-")][:2]
    assert "gets the label" in _proposed(visitor, pods, name="two")
    assert visitor.press("expose", pods=pods, name="two", port=80).status_code == 200
    assert visitor.found("Service", "two").spec["selector"] == {"switchyard.dev/service": "two"}
    marked = [visitor.found("Pod", key.split("/")[1]).labels.get("switchyard.dev/service") for key in pods]
    assert marked == ["two", "two"]


def test_a_service_of_a_deployments_pods_selects_just_these(visitor: Visitor) -> None:
    pods = [f"default/{name}" for name in visitor.names("Pod", "redis-")]
    response = visitor.press("expose", pods=pods, name="cache", port=6380, target_port="6379")
    assert '"ref": "Service/default/cache"' in response["HX-Trigger"]
    spec = visitor.found("Service", "cache").spec
    assert (spec["ports"][0]["port"], spec["ports"][0]["targetPort"]) == (6380, 6379)
    assert spec["selector"] == {"app": "redis-master"}


def test_no_pods_and_pods_of_two_namespaces_are_explained(visitor: Visitor) -> None:
    system = visitor.names("Pod", "coredns-")[0]
    assert "at least one Pod" in _proposed(visitor, [])
    assert "own namespace" in _proposed(visitor, ["default/client", f"kube-system/{system}"])
    assert "namespace/name" in _proposed(visitor, ["client"])


def _pods(visitor: Visitor, wanted: dict[str, str]) -> None:
    text = "---\n".join(POD.format(name=name, labels=labels) for name, labels in wanted.items())
    assert visitor.press("apply", yaml=text).status_code == 200


def _proposed(visitor: Visitor, pods: list[str], name: str = "new") -> str:
    query = "&".join([f"name={name}", *(f"pods={pod}" for pod in pods)])
    return visitor.fragment(f"proposal/?{query}").content.decode()
