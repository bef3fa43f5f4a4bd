"""Management commands about people, and a check that commands make first."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from officeflow.staff.models import User


def needs_tables() -> None:
    """Raises `CommandError` when migrations are not applied."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(
            "The database is not up to date: run `make manage ARGS=migrate` "
            "(or `manage.py migrate`) first."
        )


def person_named(typed: str) -> User:
    """Returns the person with the exact name, or with the only one that looks like it.

    Raises `CommandError` when there is nobody, and when several names look like it.
    """
    exact = User.objects.filter(username=User.normalize_username(typed.strip())).first()
    alike = [exact] if exact else User.objects.that_look_like(typed)
    if not alike:
        raise CommandError(f"There is no user name {typed}.")
    if len(alike) > 1:
        names = ", ".join(each.username for each in alike)
        raise CommandError(f"Several user names look like {typed}: {names}. Type one exactly.")
    return alike[0]
