"""Who may look at a cluster that is not theirs?  Whoever was told its share link."""

from __future__ import annotations

from django.db import models

from playground.clusters.models import Cluster, new_id


class ShareLink(models.Model):
    """A way to look at one cluster and to copy it, until it is `withdrawn` or long unused. `sites`, one a line: who may frame it; "": as the
    server allows."""

    id = models.CharField(primary_key=True, max_length=22, default=new_id, editable=False)
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="share_links")
    sites = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)
    used = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"share link {self.id[:4]}… of {self.cluster_id[:4]}…"
