"""Making and changing customers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from frontdesk.contact import email_key, phone_key
from frontdesk.models import Customer
from officeflow.audit.actions import record
from officeflow.company.queries import get_office
from officeflow.errors import Conflict, Refused
from officeflow.numbering import next_number
from officeflow.staff.models import User
from officeflow.text import name_key

FIELDS = ("name", "phone", "email", "address", "note", "is_active")

MOST_EMAIL = 254  # RFC 3696, erratum 1690


class StaleVersion(Conflict):
    """Somebody changed the record since the form was opened; `theirs` is how it stands now."""

    def __init__(self, theirs: Customer) -> None:
        self.theirs = theirs
        super().__init__(_("Somebody changed this customer meanwhile. Compare, then save again."))


@transaction.atomic
def add_customer(
    *, actor: User, name: str, phone: str = "", email: str = "", address: str = "", note: str = ""
) -> Customer:
    """Makes a customer's record with the next number. Raises `Refused`."""
    fields = _checked({"name": name, "phone": phone, "email": email})
    customer = Customer.objects.create(
        number=next_number("CU"),
        address=address.strip(),
        note=note.strip(),
        created_by=actor,
        **fields,
    )
    record(
        actor=actor,
        action="add_customer",
        subject_kind="customer",
        subject=customer.number,
        personal=[field for field in FIELDS if field != "is_active" and getattr(customer, field)],
    )
    return customer


@transaction.atomic
def change_customer(*, actor: User, customer: Customer, version: int, **fields: Any) -> Customer:
    """Changes the given fields (`FIELDS`) of the version that the form showed.

    Raises `StaleVersion` when somebody was faster, `Refused` for bad values.
    """
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a customer has no {sorted(unknown)}")
    current = Customer.objects.select_for_update().get(pk=customer.pk)
    if current.version != version:
        raise StaleVersion(current)
    values = {field: getattr(current, field) for field in FIELDS} | fields
    wanted = values | _checked({field: values[field] for field in ("name", "phone", "email")})
    changed = [field for field in FIELDS if getattr(current, field) != wanted[field]]
    if not changed:
        return current
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


def _checked(fields: dict[str, str]) -> dict[str, str]:
    """Name, phone and e-mail with the keys they are compared by."""
    name = " ".join(fields["name"].split())
    if not name:
        raise Refused(_("Give the customer's name."), "name")
    if len(name) > 200:
        raise Refused(_("The name is too long; 200 characters are the most."), "name")
    phone = " ".join(fields["phone"].split())
    if phone and (len(phone) > 40 or sum(char.isdigit() for char in phone) < 3):
        raise Refused(_("This is not a phone number; write it with its digits."), "phone")
    email = fields["email"].strip()
    if email:
        try:
            if len(email) > MOST_EMAIL:
                raise ValidationError("too long")
            validate_email(email)
        except ValidationError:
            raise Refused(
                _("This is not an e-mail address; it looks like name@example.com."), "email"
            ) from None
    return {
        "name": name,
        "name_key": name_key(name)[:200],  # some signs are written out as whole words
        "phone": phone,
        "phone_key": phone_key(phone, get_office().time_zone) if phone else "",
        "email": email,
        "email_key": email_key(email)[:MOST_EMAIL],
    }
