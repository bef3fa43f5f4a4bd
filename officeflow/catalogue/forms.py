"""The forms of the catalogue's pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from officeflow import limits
from officeflow.catalogue.actions import ProductDetails, asdict_shallow, details_of
from officeflow.catalogue.models import Category, Kind, Product, TaxRate, Unit
from officeflow.catalogue.queries import categories, price_lists, tax_rates
from officeflow.money import format_percent, unit_price_of
from officeflow.ui.edit_conflict import VersionField
from officeflow.ui.numbers import NumberField, PercentField


class TaxRateField(forms.ModelChoiceField):
    """A choice of tax rates by name and percentage: a replaced rate may have the same name."""

    def label_from_instance(self, obj: TaxRate) -> str:
        """Returns such as "Standard rate (20%)"."""
        return f"{obj.name} ({format_percent(obj.rate)})"


class ProductForm(forms.Form):
    """The fields of a product besides its code."""

    version = VersionField(required=False)
    name = forms.CharField(label=_("Name"), max_length=limits.NAME)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    unit = forms.ChoiceField(label=_("Sold by"), choices=Unit.choices)
    price = NumberField(label=_("Price"), max_digits=18, decimal_places=4)
    price_list = forms.ModelChoiceField(
        label=_("Price list"), queryset=price_lists(), empty_label=None
    )
    tax_rate = TaxRateField(label=_("Tax rate"), queryset=tax_rates(), empty_label=None)
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=categories(), required=False, empty_label=_("None")
    )
    new_category = forms.CharField(
        label=_("Or a new category"),
        max_length=60,
        required=False,
        help_text=_(
            "If the category is not in the list, enter its name. It is added when you save."
        ),
    )
    barcode = forms.CharField(label=_("Barcode"), max_length=32, required=False)
    is_active = forms.BooleanField(label=_("Is sold"), required=False, initial=True)

    def __init__(self, *args: Any, product: Product | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if product is not None:  # the product keeps its tax rate and category even when inactive
            self._also("tax_rate", TaxRate.objects.filter(pk=product.tax_rate_id), tax_rates())
            kept = [product.category_id] if product.category_id else []
            self._also("category", Category.objects.filter(pk__in=kept), categories())

    def _also(self, name: str, kept: QuerySet[Any], offered: QuerySet[Any]) -> None:
        self.fields[name].queryset = (offered | kept).distinct()  # type: ignore[attr-defined]

    def details(self) -> ProductDetails:
        """Returns the details for the action."""
        excluded = ("version", "new_category", "sku")
        values = {name: each for name, each in self.cleaned_data.items() if name not in excluded}
        return ProductDetails(**values)


class NewProductForm(ProductForm):
    """A new product with its code."""

    sku = forms.CharField(label=_("Code"), max_length=limits.CODE)


class TaxPercentField(PercentField):
    """The percentage of a tax rate: up to three decimals, such as 8.875, and less than 100."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_value=Decimal("99.999"), decimal_places=3, **options)


class TaxRateForm(forms.Form):
    """A tax rate in percent: 20 for 20 %."""

    name = forms.CharField(label=_("Name"), max_length=limits.LABEL)
    percent = TaxPercentField(label=_("Rate"))


class CategoryForm(forms.Form):
    """A category; `version` is empty for a new one."""

    version = VersionField(required=False)
    name = forms.CharField(label=_("Name"), max_length=limits.LABEL)
    is_active = forms.BooleanField(
        label=_("Available for new products"), required=False, initial=True
    )


class PricesIncludeTaxForm(forms.Form):
    """Whether the prices of a list include tax; `before` is the value that the form showed."""

    before = forms.TypedChoiceField(
        choices=[("1", "1"), ("0", "0")], coerce=lambda v: v == "1", widget=forms.HiddenInput
    )
    includes_tax = forms.TypedChoiceField(
        label=_("Prices"),
        choices=[("1", _("include tax")), ("0", _("do not include tax; it is added"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )


def values_of(product: Product) -> dict[str, Any]:
    """Returns the form's values for a product, the price without trailing zeros."""
    details = asdict_shallow(details_of(product))
    return details | {
        "version": product.version,
        "price": unit_price_of(product.price, product.price_list.currency),
    }
