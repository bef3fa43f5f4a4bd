"""Finding products for the search and for the fields of forms."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from officeflow.catalogue.models import Product
from officeflow.catalogue.queries import find_products
from officeflow.money import format_unit_price
from officeflow.trigrams import near_rows
from officeflow.ui.search import SearchHit, SearchQuery


def search_products(text: str, limit: int) -> list[tuple[Product, int]]:
    """Returns at most `limit` active products, the closest first, with a distance.

    The distance is 0 for products that match. When none does, those with a similar name are
    returned, with the number of differing letters.
    """
    query = SearchQuery.of(text)
    found = find_products(query.text, limit=limit)
    if found:
        return [(product, 0) for product in found]
    rows = Product.objects.active().with_price()
    return near_rows(rows, "name_key", query.key, limit=limit)


def find_product_hits(user: Any, query: SearchQuery, limit: int) -> list[SearchHit]:
    """Returns search hits for products by code, barcode or name."""
    return [
        SearchHit(
            title=product.name,
            url=reverse("catalogue:product", args=[product.sku]),
            number=product.sku,
            details=[product.barcode] if product.barcode else [],
            end=f"{format_unit_price(product.price, product.price_list.currency)}"
            f" / {product.get_unit_display()}",
            distance=distance,
        )
        for product, distance in search_products(query.text, limit)
    ]
