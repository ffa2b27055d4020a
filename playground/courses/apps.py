"""What is this room called in Django?"""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "playground.courses"
