"""The catalogue as a table to take away. The same columns are read in by `catalogue.imports`."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from officeflow.catalogue.models import Product
from officeflow.ui.export import Column, amount, percent


def _price(product: Product) -> Decimal | None:
    return amount(product.price, product.price_list.currency)


PRODUCTS: tuple[Column[Product], ...] = (
    Column(_("Code"), lambda product: product.sku),
    Column(_("Name"), lambda product: product.name, 36),
    Column(_("Category"), lambda product: product.category.name if product.category else "", 20),
    Column(_("Kind"), lambda product: product.get_kind_display(), 10),
    Column(_("Sold by"), lambda product: product.get_unit_display(), 10),
    Column(_("Price"), _price, 12),
    Column(_("Currency"), lambda product: product.price_list.currency, 10),
    Column(_("Price includes tax"), lambda product: product.price_list.includes_tax, 18),
    Column(_("Tax rate"), lambda product: product.tax_rate.code, 12),
    Column(_("Tax in percent"), lambda product: percent(product.tax_rate.rate), 14),
    Column(_("Price list"), lambda product: product.price_list.code, 12),
    Column(_("Barcode"), lambda product: product.barcode or "", 18),
    Column(_("Is sold"), lambda product: product.is_active, 10),
)
