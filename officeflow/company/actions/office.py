"""Setting up the office once, and changing its settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow import limits
from officeflow.audit.actions import record
from officeflow.company.actions.hours import OFFICE_HOURS, Hours, set_opening_hours
from officeflow.company.models import MAX_UNDO_SECONDS, Office, Site
from officeflow.company.signals import country_changed, currency_changed, reason_to_keep_currency
from officeflow.company.zones import canonical_zone, region_of
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
    """The office's settings. `currency` is an ISO 4217 code, `time_zone` an IANA name."""

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
    undo_seconds: int = 10
    second_factor_required: bool = False


# The free texts on documents, with their maximal lengths.
CONTACT = {"phone": 40, "email": 254, "website": 200, "tax_number": 40, "document_note": 1000}


def settings_of(office: Office) -> OfficeSettings:
    """Returns the current settings, with the main site's name and address."""
    return OfficeSettings(
        name=office.name,
        time_zone=office.time_zone,
        currency=office.currency,
        language=office.language,
        site_name=office.main_site.name,
        site_address=office.main_site.address,
        undo_seconds=office.undo_seconds,
        second_factor_required=office.second_factor_required,
        **{field: getattr(office, field) for field in CONTACT},
    )


@transaction.atomic
def set_up_office(
    *,
    actor: AbstractBaseUser | None,
    site_code: str = "MAIN",
    opening_hours: Iterable[Hours] = OFFICE_HOURS,
    is_demo: bool = False,
    **settings: Any,
) -> Office:
    """Creates the office with its first site and its opening hours.

    `settings` are the fields of `OfficeSettings`. `actor` is None while there are no people.
    Raises `AlreadySetUp`, and `Refused` for a value that cannot be used.
    """
    wanted = _checked(OfficeSettings(**settings))
    # Of two concurrent calls the second waits here and then finds the office.
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
        undo_seconds=wanted.undo_seconds,
        second_factor_required=wanted.second_factor_required,
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
    """Changes the settings; `version` is the one that the form showed.

    Raises `StaleRecord` when the office changed since, and `Refused` for a value that cannot be
    used or a currency that must stay because amounts were recorded in it.
    """
    # Locks the office's row only.
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
    office.undo_seconds = wanted.undo_seconds
    office.second_factor_required = wanted.second_factor_required
    for field in CONTACT:
        setattr(office, field, getattr(wanted, field))
    office.version += 1
    office.save()
    if region_of(before["time_zone"]) != region_of(wanted.time_zone):
        country_changed.send(sender=Office, time_zone=wanted.time_zone)
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
    """Hides the set-up checklist for everybody."""
    _set_hidden(actor, hidden_at=timezone.now())


@transaction.atomic
def show_checklist(*, actor: AbstractBaseUser) -> None:
    """Shows the set-up checklist again."""
    _set_hidden(actor, hidden_at=None)


def _set_hidden(actor: AbstractBaseUser, *, hidden_at: datetime | None) -> None:
    hides = hidden_at is not None
    changed = Office.objects.filter(pk=1, checklist_hidden_at__isnull=hides).update(
        checklist_hidden_at=hidden_at
    )
    if changed:
        record(
            actor=actor,
            action="hide_checklist" if hides else "show_checklist",
            subject_kind="office",
            subject="checklist",
        )


def _checked(wanted: OfficeSettings, kept: str = "") -> OfficeSettings:
    """Returns the settings normalised. `kept` is a currency allowed even when out of use."""
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
    if len(wanted.site_address.strip()) > limits.ADDRESS:
        raise Refused(
            _("This is too long. Use at most %(count)d characters.") % {"count": limits.ADDRESS},
            "site_address",
        )
    currency = wanted.currency.strip().upper()
    if currency not in CURRENCIES and currency != kept:
        raise Refused(_("Enter a currency code such as EUR."), "currency")
    if wanted.language not in dict(django_settings.LANGUAGES):
        raise Refused(_("Choose one of the languages."), "language")
    if not 0 <= wanted.undo_seconds <= MAX_UNDO_SECONDS:
        raise Refused(
            _("Enter a number of seconds from 0 to %(most)d.") % {"most": MAX_UNDO_SECONDS},
            "undo_seconds",
        )
    contact = {field: getattr(wanted, field).strip() for field in CONTACT}
    for field, longest in CONTACT.items():
        if len(contact[field]) > longest:
            raise Refused(
                _("This is too long. Use at most %(count)d characters.") % {"count": longest},
                field,
            )
    if contact["website"]:
        contact["website"] = _checked_website(contact["website"])
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
        time_zone=canonical_zone(wanted.time_zone),
        currency=currency,
    )


def _checked_website(typed: str) -> str:
    """Returns a web address as it was typed, with or without `https://`. Raises `Refused`."""
    address = typed if "://" in typed else f"https://{typed}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise Refused(_("Enter a web address such as www.example.com."), "website") from None
    return typed
