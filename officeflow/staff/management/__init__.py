"""Management commands about people, and a check that commands make first."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def needs_tables() -> None:
    """Raises `CommandError` when migrations are not applied."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(
            "The database is not up to date: run `make manage ARGS=migrate` "
            "(or `manage.py migrate`) first."
        )
