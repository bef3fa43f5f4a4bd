"""Reading the catalogue: the desk's lookup by a few letters, and the list of products."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from officeflow.catalogue.models import PriceList, Product, ProductQuerySet, TaxRate
from officeflow.text import name_key

LOOKUP_LIMIT = 8


def matching(text: str) -> Q:
    """Products that a typed text may mean: code begins with it, barcode is it, name holds it."""
    typed = text.strip()
    return Q(sku__istartswith=typed) | Q(barcode=typed) | Q(name_key__contains=name_key(typed))


def find_products(text: str, limit: int = LOOKUP_LIMIT) -> list[Product]:
    """What can be sold that the text may mean, the surest first, with price list and tax rate.

    Surest is the whole code or barcode, then a code that begins with the text, then a name that
    begins with it, then a name that holds it anywhere. An empty text finds nothing.
    """
    typed = text.strip()
    if not typed:
        return []
    sureness = Case(
        When(Q(sku__iexact=typed) | Q(barcode=typed), then=Value(0)),
        When(sku__istartswith=typed, then=Value(1)),
        When(name_key__startswith=name_key(typed), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = Product.objects.active().with_price().filter(matching(typed))
    return list(found.order_by(sureness, "name_key", "sku")[:limit])


def find_by_sku(sku: str) -> Product | None:
    """What can be sold under exactly this code, however it is capitalised; else None."""
    return Product.objects.active().with_price().filter(sku__iexact=sku.strip()).first()


def products(text: str = "", *, inactive: bool = False) -> ProductQuerySet:
    """The list of products in the order of their codes, perhaps only those that match a text."""
    found = Product.objects.with_price().order_by("sku")
    if not inactive:
        found = found.active()
    return found.filter(matching(text)) if text.strip() else found


def products_after(
    after: str, *, text: str = "", inactive: bool = False, size: int = 50
) -> tuple[list[Product], str]:
    """One page of the list: the products after a code, and the code that the next page follows.

    The second is empty on the last page.
    """
    page = products(text, inactive=inactive)
    if after:
        page = page.filter(sku__gt=after)
    rows = list(page[: size + 1])
    return rows[:size], rows[size - 1].sku if len(rows) > size else ""


def tax_rates() -> QuerySet[TaxRate]:
    """The rates that new products may carry."""
    return TaxRate.objects.filter(is_active=True).order_by("-rate", "code")


def price_lists() -> QuerySet[PriceList]:
    """The price lists, by code."""
    return PriceList.objects.order_by("code")


def price_with_tax(product: Product) -> Decimal:
    """What one unit costs the customer, tax included, not yet rounded."""
    if product.price_list.includes_tax:
        return product.price
    return product.price * (1 + product.tax_rate.rate)
