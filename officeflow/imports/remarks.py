"""How a file is read, in sentences for its preview."""

from __future__ import annotations

from officeflow.imports import dates, numbers
from officeflow.imports.leases import job_of
from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.models import ImportFile
from officeflow.imports.registry import importer_of


def remarks_of(import_file: ImportFile) -> list[str]:
    """Returns the sentences about numbers and dates, then those of the importer."""
    mapping = ColumnMapping(**import_file.mapping)
    return [
        *numbers.sentences(mapping.signs),
        *dates.sentences(mapping.orders),
        *importer_of(import_file.kind).remarks(job_of(import_file)),
    ]
