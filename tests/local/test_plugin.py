"""The engines behind every test of this run."""

import os

from django.db import connection


def test_tests_run_against_a_real_postgresql(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 180000


def test_settings_are_read_in_test_mode():
    assert os.environ["OFFICEFLOW_MODE"] == "test"
