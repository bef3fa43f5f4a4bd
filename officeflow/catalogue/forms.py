"""The forms of the catalogue's pages. They check shape; the actions decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow.catalogue.actions import ProductDetails, asdict_shallow, details_of
from officeflow.catalogue.models import Kind, Product, TaxRate, Unit
from officeflow.catalogue.queries import price_lists, tax_rates
from officeflow.money import quantise
from officeflow.ui.widgets import AmountInput


class ProductForm(forms.Form):
    """What a product says about itself."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    unit = forms.ChoiceField(label=_("Sold by"), choices=Unit.choices)
    price = forms.DecimalField(
        label=_("Price"), max_digits=18, decimal_places=4, widget=AmountInput, localize=True
    )
    price_list = forms.ModelChoiceField(
        label=_("Price list"), queryset=price_lists(), empty_label=None
    )
    tax_rate = forms.ModelChoiceField(label=_("Tax rate"), queryset=tax_rates(), empty_label=None)
    barcode = forms.CharField(label=_("Barcode"), max_length=32, required=False)
    is_active = forms.BooleanField(label=_("Is sold"), required=False, initial=True)

    def __init__(self, *args: Any, tax_rate: TaxRate | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if tax_rate is not None:  # a retired rate stays with the product that carries it
            field = self.fields["tax_rate"]
            field.queryset = (tax_rates() | TaxRate.objects.filter(pk=tax_rate.pk)).distinct()  # type: ignore[attr-defined]

    def details(self) -> ProductDetails:
        """What was typed, for the action."""
        typed = {**self.cleaned_data}
        typed.pop("version")
        typed.pop("sku", None)
        return ProductDetails(**typed)


class NewProductForm(ProductForm):
    """A product with its code."""

    sku = forms.CharField(label=_("Code"), max_length=40)


class TaxRateForm(forms.Form):
    """A rate, typed as people say it: 20 for 20 %."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=60)
    percent = forms.DecimalField(
        label=_("Rate"),
        min_value=Decimal(0),
        max_value=Decimal("99.99"),
        max_digits=4,
        decimal_places=2,
        widget=AmountInput,
        localize=True,
    )


def values_of(product: Product) -> dict[str, Any]:
    """The form's values for the product as it stands, the price as people write it."""
    details = asdict_shallow(details_of(product))
    to_the_cent = quantise(product.price, product.price_list.currency)
    is_exact = to_the_cent == product.price
    return details | {
        "version": product.version,
        "price": to_the_cent if is_exact else product.price,
    }
