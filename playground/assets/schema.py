"""Which kinds and fields does Kubernetes know? Read once from what `manage.py kubernetes_schema` wrote."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FILE_NAME = "kubernetes.json"


@cache
def load() -> dict[str, Any]:
    """The value described in `playground.assets.openapi`; treat it as read-only. ImproperlyConfigured if it was never built."""
    path = settings.ASSETS_DIR / FILE_NAME
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ImproperlyConfigured(f"{path} is missing: run `make setup`, or `python manage.py kubernetes_schema`") from error
