"""What is this room to Django?  The app that owns clusters, their logs and their snapshots."""

from django.apps import AppConfig


class ClustersConfig(AppConfig):
    name = "playground.clusters"
    label = "clusters"
    default_auto_field = "django.db.models.BigAutoField"
