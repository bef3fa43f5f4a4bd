"""Two people at once: the last administrator stays, and an office opens once."""

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
from officeflow.staff.actions import LastAdministrator, deactivate_person, grant_role, hire
from officeflow.staff.models import User
from tests.people import employ

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*things: Callable[[], Any]) -> list[str]:
    """Does things in threads of their own that start together; gives what each came to."""
    results: list[str] = []
    start = Barrier(len(things))

    def run(thing: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            thing()
            results.append("done")
        except Exception as error:
            results.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[thing]) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(results)


def test_two_administrators_cannot_switch_each_other_off() -> None:
    ada, maya = employ("ada"), employ("maya")
    grant_role(actor=ada, user=maya, role=Role.ADMINISTRATOR)
    came = at_once(
        lambda: deactivate_person(actor=ada, user=maya),
        lambda: deactivate_person(actor=maya, user=ada),
    )
    assert came == [LastAdministrator.__name__, "done"]
    assert User.objects.filter(is_active=True).count() == 1


def test_one_user_name_is_given_once() -> None:
    ada = employ("ada")

    def add() -> None:
        hire(actor=ada, username="olga", full_name="Olga Office", password=None, roles=[Role.HR])

    assert at_once(add, add) == [Refused.__name__, "done"]
    assert User.objects.get(username="olga").roles == {Role.HR}


def test_two_first_starts_open_one_office() -> None:
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
