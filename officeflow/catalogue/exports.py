"""The export of products, whose columns `catalogue.imports` can import."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from officeflow.catalogue.models import Product
from officeflow.ui.export import ExportColumn, amount, percent


def _price(product: Product) -> Decimal | None:
    return amount(product.price, product.price_list.currency)


PRODUCTS: tuple[ExportColumn[Product], ...] = (
    ExportColumn(_("Code"), lambda product: product.sku),
    ExportColumn(_("Name"), lambda product: product.name, 36),
    ExportColumn(
        _("Category"), lambda product: product.category.name if product.category else "", 20
    ),
    ExportColumn(_("Kind"), lambda product: product.get_kind_display(), 10),
    ExportColumn(_("Sold by"), lambda product: product.get_unit_display(), 10),
    ExportColumn(_("Price"), _price, 12),
    ExportColumn(_("Currency"), lambda product: product.price_list.currency, 10),
    ExportColumn(_("Price includes tax"), lambda product: product.price_list.includes_tax, 18),
    ExportColumn(_("Tax rate"), lambda product: product.tax_rate.code, 12),
    ExportColumn(_("Tax in percent"), lambda product: percent(product.tax_rate.rate), 14),
    ExportColumn(_("Price list"), lambda product: product.price_list.code, 12),
    ExportColumn(_("Barcode"), lambda product: product.barcode or "", 18),
    ExportColumn(_("Is sold"), lambda product: product.is_active, 10),
)
