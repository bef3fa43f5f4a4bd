"""Finds the customers whom the rows of a file match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from frontdesk.customers.imports.rows import CustomerRow
from frontdesk.customers.models import Customer, CustomerContact, CustomerReference
from officeflow.imports.registry import (
    FileRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRow:
    """A customer whom an earlier row of a previewed file would add; `number` is that row."""

    number: str
    name: str
    name_key: str
    phone_key: str
    email_key: str

    @property
    def is_merged(self) -> bool:
        """Never."""
        return False


Known = Customer | EarlierRow


@dataclass
class ExistingCustomers:
    """Customers whom rows of a file may match, by number, phone, e-mail and name."""

    by_number: dict[str, Customer] = field(default_factory=dict)
    by_other_number: dict[str, Known] = field(default_factory=dict)
    by_phone: dict[str, Known] = field(default_factory=dict)
    by_email: dict[str, Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)

    def add(self, customer: Known, other_number: str = "") -> None:
        """Adds a customer; the first customer with a phone or an e-mail keeps its place."""
        if isinstance(customer, Customer) and customer.number:
            self.by_number.setdefault(customer.number, customer)
        if other_number:
            self.by_other_number[other_number] = customer
        if customer.is_merged:
            return
        if customer.phone_key:
            self.by_phone.setdefault(customer.phone_key, customer)
        if customer.email_key:
            self.by_email.setdefault(customer.email_key, customer)
        self.by_name.setdefault(customer.name_key, []).append(customer)

    @classmethod
    def of(cls, rows: Iterable[CustomerRow], source: str) -> ExistingCustomers:
        """Returns the customers whom these rows may match, in six queries at most."""
        existing = cls()
        existing.look_up(list(rows), source)
        return existing

    def look_up(self, given: Sequence[CustomerRow], source: str) -> None:
        """Adds the customers whom these rows may match."""
        others = {each.other_number for each in given if each.other_number}
        references = CustomerReference.objects.filter(source=source, reference__in=others)
        for reference in references.select_related("customer") if others else ():
            self.by_other_number[reference.reference] = reference.customer
        wanted = {
            "number__in": [each.number for each in given if each.number],
            "phone_key__in": [each.phone_key for each in given if each.phone_key],
            "email_key__in": [each.email_key for each in given if each.email_key],
            "name_key__in": [each.name_key for each in given if each.name_key],
        }
        for lookup, keys in wanted.items():
            if keys:
                found = Customer.objects.filter(**{lookup: keys}).select_related("merged_into")
                for customer in found.order_by("pk"):
                    if customer.number not in self.by_number:
                        self.add(customer)
        keys = [*wanted["phone_key__in"], *wanted["email_key__in"]]
        contacts = CustomerContact.objects.filter(
            key__in=keys, is_active=True, customer__merged_into=None
        ).select_related("customer")
        for contact in contacts.order_by("pk") if keys else ():
            self.by_phone.setdefault(contact.key, contact.customer)
            self.by_email.setdefault(contact.key, contact.customer)

    def match(
        self, given: CustomerRow, earlier: ExistingCustomers | None = None
    ) -> tuple[Known, str] | None:
        """Returns the customer whom a row without a number matches and a reason, or None.

        `earlier` are the customers of earlier rows of a previewed file, who come after these. The
        reason has a placeholder `who`. A row about another person matches a customer with the
        same name, phone and e-mail alone, so that a repeated file adds nobody.
        """
        known = [self, *filter(None, [earlier])]

        def first(keys: str, key: str) -> Known | None:
            return next((found for each in known if (found := getattr(each, keys).get(key))), None)

        same_name = [found for each in known for found in each.by_name.get(given.name_key, ())]
        if found := first("by_other_number", given.other_number) if given.other_number else None:
            return found, _("%(who)s has this number of the other program")
        if given.is_another:
            for found in same_name:
                if (found.phone_key, found.email_key) == (given.phone_key, given.email_key):
                    return found, _("Same name, phone and e-mail as %(who)s")
            return None
        if found := first("by_phone", given.phone_key) if given.phone_key else None:
            return found, _("Same phone as %(who)s")
        if found := first("by_email", given.email_key) if given.email_key else None:
            return found, _("Same e-mail as %(who)s")
        for found in same_name:
            # With a phone or e-mail of their own they may be two people of one name.
            if not given.phone_key and not given.email_key:
                return found, _("Same name as %(who)s, and no phone or e-mail to tell them apart")
        return None


def earlier_row(row: FileRow, given: CustomerRow) -> EarlierRow:
    """Returns the customer whom a row would add, for the rows after it."""
    return EarlierRow(
        number=_("row %(row)d") % {"row": row.number},
        name=given.values["name"],
        name_key=given.name_key,
        phone_key=given.phone_key,
        email_key=given.email_key,
    )
