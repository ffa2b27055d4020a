"""What is this room called in Django, and which static files are not for browsers?"""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class AssetsConfig(AppConfig):
    name = "playground.assets"
    default = True


class CollectedFilesConfig(StaticFilesConfig):
    """Django's static files without what `collectstatic` need not take: what the bundle is made of, and htmx extensions that no page uses."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "js/vendor-entries/*", "django_htmx/ext/*"]
