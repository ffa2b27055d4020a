"""What is kept of a cluster?  Who owns it, the log of what was done to it, and snapshots that make loading fast."""

from __future__ import annotations

import secrets

from django.db import models

from playground.curriculum.loader import staged


def new_id() -> str:
    """128 random bits in 22 characters: whoever knows it was told."""
    return secrets.token_urlsafe(16)


class Cluster(models.Model):
    """`settings` is the JSON of kube's ClusterSettings, fixed for good; `op` is the client's id of the wish to have it.

    `looker` is not kept: the visitor who looks at it now, by a share link of its owner's.
    """

    looker = ""

    id = models.CharField(primary_key=True, max_length=22, default=new_id, editable=False)
    visitor = models.CharField(max_length=22)
    op = models.CharField(max_length=64)
    title = models.CharField(max_length=120)
    scene = models.CharField(max_length=160)
    settings = models.TextField()
    created = models.DateTimeField(auto_now_add=True)
    used = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visitor", "op"], name="one_cluster_for_an_op")]
        indexes = [models.Index(fields=["visitor", "-used"], name="latest_of_a_visitor")]

    def __str__(self) -> str:
        return self.title

    @property
    def lesson(self) -> str:
        """The name of the lesson that this is the stage of, if it is one's."""
        return staged(self.scene)[0]

    @property
    def step(self) -> str:
        """The step of the lesson that it began at, if not at the first."""
        return staged(self.scene)[1]


class Action(models.Model):
    """One row of a cluster's log, never changed. `at` is virtual microseconds; `payload` and `receipt` are JSON kept as
    text, so that the order of keys survives every database. `log.py` says what each kind means."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="actions")
    seq = models.PositiveIntegerField()
    op = models.CharField(max_length=64)
    at = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=120)
    payload = models.TextField()
    receipt = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "seq"], name="one_row_at_a_place"),
            models.UniqueConstraint(fields=["cluster", "op"], name="one_row_for_an_op"),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.title}"


class Snapshot(models.Model):
    """A cluster's state, compressed, at virtual microsecond `at`; `tip` is the seq of the last action in it, `head` that of
    the log's last row; `version` is the engine's: another one's snapshots are not read."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="snapshots")
    head = models.PositiveIntegerField()
    tip = models.PositiveIntegerField()
    at = models.BigIntegerField()
    version = models.CharField(max_length=32)
    blob = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["cluster", "-id"], name="newest_snapshot")]

    def __str__(self) -> str:
        return f"{self.cluster_id} at {self.at}"
