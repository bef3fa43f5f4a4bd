"""The engines of the test run."""

import os

import pytest
from django.db import connection

from officeflow.local.pytest_plugin import uses_external_servers
from officeflow.local.var_folder import OfficeError


def test_tests_run_against_a_real_postgresql(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 180000


def test_settings_are_read_in_test_mode():
    assert os.environ["OFFICEFLOW_MODE"] == "test"


@pytest.mark.parametrize(
    ("environment", "external"),
    [
        ({}, False),
        ({"DATABASE_URL": "", "REDIS_URL": ""}, False),
        ({"DATABASE_URL": "postgres:///x", "REDIS_URL": "redis://x"}, True),
    ],
)
def test_external_servers_need_both_variables(environment, external):
    assert uses_external_servers(environment) is external


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_one_variable_without_the_other_is_refused(name):
    with pytest.raises(OfficeError, match=f"{name} is set and"):
        uses_external_servers({name: "somewhere"})
