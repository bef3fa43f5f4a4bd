"""Imports customers from CSV or XLSX files with one row for each customer.

A row with a customer number changes that customer; an empty cell keeps the current value. A row
without a number adds a customer, unless a record has the same phone, e-mail or (when the row has
neither) name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontdesk.customers.actions.contacts import add_contact
from frontdesk.customers.actions.customers import (
    NewCustomer,
    add_customers,
    change_customer,
    checked_email,
    checked_name,
    checked_phone,
    lock_keys_of_customers,
)
from frontdesk.customers.models import ContactKind, Customer, CustomerContact, CustomerReference
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

EMAIL_PATTERN = r"[^@\s]+@[^@\s]+\.[^@\s]+"
FIELDS = ("name", "phone", "email", "wants_mail", "address", "note", "is_active")
FIELD_WORDS = {
    "name": gettext_lazy("name"),
    "phone": gettext_lazy("phone"),
    "email": gettext_lazy("e-mail"),
    "wants_mail": gettext_lazy("gets e-mail"),
    "address": gettext_lazy("address"),
    "note": gettext_lazy("note"),
    "is_active": gettext_lazy("active"),
}


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """The checked values of a row; `values` leaves out empty cells."""

    number: str
    values: dict[str, Any]
    other_number: str = ""
    contact: str = ""
    phone_key: str = ""
    email_key: str = ""
    name_key: str = ""
    # Said to be another person than an existing customer with the same phone or e-mail.
    is_another: bool = False


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
        existing = self
        others = {each.other_number for each in given if each.other_number}
        references = CustomerReference.objects.filter(source=source, reference__in=others)
        for reference in references.select_related("customer") if others else ():
            existing.by_other_number[reference.reference] = reference.customer
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

    def match(self, given: CustomerRow) -> tuple[Known, str] | None:
        """Returns the customer whom a row without a number matches and a reason, or None.

        The reason has a placeholder `who`. A row about another person matches a customer with the
        same name, phone and e-mail alone, so that a repeated file adds nobody.
        """
        if found := self.by_other_number.get(given.other_number) if given.other_number else None:
            return found, _("%(who)s has this number of the other program")
        if given.is_another:
            for found in self.by_name.get(given.name_key, ()):
                if (found.phone_key, found.email_key) == (given.phone_key, given.email_key):
                    return found, _("Same name, phone and e-mail as %(who)s")
            return None
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
class CustomerRowPlan:
    """What importing a row will do.

    `customer` is None for a row that adds one; `values` are the fields to write.
    """

    customer: Known | None
    values: dict[str, Any]
    outcome: RowOutcome
    reason: str


class CustomerFile(Importer):
    """Imports customers."""

    kind = "customers"
    label = gettext_lazy("Customers")
    icon = "people"
    explanation = gettext_lazy(
        "One row for each customer. Leave the number empty for a new customer. A row with the "
        "phone or e-mail of an existing customer adds no second record. A row with a number "
        "changes that customer, and an empty cell keeps the current value."
    )
    permission = Permission.IMPORT_CUSTOMERS
    made_labels = {
        "customers": gettext_lazy("Customers added"),
        "changes": gettext_lazy("Customers changed"),
    }
    default_source = "other program"
    imports_many = True
    sources = {
        "Contact title": "Northwind",
        "Total Spend": "WooCommerce",
        "AOV": "WooCommerce",
        "Accepts Email Marketing": "Shopify",
        "Square Customer ID": "Square",
    }
    columns = (
        ImportColumn(
            name="Number",
            meaning=gettext_lazy("Such as CU-000012. Empty for a new customer."),
            aliases=("Customer number", "Customer no", "Customer"),
            fits=lambda cells: all(each.upper().startswith("CU-") for each in cells),
        ),
        ImportColumn(
            name="Other number",
            meaning=gettext_lazy(
                "The customer’s number in the other program, by which later files and imported "
                "orders find the customer."
            ),
            aliases=(
                *("Customer ID", "Customer number", "Customer no", "Customer code", "Client ID"),
                *("Account number", "Square Customer ID", "Kundennummer", "Kunden-Nr"),
                *("Numéro client", "Número de cliente", "Codice cliente", "Klantnummer"),
                *("Numer klienta", "Číslo zákazníka", "Номер клиента", "顧客番号", "ID"),
            ),
        ),
        ImportColumn(
            name="Name",
            meaning=gettext_lazy("The name of the person or company."),
            required=True,
            aliases=(
                *("Full name", "Customer name", "Company name", "Company", "Client name"),
                *("Firma", "Kunde", "Kundenname", "Nom", "Société", "Nombre", "Empresa"),
                *("Ragione sociale", "Nome", "Naam", "Bedrijf", "Nazwa", "Název", "Название"),
                *("Наименование", "顧客名", "氏名"),
            ),
            joined_by=" ",
            parts=(
                *("First name", "Vorname", "Prénom", "Imię", "Jméno", "Имя"),
                *("Last name", "Surname", "Nachname", "Nazwisko", "Příjmení", "Фамилия"),
            ),
            example="Nora Nordmann",
        ),
        ImportColumn(
            name="Contact",
            meaning=gettext_lazy("A person at a company, added as a further contact."),
            aliases=("Contact name", "Contact person", "Ansprechpartner"),
        ),
        ImportColumn(
            name="Phone",
            meaning=gettext_lazy("In any format."),
            aliases=(
                *("Telephone", "Phone number", "Mobile", "Tel", "Telefon", "Téléphone"),
                *("Teléfono", "Telefono", "Telefoon", "Телефон", "電話番号"),
            ),
            example="020 7946 0958",
        ),
        ImportColumn(
            name="E-mail",
            meaning=gettext_lazy("One e-mail address."),
            aliases=("Email", "Email address", "Mail", "Courriel", "Correo", "Почта", "メール"),
            example="nora@example.org",
            pattern=EMAIL_PATTERN,
        ),
        ImportColumn(
            name="Gets e-mail",
            meaning=gettext_lazy("Yes or no."),
            aliases=("Gets e-mail from us", "Wants mail", "Accepts Email Marketing"),
            example="yes",
        ),
        ImportColumn(
            name="Address",
            meaning=gettext_lazy("The postal address, in one column or several."),
            aliases=("Postal address", "Adresse", "Dirección", "Indirizzo", "Адрес", "住所"),
            joined_by=", ",
            parts=(
                *("Address", "Street", "Street address", "Address 1", "Address line 1"),
                *("Address1", "Straße", "Rue", "Ulica", "Address 2", "Address line 2"),
                *("Address2", "Postal code", "Postcode", "Zip", "Zip code", "PLZ", "City"),
                *("Ort", "Stadt", "Ville", "Ciudad", "Miasto", "Město", "Region", "State"),
                *("Province", "Country", "Country / Region", "Land", "Pays", "País", "Kraj"),
            ),
            example="1 High Street, London",
        ),
        ImportColumn(
            name="Note",
            meaning=gettext_lazy("What everybody should know."),
            aliases=("Notes", "Remark"),
        ),
        ImportColumn(
            name="Active", meaning=gettext_lazy("Yes or no."), aliases=("Is active",), example="yes"
        ),
        ImportColumn(
            name="Another person",
            meaning=gettext_lazy(
                "Yes for a new customer who shares a phone or an e-mail with an existing one."
            ),
            aliases=("Different person", "No duplicate"),
        ),
    )

    def preview(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Returns what each row would do, taking the earlier rows into account."""
        read = _read_rows(units)
        existing = ExistingCustomers.of(_valid(read), job.source)
        earlier: ExistingCustomers = job.memory.setdefault("earlier", ExistingCustomers())
        results = []
        for unit, given in zip(units, read, strict=True):
            row = unit.rows[0]
            try:
                plan = plan_row(given, existing, earlier)
            except Refused as refused:
                results.append(_result(row, RowOutcome.REFUSED, refused.message))
                continue
            if plan.customer is None and isinstance(given, CustomerRow):
                earlier.add(_earlier_row(row, given), given.other_number)
            results.append(_planned_result(row, plan, plan.customer))
        return results

    def prepare(self, units: Sequence[FileUnit], job: ImportJob) -> None:
        """Reads the rows, locks what could be added twice, and looks up the customers."""
        read = _read_rows(units)
        valid = _valid(read)
        # Another running import may add the same customer.
        lock_keys_of_customers(
            (given.phone_key, given.email_key, given.name_key)
            for given in valid
            if not given.number
        )
        numbered = Customer.objects.filter(
            number__in=[each.number for each in valid if each.number]
        )
        list(numbered.order_by("pk").select_for_update().values_list("pk"))
        job.memory["rows"] = {
            unit.rows[0].number: given for unit, given in zip(units, read, strict=True)
        }
        job.memory["existing"] = ExistingCustomers.of(valid, job.source)

    def import_unit(self, unit: FileUnit, job: ImportJob) -> UnitResult:
        """Adds or changes one customer."""
        return self.import_units([unit], job)[0]

    def import_units(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Does what `import_unit` does for several customers, and adds the new ones at once."""
        existing: ExistingCustomers = job.memory["existing"]
        additions = Additions(job, existing)
        found: list[UnitResult | tuple[FileRow, CustomerRowPlan, Customer]] = []
        for unit in units:
            row = unit.rows[0]
            given: CustomerRow | Refused = job.memory["rows"][row.number]
            try:
                if isinstance(given, Refused):
                    raise given
                plan = plan_row(given, existing)
                if isinstance(plan.customer, Customer) and plan.customer.pk is None:
                    additions.write()  # so that the reason can name the customer's number
                    plan = plan_row(given, existing)
            except Refused as refused:
                found.append(_result(row, RowOutcome.REFUSED, refused.message))
                continue
            customer = cast("Customer | None", plan.customer)
            if customer is None:
                customer = additions.add(given)
            elif plan.outcome == RowOutcome.IMPORTED:
                customer = change_customer(
                    actor=job.actor, customer=customer, version=customer.version, **plan.values
                )
                existing.by_number[customer.number] = customer
            additions.keep_number(given.other_number, customer)
            found.append((row, plan, customer))
        additions.write()
        return [each if isinstance(each, UnitResult) else _planned_result(*each) for each in found]

    def link(self, reference: str) -> str:
        """Returns the address of the customer's page."""
        return reverse("frontdesk:customer", args=[reference])


@dataclass
class Additions:
    """Customers of a file that are not written yet, with their numbers in the other program.

    Each is an unsaved record, which rows after it can match; `write` saves it.
    """

    job: ImportJob
    existing: ExistingCustomers
    customers: list[tuple[CustomerRow, Customer]] = field(default_factory=list)
    numbers: dict[str, Customer] = field(default_factory=dict)

    def add(self, given: CustomerRow) -> Customer:
        """Adds a customer, who is not saved yet."""
        customer = Customer(
            name=given.values["name"],
            name_key=given.name_key,
            phone_key=given.phone_key,
            email_key=given.email_key,
        )
        self.customers.append((given, customer))
        self.existing.add(customer)
        return customer

    def keep_number(self, other_number: str, customer: Customer) -> None:
        """Adds a customer's number in the other program, unless it is known."""
        if other_number and other_number not in self.existing.by_other_number:
            self.existing.by_other_number[other_number] = customer
            self.numbers[other_number] = customer

    def write(self) -> None:
        """Saves the customers, their contacts and numbers."""
        if self.customers:
            made = add_customers(
                actor=self.job.actor,
                customers=[NewCustomer(**given.values) for given, _unsaved in self.customers],
            )
            for (given, unsaved), customer in zip(self.customers, made, strict=True):
                unsaved.__dict__.update(customer.__dict__)
                self.existing.by_number[customer.number] = unsaved
                if given.contact:
                    add_contact(
                        actor=self.job.actor,
                        customer=customer,
                        kind=ContactKind.PERSON,
                        value=given.contact,
                    )
        CustomerReference.objects.bulk_create(
            CustomerReference(source=self.job.source, reference=number, customer=customer)
            for number, customer in self.numbers.items()
        )
        self.customers.clear()
        self.numbers.clear()


def customer_row(row: FileRow, time_zone: str) -> CustomerRow:
    """Returns a row's checked values. Raises `Refused`.

    `time_zone` decides the country of phone numbers without a prefix.
    """
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
        other_number=cells.text(row["Other number"])[:100],
        contact=" ".join(cells.text(row["Contact"]).split())[:200],
        values={key: value for key, value in given.items() if value not in (None, "")},
        phone_key=its_phone_key,
        email_key=its_email_key,
        name_key=name_key(name)[:200],
        is_another=bool(cells.yes_or_no(row["Another person"], "Another person")),
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


def _read_rows(units: Sequence[FileUnit]) -> list[CustomerRow | Refused]:
    """Returns the checked values of each unit's row, or why it is refused."""
    time_zone = get_office().time_zone
    read: list[CustomerRow | Refused] = []
    for unit in units:
        try:
            read.append(customer_row(unit.rows[0], time_zone))
        except Refused as refused:
            read.append(refused)
    return read


def _valid(read: Iterable[CustomerRow | Refused]) -> list[CustomerRow]:
    return [each for each in read if isinstance(each, CustomerRow)]


def plan_row(
    given: CustomerRow | Refused,
    existing: ExistingCustomers,
    earlier: ExistingCustomers | None = None,
) -> CustomerRowPlan:
    """Returns what importing a row will do. Raises `Refused`.

    `earlier` are the customers whom earlier rows of a previewed file would add.
    """
    if isinstance(given, Refused):
        raise given
    if given.number:
        return _plan_numbered_row(given, existing)
    match = existing.match(given) or (earlier.match(given) if earlier is not None else None)
    if match is not None:
        customer, why = match
        who = f"{customer.number} {customer.name}".strip()
        return CustomerRowPlan(
            customer=customer, values={}, outcome=RowOutcome.EXISTING, reason=why % {"who": who}
        )
    return CustomerRowPlan(
        customer=None, values=given.values, outcome=RowOutcome.IMPORTED, reason=_("New customer")
    )


def _plan_numbered_row(given: CustomerRow, existing: ExistingCustomers) -> CustomerRowPlan:
    customer = existing.by_number.get(given.number)
    if customer is None:
        raise Refused(
            _("Customer %(number)s does not exist. Leave the number empty to add a customer.")
            % {"number": given.number}
        )
    changes = {
        name: value
        for name, value in given.values.items()
        if value != _current_value(customer, name)
    }
    if not changes:
        return CustomerRowPlan(
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
    if not alike:  # probably a file of another office, with customer numbers of its own
        raise Refused(
            _("%(number)s belongs to %(name)s: name, phone and e-mail are all different.")
            % {"number": given.number, "name": customer.name}
        )
    words = ", ".join(str(FIELD_WORDS[name]) for name in changes)
    return CustomerRowPlan(
        customer=customer,
        values=changes,
        outcome=RowOutcome.IMPORTED,
        reason=_("Changes %(fields)s") % {"fields": words},
    )


def _current_value(customer: Customer, name: str) -> Any:
    value = getattr(customer, name)
    return cells.text(value) if isinstance(value, str) else value


def _earlier_row(row: FileRow, given: CustomerRow) -> EarlierRow:
    return EarlierRow(
        number=_("row %(row)d") % {"row": row.number},
        name=given.values["name"],
        name_key=given.name_key,
        phone_key=given.phone_key,
        email_key=given.email_key,
    )


def _planned_result(row: FileRow, plan: CustomerRowPlan, customer: Known | None) -> UnitResult:
    made = {}
    if plan.outcome == RowOutcome.IMPORTED:
        made = {"changes" if plan.customer else "customers": 1}
    reference = customer.number if isinstance(customer, Customer) else ""
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
