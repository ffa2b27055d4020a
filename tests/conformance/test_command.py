"""`manage.py conformance FILE...`: differences, counts, and files that are none."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from playground.conformance.registry import SUITES

CLUSTER = {
    "namespaces": ["shop"],
    "services": [
        {"name": "web", "namespace": "shop", "type": "ClusterIP", "clusterIPs": ["10.96.1.1"], "ports": [{"name": "http", "port": 80}]}
    ],
}
RECORD = {"name": "web.shop.svc.cluster.local.", "ttl": 5, "type": "A", "address": "10.96.1.1"}
CASE = {"id": "a-vip", "cluster": CLUSTER, "qname": RECORD["name"], "qtype": "A", "rcode": "NOERROR", "answers": [RECORD]}
PODS = {"count": 250, "name": "pod{i}", "nodeName": "n", "ip": "a distinct one", "ready": "i % 3 != 0", "terminating": False}
SLICES = {
    "id": "sizes",
    "group": "reconcile",
    "service": {
        "name": "web",
        "ports": [{"name": "http", "port": 80, "targetPort": 80}],
        "selector": {"app": "web"},
        "ipFamilies": ["IPv4"],
    },
    "pods_generate": {**PODS, "labels": {"app": "web"}},
    "nodes": [{"name": "n"}],
    "expected": {"slice_lengths": [50, 100, 100], "actions": ["create"] * 3},
}
FILES = {
    "dns": {"suite": "dns", "spec": [CASE]},
    "dns-real": {"suite": "dns-real", "cases": [{**CASE, "extra": [], "ns": []}], "about": {}},
    "envvars": {"suite": "envvars", "name_mangling": {"cases": [{"in": "a-b", "out": "A_B"}]}},
    "endpointslices": {"suite": "endpointslices", "cases": [SLICES]},
}


def conformance(capsys, tmp_path, *values):
    """What is printed, what is complained of, and the exit code."""
    files = []
    for number, value in enumerate(values):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(value if isinstance(value, str) else json.dumps(value))
    code = 0
    try:
        call_command("conformance", *map(str, files))
    except SystemExit as ended:
        code = ended.code
    out, err = capsys.readouterr()
    return out.splitlines(), err, code


@pytest.mark.parametrize("suite", FILES)
def test_a_file_of_each_suite(capsys, tmp_path, suite):
    assert conformance(capsys, tmp_path, FILES[suite]) == (["1 passed, 0 failed"], "", 0)


def test_a_difference_is_printed_and_fails(capsys, tmp_path):
    wrong = {**CASE, "answers": [{**RECORD, "address": "10.96.1.2"}]}
    out, _, code = conformance(capsys, tmp_path, {"suite": "dns", "spec": [CASE, wrong]}, FILES["envvars"])
    assert out[0] == "0.json a-vip"
    assert '"address": "10.96.1.2"' in out[1]
    assert '"address": "10.96.1.1"' in out[2]
    assert (out[3:], code) == (["2 passed, 1 failed"], 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rcode": "NXDOMAIN"},
        {"answers": []},
        {"answers": [{**RECORD, "name": "Web.shop.svc.cluster.local."}]},
        {"answers": [{**RECORD, "ttl": 30}]},
        {"extra": [RECORD]},
        {"aa": False},
        {"qtype": "AAAA"},
        {"config": {"zones": ["other.test."]}},
    ],
)
def test_every_part_of_an_answer_counts(capsys, tmp_path, wrong):
    assert conformance(capsys, tmp_path, {"suite": "dns", "spec": [{**CASE, **wrong}]})[0][-1] == "0 passed, 1 failed"


def test_what_is_not_to_be_compared_is_not(capsys, tmp_path):
    case = {**CASE, "answers": [{**RECORD, "ttl": None}], "do_not_compare": ["ttl"]}
    assert conformance(capsys, tmp_path, {"suite": "dns", "spec": [case]})[2] == 0


@pytest.mark.parametrize(
    "case",
    [
        {key: value for key, value in CASE.items() if key != "qname"},
        {**CASE, "config": {"zones": ["cluster.local."], "zonal": True}},
    ],
)
def test_a_case_that_cannot_be_run_has_failed(capsys, tmp_path, case):
    out, _, code = conformance(capsys, tmp_path, {"suite": "dns", "spec": [case, CASE]})
    assert "cannot be run" in out[2]
    assert (out[-1], code) == ("1 passed, 1 failed", 1)


def test_a_group_that_is_not_known_has_failed(capsys, tmp_path):
    out, _, code = conformance(capsys, tmp_path, {"suite": "endpointslices", "cases": [{"group": "new", "expected": 1}]})
    assert "group 'new' is none of" in out[2]
    assert (out[-1], code) == ("0 passed, 1 failed", 1)


UNREADABLE = {
    "no JSON": ("{", "it cannot be read as JSON"),
    "a list": ([], "a list where an object with a suite is expected: one of dns, dns-real"),
    "no suite": ({}, "suite None where"),
    "another suite": ({"suite": "ingress"}, "suite 'ingress' where"),
    "an unknown part of a DNS file": ({"suite": "dns", "more": []}, "'more' is no part of a DNS file"),
    "an unknown part of an environment file": ({"suite": "envvars", "more": []}, "'more' is no part of an environment file"),
    "an unknown part of an EndpointSlice file": ({"suite": "endpointslices", "more": []}, "'more' is no part"),
    "cases that are no list": ({"suite": "dns", "cases": 3}, "'cases' must be a list of objects"),
}


@pytest.mark.parametrize(("value", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_fails_and_the_others_are_run(capsys, tmp_path, value, said):
    out, err, code = conformance(capsys, tmp_path, value, FILES["dns"])
    assert said in err
    assert (out, code) == (["1 passed, 0 failed"], 1)


def test_a_suite_whose_runner_is_not_there(capsys, tmp_path, monkeypatch):
    monkeypatch.setitem(SUITES, "dns", "playground.conformance.nowhere:run")
    _, err, code = conformance(capsys, tmp_path, FILES["dns"])
    assert "there is no module playground.conformance.nowhere" in err
    assert code == 1
