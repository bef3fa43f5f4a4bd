"""`manage.py set_up`."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from officeflow.company.models import Office
from officeflow.permissions import Role
from officeflow.staff.models import User
from tests.people import PASSWORD


def set_up(**other: str) -> None:
    options = {
        "name": "The Glass Lantern",
        "time_zone": "Africa/Nairobi",
        "currency": "KES",
        "language": "en-ke",
        "username": "asha",
        "full_name": "Asha Mwangi",
        "password": PASSWORD,
        **other,
    }
    call_command("set_up", stderr=StringIO(), **options)


@pytest.mark.django_db
def test_the_command_creates_the_office_and_its_administrator() -> None:
    set_up()
    office, asha = Office.objects.get(), User.objects.get()
    assert (office.currency, office.main_site.name) == ("KES", "The Glass Lantern")
    assert not office.is_demo
    assert asha.roles == {Role.ADMINISTRATOR}
    with pytest.raises(CommandError, match="already set up"):
        set_up(username="other")


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"currency": "XXX"}, {"password": "short"}, {"username": "a b"}])
def test_the_command_refuses_invalid_values(wrong: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        set_up(**wrong)
    assert not Office.objects.exists()
    assert not User.objects.exists()
