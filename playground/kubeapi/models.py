"""Who may use a cluster's API?  Whoever knows a key of it: kubectl sends no token over plain HTTP, so the key is part of the address."""

from __future__ import annotations

import secrets

from django.db import models

from playground.clusters.models import Cluster


def new_key() -> str:
    """192 random bits in 32 characters: nobody guesses it."""
    return secrets.token_urlsafe(24)


class Key(models.Model):
    """A way into one cluster, until it is `revoked`; without `writes` for looking only."""

    key = models.CharField(primary_key=True, max_length=32, default=new_key, editable=False)
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="keys")
    writes = models.BooleanField()
    created = models.DateTimeField(auto_now_add=True)
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{'full' if self.writes else 'read-only'} key of {self.cluster_id}"
