"""Where can a learner be, and what goes on there?"""

from __future__ import annotations

import pytest

from playground.kube import actions
from playground.kube.errors import Refusal
from playground.terminal.console import helping, places
from playground.terminal.console.completion import complete
from playground.terminal.programs import machines
from playground.terminal.sessions import NoProgram, Wrote, start_on
from playground.terminal.sessions.direct import Direct, Finished, run
from playground.terminal.workstation.yard import COMMANDS
from tests.terminal.world import WEB, World


def typed(world: World, place: str, *lines: str) -> str:
    """What a terminal there shows after these lines."""
    session = places.begin(world.kube, place)
    shown, left = "", list(lines)
    while True:
        step = session.step(Direct(world.kube))
        if isinstance(step, Wrote):
            shown += step.text
        elif left:
            session.feed(f"{left.pop(0)}\r")
        else:
            break
    return shown.replace("\r", "")


def on_node(world: World, script: str) -> Finished:
    return run(start_on(machines.node(world.kube, "node-a"), ["sh", "-c", script]), world.kube)


def on_workstation(world: World, script: str) -> Finished:
    return run(start_on(machines.workstation(world.kube), ["sh", "-c", script]), world.kube)


# --- where


def test_a_shell_of_a_pod_asks_with_the_prompt_of_its_image(world: World) -> None:
    assert typed(world, "pod/default/box/main", "echo hi").startswith("/ # echo hi\nhi\n/ # ")


def test_a_node_greets_as_root_and_the_workstation_as_anybody(world: World) -> None:
    assert typed(world, "node/node-a", "hostname").startswith("root@node-a:/# hostname\nnode-a\n")
    assert typed(world, "workstation", "id").startswith("$ id\nuid=1000")


def test_an_image_without_a_shell_opens_none(world: World) -> None:
    with pytest.raises(NoProgram, match='exec: "sh": executable file not found'):
        places.begin(world.kube, "pod/default/none/main")


@pytest.mark.parametrize("place", ["", "moon", "node/node-z", "pod/default", "pod/default/nobody/main", "pod/default/box/other", "node"])
def test_where_nothing_is_nothing_begins(world: World, place: str) -> None:
    with pytest.raises(Refusal):
        places.begin(world.kube, place)


def test_a_node_without_power_is_not_reached_and_who_is_there_is_thrown_out(world: World) -> None:
    session = start_on(machines.node(world.kube, "node-b"), ["sleep", "1000"])
    world.kube.submit(actions.PowerOff("node-b"))
    assert run(session, world.kube).code == 137
    with pytest.raises(Refusal, match="No route to host"):
        places.begin(world.kube, "node/node-b")


# --- what machines can do


def test_a_node_reaches_services_and_knows_no_name_of_the_cluster(world: World) -> None:
    assert on_node(world, f"curl -s {WEB}").out.startswith("NOW: ") or on_node(world, f"curl -s {WEB}").code == 0
    assert "Could not resolve host: web" in on_node(world, "curl web").err


def test_a_request_from_a_node_is_one_of_the_nodes(world: World) -> None:
    on_node(world, f"curl -s {WEB}")
    assert world.kube.network.recent(1)[0].source.key == "node:node-a"


def test_a_workstation_is_outside(world: World) -> None:
    on_workstation(world, "curl -s -m 1 172.17.0.50")
    assert world.kube.network.recent(1)[0].source.key.startswith("outside:")


def test_iptables_save_prints_what_the_node_holds(world: World) -> None:
    held = world.kube.proxies.iptables("node-a", "IPv4")
    assert held is not None
    assert on_node(world, "iptables-save").out == held.save()
    nat = on_node(world, "iptables-save -t nat").out
    assert nat.startswith("*nat\n")
    assert "*filter" not in nat
    assert nat.endswith("COMMIT\n")


def test_iptables_save_knows_no_other_table(world: World) -> None:
    assert "Table does not exist" in on_node(world, "iptables-save -t magic").err


# --- changing the cluster


def test_kubectls_writing_verbs_act_and_say_what_was_done(world: World) -> None:
    done = on_workstation(world, "kubectl delete pod box")
    assert (done.code, done.out) == (0, 'pod "box" deleted from default namespace\n')
    assert world.kube.store.get("Pod", "default", "box") is None  # it waits until it is gone


def test_what_kubectl_prints_goes_through_pipes(world: World) -> None:
    done = on_workstation(world, "kubectl get pods -A -o name | grep box")
    assert (done.code, done.out) == (0, "pod/box\n")


def test_kubectl_runs_a_program_in_a_container_and_its_packets_leave_from_there(world: World) -> None:
    done = on_workstation(
        world, "kubectl exec box -- hostname -i | cut -d. -f1; kubectl exec box -- wget -qO- http://10.244.9.9 2>&1 | head -1"
    )
    assert done.out.startswith("10\n")
    assert {request.sender for request in world.kube.network.recent(5)} == {"default/box"}


def test_kubectl_exec_ends_with_the_code_of_its_program(world: World) -> None:
    assert on_workstation(world, "kubectl exec box -- false").code == 1
    assert on_workstation(world, "kubectl exec box -- nosuch").err.endswith("executable file not found in $PATH: unknown\n")


def test_a_refusal_is_in_the_api_servers_words(world: World) -> None:
    done = on_workstation(world, "kubectl delete pod nobody")
    assert (done.code, done.err) == (1, 'Error from server (NotFound): pods "nobody" not found\n')


def test_words_that_kubectl_does_not_know_are_refused(world: World) -> None:
    assert "replicas" in on_workstation(world, "kubectl scale deployment web").err


def test_the_playgrounds_own_words_have_a_program_of_their_own(world: World) -> None:
    assert on_workstation(world, "switchyard power-off node-b").code == 0
    assert not world.kube.kubelet.powered("node-b")
    assert on_workstation(world, "kubectl power-off node-b").code == 1


def test_the_playgrounds_own_words_say_what_each_of_them_takes(world: World) -> None:
    told = on_workstation(world, "switchyard help")
    assert told.code == 0
    assert "  stop-proxy NODE " in told.out
    assert len(told.out.splitlines()) == len(COMMANDS) + 2
    assert "switchyard help says more" in on_workstation(world, "switchyard").err


def test_the_playgrounds_own_words_know_a_pod_by_the_beginning_of_its_name(world: World) -> None:
    assert on_workstation(world, "switchyard crash bo...").out.startswith("pod/box")
    assert 'pods "nobody-..." not found' in on_workstation(world, "switchyard crash nobody-...").err


# --- completion


@pytest.mark.parametrize(
    ("place", "line", "words"),
    [
        ("workstation", "kubec", ["kubectl"]),
        ("workstation", "kubectl sca", ["scale"]),
        ("workstation", "kubectl rollout und", ["undo"]),
        ("workstation", "kubectl delete serv", ["services", "serviceaccounts", "servicecidrs", "service", "serviceaccount", "servicecidr"]),
        ("workstation", "kubectl delete svc em", ["empty"]),
        ("workstation", "kubectl delete svc/em", ["svc/empty"]),
        ("workstation", "kubectl delete pod box -n kube-s", ["kube-system"]),
        ("workstation", "kubectl -n kube-system delete pod b", []),
        ("workstation", "kubectl cordon node-", ["node-a", "node-b"]),
        ("workstation", "kubectl get pods --all-n", ["--all-namespaces"]),
        ("workstation", "kubectl get pods --output=y", ["--output=yaml"]),
        ("workstation", "kubectl get pods -o w", ["wide"]),
        ("workstation", "kubectl get svc,endpointsl", ["svc,endpointslices", "svc,endpointslice"]),
        ("workstation", "kubectl get -n kube-s", ["kube-system"]),
        ("workstation", "kubectl create service no", ["nodeport"]),
        ("workstation", "kubectl create svc no", ["nodeport"]),
        ("workstation", "kubectl explain svc.spec.sess", ["svc.spec.sessionAffinity", "svc.spec.sessionAffinityConfig"]),
        ("workstation", "kubectl explain pod.spec.containers.readinessProbe.ht", ["pod.spec.containers.readinessProbe.httpGet"]),
        ("workstation", "switchyard power-off node-", ["node-a", "node-b"]),
        ("pod/default/client/main", "cur", ["curl"]),
        ("pod/default/client/main", "kubect", []),
        ("pod/default/client/main", "while true; do curl -s loc", ["local:80"]),
        ("pod/default/client/main", "nslookup loc", ["local"]),
        ("node/node-a", "ip6", ["ip6tables-save"]),
        ("pod/default/nobody", "cur", []),
    ],
)
def test_a_word_is_completed_from_the_cluster(world: World, place: str, line: str, words: list[str]) -> None:
    found = complete(world.kube, place, line)
    assert list(found.words) == words
    assert all(word.startswith(line[found.start :]) for word in words)


# --- help


def test_help_names_programs_and_lines_that_work_here(world: World) -> None:
    said = helping.text(world.kube, "pod/default/client/main")
    assert "container main of the Pod client" in said
    there = places.container(world.kube, "pod/default/client/main")
    for line in helping.examples(world.kube, there):
        assert f"  {line}\n" in said
        if not line.startswith("while"):
            assert world.sh(line).code not in (126, 127), line


@pytest.mark.parametrize("place", ["workstation", "node/node-a"])
def test_the_examples_of_a_machine_are_not_refused(world: World, place: str) -> None:
    there = places.container(world.kube, place)
    lines = helping.examples(world.kube, there)
    assert lines
    for line in lines:
        assert run(start_on(there, ["sh", "-c", line]), world.kube).code not in (1, 126, 127), line


def test_help_where_nothing_runs_says_so(world: World) -> None:
    assert 'pods "nobody" not found' in helping.text(world.kube, "pod/default/nobody")
