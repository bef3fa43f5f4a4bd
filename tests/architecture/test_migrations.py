"""A database that is brought up to date still serves the processes of the version before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED, IntegerField

RENAMES = (migrations.RenameField, migrations.RenameModel, migrations.AlterModelTable)
WORDS = (
    "processes of the version before cannot write any more: give the column a db_default or "
    "null=True; for another name, add a column, and remove the old one a version later"
)


def refused(migration: migrations.Migration) -> Iterator[str]:
    """What a process of the version before would stumble over when it writes a row."""
    for operation in migration.operations:
        if isinstance(operation, RENAMES):
            yield operation.describe()
        if isinstance(operation, migrations.AddField):
            field = operation.field
            is_given = field.null or field.generated or field.many_to_many
            if not is_given and field.db_default is NOT_PROVIDED:
                yield f"{operation.describe()}, which must be given"


def test_old_processes_can_write_into_new_columns() -> None:
    packages = ("officeflow", "frontdesk", "backoffice")
    ours = {app.label for app in apps.get_app_configs() if app.name.split(".")[0] in packages}
    said = [
        f"{label} {name}: {words}"
        for (label, name), migration in sorted(MigrationLoader(None).disk_migrations.items())
        if label in ours and not migration.initial
        for words in refused(migration)
    ]
    assert said == [], WORDS


@pytest.mark.parametrize(
    ("options", "is_refused"),
    [({"default": 0}, True), ({"db_default": 0}, False), ({"null": True}, False)],
)
def test_it_sees_what_they_could_not(options: dict[str, object], is_refused: bool) -> None:
    migration = migrations.Migration("0099_more", "handoff")
    migration.operations = [migrations.AddField("stream", "more", IntegerField(**options))]
    assert bool(list(refused(migration))) == is_refused
