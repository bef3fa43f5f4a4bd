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


@dataclass(frozen=True)
class Match:
    """A customer whom a row matches. The reason has a placeholder `who`.

    Not `is_same` is one with whom the row only shares a phone, an e-mail or a name.
    """

    customer: Known
    reason: str
    is_same: bool = True


@dataclass
class ExistingCustomers:
    """Customers whom rows of a file may match, by number, phone, e-mail and name."""

    by_number: dict[str, Customer] = field(default_factory=dict)
    by_other_number: dict[str, Known] = field(default_factory=dict)
    by_phone: dict[str, list[Known]] = field(default_factory=dict)
    by_email: dict[str, Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)
    other_numbers: dict[str | int, set[str]] = field(default_factory=dict)  # by `key_of`

    def add_number(self, customer: Known, other_number: str) -> None:
        """Adds a customer's number in the other program."""
        self.by_other_number[other_number] = customer
        self.other_numbers.setdefault(key_of(customer), set()).add(other_number)

    def add(self, customer: Known, other_number: str = "") -> None:
        """Adds a customer; the first customer with an e-mail keeps its place."""
        if isinstance(customer, Customer) and customer.number:
            self.by_number.setdefault(customer.number, customer)
        if other_number:
            self.add_number(customer, other_number)
        if customer.is_merged:
            return
        if customer.phone_key:
            self.by_phone.setdefault(customer.phone_key, []).append(customer)
        if customer.email_key:
            self.by_email.setdefault(customer.email_key, customer)
        self.by_name.setdefault(customer.name_key, []).append(customer)

    @classmethod
    def of(cls, rows: Iterable[CustomerRow], source: str) -> ExistingCustomers:
        """Returns the customers whom these rows may match, in seven queries at most."""
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
            customer = self.by_number.setdefault(contact.customer.number, contact.customer)
            self.by_phone.setdefault(contact.key, []).append(customer)
            self.by_email.setdefault(contact.key, customer)
        numbered = CustomerReference.objects.filter(
            source=source, customer__number__in=list(self.by_number)
        ).values_list("customer__number", "reference")
        for number, other in numbered if others else ():
            self.other_numbers.setdefault(number, set()).add(other)

    def match(self, given: CustomerRow, earlier: ExistingCustomers | None = None) -> Match | None:
        """Returns the customer whom a row without a number matches, or None.

        `earlier` are the customers of earlier rows of a previewed file, who come after these. A row
        that shares a phone with another name, e-mail or number of the other program is not the same
        customer by itself. A row about another person matches a customer with the same name, phone
        and e-mail alone, so that a repeated file adds nobody.
        """
        known = [self, *filter(None, [earlier])]
        for each in known:
            if given.other_number and (found := each.by_other_number.get(given.other_number)):
                return Match(found, _("%(who)s has this number of the other program"))
        same_name = [found for each in known for found in each.by_name.get(given.name_key, ())]
        if given.is_another:
            for found in same_name:
                if (found.phone_key, found.email_key) == (given.phone_key, given.email_key):
                    return Match(found, _("Same name, phone and e-mail as %(who)s"))
            return None
        by_phone = [found for each in known for found in each.by_phone.get(given.phone_key, ())]
        by_email = [
            each.by_email[given.email_key] for each in known if given.email_key in each.by_email
        ]
        likely: list[Match] = []
        for customer in by_phone if given.phone_key else ():
            numbers = _numbers(known, customer)
            likely.append(_match_by_phone(given, customer, numbers))
        for customer in by_email if given.email_key else ():
            numbers = _numbers(known, customer)
            likely.append(_match_by_email(given, customer, numbers))
        # With a phone or e-mail of their own they may be two people of one name.
        for customer in () if given.phone_key or given.email_key else same_name:
            numbers = _numbers(known, customer)
            likely.append(_match_by_name(given, customer, numbers))
        # Those of the same name come first.
        likely.sort(key=lambda each: (not each.is_same, each.customer.name_key != given.name_key))
        return next(iter(likely), None)


def key_of(customer: Known) -> str | int:
    """Returns a key of a record, also of one that is not saved yet."""
    return customer.number or id(customer)


def _numbers(known: Iterable[ExistingCustomers], customer: Known) -> set[str]:
    key = key_of(customer)
    return {number for each in known for number in each.other_numbers.get(key, ())}


def _match_by_phone(given: CustomerRow, found: Known, numbers: set[str]) -> Match:
    if given.name_key != found.name_key:
        return Match(found, _("Same phone as %(who)s, but another name"), is_same=False)
    if given.other_number and numbers:
        reason = _("Same phone as %(who)s, but another number of the other program")
        return Match(found, reason, is_same=False)
    if given.email_key and found.email_key and given.email_key != found.email_key:
        return Match(found, _("Same phone as %(who)s, but another e-mail"), is_same=False)
    return Match(found, _("Same phone as %(who)s"))


def _match_by_email(given: CustomerRow, found: Known, numbers: set[str]) -> Match:
    if given.other_number and numbers and given.name_key != found.name_key:
        reason = _("Same e-mail as %(who)s, but another number of the other program")
        return Match(found, reason, is_same=False)
    return Match(found, _("Same e-mail as %(who)s"))


def _match_by_name(given: CustomerRow, found: Known, numbers: set[str]) -> Match:
    if given.other_number and numbers:
        reason = _("Same name as %(who)s, but another number of the other program")
        return Match(found, reason, is_same=False)
    return Match(found, _("Same name as %(who)s, and no phone or e-mail to tell them apart"))


def earlier_row(row: FileRow, given: CustomerRow) -> EarlierRow:
    """Returns the customer whom a row would add, for the rows after it."""
    return EarlierRow(
        number=_("row %(row)d") % {"row": row.number},
        name=given.values["name"],
        name_key=given.name_key,
        phone_key=given.phone_key,
        email_key=given.email_key,
    )
