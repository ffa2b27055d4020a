"""What is this room called in Django?"""

from django.apps import AppConfig


class KubeapiConfig(AppConfig):
    name = "playground.kubeapi"
