"""Adding and changing customers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from frontdesk.customers.contact import email_key, phone_key, spaced_phone
from frontdesk.customers.models import Customer
from frontdesk.customers.queries.duplicates import Candidate, candidates
from officeflow import limits
from officeflow.audit.actions import record, record_in_batches
from officeflow.audit.models import Realm
from officeflow.company.queries import get_office
from officeflow.errors import Conflict, Refused, StaleRecord
from officeflow.numbering import next_number, next_numbers
from officeflow.staff.models import User
from officeflow.text import name_key

FIELDS = ("name", "phone", "email", "wants_mail", "address", "note", "is_active")
COMPARED_FIELDS = ("name", "phone", "email")
PERSONAL_FIELDS = ("name", "phone", "email", "address", "note")


class LikelyDuplicate(Conflict):
    """A customer may already have a record; `candidates` are the records to choose from."""

    def __init__(self, found: list[Candidate], *, editing: bool = False) -> None:
        self.candidates = found
        super().__init__(
            _("Another customer has similar details. Merge the two records, or save anyway.")
            if editing
            else _("This may be an existing customer. Choose the record, or add a new one.")
        )

    @property
    def details(self) -> dict[str, Any]:
        """The candidates for the API's error response."""
        return {
            "candidates": [
                {
                    "number": each.customer.number,
                    "name": each.customer.name,
                    "phone": each.customer.phone,
                    "email": each.customer.email,
                    "is_active": each.customer.is_active,
                    "reasons": [str(reason) for reason in each.reasons],
                }
                for each in self.candidates
            ]
        }


@transaction.atomic
def add_customer(
    *,
    actor: User,
    name: str,
    phone: str = "",
    email: str = "",
    address: str = "",
    note: str = "",
    refuse_duplicates: bool = False,
    declined: Collection[str] = (),
    realm: Realm = Realm.OFFICE,
) -> Customer:
    """Adds a customer with the next number. Raises `Refused` for bad values.

    `realm` is the part of the audit trail that says who added it.
    With `refuse_duplicates`, raises `LikelyDuplicate` when a record has the same phone or e-mail
    or a similar name. `declined` are numbers of records that the actor has seen and knows to be
    other people.
    """
    fields = _checked({"name": name, "phone": phone, "email": email})
    lock_customer_keys(fields["phone_key"], fields["email_key"], fields["name_key"])
    if refuse_duplicates:
        found = candidates(name=fields["name"], phone=fields["phone"], email=fields["email"])
        if any(each.number not in declined for each in found):
            raise LikelyDuplicate(found)
    customer = Customer.objects.create(
        number=next_number("CU"),
        address=address.strip(),
        note=note.strip(),
        created_by=actor,
        **fields,
    )
    _record_added(actor, customer, realm)
    return customer


@dataclass(frozen=True, kw_only=True)
class NewCustomer:
    """The details of a customer to be added."""

    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    note: str = ""
    wants_mail: bool = True
    is_active: bool = True


@transaction.atomic
def add_customers(*, actor: User, customers: Sequence[NewCustomer]) -> list[Customer]:
    """Adds many customers with the next numbers, all or none, without looking for duplicates.

    Raises `Refused` for the first bad values.
    """
    checked = [
        _checked({"name": each.name, "phone": each.phone, "email": each.email})
        for each in customers
    ]
    lock_keys_of_customers(
        (each["phone_key"], each["email_key"], each["name_key"]) for each in checked
    )
    made = Customer.objects.bulk_create(
        Customer(
            number=number,
            address=each.address.strip(),
            note=each.note.strip(),
            wants_mail=each.wants_mail,
            is_active=each.is_active,
            created_by=actor,
            **fields,
        )
        for number, each, fields in zip(
            next_numbers("CU", len(checked)), customers, checked, strict=True
        )
    )
    with record_in_batches():
        for customer in made:
            _record_added(actor, customer)
    return made


def _record_added(actor: User, customer: Customer, realm: Realm = Realm.OFFICE) -> None:
    record(
        actor=actor,
        action="add_customer",
        subject_kind="customer",
        subject=customer.number,
        personal=[field for field in PERSONAL_FIELDS if getattr(customer, field)],
        realm=realm,
    )


def lock_customer_keys(phone: str, email: str, name: str) -> None:
    """Locks a phone, an e-mail and a name until the transaction ends.

    Called before looking for duplicates: of two transactions that add the same customer the second
    waits and then sees the first one's record.
    """
    lock_keys_of_customers([(phone, email, name)])


def lock_keys_of_customers(customers: Iterable[tuple[str, str, str]]) -> None:
    """Locks the phones, e-mails and names of customers until the transaction ends.

    The locks are taken in sorted order, so that two transactions cannot deadlock.
    """
    keys = [
        f"customer:{key}"
        for phone, email, name in customers
        for key in (phone, email, " ".join(sorted(name.split())))
        if key
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_advisory_xact_lock(key) FROM (
                SELECT DISTINCT hashtextextended(word, 0) AS key
                FROM unnest(%s::text[]) AS word ORDER BY 1
            ) AS keys
            """,
            [keys],
        )


@transaction.atomic
def change_customer(
    *,
    actor: User,
    customer: Customer,
    version: int,
    refuse_duplicates: bool = False,
    declined: Collection[str] = (),
    **fields: Any,
) -> Customer:
    """Changes the given fields (`FIELDS`).

    Raises `StaleRecord` when `version` is no longer current, `Refused` for bad values and for a
    merged record. With `refuse_duplicates`, raises `LikelyDuplicate` when a changed name, phone
    or e-mail is like another record's, except for the numbers in `declined`.
    """
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a customer has no {sorted(unknown)}")
    if refuse_duplicates:
        keys = _keys({name: str(fields.get(name, "")) for name in COMPARED_FIELDS})
        lock_customer_keys(keys["phone"], keys["email"], keys["name"])
    current = Customer.objects.select_for_update().get(pk=customer.pk)
    if current.is_merged:
        raise Refused(_("This record was merged into another record. Change that record instead."))
    if current.version != version:
        raise StaleRecord(current)
    values = {field: getattr(current, field) for field in FIELDS} | fields
    wanted = values | _checked({field: values[field] for field in ("name", "phone", "email")})
    changed = [field for field in FIELDS if getattr(current, field) != wanted[field]]
    if not changed:
        return current
    if refuse_duplicates:
        found = duplicates_after_change(current, wanted)
        if any(each.number not in declined for each in found):
            raise LikelyDuplicate(found, editing=True)
    for field, value in wanted.items():
        setattr(current, field, value)
    current.version += 1
    current.save()
    record(
        actor=actor,
        action="change_customer",
        subject_kind="customer",
        subject=current.number,
        personal=changed,
    )
    return current


def duplicates_after_change(customer: Customer, typed: Mapping[str, Any]) -> list[Candidate]:
    """Returns the likely duplicates of a customer after a change.

    Only changed fields count, so that records that were alike before are not reported again.
    """
    keys = _keys({name: getattr(customer, name) for name in COMPARED_FIELDS})
    differs = {
        name: str(typed.get(name, ""))
        for name, key in _keys({name: str(typed.get(name, "")) for name in COMPARED_FIELDS}).items()
        if key != keys[name]
    }
    return candidates(**differs, excluded=[customer.pk])


def _keys(fields: Mapping[str, str]) -> dict[str, str]:
    """Returns the comparable forms of name, phone and e-mail."""
    phone = fields["phone"].strip()
    return {
        "name": name_key(fields["name"]),
        "phone": phone_key(phone, get_office().time_zone) if phone else "",
        "email": email_key(fields["email"]),
    }


def _checked(fields: dict[str, str]) -> dict[str, str]:
    """Returns checked name, phone and e-mail with their comparable forms."""
    name = checked_name(fields["name"])
    phone, its_phone_key = checked_phone(fields["phone"])
    email, its_email_key = checked_email(fields["email"])
    return {
        "name": name,
        "name_key": name_key(name)[:200],  # some signs are written out as whole words
        "phone": phone,
        "phone_key": its_phone_key,
        "email": email,
        "email_key": its_email_key,
    }


def checked_name(text: str, field: str = "name") -> str:
    """Returns a name on one line. Raises `Refused` for an empty or too long name."""
    name = " ".join(text.split())
    if not name:
        raise Refused(_("Enter the customer's name."), field)
    if len(name) > 200:
        raise Refused(_("The name is too long. Use at most 200 characters."), field)
    return name


def checked_phone(text: str, field: str = "phone", time_zone: str = "") -> tuple[str, str]:
    """Returns a phone number and its comparable form; two empty texts for an empty number.

    `time_zone` is the office's unless given. Raises `Refused`.
    """
    phone = " ".join(text.split())
    if not phone:
        return "", ""
    if len(phone) > 40 or sum(char.isdigit() for char in phone) < 3:
        raise Refused(_("Enter a phone number with its digits, such as 020 7946 0018."), field)
    zone = time_zone or get_office().time_zone
    return spaced_phone(phone, zone), phone_key(phone, zone)


def checked_email(text: str, field: str = "email") -> tuple[str, str]:
    """Returns an e-mail address and its comparable form; two empty texts for an empty address.

    Raises `Refused`.
    """
    email = text.strip()
    if email:
        try:
            if len(email) > limits.EMAIL:
                raise ValidationError("", code="too_long")
            validate_email(email)
        except ValidationError:
            raise Refused(_("Enter an e-mail address such as name@example.com."), field) from None
    return email, email_key(email)[: limits.EMAIL]
