"""Customers imported from CSV or XLSX: a row a customer.

A row with a number of ours changes that record where the file says something else; an empty cell
leaves what is there. A row without one makes a record, unless somebody with the same phone,
e-mail or (when the row has neither) name is known: then it is there already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontdesk.customers.actions.customers import (
    add_customer,
    change_customer,
    checked_email,
    checked_name,
    checked_phone,
    one_at_a_time,
)
from frontdesk.customers.models import Customer, CustomerContact
from officeflow.company.queries import get_office
from officeflow.errors import Refused
from officeflow.imports import cells
from officeflow.imports.registry import (
    FileRow,
    FileUnit,
    ImportColumn,
    Importer,
    ImportJob,
    RowResult,
    UnitResult,
    register,
)
from officeflow.imports.states import RowOutcome
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.text import name_key

t = gettext_lazy
FIELDS = ("name", "phone", "email", "wants_mail", "address", "note", "is_active")
FIELD_WORDS = {
    "name": t("name"),
    "phone": t("phone"),
    "email": t("e-mail"),
    "wants_mail": t("gets e-mail"),
    "address": t("address"),
    "note": t("note"),
    "is_active": t("active"),
}


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """What a row says, checked. `values` has only what the row fills in."""

    number: str
    values: dict[str, Any]
    phone_key: str = ""
    email_key: str = ""
    name_key: str = ""


@dataclass
class ExistingCustomers:
    """Records that rows of a file may mean, by number, phone, e-mail and name.

    In a preview the rows before stand here, too, as records that are not saved.
    """

    by_number: dict[str, Customer] = field(default_factory=dict)
    by_phone: dict[str, Customer] = field(default_factory=dict)
    by_email: dict[str, Customer] = field(default_factory=dict)
    by_name: dict[str, list[Customer]] = field(default_factory=dict)

    def add(self, customer: Customer) -> None:
        """One record; of two with the same phone the first stays."""
        self.by_number.setdefault(customer.number, customer)
        if customer.is_merged:
            return
        if customer.phone_key:
            self.by_phone.setdefault(customer.phone_key, customer)
        if customer.email_key:
            self.by_email.setdefault(customer.email_key, customer)
        self.by_name.setdefault(customer.name_key, []).append(customer)

    @classmethod
    def of(cls, rows: Iterable[CustomerRow]) -> ExistingCustomers:
        """The records that these rows may mean, in five queries at most."""
        given = list(rows)
        existing = cls()
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
                    if customer.number not in existing.by_number:
                        existing.add(customer)
        keys = [*wanted["phone_key__in"], *wanted["email_key__in"]]
        contacts = CustomerContact.objects.filter(
            key__in=keys, is_active=True, customer__merged_into=None
        ).select_related("customer")
        for contact in contacts.order_by("pk") if keys else ():
            existing.by_phone.setdefault(contact.key, contact.customer)
            existing.by_email.setdefault(contact.key, contact.customer)
        return existing

    def same(self, given: CustomerRow) -> tuple[Customer, str] | None:
        """Who a row without a number means, and why; None for somebody new."""
        if found := self.by_phone.get(given.phone_key) if given.phone_key else None:
            return found, _("Same phone as %(who)s")
        if found := self.by_email.get(given.email_key) if given.email_key else None:
            return found, _("Same e-mail as %(who)s")
        for found in self.by_name.get(given.name_key, ()):
            # With a phone or e-mail of their own they may be two people of one name.
            if not given.phone_key and not given.email_key:
                return found, _("Same name as %(who)s, and no phone or e-mail to tell them apart")
        return None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a row comes to: a new record, changes of one, or nothing."""

    customer: Customer | None
    values: dict[str, Any]
    outcome: RowOutcome
    reason: str


class CustomerFile(Importer):
    """Customers and how to reach them."""

    kind = "customers"
    label = t("Customers")
    icon = "people"
    explanation = t(
        "One row for each customer. Leave the number empty for a new customer. A row with the "
        "phone or e-mail of an existing customer adds no second record. A row with a number "
        "changes that customer, and an empty cell keeps the current value."
    )
    permission = Permission.IMPORT_CUSTOMERS
    made_labels = {"customers": t("Customers added"), "changes": t("Customers changed")}
    columns = (
        ImportColumn(
            name="Number",
            meaning=t("such as CU-000012; empty for a new customer"),
            aliases=("Customer number", "Customer no", "Customer"),
        ),
        ImportColumn(
            name="Name",
            meaning=t("of the person or company"),
            required=True,
            aliases=("Full name", "Customer name", "Company"),
            example="Nora Nordmann",
        ),
        ImportColumn(
            name="Phone",
            meaning=t("in any format"),
            aliases=("Telephone", "Phone number", "Mobile", "Tel"),
            example="020 7946 0958",
        ),
        ImportColumn(
            name="E-mail",
            meaning=t("one e-mail address"),
            aliases=("Email address", "Mail"),
            example="nora@example.org",
        ),
        ImportColumn(
            name="Gets e-mail",
            meaning=t("yes or no"),
            aliases=("Gets e-mail from us", "Wants mail"),
            example="yes",
        ),
        ImportColumn(
            name="Address",
            meaning=t("the whole address in one cell"),
            aliases=("Postal address",),
            example="1 High Street, London",
        ),
        ImportColumn(
            name="Note", meaning=t("what everybody should know"), aliases=("Notes", "Remark")
        ),
        ImportColumn(name="Active", meaning=t("yes or no"), aliases=("Is active",), example="yes"),
    )

    def preview(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """What each row would do, with what earlier rows would have done."""
        time_zone = get_office().time_zone
        read: list[CustomerRow | Refused] = []
        for unit in units:
            try:
                read.append(customer_row(unit.rows[0], time_zone))
            except Refused as refused:
                read.append(refused)
        existing = ExistingCustomers.of(each for each in read if isinstance(each, CustomerRow))
        results = []
        for unit, given in zip(units, read, strict=True):
            row = unit.rows[0]
            if isinstance(given, Refused):
                results.append(_result(row, RowOutcome.REFUSED, given.message))
                continue
            try:
                plan = plan_of(given, existing)
            except Refused as refused:
                results.append(_result(row, RowOutcome.REFUSED, refused.message))
                continue
            if plan.customer is None:
                existing.add(_not_yet(row, given))
            results.append(_done(row, plan, plan.customer))
        return results

    def import_unit(self, unit: FileUnit, job: ImportJob) -> UnitResult:
        """Adds or changes one customer."""
        (row,) = unit.rows
        if "time_zone" not in job.memory:
            job.memory["time_zone"] = get_office().time_zone
        given = customer_row(row, job.memory["time_zone"])
        if not given.number:
            # Another file may be bringing the same customer just now.
            one_at_a_time(given.phone_key, given.email_key, given.name_key)
        plan = plan_of(given, ExistingCustomers.of([given]))
        customer = plan.customer
        if customer is None:
            values = {**plan.values}
            later = {key: values.pop(key) for key in ("wants_mail", "is_active") if key in values}
            customer = add_customer(actor=job.actor, **values)
            if any(value is False for value in later.values()):
                change_customer(
                    actor=job.actor, customer=customer, version=customer.version, **later
                )
        elif plan.outcome == RowOutcome.IMPORTED:
            change_customer(
                actor=job.actor, customer=customer, version=customer.version, **plan.values
            )
        return _done(row, plan, customer)

    def link(self, reference: str) -> str:
        """The customer's page."""
        return reverse("frontdesk:customer", args=[reference])


def customer_row(row: FileRow, time_zone: str) -> CustomerRow:
    """A row's cells as values; `time_zone` tells the country of the phones. Raises `Refused`."""
    name = checked_name(cells.text(row["Name"]))
    phone, its_phone_key = checked_phone(cells.text(row["Phone"]), time_zone=time_zone)
    email, its_email_key = checked_email(cells.text(row["E-mail"]))
    given = {
        "name": name,
        "phone": phone,
        "email": email,
        "address": cells.text(row["Address"]),
        "note": cells.text(row["Note"]),
        "wants_mail": cells.yes_or_no(row["Gets e-mail"], "Gets e-mail"),
        "is_active": cells.yes_or_no(row["Active"], "Active"),
    }
    return CustomerRow(
        number=_number(cells.text(row["Number"])),
        values={key: value for key, value in given.items() if value not in (None, "")},
        phone_key=its_phone_key,
        email_key=its_email_key,
        name_key=name_key(name)[:200],
    )


def _number(text: str) -> str:
    if not text:
        return ""
    number = normalise(text)
    if not number.startswith("CU-"):
        raise Refused(
            _(
                "“%(number)s” is not a customer number of this office. Leave it empty to add a "
                "customer."
            )
            % {"number": text[:40]}
        )
    return number


def plan_of(given: CustomerRow, existing: ExistingCustomers) -> Plan:
    """What a row does as things stand. Raises `Refused`."""
    if given.number:
        return _by_number(given, existing)
    same = existing.same(given)
    if same is not None:
        customer, why = same
        who = f"{customer.number} {customer.name}".strip()
        return Plan(
            customer=customer, values={}, outcome=RowOutcome.EXISTING, reason=why % {"who": who}
        )
    return Plan(
        customer=None, values=given.values, outcome=RowOutcome.IMPORTED, reason=_("New customer")
    )


def _by_number(given: CustomerRow, existing: ExistingCustomers) -> Plan:
    customer = existing.by_number.get(given.number)
    if customer is None:
        raise Refused(
            _("Customer %(number)s does not exist. Leave the number empty to add a customer.")
            % {"number": given.number}
        )
    changes = {name: value for name, value in given.values.items() if value != _now(customer, name)}
    if not changes:
        return Plan(
            customer=customer, values={}, outcome=RowOutcome.EXISTING, reason=_("Nothing to change")
        )
    if customer.is_merged:
        kept = customer.merged_into.number if customer.merged_into else ""
        raise Refused(
            _("%(number)s was merged into %(kept)s. Change that one instead.")
            % {"number": given.number, "kept": kept}
        )
    alike = (
        given.name_key == customer.name_key
        or (given.phone_key and given.phone_key == customer.phone_key)
        or (given.email_key and given.email_key == customer.email_key)
    )
    if not alike:  # a file of another office, whose numbers mean other people
        raise Refused(
            _("%(number)s belongs to %(name)s: name, phone and e-mail are all different.")
            % {"number": given.number, "name": customer.name}
        )
    words = ", ".join(str(FIELD_WORDS[name]) for name in changes)
    return Plan(
        customer=customer,
        values=changes,
        outcome=RowOutcome.IMPORTED,
        reason=_("Changes %(fields)s") % {"fields": words},
    )


def _now(customer: Customer, name: str) -> Any:
    value = getattr(customer, name)
    return cells.text(value) if isinstance(value, str) else value


def _not_yet(row: FileRow, given: CustomerRow) -> Customer:
    """A record that an earlier row of a preview would make."""
    return Customer(
        number=_("row %(row)d") % {"row": row.number},
        name=given.values["name"],
        name_key=given.name_key,
        phone_key=given.phone_key,
        email_key=given.email_key,
    )


def _done(row: FileRow, plan: Plan, customer: Customer | None) -> UnitResult:
    made = {}
    if plan.outcome == RowOutcome.IMPORTED:
        made = {"changes" if plan.customer else "customers": 1}
    saved = customer is not None and customer.pk is not None
    reference = customer.number if saved and customer is not None else ""
    return _result(row, plan.outcome, plan.reason, reference=reference, made=made)


def _result(
    row: FileRow,
    outcome: RowOutcome,
    reason: str,
    *,
    reference: str = "",
    made: dict[str, int] | None = None,
) -> UnitResult:
    answer = RowResult(number=row.number, outcome=outcome, reason=reason, reference=reference)
    return UnitResult(rows=[answer], made=made or {})


register(CustomerFile())
