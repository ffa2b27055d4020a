"""What is kept of a learner?  One row for each lesson that a visitor began; what it says is in `records`."""

from __future__ import annotations

from django.db import models


class Progress(models.Model):
    """`lesson` is the lesson's name; `cluster` the id of the cluster it is played on, empty if it was brought along from elsewhere; `state` is a
    `LessonRecord`. No account: whoever has the visitor's token has the progress."""

    visitor = models.CharField(max_length=22)
    lesson = models.CharField(max_length=64)
    cluster = models.CharField(max_length=22, blank=True)
    state = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)
    used = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visitor", "lesson"], name="one_progress_in_a_lesson")]
        verbose_name_plural = "progress"

    def __str__(self) -> str:
        return f"{self.visitor[:6]} in {self.lesson}"
