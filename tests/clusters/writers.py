"""What does a server do that is about to be killed?  Threads act on clusters, and print each op once it is acknowledged.

`python -m tests.clusters.writers SEED WRITERS CLUSTER...`: until it is killed. A line `ready` comes first.
"""

from __future__ import annotations

import os
import sys
import threading


def main(seed: str, writers: int, clusters: list[str]) -> None:
    from playground.clusters import service, spending
    from playground.clusters.models import Cluster
    from playground.clusters.rates import Buckets
    from playground.kube.actions import Send

    spending.RATES.update({name: Buckets(1_000_000, 1) for name in spending.RATES})

    def write(number: int) -> None:
        cluster = Cluster.objects.get(pk=clusters[number % len(clusters)])
        for count in range(1_000_000):
            op = f"{seed}-{number}-{count}"
            service.act(cluster, Send("client", "web:80"), op)
            os.write(1, f"{op}\n".encode())

    threads = [threading.Thread(target=write, args=(number,), daemon=True) for number in range(writers)]
    os.write(1, b"ready\n")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    import django

    django.setup()
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
