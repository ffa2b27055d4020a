"""What is this room called in Django?"""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "playground.assets"
