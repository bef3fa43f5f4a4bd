"""Imports customers from CSV or XLSX files with one row for each customer.

A row with a customer number changes that customer; an empty cell keeps the current value. A row
without a number adds a customer, unless a record has the same phone and name, e-mail or (when the
row has neither) name. People who share a phone are several customers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from frontdesk.customers.actions.contacts import add_contact
from frontdesk.customers.actions.customers import (
    NewCustomer,
    add_customers,
    change_customer,
    lock_keys_of_customers,
)
from frontdesk.customers.imports.existing import (
    ExistingCustomers,
    Known,
    earlier_row,
    key_of,
)
from frontdesk.customers.imports.plans import ADD, LEAVE_OUT, CustomerRowPlan, plan_row
from frontdesk.customers.imports.rows import CustomerRow, read_rows, valid_rows
from frontdesk.customers.models import ContactKind, Customer, CustomerReference
from officeflow.errors import Refused
from officeflow.imports.cells import EMAIL
from officeflow.imports.registry import (
    FileRow,
    FileUnit,
    ImportColumn,
    Importer,
    ImportJob,
    Question,
    RowResult,
    UnitResult,
    register,
)
from officeflow.imports.states import RowOutcome
from officeflow.money import ONE
from officeflow.permissions import Permission

SHARED = "shared"  # the option about customers who share a phone, and their number in a preview


class CustomerFile(Importer):
    """Imports customers."""

    kind = "customers"
    label = gettext_lazy("Customers")
    icon = "people"
    explanation = gettext_lazy(
        "One row for each customer. Leave the number empty for a new customer. A row with the "
        "e-mail, or the phone and name, of an existing customer adds no second record. A row with "
        "a number changes that customer, and an empty cell keeps the current value."
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
                *("Наименование", "顧客名", "氏名", "Customer", "Client", "Cliente", "Klant"),
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
            pattern=EMAIL,
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
            aliases=(
                *("Postal address", "Mailing address", "Home address", "Delivery address"),
                *("Where they live", "Residence", "Adresse", "Anschrift", "Wohnort"),
                *("Dirección", "Indirizzo", "Adres", "Adresa", "Адрес", "住所"),
            ),
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
            aliases=(
                *("Notes", "Remark", "Remarks", "Comment", "Comments", "Notiz", "Notizen"),
                *("Bemerkung", "Bemerkungen", "Anmerkung", "Anmerkungen", "Remarque"),
                *("Remarques", "Commentaire", "Observaciones", "Opmerking", "Opmerkingen"),
                *("Uwagi", "Poznámka", "Примечание", "備考"),
            ),
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

    def checked_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Returns what becomes of customers who share a phone. Raises `Refused`."""
        shared = str(options.get(SHARED) or ADD)
        if shared not in (ADD, LEAVE_OUT):
            raise Refused(_("Choose what becomes of customers who share a phone."), SHARED)
        return {SHARED: shared}

    def question(self, sums: Mapping[str, Decimal], options: Mapping[str, Any]) -> Question | None:
        """Asks what becomes of customers who share a phone, if the file has such rows."""
        rows = int(sums.get(SHARED, 0))
        if not rows:
            return None
        return Question(
            option=SHARED,
            text=ngettext(
                "%(n)d row has the phone, e-mail or name of another customer, but another name, "
                "e-mail or number.",
                "%(n)d rows have the phone, e-mail or name of another customer, but another name, "
                "e-mail or number.",
                rows,
            )
            % {"n": rows},
            choices={
                ADD: gettext_lazy("They are customers of their own: add them"),
                LEAVE_OUT: gettext_lazy("Leave them out, among the refused rows"),
            },
            chosen=options.get(SHARED) or ADD,
        )

    def preview(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Returns what each row would do, taking the earlier rows into account."""
        read = read_rows(units)
        existing = ExistingCustomers.of(valid_rows(read), job.source)
        earlier: ExistingCustomers = job.memory.setdefault("earlier", ExistingCustomers())
        results = []
        for unit, given in zip(units, read, strict=True):
            row = unit.rows[0]
            try:
                plan = plan_row(given, existing, earlier, shared=job.options.get(SHARED, ADD))
            except Refused as refused:
                results.append(_result(row, RowOutcome.REFUSED, refused.message))
                continue
            is_new = plan.customer is None and plan.outcome == RowOutcome.IMPORTED
            if is_new and isinstance(given, CustomerRow):
                earlier.add(earlier_row(row, given), given.other_number)
            elif plan.customer is not None and isinstance(given, CustomerRow):
                other = given.other_number
                is_known = any(other in each.by_other_number for each in (earlier, existing))
                if other and not is_known:
                    earlier.add_number(plan.customer, other)
            results.append(_planned_result(row, plan, plan.customer))
        return results

    def prepare(self, units: Sequence[FileUnit], job: ImportJob) -> None:
        """Reads the rows, locks what could be added twice, and looks up the customers."""
        read = read_rows(units)
        valid = valid_rows(read)
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
        shared = job.options.get(SHARED, ADD)
        found: list[UnitResult | tuple[FileRow, CustomerRowPlan, Customer]] = []
        for unit in units:
            row = unit.rows[0]
            given: CustomerRow | Refused = job.memory["rows"][row.number]
            try:
                if isinstance(given, Refused):
                    raise given
                plan = plan_row(given, existing, shared=shared)
                named = plan.customer or plan.shares
                if isinstance(named, Customer) and named.pk is None:
                    additions.write()  # so that the reason can name the customer's number
                    plan = plan_row(given, existing, shared=shared)
            except Refused as refused:
                found.append(_result(row, RowOutcome.REFUSED, refused.message))
                continue
            if plan.outcome == RowOutcome.REFUSED:
                found.append(_planned_result(row, plan, None))
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
            self.existing.add_number(customer, other_number)
            self.numbers[other_number] = customer

    def write(self) -> None:
        """Saves the customers, their contacts and numbers."""
        if self.customers:
            made = add_customers(
                actor=self.job.actor,
                customers=[NewCustomer(**given.values) for given, _unsaved in self.customers],
            )
            for (given, unsaved), customer in zip(self.customers, made, strict=True):
                numbers = self.existing.other_numbers.pop(key_of(unsaved), set())
                unsaved.__dict__.update(customer.__dict__)
                self.existing.other_numbers[customer.number] = numbers
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


def _planned_result(row: FileRow, plan: CustomerRowPlan, customer: Known | None) -> UnitResult:
    made = {}
    if plan.outcome == RowOutcome.IMPORTED:
        made = {"changes" if plan.customer else "customers": 1}
    reference = customer.number if isinstance(customer, Customer) else ""
    return _result(
        row,
        plan.outcome,
        plan.reason,
        reference=reference,
        made=made,
        is_shared=plan.shares is not None,
    )


def _result(
    row: FileRow,
    outcome: RowOutcome,
    reason: str,
    *,
    reference: str = "",
    made: dict[str, int] | None = None,
    is_shared: bool = False,
) -> UnitResult:
    answer = RowResult(
        number=row.number,
        outcome=outcome,
        reason=reason,
        reference=reference,
        is_warning=is_shared and outcome == RowOutcome.IMPORTED,
    )
    return UnitResult(rows=[answer], made=made or {}, sums={SHARED: ONE} if is_shared else {})


register(CustomerFile())
