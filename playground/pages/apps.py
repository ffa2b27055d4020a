"""What is this room to Django?  An app without models: views, forms and template tags."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "playground.pages"
    label = "pages"
