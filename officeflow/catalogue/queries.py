"""Reading the catalogue: the desk's lookup by a few letters, and the list of products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import Category, PriceList, Product, ProductQuerySet, TaxRate
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


def products(
    text: str = "", *, inactive: bool = False, category: Category | None = None
) -> ProductQuerySet:
    """The products in the order of their codes, perhaps those of a text or a category alone."""
    found = Product.objects.with_price().order_by("sku")
    if not inactive:
        found = found.active()
    if category is not None:
        found = found.filter(category=category)
    return found.filter(matching(text)) if text.strip() else found


@dataclass(frozen=True)
class PriceChange:
    """What a product cost from a moment on; `before` is None for its first price."""

    at: datetime
    before: Decimal | None
    after: Decimal
    actor: str


def price_history(product: Product, limit: int = 50) -> list[PriceChange]:
    """What the product cost and who changed it, the latest first, from the audit trail."""
    told = (
        AuditEntry.objects.filter(
            subject=product.sku, subject_kind="product", changes__has_key="price"
        )
        .select_related("actor")
        .order_by("-at", "-pk")[:limit]
    )
    found = []
    for entry in told:
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
    """The rates that new products may carry, the standard one first."""
    return TaxRate.objects.filter(is_active=True).order_by("-is_standard", "-rate", "code")


def tax_rates_with_use() -> QuerySet[TaxRate]:
    """Every rate with `used_by`: how many products carry it. Those offered come first."""
    return TaxRate.objects.annotate(used_by=Count("products")).order_by(
        "-is_active", "-is_standard", "-rate", "code"
    )


def categories_with_use() -> QuerySet[Category]:
    """Every category with `used_by`: how many products stand in it, by name."""
    return Category.objects.annotate(used_by=Count("products")).order_by("-is_active", "name")


def standard_tax_rate() -> TaxRate | None:
    """The rate that new products carry unless somebody says otherwise; None while there is none."""
    return tax_rates().first()


def categories() -> QuerySet[Category]:
    """The categories that products may stand in, by name."""
    return Category.objects.filter(is_active=True).order_by("name")


def price_lists() -> QuerySet[PriceList]:
    """The price lists, by code."""
    return PriceList.objects.order_by("code")


def price_with_tax(product: Product) -> Decimal:
    """What one unit costs the customer, tax included, not yet rounded."""
    if product.price_list.includes_tax:
        return product.price
    return product.price * (1 + product.tax_rate.rate)
