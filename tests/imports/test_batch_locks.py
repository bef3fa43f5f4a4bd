"""An import and a person who need the same record: neither waits for the other for ever."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from frontdesk.customers.actions.customers import lock_customer_keys
from frontdesk.customers.models import Customer
from officeflow.company.models import Office
from officeflow.imports.actions import open_import_file, start_import_file
from officeflow.imports.leases import ImportSession
from officeflow.imports.running import work
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_batch_gives_way_to_a_person_and_is_imported_one_by_one(
    maya: User, office: Office
) -> None:
    import_file = open_import_file(
        actor=maya, kind="customers", file_name="c.csv", data=b"Name\nAnn Other\nNora Berg\n"
    )
    start_import_file(actor=maya, import_file=import_file)
    locked, first_is_there = threading.Event(), threading.Event()
    seen: list[bool] = []

    def person() -> None:
        """Adds Nora at the counter, and takes her time."""
        try:
            with transaction.atomic():
                lock_customer_keys("", "", "nora berg")
                locked.set()
                seen.append(first_is_there.wait(30))
        finally:
            connection.close()

    def after(session: ImportSession) -> None:
        if Customer.objects.filter(name="Ann Other").exists():
            first_is_there.set()

    counter = threading.Thread(target=person)
    counter.start()
    assert locked.wait(30)
    work(import_file.number, seconds=60, after=after)
    counter.join(30)
    assert seen == [True], "the batch kept the person's customer waiting"
    assert Customer.objects.count() == 2
    import_file.refresh_from_db()
    assert import_file.rows_imported == 2
