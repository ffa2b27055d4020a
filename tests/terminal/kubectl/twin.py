"""What would this playground's own kubectl print?  A process of its own, which finds the cluster of a running server in its database.

It reads one JSON value a line and answers with one. A command is run on a fork of the cluster as it is: nothing that it does is seen by the
server, and the real kubectl finds the cluster as this one found it.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from typing import Any

import django
import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
django.setup()

from playground.clusters import engine, looks, ownership, scenes, service, snapshots  # noqa: E402
from playground.clusters.models import Cluster  # noqa: E402
from playground.kube.clock import SECOND  # noqa: E402
from playground.kube.cluster import Cluster as Kube  # noqa: E402
from playground.kubeapi import access, kubeconfig  # noqa: E402
from playground.terminal.programs import machines  # noqa: E402
from playground.terminal.programs.container import Kubeconfig  # noqa: E402
from playground.terminal.programs.limits import Limits  # noqa: E402
from playground.terminal.sessions.direct import run  # noqa: E402
from playground.terminal.sessions.session import Session  # noqa: E402

OPENS_AT = 1_805 * SECOND


class Twin:
    def __init__(self, site: str) -> None:
        self._site = site
        self._cluster: Cluster | None = None

    def new(self) -> Any:
        """A new cluster whose clock stands; its kubeconfig. It is so old that ages which kubectl reckons by its own clock stay the same for a while."""
        scene = msgspec.structs.replace(scenes.all()[0], opens_at=OPENS_AT)
        ownership.scenes.find = lambda key: scene
        self._cluster = ownership.new_cluster(secrets.token_urlsafe(16), scene.key, "twin")
        self.pause(True)
        return kubeconfig.kubeconfig(self._site, access.key_of(self._cluster))

    def pause(self, paused: bool) -> Any:
        return service.set_clock(self._cluster, secrets.token_urlsafe(12), paused=paused).lines

    def skip(self, times: int) -> Any:
        """Let time pass to the next changes."""
        return [service.skip(self._cluster, secrets.token_urlsafe(12)).lines for _ in range(times)]

    def keep(self) -> None:
        """A snapshot: else all the time until now passes again in this process, or in the server, with each line that the other has run.
        The requests until then, of which logs are made, are forgotten."""
        with looks.held(self._cluster) as running:
            kube = running.load()
            snapshots.save(snapshots.Frozen(running.id, running.log.head, running.log.tip, kube.now, engine.freeze(kube)))

    def run(self, words: list[str], stdin: str | None) -> Any:
        """What is printed, and the objects as they are then."""
        with looks.at(self._cluster) as kube:
            # A fork has no memory of requests, of which logs are made.
            fork = kube if words[:1] == ["logs"] else kube.fork()
        finished = run(self._session(fork, words), fork, stdin)
        return {"out": finished.out, "err": finished.err, "code": finished.code, "objects": objects(fork)}

    def _session(self, kube: Kube, words: list[str]) -> Session:
        key = access.key_of(self._cluster)
        name = f"switchyard-{self._cluster.pk}"
        config = Kubeconfig(server=kubeconfig.address(self._site, key), cluster=name, context=name, user="learner")
        return Session(machines.workstation(kube, config), ["kubectl", *words], False, Limits())

    def objects(self) -> Any:
        with looks.at(self._cluster) as kube:
            return objects(kube.fork())


def objects(kube: Kube) -> Any:
    """What is stored. Who wrote which field is left out, for the words do not say by which requests something was done; and when a rollout
    was restarted: kubectl writes down the time of its own clock."""
    found = {thing.ref: kube.server.encode(thing) for kind in kube.store.kinds() for thing in kube.store.list(kind)}
    for document in found.values():
        document["metadata"].pop("managedFields", None)
        template = document.get("spec", {}).get("template") or {}
        template.get("metadata", {}).get("annotations", {}).pop("kubectl.kubernetes.io/restartedAt", None)
    return found


def main() -> None:
    twin = Twin(sys.argv[1])
    for line in sys.stdin:
        verb, *words = json.loads(line)
        print(json.dumps(getattr(twin, verb)(*words)), flush=True)


if __name__ == "__main__":
    main()
