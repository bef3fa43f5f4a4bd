"""Who works in the demo company. Their passwords are public: they open a demo and nothing else."""

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
    """Somebody on the demo's payroll."""

    username: str
    full_name: str
    role: Role
    password: str


# The first of each role is the one whose sign-in is shown; the others share its password.
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
STANDS_IN = "tom"


def sign_ins() -> list[Colleague]:
    """One colleague for each role, in the order of the roles."""
    return [next(each for each in STAFF if each.role == role) for role in Role]


class Locksmith:
    """Hashes each password once, beside everything else, because it can take a second."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(max_workers=2)
        self.keys: dict[str, Future[str]] = {
            password: self.pool.submit(make_password, password)
            for password in dict.fromkeys(each.password for each in STAFF)
        }

    def hand_out(self, people: Mapping[str, User]) -> None:
        """Gives everybody their password."""
        for each in STAFF:
            set_hashed_password(
                actor=people["ada"],
                user=people[each.username],
                encoded=self.keys[each.password].result(),
            )

    def close(self) -> None:
        """Drops what has not been begun."""
        self.pool.shutdown(wait=True, cancel_futures=True)


def employ() -> dict[str, User]:
    """Hires everybody. Their passwords come from the `Locksmith`."""
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


def have_stand_in(people: Mapping[str, User], office: Office) -> None:
    """One from fulfilment stands in at the desk from now until Friday evening."""
    grant_role(
        actor=people["ada"],
        user=people[STANDS_IN],
        role=Role.RECEPTIONIST,
        valid_until=next_friday_evening(office, timezone.now()),
    )


def next_friday_evening(office: Office, now: datetime) -> datetime:
    """The coming Friday at 17:00 in the office's zone, at least an hour away."""
    local = now.astimezone(office.zone) + timedelta(hours=1)
    friday = local.date() + timedelta(days=(4 - local.weekday()) % 7)
    evening = datetime.combine(friday, time(17, 0), tzinfo=office.zone)
    return evening if evening > local else evening + timedelta(days=7)
