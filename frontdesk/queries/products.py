"""Finding what the office sells, as a clerk or a scanner names it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, IntegerField, Q, Value, When

from officeflow.catalogue.models import Product
from officeflow.text import name_key


def search_products(text: str, *, limit: int = 10) -> list[Product]:
    """Active products by code, barcode or name; an exact code or barcode comes first, alone.

    A scanner takes the first, so nothing may stand before what it read.
    """
    text = text.strip()
    if not text:
        return []
    sellable = Product.objects.active().with_price()
    exact = list(sellable.filter(Q(sku__iexact=text) | Q(barcode=text)).order_by("pk")[:2])
    if any(product.barcode == text for product in exact) or (exact and text.isdigit()):
        return exact
    key = name_key(text)
    wanted = Q(sku__istartswith=text)
    words = Q()
    for word in key.split():
        words &= Q(name_key__contains=word)
    rank = Case(
        When(sku__iexact=text, then=Value(0)),
        When(sku__istartswith=text, then=Value(1)),
        When(name_key__startswith=key, then=Value(2)),
        When(name_key__contains=f" {key}", then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return list(
        sellable.filter(wanted | words).annotate(rank=rank).order_by("rank", "name_key", "pk")[
            :limit
        ]
    )


def products_named(names: Iterable[str]) -> dict[str, Product]:
    """The active products that the texts name by code or barcode, by the text as given.

    One query however many lines there are. A text that names none is left out.
    """
    wanted = {name.strip() for name in names if name.strip()}
    if not wanted:
        return {}
    upper = {name.upper() for name in wanted}
    found = (
        Product.objects.active()
        .with_price()
        .filter(Q(sku__in=wanted | upper) | Q(barcode__in=wanted))
    )
    by_sku = {product.sku.upper(): product for product in found}
    by_barcode = {product.barcode: product for product in found if product.barcode}
    named = {}
    for name in wanted:
        product = by_sku.get(name.upper()) or by_barcode.get(name)
        if product is not None:
            named[name] = product
    return named
