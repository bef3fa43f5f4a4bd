"""Finding the products of order lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from officeflow.catalogue.models import Product
from officeflow.text import name_key


def products_named(names: Iterable[str]) -> dict[str, Product]:
    """Returns the active products with these codes, barcodes or names, by the given text.

    One query for all texts. A text without a product, or with a name of several products, is
    left out.
    """
    wanted = {name.strip() for name in names if name.strip()}
    if not wanted:
        return {}
    codes = wanted | {name.upper() for name in wanted}
    found = (
        Product.objects.active()
        .with_price()
        .filter(
            Q(sku__in=codes)
            | Q(barcode__in=wanted)
            | Q(name_key__in={name_key(name) for name in wanted})
        )
    )
    by_code: dict[str, Product] = {}
    by_name: dict[str, list[Product]] = defaultdict(list)
    for product in found:
        by_code[product.sku.upper()] = product
        by_name[product.name_key].append(product)
    for product in found:
        if product.barcode:
            by_code.setdefault(product.barcode, product)
    matches = {}
    for name in wanted:
        same_name = by_name.get(name_key(name), [])
        match = by_code.get(name.upper()) or (same_name[0] if len(same_name) == 1 else None)
        if match is not None:
            matches[name] = match
    return matches
