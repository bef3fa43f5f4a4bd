"""Writes about the office: setting it up once, and changing its settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.company.actions.hours import OFFICE_HOURS, Hours, set_opening_hours
from officeflow.company.models import Office, Site
from officeflow.company.signals import currency_changed, reason_to_keep_currency
from officeflow.errors import Conflict, Refused, StaleRecord
from officeflow.money import CURRENCIES

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

SET_UP_LOCK = 0x0FF1CE


class AlreadySetUp(Conflict):
    """There is an office already."""

    def __init__(self) -> None:
        super().__init__(_("The office is already set up."))


@dataclass(frozen=True, kw_only=True)
class OfficeSettings:
    """What the office says about itself. Currency is an ISO 4217 code, the zone an IANA name."""

    name: str
    time_zone: str
    currency: str
    language: str
    site_name: str
    site_address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    tax_number: str = ""
    document_note: str = ""


# What stands on documents and is kept as it was typed: the field and its longest text.
CONTACT = {"phone": 40, "email": 254, "website": 200, "tax_number": 40, "document_note": 1000}


def settings_of(office: Office) -> OfficeSettings:
    """The settings as they stand, with those of the one site."""
    return OfficeSettings(
        name=office.name,
        time_zone=office.time_zone,
        currency=office.currency,
        language=office.language,
        site_name=office.main_site.name,
        site_address=office.main_site.address,
        **{field: getattr(office, field) for field in CONTACT},
    )


@transaction.atomic
def set_up_office(
    *,
    actor: AbstractBaseUser | None,
    site_code: str = "MAIN",
    opening_hours: Iterable[Hours] = OFFICE_HOURS,
    is_demo: bool = False,
    **settings: str,
) -> Office:
    """Opens the office with its first site and its hours, Monday to Friday unless given.

    `settings` are the fields of `OfficeSettings`. `actor` is None when nobody works here yet.

    Raises `AlreadySetUp`, or `Refused` for a value that cannot be used.
    """
    wanted = _checked(OfficeSettings(**settings))
    # Two first starts at once: the second waits here, then finds the office.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SET_UP_LOCK])
    if Office.objects.exists():
        raise AlreadySetUp
    site = Site.objects.create(code=site_code, name=wanted.site_name, address=wanted.site_address)
    office = Office.objects.create(
        pk=1,
        name=wanted.name,
        time_zone=wanted.time_zone,
        currency=wanted.currency,
        language=wanted.language,
        main_site=site,
        is_demo=is_demo,
        **{field: getattr(wanted, field) for field in CONTACT},
    )
    record(
        actor=actor,
        action="set_up_office",
        subject_kind="office",
        subject=site.code,
        changes={field: (None, value) for field, value in asdict(wanted).items() if value},
    )
    set_opening_hours(actor=actor, hours=opening_hours)
    office.refresh_from_db(fields=["calendar"])
    return office


@transaction.atomic
def change_office(*, actor: AbstractBaseUser, version: int, wanted: OfficeSettings) -> Office:
    """Changes the settings of the version that the form showed.

    Raises `StaleRecord` when somebody was faster, and `Refused` for a value that cannot be used
    or a currency that has to stay because something was sold in it.
    """
    # Only its own row: the site is locked by nobody else.
    office = Office.objects.select_for_update(of=("self",)).select_related("main_site").get(pk=1)
    if office.version != version:
        raise StaleRecord(office)
    wanted = _checked(wanted, kept=office.currency)
    before, after = asdict(settings_of(office)), asdict(wanted)
    changes = {
        field: (before[field], after[field]) for field in after if before[field] != after[field]
    }
    if not changes:
        return office
    if "currency" in changes:
        if reason := reason_to_keep_currency():
            raise Refused(reason, "currency")
        currency_changed.send(sender=Office, old=office.currency, new=wanted.currency)
    site = office.main_site
    site.name, site.address = wanted.site_name, wanted.site_address
    if {"site_name", "site_address"} & changes.keys():
        site.version += 1
        site.save(update_fields=["name", "address", "version"])
    office.name, office.time_zone = wanted.name, wanted.time_zone
    office.currency, office.language = wanted.currency, wanted.language
    for field in CONTACT:
        setattr(office, field, getattr(wanted, field))
    office.version += 1
    office.save()
    record(
        actor=actor,
        action="change_office",
        subject_kind="office",
        subject=site.code,
        changes=changes,
    )
    return office


@transaction.atomic
def hide_checklist(*, actor: AbstractBaseUser) -> None:
    """Puts the list of what is left to set up away, for everybody; already away is fine."""
    _hide(actor, hidden_at=timezone.now())


@transaction.atomic
def show_checklist(*, actor: AbstractBaseUser) -> None:
    """Takes the list out again."""
    _hide(actor, hidden_at=None)


def _hide(actor: AbstractBaseUser, *, hidden_at: datetime | None) -> None:
    shown = hidden_at is not None
    changed = Office.objects.filter(pk=1, checklist_hidden_at__isnull=shown).update(
        checklist_hidden_at=hidden_at
    )
    if changed:
        record(
            actor=actor,
            action="hide_checklist" if shown else "show_checklist",
            subject_kind="office",
            subject="checklist",
        )


def _checked(wanted: OfficeSettings, kept: str = "") -> OfficeSettings:
    # A currency that has ended meanwhile does not keep the office from changing other settings.
    name, site_name = " ".join(wanted.name.split()), " ".join(wanted.site_name.split())
    if not name:
        raise Refused(_("Enter a name for the office."), "name")
    if not site_name:
        raise Refused(_("Enter a name for the site, such as Main shop."), "site_name")
    for field, text in (("name", name), ("site_name", site_name)):
        if len(text) > 100:
            raise Refused(_("The name is too long. Use at most 100 characters."), field)
    if wanted.time_zone not in available_timezones():
        raise Refused(_("Enter a time zone such as Europe/London."), "time_zone")
    currency = wanted.currency.strip().upper()
    if currency not in CURRENCIES and currency != kept:
        raise Refused(_("Enter a currency code such as EUR."), "currency")
    if wanted.language not in dict(django_settings.LANGUAGES):
        raise Refused(_("Choose one of the languages."), "language")
    contact = {field: getattr(wanted, field).strip() for field in CONTACT}
    for field, longest in CONTACT.items():
        if len(contact[field]) > longest:
            raise Refused(
                _("This is too long. Use at most %(count)d characters.") % {"count": longest},
                field,
            )
    if contact["email"]:
        try:
            validate_email(contact["email"])
        except ValidationError:
            raise Refused(_("Enter an e-mail address such as name@example.com."), "email") from None
    return replace(
        wanted,
        **contact,
        name=name,
        site_name=site_name,
        site_address=wanted.site_address.strip(),
        currency=currency,
    )
