"""Law 5: how much faster are a million requests reckoned than sent one by one, and do both agree?"""

from __future__ import annotations

import statistics
from collections import Counter

from bench.loads import cluster
from bench.measure import Measure, seconds
from tests.chisquare import chi_square_p

RECKONED = 1_000_000
SENT = 20_000
ROUNDS = 5


def measure() -> list[Measure]:
    busy = cluster(nodes=10, groups=[20] * 10)
    asked = statistics.median(seconds(lambda: busy.what_if("client", "app-3:80", RECKONED)) for _ in range(ROUNDS))
    fork = busy.fork()
    client = fork.network.senders.require("client")
    seen: Counter[str | None] = Counter()

    def one_by_one() -> None:
        for _ in range(SENT):
            request = fork.network.request(fork.network.send(client, "app-3:80"))
            seen[request.endpoint if request else None] += 1
        fork.events()

    stepwise = statistics.median(seconds(one_by_one) for _ in range(ROUNDS)) * RECKONED / SENT
    likely = busy.what_if("client", "app-3:80", RECKONED)
    cells = [(seen[each.fate.endpoint], each.probability * SENT * ROUNDS) for each in likely]
    return [
        Measure("5", "a million requests one by one / reckoned, the copy included", stepwise / asked, 50, at_most=False),
        Measure("5", "both are of one distribution: p of chi-square", chi_square_p(cells), 0.01, "", at_most=False),
    ]
