"""The engines behind every test of this run."""

import os

import pytest
from django.db import connection

from officeflow.local.places import OfficeError
from officeflow.local.pytest_plugin import outside_servers


def test_tests_run_against_a_real_postgresql(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 180000


def test_settings_are_read_in_test_mode():
    assert os.environ["OFFICEFLOW_MODE"] == "test"


@pytest.mark.parametrize(
    ("environment", "outside"),
    [
        ({}, False),
        ({"DATABASE_URL": "", "REDIS_URL": ""}, False),
        ({"DATABASE_URL": "postgres:///x", "REDIS_URL": "redis://x"}, True),
    ],
)
def test_servers_are_the_callers_when_both_are_named(environment, outside):
    assert outside_servers(environment) is outside


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_one_server_without_the_other_is_refused(name):
    with pytest.raises(OfficeError, match=f"{name} is set and"):
        outside_servers({name: "somewhere"})
