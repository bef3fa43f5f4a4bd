"""The further contacts of a customer."""

from __future__ import annotations

from dataclasses import dataclass

from frontdesk.customers.models import Customer, CustomerContact


@dataclass(frozen=True)
class Contact:
    """A further contact; for a person, `reached_by` are the person's own phone and e-mail."""

    contact: CustomerContact
    reached_by: list[CustomerContact]


def contacts_of(customer: Customer) -> list[Contact]:
    """Returns the customer's active further contacts, oldest first."""
    rows = list(CustomerContact.objects.filter(customer=customer, is_active=True).order_by("pk"))
    return [
        Contact(row, [each for each in rows if each.person_id == row.pk])
        for row in rows
        if row.person_id is None
    ]
