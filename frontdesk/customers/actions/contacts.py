"""Adding and removing a customer's further contacts, and adding notes."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.customers.actions.customers import checked_email, checked_name, checked_phone
from frontdesk.customers.models import ContactKind, Customer, CustomerContact, CustomerNote
from officeflow import limits
from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused
from officeflow.staff.models import User
from officeflow.text import name_key

MOST_CONTACTS = 50


@transaction.atomic
def add_contact(
    *,
    actor: User,
    customer: Customer,
    kind: ContactKind,
    value: str,
    label: str = "",
    phone: str = "",
    email: str = "",
) -> CustomerContact:
    """Adds a phone, an e-mail address or a person to a customer.

    `label` describes the contact (mobile, buyer). `phone` and `email` belong to a person and are
    empty for other kinds. Raises `Refused` for bad values, `Conflict` when the contact exists.
    """
    kind = ContactKind(kind)
    label = " ".join(label.split())
    if len(label) > limits.LABEL:
        raise Refused(_("The description is too long. Use at most 60 characters."), "label")
    value, key = _checked(kind, value)
    current = _locked(customer)
    contacts = CustomerContact.objects.filter(customer=current, is_active=True)
    known: list[tuple[str, str, int | None]] = list(
        contacts.values_list("kind", "key", "person_id")
    )
    if len(known) >= MOST_CONTACTS:
        raise Refused(_("This customer has too many contacts. Remove one first."), "value")
    own = {ContactKind.PHONE: current.phone_key, ContactKind.EMAIL: current.email_key}
    if (kind.value, key, None) in known or own.get(kind) == key:
        raise Conflict(_("This contact already exists."))
    now = timezone.now()
    contact = CustomerContact.objects.create(
        customer=current,
        kind=kind,
        label=label,
        value=value,
        key=key,
        added_by=actor,
        added_at=now,
    )
    if kind == ContactKind.PERSON:
        for part, typed, checked in (
            (ContactKind.PHONE, phone, checked_phone),
            (ContactKind.EMAIL, email, checked_email),
        ):
            its_value, its_key = checked(typed)
            if its_value:
                CustomerContact.objects.create(
                    customer=current,
                    kind=part,
                    value=its_value,
                    key=its_key,
                    person=contact,
                    added_by=actor,
                    added_at=now,
                )
    record(
        actor=actor,
        action="add_contact",
        subject_kind="customer",
        subject=current.number,
        changes={"kind": (None, kind.value)},
        personal=["contact"],
        at=now,
    )
    return contact


def _checked(kind: ContactKind, value: str) -> tuple[str, str]:
    if kind == ContactKind.PERSON:
        name = checked_name(value, "value")
        return name, name_key(name)[:254]
    value, key = (checked_phone if kind == ContactKind.PHONE else checked_email)(value, "value")
    if not value:
        raise Refused(_("Enter the phone number or the e-mail address."), "value")
    return value, key


@transaction.atomic
def remove_contact(*, actor: User, contact: CustomerContact) -> None:
    """Deactivates a contact; a person's own phone and e-mail go with the person.

    Raises `Conflict` when the contact has already been removed.
    """
    removed = CustomerContact.objects.filter(pk=contact.pk, is_active=True).update(is_active=False)
    if not removed:
        raise Conflict(_("This contact has already been removed."))
    CustomerContact.objects.filter(person=contact).update(is_active=False)
    record(
        actor=actor,
        action="remove_contact",
        subject_kind="customer",
        subject=contact.customer.number,
        changes={"kind": (contact.kind, None)},
        personal=["contact"],
    )


@transaction.atomic
def add_note(*, actor: User, customer: Customer, text: str) -> CustomerNote:
    """Adds a note about a customer. Raises `Refused` for an empty or too long text."""
    text = text.strip()
    if not text:
        raise Refused(_("Write a note."), "text")
    if len(text) > limits.NOTE:
        raise Refused(
            _("A note can have at most 4000 characters. Split it into two notes."), "text"
        )
    current = _locked(customer)
    now = timezone.now()
    note = CustomerNote.objects.create(
        customer=current, text=text, written_by=actor, written_at=now
    )
    record(
        actor=actor,
        action="note_customer",
        subject_kind="customer",
        subject=current.number,
        personal=["note"],
        at=now,
    )
    return note


def _locked(customer: Customer) -> Customer:
    """Returns the locked record, or the record that it was merged into."""
    current = Customer.objects.select_for_update().get(pk=customer.pk)
    if current.merged_into_id is not None:
        return Customer.objects.select_for_update().get(pk=current.merged_into_id)
    return current
