"""Reading products, prices, categories and tax rates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

from django.db.models import BooleanField, Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import (
    MAIN_PRICE_LIST,
    Category,
    PriceList,
    Product,
    ProductQuerySet,
    TaxRate,
)
from officeflow.postgres.rows import read_rows, records_of, sql_of
from officeflow.text import distinct_words, name_key

LOOKUP_LIMIT = 8


def matching(text: str) -> Q:
    """Returns a filter for products whose code or barcode is the text, or that have all its words.

    A word may be a part of the name, the code or the category's name, in any order.
    """
    typed = text.strip()
    words = distinct_words(name_key(typed))
    categories = {each.pk: name_key(each.name) for each in Category.objects.all()} if words else {}
    having = Q()
    for word in words:
        here = Q(name_key__contains=word) | Q(sku__icontains=word)
        if named := [pk for pk, name in categories.items() if word in name]:
            here |= Q(category__in=named)
        having &= here
    return Q(sku__istartswith=typed) | Q(barcode=typed) | having


def products_by_code(codes: Collection[str]) -> dict[str, Product]:
    """Returns the products with these codes, each with its price list and tax rate."""
    found: dict[str, Product] = {}
    for row in read_rows(_by_code(), [list(codes)]):
        product: Product
        product, product.price_list, product.tax_rate = records_of(row, Product, PriceList, TaxRate)
        found[product.sku] = product
    return found


@cache
def _by_code() -> str:
    """Returns the SQL of the products with one of the codes of a list."""
    has_code = RawSQL("catalogue_product.sku = ANY(%s)", [[]], output_field=BooleanField())
    rows = Product.objects.filter(has_code).select_related("price_list", "tax_rate")
    return sql_of(rows.order_by())


def find_products(text: str, limit: int = LOOKUP_LIMIT) -> list[Product]:
    """Returns active products that match, the closest first; none for an empty text.

    The order is: exact code or barcode, code that begins with the text, name that begins with it,
    name that contains it, and other products with all its words.
    """
    typed = text.strip()
    if not typed:
        return []
    rank = Case(
        When(Q(sku__iexact=typed) | Q(barcode=typed), then=Value(0)),
        When(sku__istartswith=typed, then=Value(1)),
        When(name_key__startswith=name_key(typed), then=Value(2)),
        When(name_key__contains=name_key(typed), then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    found = Product.objects.active().with_price().filter(matching(typed))
    return list(found.order_by(rank, "name_key", "sku")[:limit])


def products(
    text: str = "", *, inactive: bool = False, category: Category | None = None
) -> ProductQuerySet:
    """Returns the products by code, optionally those that match a text or have a category."""
    found = Product.objects.with_price().order_by("sku")
    if not inactive:
        found = found.active()
    if category is not None:
        found = found.filter(category=category)
    return found.filter(matching(text)) if text.strip() else found


@dataclass(frozen=True)
class PriceChange:
    """A change of a price; `before` is None for the first price."""

    at: datetime
    before: Decimal | None
    after: Decimal
    actor: str


def price_history(product: Product, limit: int = 50) -> list[PriceChange]:
    """Returns the price changes of a product from the audit trail, the latest first."""
    entries = (
        AuditEntry.objects.filter(
            subject=product.sku, subject_kind="product", changes__has_key="price"
        )
        .select_related("actor")
        .order_by("-at", "-pk")[:limit]
    )
    found = []
    for entry in entries:
        before, after = entry.changes["price"]
        found.append(
            PriceChange(
                at=entry.at,
                before=Decimal(before) if before is not None else None,
                after=Decimal(after),
                actor=str(entry.actor) if entry.actor is not None else "",
            )
        )
    return found


def tax_rates() -> QuerySet[TaxRate]:
    """Returns the active rates, the standard one first."""
    return TaxRate.objects.filter(is_active=True).order_by("-is_standard", "-rate", "code")


def tax_rates_with_use() -> QuerySet[TaxRate]:
    """Returns every rate with `used_by`, the number of its products; active rates first."""
    return TaxRate.objects.annotate(used_by=Count("products")).order_by(
        "-is_active", "-is_standard", "-rate", "code"
    )


def categories_with_use() -> QuerySet[Category]:
    """Returns every category with `used_by`, the number of its products; active ones first."""
    return Category.objects.annotate(used_by=Count("products")).order_by("-is_active", "name")


def standard_tax_rate() -> TaxRate | None:
    """Returns the default rate of new products, or None."""
    return tax_rates().first()


def categories() -> QuerySet[Category]:
    """Returns the active categories, by name."""
    return Category.objects.filter(is_active=True).order_by("name")


def own_prices_have_tax() -> bool:
    """Returns whether the prices of the main price list include tax."""
    found = PriceList.objects.filter(code=MAIN_PRICE_LIST).first()
    return (found or PriceList()).includes_tax


def price_lists() -> QuerySet[PriceList]:
    """Returns the price lists, by code."""
    return PriceList.objects.order_by("code")
