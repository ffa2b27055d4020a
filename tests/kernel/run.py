"""Does a real kernel do with our rules what the simulation says?  Prints what was tried and every disagreement, as JSON.

unshare --user --map-root-user --net python -m tests.kernel.run table
unshare --user --map-root-user --net python -m tests.kernel.run random FIRST COUNT
unshare --user --map-root-user --net python -m tests.kernel.run ipv6 FIRST COUNT
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from random import Random

import msgspec

from tests.kernel.ipv6 import Lab6
from tests.kernel.lab import SILENCE, Answer, Call, Lab, chains
from tests.kube.kubeproxy.journeys import Journey, journey
from tests.kube.kubeproxy.paths import NODE, SENDER, TABLE, Path
from tests.kube.kubeproxy.scenarios import CLIENTS, NODES, PODS, Scenario, address_of, options, scenario

FLOWS = 24
SPREAD_OVER = 120
STICKY_CALLS = 4
# Of one run in a million is more uneven, by the number of endpoints (chi-square).
UNEVEN = {2: 23.9, 3: 27.6, 4: 30.7}


class Report(msgspec.Struct):
    scenarios: int = 0
    flows: int = 0
    connections: int = 0
    disagreements: list[str] = []


def main(words: list[str]) -> None:
    what, *numbers = words
    if what == "table":
        work = _table
    else:
        first, count = map(int, numbers)
        work = partial(_scenarios, range(first, first + count))
    print(json.dumps(msgspec.to_builtins(_in_a_lab(work, Lab6 if what == "ipv6" else Lab))))


def _in_a_lab(work: Callable[[Lab, Report], object], kind: type[Lab]) -> Report:
    lab, report = kind(), Report()
    try:
        work(lab, report)
    finally:
        lab.close()
    return report


def _scenarios(seeds: Iterable[int], lab: Lab, report: Report) -> None:
    """A busy machine may answer late: a disagreement counts if a lab of its own, where nothing was before, shows it again."""
    for seed in seeds:
        agreed = len(report.disagreements)
        _scenario(lab, seed, report)
        if len(report.disagreements) > agreed:
            report.disagreements[agreed:] = _in_a_lab(partial(_again, seed), type(lab)).disagreements


def _again(seed: int, lab: Lab, report: Report) -> None:
    _scenario(lab, seed, report)


# --- the fixed table


def _table(lab: Lab, report: Report) -> None:
    """Every path of the table, with its spread; the kernel is held to the table itself, not to the simulation."""
    for made in {id(made): made for made, _ in TABLE.values()}.values():
        lab.load(made)
        report.scenarios += 1
        report.disagreements += _text(lab, made)
        paths = [(name, path, journey(made, path.place, path.ip, path.port)) for name, (its, path) in TABLE.items() if its is made]
        for name, path, foreseen in paths:
            answers = _ask(lab, path, foreseen, SPREAD_OVER * max(1, len(path.pods.split())))
            report.flows += 1
            report.connections += len(answers)
            report.disagreements += [f"{name}: {said}" for said in (*_against_table(path, answers), *_uneven(foreseen, answers))]


def _against_table(path: Path, answers: list[Answer]) -> Iterator[str]:
    outcomes = {answer.outcome for answer in answers}
    if outcomes != {path.outcome}:
        yield f"expected {path.outcome}, got {sorted(outcomes)}"
    own = {SENDER: [address_of(path.place)], NODE: [*NODES.values(), "10.244.1.1", "10.244.2.1"]}.get(path.sees)
    if own is not None and (seen := {answer.seen for answer in answers}) - {*own}:
        yield f"expected {path.sees} as the sender, got {sorted(seen)}"
    if others := {answer.pod for answer in answers} - {"", *path.pods.split()}:
        yield f"expected {path.pods}, got {sorted(others)} too"


def _uneven(foreseen: Journey, answers: list[Answer]) -> Iterator[str]:
    """All endpoints must have been used, evenly; a sender that sticks to one, only that."""
    counts = Counter(answer.pod for answer in answers if answer.pod)
    if foreseen.sticky and len(counts) > 1:
        yield f"expected one endpoint for this sender, got {dict(counts)}"
    if not foreseen.sticky and len(foreseen.seen) > 1:
        mean = len(answers) / len(foreseen.seen)
        if sum((counts[pod] - mean) ** 2 / mean for pod in foreseen.seen) > UNEVEN[len(foreseen.seen)]:
            yield f"expected an even spread over {sorted(foreseen.seen)}, got {dict(counts)}"


# --- random scenarios


def _scenario(lab: Lab, seed: int, report: Report) -> None:
    """One scenario, with kube-proxy run otherwise than by default in every third; some of its flows."""
    random = Random(seed)
    made = lab.dress(scenario(random))
    if seed % 3 == 0:
        found = options(random)
        made = msgspec.structs.replace(made, options={name: found[name] for name in found if name != "detector"})
    lab.load(made)
    report.scenarios += 1
    report.disagreements += [f"seed {seed}: {said}" for said in _text(lab, made)]
    flows = [(place, ip, port) for place in (*PODS, *NODES, *CLIENTS) for ip, port in _targets(made) if place in NODES or ip != "127.0.0.1"]
    chosen = [Path(*flow, "") for flow in random.sample(flows, min(FLOWS, len(flows)))]
    foreseen = [journey(made, path.place, path.ip, path.port) for path in chosen]
    report.flows += len(chosen)
    for path, each, answers in _ask_all(lab, chosen, foreseen):
        report.connections += len(answers)
        where = f"seed {seed}: {path.place} to {path.ip}:{path.port}"
        report.disagreements += [f"{where}: {said}" for said in _against_simulation(each, answers)]


def _targets(made: Scenario) -> list[tuple[str, int]]:
    found = [(ip, port) for node in NODES for ip, _, port in made.targets(node)]
    return sorted({*found})


def _against_simulation(foreseen: Journey, answers: list[Answer]) -> Iterator[str]:
    for answer in {*answers}:
        if answer.outcome != foreseen.outcome:
            yield f"expected {foreseen.outcome}, got {answer}"
        elif answer.outcome == "ok" and answer.seen not in foreseen.seen.get(answer.pod, ()):
            yield f"expected { ({pod: sorted(seen) for pod, seen in foreseen.seen.items()}) }, got {answer}"
    if foreseen.sticky and len({answer.pod for answer in answers}) > 1:
        yield f"expected one endpoint for this sender, got {sorted({answer.pod for answer in answers})}"


# --- asking


def _ask_all(lab: Lab, paths: list[Path], foreseen: list[Journey]) -> Iterator[tuple[Path, Journey, list[Answer]]]:
    """Those of a sticky Service one after the other, all others at once."""
    found = list(zip(paths, foreseen, strict=True))
    for path, each in found:
        if each.sticky:
            yield path, each, _ask(lab, path, each, STICKY_CALLS)
    others = [(path, each, max(1, 3 * len(each.seen))) for path, each in found if not each.sticky]
    answers = iter(lab.ask([_call(path, each) for path, each, count in others for _ in range(count)]))
    for path, each, count in others:
        yield path, each, [next(answers) for _ in range(count)]


def _ask(lab: Lab, path: Path, foreseen: Journey, count: int) -> list[Answer]:
    if foreseen.sticky:
        return [answer for _ in range(STICKY_CALLS) for answer in lab.ask([_call(path, foreseen)])]
    return lab.ask([_call(path, foreseen)] * (count if foreseen.outcome == "ok" else 3))


def _call(path: Path, foreseen: Journey) -> Call:
    """One that is to stay without an answer is not waited for long."""
    call = Call(path.place, path.ip, path.port)
    return call._replace(patience=SILENCE) if foreseen.outcome == "timeout" else call


def _text(lab: Lab, made: Scenario) -> Iterator[str]:
    """The rules that the kernel has are printed as we print them, but for the one that is not kube-proxy's."""
    for node in NODES:
        for table, lines in lab.saved(node).items():
            ours, kernels = chains(made.ruleset(node).lines(table)), chains(lines)
            for chain in ours.keys() | kernels.keys():
                if ours.get(chain) != kernels.get(chain):
                    yield f"{node} {table} {chain}: we print {ours.get(chain)}, the kernel {kernels.get(chain)}"


if __name__ == "__main__":
    main(sys.argv[1:])
