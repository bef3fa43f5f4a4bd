"""Two records that turn out to be the same person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
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
from officeflow.staff.models import User


@transaction.atomic
def merge_customers(
    *, actor: User, keep: Customer, other: Customer, keep_version: int, other_version: int
) -> Customer:
    """Keeps one of two records of the same person; there is no way back.

    Orders, complaints, contacts, notes and files of `other` go over to `keep`; what only `other`
    knew (phone, e-mail, address) is kept too. `other` is deactivated, and its number leads to
    `keep` from then on. The versions are those that the confirmation showed. Raises `Refused` for
    one record twice, `Conflict` when one of them was merged or changed meanwhile.
    """
    if keep.pk == other.pk:
        raise Refused(_("This is the same record. Choose another one."), "other")
    # In one order, so that two who merge the same records the other way round do not lock up.
    rows = Customer.objects.select_for_update().filter(pk__in=(keep.pk, other.pk)).order_by("pk")
    found = {row.pk: row for row in rows}
    kept, gone = found[keep.pk], found[other.pk]
    if kept.is_merged or gone.is_merged:
        raise Conflict(_("One of these records has already been merged into another one."))
    if (kept.version, gone.version) != (keep_version, other_version):
        raise Conflict(
            _("A colleague has changed one of these records. Check them again, then merge.")
        )
    now = timezone.now()
    orders = gone.orders.update(customer=kept, version=F("version") + 1, changed_at=now)
    complaints = gone.complaints.update(customer=kept, version=F("version") + 1, changed_at=now)
    CustomerNote.objects.filter(customer=gone).update(customer=kept)
    # What a file calls the one that goes means the one that stays, when it is imported again.
    CustomerReference.objects.filter(customer=gone).update(customer=kept)
    _move_contacts(kept, gone)
    move_files(actor=actor, kind="customer", from_number=gone.number, to_number=kept.number)
    _keep_what_differs(actor, kept, gone, now)
    # Whatever led to the one that goes leads to the one that stays: one step, never a chain.
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
    """The contacts go over; one that both have stays once."""
    mine = set(
        CustomerContact.objects.filter(customer=kept, is_active=True).values_list("kind", "key")
    )
    twice = [
        contact.pk
        for contact in CustomerContact.objects.filter(customer=gone, is_active=True)
        if (contact.kind, contact.key) in mine
    ]
    CustomerContact.objects.filter(pk__in=twice).update(is_active=False)
    CustomerContact.objects.filter(customer=gone).update(customer=kept)


def _keep_what_differs(actor: User, kept: Customer, gone: Customer, now: datetime) -> None:
    """What the kept record lacks it takes over; what it has otherwise becomes a contact or note."""
    kept.is_active = kept.is_active or gone.is_active
    # Whoever asked once for no mail gets none.
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
