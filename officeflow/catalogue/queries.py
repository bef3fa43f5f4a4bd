"""Reading products, prices, categories and tax rates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Count, QuerySet
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
from officeflow.postgres.conditions import (
    Condition,
    all_of,
    any_of,
    begins,
    contains,
    equals,
    is_one_of,
    rank,
)
from officeflow.postgres.rows import read_rows, records_of, sql_of
from officeflow.text import distinct_words, name_key

LOOKUP_LIMIT = 8
# As in the indexes; other columns of these names are of tables without such a search.
NAME, CODE = "catalogue_product.name_key", "UPPER(catalogue_product.sku)"
CATEGORY_NAMES = "SELECT id, name FROM catalogue_category"


def matching(text: str) -> RawSQL:
    """Returns a filter for products whose code or barcode is the text, or that have all its words.

    A word may be a part of the name, the code or the category's name, in any order.
    """
    return _matching(text.strip()).as_filter()


def _matching(typed: str) -> Condition:
    words = distinct_words(name_key(typed))
    categories = _category_keys() if words else {}
    having = all_of(
        any_of(
            (
                contains(NAME, word),
                contains(CODE, word.upper()),
                is_one_of("category_id", [pk for pk, key in categories.items() if word in key]),
            )
        )
        for word in words
    )
    return any_of((begins(CODE, typed.upper()), equals("barcode", typed), having))


def _category_keys() -> dict[int, str]:
    """Returns the name keys of all categories."""
    return {pk: name_key(name) for pk, name in read_rows(CATEGORY_NAMES, [])}


def products_by_code(codes: Collection[str]) -> dict[str, Product]:
    """Returns the products with these codes, each with its price list and tax rate."""
    sql = f"{_products()} WHERE sku = ANY(%s)"
    return {product.sku: product for product in _with_prices(read_rows(sql, [list(codes)]))}


@cache
def _products() -> str:
    """Returns the SQL of the products, each with its price list and tax rate."""
    return sql_of(Product.objects.select_related("price_list", "tax_rate").order_by())


def _with_prices(rows: Iterable[Sequence[Any]]) -> list[Product]:
    """Returns the products in rows of `_products`."""
    found = []
    for row in rows:
        product: Product
        product, product.price_list, product.tax_rate = records_of(row, Product, PriceList, TaxRate)
        found.append(product)
    return found


def find_products(text: str, limit: int = LOOKUP_LIMIT) -> list[Product]:
    """Returns active products that match, the closest first; none for an empty text.

    The order is: exact code or barcode, code that begins with the text, name that begins with it,
    name that contains it, and other products with all its words.
    """
    typed = text.strip()
    if not typed:
        return []
    key, wanted = name_key(typed), _matching(typed)
    order = rank(
        (
            (any_of((equals(CODE, typed.upper()), equals("barcode", typed))), 0),
            (begins(CODE, typed.upper()), 1),
            (begins(NAME, key), 2),
            (contains(NAME, key), 3),
        ),
        default=4,
    )
    sql = (
        f"{_products()} WHERE catalogue_product.is_active AND {wanted.sql}"
        f" ORDER BY {order.sql}, name_key, sku LIMIT %s"
    )
    return _with_prices(read_rows(sql, [*wanted.values, *order.values, limit]))


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
