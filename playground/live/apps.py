"""What is this room called in Django?"""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "playground.live"
