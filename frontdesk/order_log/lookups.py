"""Products, customers and imported records, looked up for many rows at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from frontdesk.complaints.models import Complaint
from frontdesk.customers.actions.customers import add_customer
from frontdesk.customers.models import Customer, CustomerReference
from frontdesk.order_log.rows import LogEntry, is_goods
from frontdesk.orders.models import Order, OrderLine
from officeflow.catalogue.actions import (
    MAIN_PRICE_LIST,
    ProductDetails,
    add_products,
    add_tax_rate,
    main_price_list,
)
from officeflow.catalogue.models import Kind, PriceList, Product, TaxRate
from officeflow.catalogue.queries import standard_tax_rate
from officeflow.company.queries import get_office
from officeflow.imports.registry import ImportJob

MEMORY = "order log"
LineKey = tuple[str, Decimal, Decimal]


@dataclass(frozen=True)
class ImportedRecord:
    """An order or complaint that was imported before.

    `lines` counts the lines of an order, `text` the lines of a complaint's description.
    """

    number: str
    lines: Counter[LineKey] = field(default_factory=Counter)
    text: Counter[str] = field(default_factory=Counter)


@dataclass
class Lookups:
    """Products by code and customers by their number in the source, as found so far."""

    products: dict[str, Product] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    tax_rate: TaxRate | None = None
    prices: PriceList | None = None

    @classmethod
    def of(cls, job: ImportJob) -> Lookups:
        """Returns the job's lookups, which the import drops after a rollback."""
        lookups: Lookups = job.memory.setdefault(MEMORY, cls())
        return lookups

    def look_up(self, entries: Iterable[LogEntry], source: str) -> None:
        """Looks up the products and customers of entries, in two queries at most."""
        found = list(entries)
        skus = {entry.sku for entry in found} - self.products.keys()
        if skus:
            for product in Product.objects.with_price().filter(sku__in=skus):
                self.products[product.sku] = product
        numbers = {entry.customer for entry in found if entry.customer} - self.customers.keys()
        if numbers:
            references = CustomerReference.objects.filter(source=source, reference__in=numbers)
            for each in references.select_related("customer__merged_into"):
                self.customers[each.reference] = _kept_record(each.customer)

    def new_product(self, sku: str, job: ImportJob) -> Product:
        """Returns an unsaved product with name and price from the file.

        The price includes tax if the office's shop prices do.
        """
        facts = job.facts["products"].get(sku, {"name": sku, "price": "0"})
        if self.tax_rate is None:
            self.tax_rate = standard_tax_rate() or TaxRate(code="NONE", name=_("No tax"), rate=0)
        return Product(
            sku=sku,
            name=facts["name"],
            kind=Kind.GOODS if is_goods(sku) else Kind.SERVICE,
            price=Decimal(facts["price"]).quantize(Decimal("0.0001")),
            price_list=self.shop_prices(),
            tax_rate=self.tax_rate,
        )

    def shop_prices(self) -> PriceList:
        """Returns the office's own price list, unsaved if there is none yet."""
        if self.prices is None:
            self.prices = PriceList.objects.filter(code=MAIN_PRICE_LIST).first() or PriceList()
        if not self.prices.currency:
            self.prices.currency = get_office().currency
        return self.prices

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
                )
                for product in products
            },
        )
        self.products |= {product.sku: product for product in made}

    def make_customer(self, reference: str, country: str, job: ImportJob) -> Customer:
        """Adds and returns a customer with a number in the source and a country."""
        customer = add_customer(
            actor=job.actor,
            name=_("Customer %(number)s") % {"number": reference},
            address=country,
            note=f"{job.source} {reference}",
        )
        CustomerReference.objects.create(customer=customer, source=job.source, reference=reference)
        self.customers[reference] = customer
        return customer


def _kept_record(customer: Customer) -> Customer:
    """Returns the record that a customer was merged into, or the customer."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def imported_orders(references: Iterable[str], source: str) -> dict[str, ImportedRecord]:
    """Returns the orders imported before from a source, by their number there."""
    found = {
        order.source_reference: ImportedRecord(order.number)
        for order in Order.objects.filter(source=source, source_reference__in=list(references))
    }
    lines = OrderLine.objects.filter(
        order__source=source, order__source_reference__in=list(found)
    ).values_list("order__source_reference", "sku", "quantity", "unit_price")
    for reference, sku, quantity, price in lines:
        found[reference].lines[(sku, quantity, price)] += 1
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
