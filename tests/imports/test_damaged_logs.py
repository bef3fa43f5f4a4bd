"""Any order log, however damaged: every row has an outcome, and a second import adds nothing."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order, OrderLine
from officeflow.imports.actions import open_import_file, start_import_file
from officeflow.imports.models import ImportFile, ImportRow, ImportUnit
from officeflow.imports.queries import count_rows
from officeflow.imports.running import work
from officeflow.staff.models import User
from tests.factories import make_office
from tests.frontdesk.order_log.test_order_log import EXCERPT, HEAD
from tests.people import employ

ROWS = list(csv.reader(EXCERPT.read_text().splitlines()))[1:]
DAMAGED_CELLS = [
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "1e9",
    "-",
    "NaN",
    "½",
    "C1",
    "x" * 120,
    "🙂",
    "2010-02-30",
    "=1+1",
]


def damaged(row: list[str], place: int, text: str) -> list[str]:
    return [*row[:place], text, *row[place + 1 :]]


real = st.sampled_from(ROWS)
damaged_rows = st.builds(damaged, real, st.integers(0, 7), st.sampled_from(DAMAGED_CELLS))
logs = st.lists(real | damaged_rows, min_size=1, max_size=9)


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD.split(","), *rows])
    return text.getvalue().encode()


def import_log(maya: User, data: bytes) -> ImportFile:
    import_file = open_import_file(actor=maya, kind="orders", file_name="log.csv", data=data)
    previewed = count_rows(import_file)
    start_import_file(actor=maya, import_file=import_file)
    work(import_file.number, seconds=600)
    import_file.refresh_from_db()
    counted = count_rows(import_file)
    assert counted.is_complete
    assert counted == previewed, "the outcomes differ from the preview"
    assert (counted.imported, counted.refused) == (
        import_file.rows_imported,
        import_file.rows_refused,
    )
    return import_file


@pytest.mark.django_db
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=logs)
def test_no_row_is_lost_and_none_is_imported_twice(db: Any, rows: list[list[str]]) -> None:
    make_office()
    maya = employ("maya")
    data = as_csv(rows)
    before = OrderLine.objects.count()
    first = import_log(maya, data)
    lines = OrderLine.objects.count()
    orders, complaints = Order.objects.count(), Complaint.objects.count()
    again = import_log(maya, data)
    assert again.rows_imported == 0
    assert again.rows_existing == first.rows_imported + first.rows_existing
    assert (Order.objects.count(), Complaint.objects.count()) == (orders, complaints)
    assert OrderLine.objects.count() == lines >= before

    units = ImportUnit.objects.filter(import_file=first).order_by("position")
    kinds = [unit.reference[:1] == "C" and unit.reference[1:2].isdigit() for unit in units]
    assert kinds == sorted(kinds), "a return came before an order"
    assert ImportRow.objects.filter(import_file=first).count() == len(rows)
