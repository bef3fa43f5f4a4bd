"""Every write of products, categories, tax rates and price lists."""

from officeflow.catalogue.actions.categories import add_category, change_category
from officeflow.catalogue.actions.products import (
    ProductDetails,
    add_product,
    add_products,
    asdict_shallow,
    change_product,
    details_of,
)
from officeflow.catalogue.actions.taxes import (
    MAIN_PRICE_LIST,
    add_tax_rate,
    follow_currency,
    main_price_list,
    make_standard,
    replace_tax_rate,
    retire_tax_rate,
    set_prices_include_tax,
)

__all__ = [
    "MAIN_PRICE_LIST",
    "ProductDetails",
    "add_category",
    "add_product",
    "add_products",
    "add_tax_rate",
    "asdict_shallow",
    "change_category",
    "change_product",
    "details_of",
    "follow_currency",
    "main_price_list",
    "make_standard",
    "replace_tax_rate",
    "retire_tax_rate",
    "set_prices_include_tax",
]
