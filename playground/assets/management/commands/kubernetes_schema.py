"""How does Kubernetes' own schema come to this server? From the package kubernetes-validate, downloaded, read and thrown away."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from playground.assets.openapi import compact
from playground.assets.schema import FILE_NAME

PACKAGE = "kubernetes-validate"
DEFINITIONS = "kubernetes_validate/kubernetes-json-schema/v1.37.0-local/_definitions.json"


class Command(BaseCommand):
    help = f"Write var/assets/{FILE_NAME}: the kinds and fields that Kubernetes 1.37 knows (shape: playground/assets/openapi.py)"

    def handle(self, *args: Any, **options: Any) -> None:
        schema = compact(_definitions())
        path = settings.ASSETS_DIR / FILE_NAME
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(schema, separators=(",", ":")), encoding="utf-8")
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {len(schema['kinds'])} kinds, {len(schema['types'])} types")


def _definitions() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        words = ["download", "--quiet", "--no-deps", "--dest", folder, "--constraint", "requirements-build.txt", PACKAGE]
        try:
            subprocess.run([sys.executable, "-m", "pip", *words], cwd=settings.BASE_DIR, check=True)
        except subprocess.CalledProcessError as error:
            raise CommandError(f"{PACKAGE} could not be downloaded: {error}") from error
        with ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            return json.loads(wheel.read(DEFINITIONS))["$defs"]
