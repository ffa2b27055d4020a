"""Does the context's namespace hold for what is typed after it?  What is said is compared with the real kubectl, in the table."""

from __future__ import annotations

from tests.terminal.world import World

SET = "kubectl config set-context --current --namespace=kube-system"


def test_the_namespace_of_the_context_is_where_the_next_command_looks(world: World) -> None:
    said = world.run_on_workstation(f"{SET}; kubectl get deployments -o name")
    assert said.out == 'Context "switchyard" modified.\ndeployment.apps/coredns\n'


def test_a_namespace_that_is_named_goes_before_that_of_the_context(world: World) -> None:
    assert "service/web" in world.run_on_workstation(f"{SET}; kubectl get services -n default -o name").out


def test_the_file_of_the_context_can_be_read(world: World) -> None:
    said = world.run_on_workstation(f"{SET}; grep namespace .kube/config; kubectl config view --minify -o jsonpath='{{..namespace}}'")
    assert said.out.endswith("    namespace: kube-system\nkube-system")


def test_a_context_that_is_not_there_is_refused(world: World) -> None:
    assert world.run_on_workstation("kubectl config use-context nope").err == 'error: no context exists with the name: "nope"\n'


def test_a_user_of_a_binding_is_no_user_of_the_kubeconfig(world: World) -> None:
    assert (
        world.run_on_workstation("kubectl create rolebinding b --role=r --user=anna").out
        == "rolebinding.rbac.authorization.k8s.io/b created\n"
    )
