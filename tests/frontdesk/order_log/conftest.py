"""Importing an order log from its first byte to its last row."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from officeflow.company.models import Office
from officeflow.imports.actions import open_import_file, start_import_file
from officeflow.imports.models import ImportFile
from officeflow.imports.running import work
from officeflow.staff.models import User


@pytest.fixture
def import_data(maya: User, office: Office) -> Callable[..., ImportFile]:
    """Returns a function that imports the bytes of a file, with the options of the import."""

    def read(data: bytes, *, source: str = "", **options: str) -> ImportFile:
        import_file = open_import_file(
            actor=maya,
            kind="orders",
            file_name="log.csv",
            data=data,
            source=source,
            options=options,
        )
        start_import_file(actor=maya, import_file=import_file)
        work(import_file.number, seconds=600)
        import_file.refresh_from_db()
        return import_file

    return read
