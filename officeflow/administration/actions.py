"""Setting up the office with its settings, tax rates and owner in one transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.administration.models import SetUpToken
from officeflow.catalogue.actions import add_tax_rate, main_price_list, set_prices_include_tax
from officeflow.company.actions import (
    OFFICE_HOURS,
    AlreadySetUp,
    Hours,
    OfficeSettings,
    set_up_office,
)
from officeflow.company.models import Office
from officeflow.company.queries import find_office
from officeflow.errors import Conflict, Refused
from officeflow.permissions import Role
from officeflow.staff.actions import add_person
from officeflow.staff.models import User
from officeflow.staff.tokens import hash_of

SET_UP_TOKEN_LIFETIME = timedelta(hours=24)


class InvalidSetUpToken(Conflict):
    """The token is not the one that was issued last, was used, or has expired."""

    def __init__(self) -> None:
        super().__init__(_("This set-up address does not work, or no longer works."))


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The first person of an office: always an administrator, with further `roles` if given."""

    username: str
    full_name: str
    password: str
    email: str = ""
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True)
class NewRate:
    """A tax rate of the new office; `rate` is a fraction. The first one is the standard rate."""

    name: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class NewOffice:
    """The settings, opening hours and tax rates of a new office."""

    settings: OfficeSettings
    hours: tuple[Hours, ...] = OFFICE_HOURS
    rates: tuple[NewRate, ...] = field(default=())
    prices_include_tax: bool = True


@transaction.atomic
def issue_set_up_token(*, token: str) -> SetUpToken | None:
    """Makes `token` the only token that can set up this office, for 24 hours.

    Returns None when the office is already set up. Tokens issued before no longer work.
    """
    if find_office() is not None:
        return None
    now = timezone.now()
    issued, _created = SetUpToken.objects.update_or_create(
        pk=1,
        defaults={
            "token_hash": hash_of(token),
            "made_at": now,
            "expires_at": now + SET_UP_TOKEN_LIFETIME,
            "used_at": None,
        },
    )
    return issued


@transaction.atomic
def set_up_with_token(*, token: str, owner: Owner, new: NewOffice) -> User:
    """Sets up the office with a token, which works once, and returns the owner's account.

    Of two concurrent calls the second waits and then raises `AlreadySetUp`. Raises
    `InvalidSetUpToken`, and `Refused` whose `field` is one of the owner or the office (a rate's
    is `rates-NUMBER-name` or `rates-NUMBER-rate`).
    """
    now = timezone.now()
    used = SetUpToken.objects.filter(
        pk=1, token_hash=hash_of(token), used_at__isnull=True, expires_at__gt=now
    ).update(used_at=now)
    if not used:
        raise AlreadySetUp if find_office() is not None else InvalidSetUpToken
    return set_up_with_owner(owner=owner, new=new)[1]


@transaction.atomic
def set_up_with_owner(*, owner: Owner, new: NewOffice) -> tuple[Office, User]:
    """Creates the office and its first administrator. Raises `AlreadySetUp` and `Refused`."""
    office = set_up_office(actor=None, opening_hours=new.hours, **asdict(new.settings))
    roles = [Role.ADMINISTRATOR, *(each for each in owner.roles if each != Role.ADMINISTRATOR)]
    person = add_person(
        actor=None,
        username=owner.username,
        full_name=owner.full_name,
        email=owner.email,
        password=owner.password,
        roles=roles,
    )
    set_prices_include_tax(
        actor=person, price_list=main_price_list(), includes_tax=new.prices_include_tax
    )
    for number, each in enumerate(new.rates):
        try:
            add_tax_rate(actor=person, name=each.name, rate=each.rate)
        except Refused as refused:
            raise Refused(refused.message, f"rates-{number}-{refused.field}") from refused
    return office, person
