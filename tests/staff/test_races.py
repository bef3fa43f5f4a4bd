"""Concurrent writes: administrators, user names, setting up the office."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections

from officeflow.company.actions import AlreadySetUp, set_up_office
from officeflow.company.models import Office
from officeflow.errors import Refused
from officeflow.permissions import Role
from officeflow.staff.actions import LastAdministrator, add_person, deactivate_person, grant_role
from officeflow.staff.models import User
from tests.people import employ

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*functions: Callable[[], Any]) -> list[str]:
    """Runs functions at once in threads; returns "done" or the name of its error for each."""
    results: list[str] = []
    start = Barrier(len(functions))

    def run(function: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            function()
            results.append("done")
        except Exception as error:
            results.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(results)


def test_two_administrators_cannot_deactivate_each_other() -> None:
    ada, maya = employ("ada"), employ("maya")
    grant_role(actor=ada, user=maya, role=Role.ADMINISTRATOR)
    results = at_once(
        lambda: deactivate_person(actor=ada, user=maya),
        lambda: deactivate_person(actor=maya, user=ada),
    )
    assert results == [LastAdministrator.__name__, "done"]
    assert User.objects.filter(is_active=True).count() == 1


def test_a_user_name_is_taken_once() -> None:
    ada = employ("ada")

    def add() -> None:
        add_person(
            actor=ada, username="olga", full_name="Olga Office", password=None, roles=[Role.HR]
        )

    assert at_once(add, add) == [Refused.__name__, "done"]
    assert User.objects.get(username="olga").roles == {Role.HR}


def test_two_concurrent_set_ups_create_one_office() -> None:
    def open_it() -> None:
        set_up_office(
            actor=None,
            name="The Paper Lantern",
            time_zone="Europe/London",
            currency="GBP",
            language="en",
            site_name="Main shop",
        )

    assert at_once(open_it, open_it) == [AlreadySetUp.__name__, "done"]
    assert Office.objects.count() == 1
