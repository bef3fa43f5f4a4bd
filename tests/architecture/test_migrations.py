"""A migrated database still works for running processes of the version before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED, IntegerField

RENAMES = (migrations.RenameField, migrations.RenameModel, migrations.AlterModelTable)
ADVICE = (
    "processes of the version before cannot write rows: give the column a db_default or "
    "null=True; for another name, add a column, and remove the old one a version later"
)


def violations(migration: migrations.Migration) -> Iterator[str]:
    """Yields the operations after which a process of the version before cannot write rows."""
    for operation in migration.operations:
        if isinstance(operation, RENAMES):
            yield operation.describe()
        if isinstance(operation, migrations.AddField):
            field = operation.field
            is_given = field.null or field.generated or field.many_to_many
            if not is_given and field.db_default is NOT_PROVIDED:
                yield f"{operation.describe()}, without a default"


def test_processes_of_the_version_before_can_write_rows() -> None:
    packages = ("officeflow", "frontdesk", "backoffice")
    own = {app.label for app in apps.get_app_configs() if app.name.split(".")[0] in packages}
    found = [
        f"{label} {name}: {violation}"
        for (label, name), migration in sorted(MigrationLoader(None).disk_migrations.items())
        if label in own and not migration.initial
        for violation in violations(migration)
    ]
    assert found == [], ADVICE


@pytest.mark.parametrize(
    ("options", "is_violation"),
    [({"default": 0}, True), ({"db_default": 0}, False), ({"null": True}, False)],
)
def test_a_new_column_without_a_database_default_is_found(
    options: dict[str, object], is_violation: bool
) -> None:
    migration = migrations.Migration("0099_more", "handoff")
    migration.operations = [migrations.AddField("stream", "more", IntegerField(**options))]
    assert bool(list(violations(migration))) == is_violation
