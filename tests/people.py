"""The people of the test office. Each is a fixture, hired when a test uses it."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password

from officeflow.company.models import Office
from officeflow.permissions import Role
from officeflow.staff.actions import add_person
from officeflow.staff.models import User

PASSWORD = "correct horse battery"

STAFF: dict[str, tuple[str, list[Role]]] = {
    "rita": ("Rita Receptionist", [Role.RECEPTIONIST]),
    "ravi": ("Ravi Receptionist", [Role.RECEPTIONIST]),
    "femi": ("Femi Fulfilment", [Role.FULFILMENT]),
    "fay": ("Fay Fulfilment", [Role.FULFILMENT]),
    "wanda": ("Wanda Warehouse", [Role.WAREHOUSE]),
    "amir": ("Amir Accountant", [Role.ACCOUNTANT]),
    "hanna": ("Hanna HR", [Role.HR]),
    "maya": ("Maya Manager", [Role.MANAGER]),
    "ada": ("Ada Administrator", [Role.ADMINISTRATOR]),
    "nils": ("Nils Nobody", []),
}

# One person for each role, for tests of all roles.
OF_ROLE: dict[Role, str] = {
    Role.RECEPTIONIST: "rita",
    Role.FULFILMENT: "femi",
    Role.WAREHOUSE: "wanda",
    Role.ACCOUNTANT: "amir",
    Role.HR: "hanna",
    Role.MANAGER: "maya",
    Role.ADMINISTRATOR: "ada",
}


def employ(username: str) -> User:
    """Returns the user with a name, hired by the first call."""
    existing = User.objects.filter(username=username).first()
    if existing is not None:
        return existing
    full_name, roles = STAFF[username]
    person = add_person(
        actor=None,
        username=username,
        full_name=full_name,
        password=None,
        roles=roles,
        email=f"{username}@example.org",
    )
    # Not by `add_person`: to estimate how many guesses a password needs takes longer than the rest.
    person.password = make_password(PASSWORD)
    User.objects.filter(pk=person.pk).update(password=person.password)
    return person


def _fixture(username: str):  # type: ignore[no-untyped-def]
    @pytest.fixture(name=username)
    def person(office: Office) -> User:
        return employ(username)

    return person


for _name in STAFF:
    globals()[_name] = _fixture(_name)

__all__ = list(STAFF)
