"""Products, their categories, price lists and tax rates."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _


class TaxRate(models.Model):
    """A rate of value added tax or sales tax; `rate` is a fraction: 0.2000 is 20 %."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    rate = models.DecimalField(_("rate"), max_digits=8, decimal_places=5)
    is_active = models.BooleanField(_("active"), default=True)
    # The default of new products; at most one rate is the standard.
    is_standard = models.BooleanField(_("standard"), default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rate__gte=0) & Q(rate__lt=1), name="tax_rate_is_a_fraction"
            ),
            models.UniqueConstraint(
                fields=["is_standard"], condition=Q(is_standard=True), name="one_standard_tax_rate"
            ),
        ]

    def __str__(self) -> str:
        return self.name


MAIN_PRICE_LIST = "MAIN"  # the code of the office's own price list


class PriceList(models.Model):
    """A list of prices in one currency, all with or all without tax."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    currency = models.CharField(_("currency"), max_length=3)
    includes_tax = models.BooleanField(_("prices include tax"), default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A group of products, such as Lamps."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class Kind(models.TextChoices):
    """Goods are fulfilled from stock; services, such as postage or a repair, are not."""

    GOODS = "goods", _("Goods")
    SERVICE = "service", _("Service")


class Unit(models.TextChoices):
    """The unit of quantities and prices; the values are unit symbols."""

    PIECE = "piece", _("piece")
    KILOGRAM = "kg", _("kg")
    METRE = "m", _("m")
    LITRE = "l", _("l")
    HOUR = "h", _("hour")


def unit_sign(unit: str) -> str:
    """Returns the symbol after a quantity, as in `1.5 h`; empty for pieces."""
    return "" if unit == Unit.PIECE else unit


class ProductQuerySet(models.QuerySet["Product"]):
    """Products by whether they are sold, and with related records."""

    def active(self) -> ProductQuerySet:
        """The products that are sold."""
        return self.filter(is_active=True)

    def with_price(self) -> ProductQuerySet:
        """Adds price list, tax rate and category in the same query."""
        return self.select_related("price_list", "tax_rate", "category")


class Product(models.Model):
    """Goods or a service, which order lines name by its code (SKU)."""

    sku = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False, db_index=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.GOODS)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.PIECE)
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=4)
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="products")
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, related_name="products")
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="products"
    )
    barcode = models.CharField(_("barcode"), max_length=32, null=True, blank=True, unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["sku"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=Decimal(0)), name="price_not_negative"),
            models.CheckConstraint(condition=~Q(barcode=""), name="barcode_missing_is_null"),
        ]
        indexes = [
            GinIndex(fields=["name_key"], name="product_name_like", opclasses=["gin_trgm_ops"]),
            GinIndex(OpClass(Upper("sku"), name="gin_trgm_ops"), name="product_code_like"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"

    @property
    def unit_label(self) -> str:
        """The symbol of the unit that the price is for; empty for a piece."""
        return unit_sign(self.unit)
