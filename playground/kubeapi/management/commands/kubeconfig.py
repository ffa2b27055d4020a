"""How does kubectl find a cluster?  `python manage.py kubeconfig CLUSTER > config` (or `--new`), then `KUBECONFIG=config kubectl get pods`.

An id may begin with a hyphen, which would be read as an option; the address of its page never does.
"""

from __future__ import annotations

import os
import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from playground.clusters import ownership, scenes
from playground.clusters.models import Cluster
from playground.kube.errors import Refusal
from playground.kubeapi import access
from playground.kubeapi.kubeconfig import kubeconfig


class Command(BaseCommand):
    help = "Print a kubeconfig for a cluster's Kubernetes API. The server has to run (`make run`); PORT is the port that it listens on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cluster", nargs="?", metavar="CLUSTER", help="the address of the cluster's page, or the id in it")
        parser.add_argument("--new", nargs="?", const="", metavar="SCENE", help="make a new cluster first, from a ready one")
        parser.add_argument("--read-only", action="store_true", help="for looking only")
        parser.add_argument("--revoke", action="store_true", help="first, let no key handed out so far open the cluster any more")
        parser.add_argument("--server", metavar="URL", help="where the server is reached (default: http://127.0.0.1:PORT)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cluster = _new(options["new"]) if options["new"] is not None else _found(options["cluster"])
            revoked = access.revoke(cluster) if options["revoke"] else 0
            key = access.key_of(cluster, not options["read_only"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        if options["revoke"]:
            self.stderr.write(f"revoked: {revoked}")
        site = options["server"] or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        self.stdout.write(kubeconfig(site, key), ending="")


def _new(scene: str) -> Cluster:
    try:
        return ownership.new_cluster(secrets.token_urlsafe(16), scene or scenes.all()[0].key, "kubeconfig")
    except KeyError:
        raise CommandError(f"there is no ready cluster {scene!r}: {', '.join(each.key for each in scenes.all())}") from None


def _found(cluster: str | None) -> Cluster:
    if not cluster:
        raise CommandError("name a cluster, or say --new")
    found = Cluster.objects.filter(pk=cluster.rstrip("/").rpartition("/")[2]).first()
    if found is None:
        raise CommandError(f"there is no cluster {cluster!r}: give the address of its page, or the id in it")
    return found
