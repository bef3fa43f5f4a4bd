"""The demo's staff. Their passwords are public, because they open nothing but a demo."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from officeflow.company.models import Office
from officeflow.permissions import Role
from officeflow.staff.actions import add_person, grant_role, set_hashed_password
from officeflow.staff.models import User


@dataclass(frozen=True)
class Colleague:
    """A member of the demo's staff."""

    username: str
    full_name: str
    role: Role
    password: str


# The sign-in of the first of each role is printed; the others have the same password.
STAFF = (
    Colleague("ada", "Ada Okafor", Role.ADMINISTRATOR, "keys-on-the-brass-hook"),
    Colleague("rosa", "Rosa Lindqvist", Role.RECEPTIONIST, "open-the-door-at-nine"),
    Colleague("femi", "Femi Adeyemi", Role.FULFILMENT, "brown-paper-and-string"),
    Colleague("wanda", "Wanda Kowalska", Role.WAREHOUSE, "third-shelf-on-the-left"),
    Colleague("amir", "Amir Haddad", Role.ACCOUNTANT, "debit-left-credit-right"),
    Colleague("hanna", "Hanna Nováková", Role.HR, "two-chairs-and-a-lamp"),
    Colleague("maya", "Maya Chen", Role.MANAGER, "see-both-sides-at-once"),
    Colleague("ravi", "Ravi Patel", Role.RECEPTIONIST, "open-the-door-at-nine"),
    Colleague("tom", "Tom Becker", Role.FULFILMENT, "brown-paper-and-string"),
    Colleague("selma", "Selma Yıldız", Role.RECEPTIONIST, "open-the-door-at-nine"),
    Colleague("lena", "Lena Sørensen", Role.FULFILMENT, "brown-paper-and-string"),
    Colleague("jomo", "Jomo Otieno", Role.WAREHOUSE, "third-shelf-on-the-left"),
    Colleague("pilar", "Pilar Fuentes", Role.ACCOUNTANT, "debit-left-credit-right"),
)
STAND_IN = "tom"


def sign_ins() -> list[Colleague]:
    """Returns one colleague for each role, in the order of the roles."""
    return [next(each for each in STAFF if each.role == role) for role in Role]


class PasswordHasher:
    """Hashes each password once in other threads, because a hash can take a second."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(max_workers=2)
        self.hashes: dict[str, Future[str]] = {
            password: self.pool.submit(make_password, password)
            for password in dict.fromkeys(each.password for each in STAFF)
        }

    def set_passwords(self, people: Mapping[str, User]) -> None:
        """Sets everybody's password."""
        for each in STAFF:
            set_hashed_password(
                actor=people["ada"],
                user=people[each.username],
                encoded=self.hashes[each.password].result(),
            )

    def close(self) -> None:
        """Cancels the hashes that are not computed yet."""
        self.pool.shutdown(wait=True, cancel_futures=True)


def hire_staff() -> dict[str, User]:
    """Creates the staff without passwords; returns them by user name."""
    people: dict[str, User] = {}
    for each in STAFF:
        people[each.username] = add_person(
            actor=people.get("ada"),
            username=each.username,
            full_name=each.full_name,
            email=f"{each.username}@lantern.example",
            password=None,
            roles=[each.role],
        )
    return people


def grant_stand_in_role(people: Mapping[str, User], office: Office) -> None:
    """Gives a member of fulfilment the role of receptionist until Friday evening."""
    grant_role(
        actor=people["ada"],
        user=people[STAND_IN],
        role=Role.RECEPTIONIST,
        valid_until=next_friday_evening(office, timezone.now()),
    )


def next_friday_evening(office: Office, now: datetime) -> datetime:
    """Returns the next Friday at 17:00 in the office's zone that is at least an hour away."""
    local = now.astimezone(office.zone) + timedelta(hours=1)
    friday = local.date() + timedelta(days=(4 - local.weekday()) % 7)
    evening = datetime.combine(friday, time(17, 0), tzinfo=office.zone)
    return evening if evening > local else evening + timedelta(days=7)
