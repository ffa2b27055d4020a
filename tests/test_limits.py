"""Limits: defaults, variables, and what a wrong variable says."""

from dataclasses import asdict

import pytest
from django.conf import settings

from playground.kube.settings import Limits as ClusterLimits
from playground.limits import Limits, from_environment


def test_without_variables_every_limit_has_its_default():
    assert from_environment(Limits, "LIMIT_", {"LIMITS": "1", "PATH": "/bin"}) == Limits()


def test_a_variable_replaces_one_limit_and_no_other():
    limits = from_environment(Limits, "LIMIT_", {"LIMIT_SOCKETS": "7"})
    assert asdict(limits) == {**asdict(Limits()), "sockets": 7}


def test_the_limits_of_a_cluster_have_a_prefix_of_their_own():
    assert from_environment(ClusterLimits, "LIMIT_CLUSTER_", {"LIMIT_CLUSTER_PODS": "7", "LIMIT_SERVICES": "9"}) == ClusterLimits(pods=7)


@pytest.mark.parametrize("text", ["", "many", "0", "-1", "1.5", "1e3", "١"])
def test_a_wrong_variable_is_named_with_what_was_seen(text):
    with pytest.raises(ValueError, match=r"LIMIT_SOCKETS='.*': expected a whole number above 0"):
        from_environment(Limits, "LIMIT_", {"LIMIT_SOCKETS": text})


def test_django_itself_keeps_the_limits_of_a_request():
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == settings.LIMITS.body_bytes
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == settings.LIMITS.form_fields
