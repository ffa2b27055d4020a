"""Does every template compile? Also those that no test renders."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template


class Command(BaseCommand):
    help = "Compile every template"

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.TEMPLATES[0]["DIRS"][0])
        names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.html"))
        broken = [complaint for name in names if (complaint := _complaint(name))]
        if broken:
            raise CommandError("\n".join(broken))
        self.stdout.write(f"{len(names)} templates compile")


def _complaint(name: str) -> str | None:
    try:
        get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        return f"{name}: {error}"
    return None
