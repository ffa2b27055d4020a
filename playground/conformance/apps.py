"""What is this room to Django?  The app that brings the command `conformance`."""

from django.apps import AppConfig


class ConformanceConfig(AppConfig):
    name = "playground.conformance"
    label = "conformance"
