"""How does the YAML editor come to the browser? npm fetches CodeMirror as package-lock.json pins it, esbuild makes one file of it.

No package runs scripts of its own (`--ignore-scripts`): esbuild's program is an ordinary file of an ordinary package.
"""

import subprocess
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from playground.assets.npm import NpmMissing, npm_command

ENTRY = "static/js/vendor-entries/editor.js"
BUNDLE = "js/editor.bundle.js"
ESBUILD_OPTIONS = ["--bundle", "--format=esm", "--minify", "--target=es2022", "--legal-comments=eof", "--log-level=warning"]


class Command(BaseCommand):
    help = "Bundle the YAML editor into var/assets/static/js/editor.bundle.js"

    def handle(self, *args: Any, **options: Any) -> None:
        bundle = settings.ASSETS_DIR / "static" / BUNDLE
        try:
            _run([*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            _run([_esbuild(), ENTRY, f"--outfile={bundle}", *ESBUILD_OPTIONS])
        except (NpmMissing, subprocess.CalledProcessError) as error:
            raise CommandError(f"the editor was not built: {error}") from error
        self.stdout.write(f"{bundle.relative_to(settings.BASE_DIR)}: {bundle.stat().st_size:,} bytes")


def _esbuild() -> str:
    """esbuild's own program, in the package of this machine's kind; the `esbuild` on npm's path would need Node on ours."""
    return str(next(settings.BASE_DIR.glob("node_modules/@esbuild/*/bin/esbuild")))


def _run(words: list[str]) -> None:
    subprocess.run(words, cwd=settings.BASE_DIR, check=True)
