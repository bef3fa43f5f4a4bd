"""The products and customers that an order log names, looked up for many rows at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from frontdesk.complaints.models import Complaint
from frontdesk.customers.actions.customers import add_customer
from frontdesk.customers.models import Customer, CustomerReference
from frontdesk.order_log.rows import Entry, is_goods
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
class Before:
    """An order or a complaint that was imported before: its number, and how often each line."""

    number: str
    lines: Counter[LineKey] = field(default_factory=Counter)
    text: Counter[str] = field(default_factory=Counter)


@dataclass
class Lookups:
    """Products by code and customers by their number in the source, as far as they are known."""

    products: dict[str, Product] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    tax_rate: TaxRate | None = None
    prices: PriceList | None = None

    @classmethod
    def of(cls, job: ImportJob) -> Lookups:
        """What this turn has found so far; forgotten with whatever is rolled back."""
        lookups: Lookups = job.memory.setdefault(MEMORY, cls())
        return lookups

    def look_up(self, entries: Iterable[Entry], source: str) -> None:
        """Finds the products and customers that entries name, two questions at the most."""
        found = list(entries)
        skus = {entry.sku for entry in found} - self.products.keys()
        if skus:
            for product in Product.objects.with_price().filter(sku__in=skus):
                self.products[product.sku] = product
        numbers = {entry.customer for entry in found if entry.customer} - self.customers.keys()
        if numbers:
            references = CustomerReference.objects.filter(source=source, reference__in=numbers)
            for each in references.select_related("customer__merged_into"):
                self.customers[each.reference] = _who_is_kept(each.customer)

    def new_product(self, sku: str, job: ImportJob) -> Product:
        """A product as it would be made of what the file says; not saved.

        Its price is meant as the office's shop prices are, with or without tax.
        """
        said = job.facts["products"].get(sku, {"name": sku, "price": "0"})
        if self.tax_rate is None:
            self.tax_rate = standard_tax_rate() or TaxRate(code="NONE", name=_("No tax"), rate=0)
        return Product(
            sku=sku,
            name=said["name"],
            kind=Kind.GOODS if is_goods(sku) else Kind.SERVICE,
            price=Decimal(said["price"]).quantize(Decimal("0.0001")),
            price_list=self.shop_prices(),
            tax_rate=self.tax_rate,
        )

    def shop_prices(self) -> PriceList:
        """The office's own price list; one that is not saved while there is none."""
        if self.prices is None:
            self.prices = PriceList.objects.filter(code=MAIN_PRICE_LIST).first() or PriceList()
        if not self.prices.currency:
            self.prices.currency = get_office().currency
        return self.prices

    def make_products(self, products: Sequence[Product], job: ImportJob) -> None:
        """Puts products on the list that `new_product` described. Raises `Refused`."""
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
        """A record for a customer of whom the file knows a number and a country."""
        customer = add_customer(
            actor=job.actor,
            name=_("Customer %(number)s") % {"number": reference},
            address=country,
            note=f"{job.source} {reference}",
        )
        CustomerReference.objects.create(customer=customer, source=job.source, reference=reference)
        self.customers[reference] = customer
        return customer


def _who_is_kept(customer: Customer) -> Customer:
    """The record that another was merged into, or itself."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def orders_before(references: Iterable[str], source: str) -> dict[str, Before]:
    """The orders of a source that were imported before, by their number there."""
    found = {
        order.source_reference: Before(order.number)
        for order in Order.objects.filter(source=source, source_reference__in=list(references))
    }
    lines = OrderLine.objects.filter(
        order__source=source, order__source_reference__in=list(found)
    ).values_list("order__source_reference", "sku", "quantity", "unit_price")
    for reference, sku, quantity, price in lines:
        found[reference].lines[(sku, quantity, price)] += 1
    return found


def complaints_before(references: Iterable[str], source: str) -> dict[str, Before]:
    """The complaints of a source that were imported before, by their number there."""
    return {
        complaint.source_reference: Before(
            complaint.number, text=Counter(complaint.description.splitlines())
        )
        for complaint in Complaint.objects.filter(
            source=source, source_reference__in=list(references)
        )
    }
