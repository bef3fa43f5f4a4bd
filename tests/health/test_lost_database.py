"""A crashed PostgreSQL is always an `OperationalError`, however psycopg2 noticed it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from officeflow.local.engines import DATABASE, PostgresEngine


@pytest.fixture
def postgres(engine_folder: Path) -> Iterator[PostgresEngine]:
    engine = PostgresEngine(engine_folder / "postgres", engine_folder / "run", {"fsync": "off"})
    with engine:
        yield engine
        engine.kill()


def test_a_server_that_crashed_while_the_connection_lay_idle_is_an_operational_error(
    postgres: PostgresEngine, django_db_blocker: DjangoDbBlocker
) -> None:
    at = {"HOST": str(postgres.socket_dir), "NAME": DATABASE, "USER": DATABASE}
    kept = ConnectionHandler({"default": settings.DATABASES["default"] | at})["default"]
    with django_db_blocker.unblock():
        kept.cursor().execute("SELECT 1")
        assert postgres.process is not None
        postgres.process.send_signal(signal.SIGQUIT)
        postgres.process.wait(20)
        with pytest.raises(OperationalError, match="closed the connection"):
            kept.cursor().execute("SELECT 1")
