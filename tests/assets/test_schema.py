"""Reading what was built."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from playground.assets import schema


def test_a_schema_that_was_never_built_names_the_command_that_builds_it(settings, tmp_path):
    settings.ASSETS_DIR = tmp_path
    with pytest.raises(ImproperlyConfigured, match="make setup"):
        schema.load.__wrapped__()
