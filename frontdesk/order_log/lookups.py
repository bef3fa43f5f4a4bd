"""Products, customers and imported records, looked up for many rows at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from frontdesk.complaints.models import Complaint
from frontdesk.customers.actions.customers import (
    NewCustomer,
    add_customers,
    checked_email,
    checked_phone,
)
from frontdesk.customers.models import Customer, CustomerReference
from frontdesk.order_log.rows import SHIPPING, LogCustomer, LogEntry, is_goods
from frontdesk.orders.actions.pricing import PRICE_STEP
from frontdesk.orders.models import Order, OrderLine
from officeflow import limits
from officeflow.catalogue.actions import (
    MAIN_PRICE_LIST,
    ProductDetails,
    add_products,
    add_tax_rate,
    main_price_list,
)
from officeflow.catalogue.models import Kind, PriceList, Product, TaxRate, Unit
from officeflow.catalogue.queries import standard_tax_rate
from officeflow.company.queries import get_office
from officeflow.errors import Refused
from officeflow.imports.prices import prices_have_tax
from officeflow.imports.registry import ImportJob
from officeflow.money import price_for_list
from officeflow.text import name_key

MEMORY = "order log"
LineKey = tuple[str, Decimal, Decimal]


@dataclass(frozen=True)
class ImportedRecord:
    """An order or complaint that was imported before.

    `lines` counts the lines of an order by code, quantity and amount, `pieces` those of each
    product, and `text` the lines of a complaint's description.
    """

    number: str
    lines: Counter[LineKey] = field(default_factory=Counter)
    pieces: dict[str, Decimal] = field(default_factory=dict)
    text: Counter[str] = field(default_factory=Counter)


@dataclass
class Lookups:
    """Products by code, customers by their key in the source, and imported records."""

    orders: dict[str, ImportedRecord] = field(default_factory=dict)
    complaints: dict[str, ImportedRecord] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    referenced: set[str] = field(default_factory=set)  # keys that the source knows
    tax_rate: TaxRate | None = None
    prices: PriceList | None = None

    @classmethod
    def of(cls, job: ImportJob) -> Lookups:
        """Returns the job's lookups, which the import drops after a rollback."""
        lookups: Lookups = job.memory.setdefault(MEMORY, cls())
        return lookups

    def look_up(
        self, entries: Iterable[LogEntry], source: str, more_skus: Iterable[str] = ()
    ) -> None:
        """Looks up the products and customers of entries, in two queries at most."""
        found = list(entries)
        skus = {*(entry.sku for entry in found), *more_skus} - self.products.keys()
        if skus:
            for product in Product.objects.with_price().filter(sku__in=skus):
                self.products[product.sku] = product
        wanted = {
            entry.customer.key: entry.customer
            for entry in found
            if entry.customer.key and entry.customer.key not in self.customers
        }
        if not wanted:
            return
        references = CustomerReference.objects.filter(source=source, reference__in=wanted)
        for each in references.select_related("customer__merged_into"):
            self.customers[each.reference] = _kept_record(each.customer)
            self.referenced.add(each.reference)
        self._look_up_own([each for key, each in wanted.items() if key not in self.customers])

    def _look_up_own(self, wanted: Sequence[LogCustomer]) -> None:
        """Finds customers by our own number, by the e-mail or, without both, by the name."""
        if not wanted:
            return
        emails = {each.key: _email_key(each.email) for each in wanted}
        names = {each.key: name_key(each.name) for each in wanted}
        found = Customer.objects.select_related("merged_into").filter(
            Q(number__in=emails)
            | Q(email_key__in=set(emails.values()) - {""})
            | Q(name_key__in=set(names.values()) - {""}, is_active=True, merged_into=None)
        )
        by_number: dict[str, Customer] = {}
        by_email: dict[str, Customer] = {}
        by_name: dict[str, list[Customer]] = {}
        for customer in found.order_by("pk"):
            by_number[customer.number] = customer
            by_email.setdefault(customer.email_key, customer)
            by_name.setdefault(customer.name_key, []).append(customer)
        for each in wanted:
            same_name = by_name.get(names[each.key], [])
            match = by_number.get(each.key) or (emails[each.key] and by_email.get(emails[each.key]))
            if not match and each.key == names[each.key] and len(same_name) == 1:
                match = same_name[0]
            if match:
                self.customers[each.key] = _kept_record(match)

    def look_up_imported(self, references: Sequence[str], job: ImportJob) -> None:
        """Looks up the orders and complaints that were imported under these numbers."""
        self.orders |= imported_orders(references, job.source, has_tax=self.prices_have_tax(job))
        self.complaints |= imported_complaints(references, job.source)

    def new_product(self, sku: str, job: ImportJob, charge: Decimal | None = None) -> Product:
        """Returns an unsaved product with name and price from the file.

        The price includes tax if the office's shop prices do. With the amount of a `charge`, such
        as shipping, it is a service.
        """
        name = _("Shipping") if sku == SHIPPING else sku
        facts = job.facts["products"].get(sku, {"name": name, "price": str(charge or 0)})
        if self.tax_rate is None:
            self.tax_rate = standard_tax_rate() or TaxRate(code="NONE", name=_("No tax"), rate=0)
        return Product(
            sku=sku,
            name=facts["name"],
            kind=Kind.GOODS if is_goods(sku) and charge is None else Kind.SERVICE,
            price=price_for_list(
                Decimal(facts["price"]),
                tax_rate=self.tax_rate.rate,
                has_tax=self.prices_have_tax(job),
                list_has_tax=self.shop_prices().includes_tax,
            ).quantize(PRICE_STEP, rounding=ROUND_HALF_UP),
            price_list=self.shop_prices(),
            tax_rate=self.tax_rate,
            unit=facts.get("unit", Unit.PIECE),
        )

    def shop_prices(self) -> PriceList:
        """Returns the office's own price list, unsaved if there is none yet."""
        if self.prices is None:
            self.prices = PriceList.objects.filter(code=MAIN_PRICE_LIST).first() or PriceList()
        if not self.prices.currency:
            self.prices.currency = get_office().currency
        return self.prices

    def prices_have_tax(self, job: ImportJob) -> bool:
        """Returns whether the prices of the file include tax."""
        return prices_have_tax(job.options, self.shop_prices().includes_tax)

    def make_products(self, products: Sequence[Product], job: ImportJob) -> None:
        """Adds products made by `new_product` to the catalogue. Raises `Refused`."""
        if not products:
            return
        if self.tax_rate is not None and self.tax_rate.pk is None:
            self.tax_rate = add_tax_rate(
                actor=job.actor, code="NONE", name=self.tax_rate.name, rate=Decimal(0)
            )
        if self.prices is not None and self.prices.pk is None:
            self.prices = main_price_list()
        made = add_products(
            actor=job.actor,
            products={
                product.sku: ProductDetails(
                    name=product.name,
                    price=product.price,
                    tax_rate=self.tax_rate or product.tax_rate,
                    price_list=self.prices or product.price_list,
                    kind=Kind(product.kind),
                    unit=Unit(product.unit),
                )
                for product in products
            },
        )
        self.products |= {product.sku: product for product in made}

    def make_customers(self, given: Sequence[LogCustomer], job: ImportJob) -> None:
        """Adds customers; a phone or e-mail that is not valid goes into the note."""
        if not given:
            return
        made = add_customers(actor=job.actor, customers=[_new_customer(each) for each in given])
        self.customers |= {each.key: customer for each, customer in zip(given, made, strict=True)}

    def keep_numbers(self, keys: Iterable[str], job: ImportJob) -> None:
        """Stores customers' numbers in the source, by which later files find the customers."""
        new = dict.fromkeys(key for key in keys if key not in self.referenced)
        CustomerReference.objects.bulk_create(
            CustomerReference(customer=self.customers[key], source=job.source, reference=key)
            for key in new
        )
        self.referenced.update(new)


def _new_customer(given: LogCustomer) -> NewCustomer:
    phone, wrong_phone = _valid(given.phone, checked_phone)
    email, wrong_email = _valid(given.email, checked_email)
    return NewCustomer(
        name=given.name or given.email or _("Customer %(number)s") % {"number": given.key},
        address=", ".join(filter(None, [given.address, given.country]))[: limits.ADDRESS],
        phone=phone,
        email=email,
        # Their number in the source is a reference; a note is shown at each sale.
        note="\n".join(filter(None, [wrong_phone, wrong_email])),
    )


def _valid(text: str, check: Callable[[str], tuple[str, str]]) -> tuple[str, str]:
    """Returns a checked text and nothing, or nothing and a text that is not valid."""
    try:
        return check(text)[0], ""
    except Refused:
        return "", text


def _email_key(email: str) -> str:
    try:
        return checked_email(email)[1]
    except Refused:
        return ""


def _kept_record(customer: Customer) -> Customer:
    """Returns the record that a customer was merged into, or the customer."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def imported_orders(
    references: Iterable[str], source: str, *, has_tax: bool
) -> dict[str, ImportedRecord]:
    """Returns the orders imported before from a source, by their number there.

    The amounts of their lines are with tax or without it.
    """
    found = {
        order.source_reference: ImportedRecord(order.number)
        for order in Order.objects.filter(source=source, source_reference__in=list(references))
    }
    lines = OrderLine.objects.filter(
        order__source=source, order__source_reference__in=list(found)
    ).values_list("order__source_reference", "sku", "quantity", "gross" if has_tax else "net")
    for reference, sku, quantity, amount in lines:
        record = found[reference]
        record.lines[(sku, quantity, amount)] += 1
        record.pieces[sku] = record.pieces.get(sku, Decimal()) + quantity
    return found


def imported_complaints(references: Iterable[str], source: str) -> dict[str, ImportedRecord]:
    """Returns the complaints imported before from a source, by their number there."""
    return {
        complaint.source_reference: ImportedRecord(
            complaint.number, text=Counter(complaint.description.splitlines())
        )
        for complaint in Complaint.objects.filter(
            source=source, source_reference__in=list(references)
        )
    }
