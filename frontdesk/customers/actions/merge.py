"""Merging two records of the same customer, and finding the kept record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.db import transaction
from django.db.models import BooleanField, F
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.customers.models import (
    ContactKind,
    Customer,
    CustomerContact,
    CustomerNote,
    CustomerReference,
)
from officeflow.attachments.actions import move_files
from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused
from officeflow.postgres.rows import read_rows, records_of, sql_of
from officeflow.staff.models import User


@transaction.atomic
def merge_customers(
    *, actor: User, keep: Customer, other: Customer, keep_version: int, other_version: int
) -> Customer:
    """Merges `other` into `keep`, which cannot be undone, and returns the kept record.

    Orders, complaints, contacts, notes and files move to `keep`, and so do phone, e-mail and
    address where `keep` has none. `other` is deactivated; its number then finds `keep`. The
    versions are those shown on the confirmation page. Raises `Refused` when both are the same
    record, `Conflict` when one of them was merged or changed meanwhile.
    """
    if keep.pk == other.pk:
        raise Refused(_("This is the same record. Choose another one."), "other")
    # In one order, so that two transactions that merge the same records cannot deadlock.
    rows = Customer.objects.select_for_update().filter(pk__in=(keep.pk, other.pk)).order_by("pk")
    found = {row.pk: row for row in rows}
    kept, gone = found[keep.pk], found[other.pk]
    if kept.is_merged or gone.is_merged:
        raise Conflict(_("One of these records has already been merged into another one."))
    if (kept.version, gone.version) != (keep_version, other_version):
        raise Conflict(
            _("A colleague has changed one of these records. Check both, then merge again.")
        )
    now = timezone.now()
    orders = gone.orders.update(customer=kept, version=F("version") + 1, changed_at=now)
    complaints = gone.complaints.update(customer=kept, version=F("version") + 1, changed_at=now)
    CustomerNote.objects.filter(customer=gone).update(customer=kept)
    # A file that is imported again then finds the kept record.
    CustomerReference.objects.filter(customer=gone).update(customer=kept)
    _move_contacts(kept, gone)
    move_files(actor=actor, kind="customer", from_number=gone.number, to_number=kept.number)
    _keep_what_differs(actor, kept, gone, now)
    # Records that were merged into `gone` before: a lookup follows one step only.
    Customer.objects.filter(merged_into=gone).update(merged_into=kept)
    gone.merged_into, gone.is_active = kept, False
    gone.version += 1
    gone.save()
    kept.version += 1
    kept.save()
    for subject, changes in (
        (
            kept.number,
            {
                "merged": (None, gone.number),
                "orders": (None, orders),
                "complaints": (None, complaints),
            },
        ),
        (gone.number, {"merged_into": (None, kept.number)}),
    ):
        record(
            actor=actor,
            action="merge_customers",
            subject_kind="customer",
            subject=subject,
            changes=changes,
            at=now,
        )
    return kept


def _move_contacts(kept: Customer, gone: Customer) -> None:
    """Moves the contacts of `gone` to `kept` and deactivates those that `kept` already has."""
    known = set(
        CustomerContact.objects.filter(customer=kept, is_active=True).values_list("kind", "key")
    )
    repeated = [
        contact.pk
        for contact in CustomerContact.objects.filter(customer=gone, is_active=True)
        if (contact.kind, contact.key) in known
    ]
    CustomerContact.objects.filter(pk__in=repeated).update(is_active=False)
    CustomerContact.objects.filter(customer=gone).update(customer=kept)


def _keep_what_differs(actor: User, kept: Customer, gone: Customer, now: datetime) -> None:
    """Copies values that `kept` lacks; a differing value becomes a contact or part of a note."""
    kept.is_active = kept.is_active or gone.is_active
    # A customer who opted out of mail in either record gets none.
    kept.wants_mail = kept.wants_mail and gone.wants_mail
    lines = [
        _("Merged with %(number)s, %(name)s.") % {"number": gone.number, "name": gone.name},
    ]
    for name, kind in (("phone", ContactKind.PHONE), ("email", ContactKind.EMAIL)):
        value, key = getattr(gone, name), getattr(gone, f"{name}_key")
        if not value or key == getattr(kept, f"{name}_key"):
            continue
        if not getattr(kept, name):
            setattr(kept, name, value)
            setattr(kept, f"{name}_key", key)
            continue
        known = CustomerContact.objects.filter(customer=kept, kind=kind, key=key, is_active=True)
        if not known.exists():
            CustomerContact.objects.create(
                customer=kept,
                kind=kind,
                label=gone.number,
                value=value,
                key=key,
                added_by=actor,
                added_at=now,
            )
    for name, label in (("address", _("Address")), ("note", _("Note"))):
        value = getattr(gone, name)
        if value and not getattr(kept, name):
            setattr(kept, name, value)
        elif value and value != getattr(kept, name):
            lines.append(f"{label}: {value}")
    CustomerNote.objects.create(
        customer=kept, text="\n".join(lines), written_by=actor, written_at=now
    )


def resolve_merged(customer: Customer) -> Customer:
    """Returns the current record, or the record that it was merged into; called in a transaction.

    The record cannot be merged before the transaction ends, because a merge locks both records;
    otherwise rows written meanwhile would stay with the merged record. Transactions that place
    orders for one customer do not wait for each other: this is the lock that a foreign key takes.
    """
    return resolve_all_merged([customer.pk])[customer.pk]


def resolve_all_merged(pks: Iterable[int]) -> dict[int, Customer]:
    """Returns what `resolve_merged` does for many records, by their keys."""
    found = {pk: pk for pk in pks}
    records: dict[int, Customer] = {}
    while missing := sorted({*found.values()} - {*records}):
        for row in read_rows(_to_be_kept(), [missing]):
            (customer,) = records_of(row, Customer)
            records[customer.pk] = customer
        for pk, current in found.items():
            found[pk] = records[current].merged_into_id or current
    return {pk: records[current] for pk, current in found.items()}


@cache
def _to_be_kept() -> str:
    """Returns the SQL that locks the records with one of the keys of a list against a merge."""
    has_key = RawSQL("id = ANY(%s)", [[]], output_field=BooleanField())
    # `select_for_update` has no FOR KEY SHARE.
    return sql_of(Customer.objects.filter(has_key).order_by("pk")) + " FOR KEY SHARE"
