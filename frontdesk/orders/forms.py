"""The order form: a head, and as many lines as the page sends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from frontdesk.customers.choice import CustomerChoice
from frontdesk.orders.actions import MOST_LINES, LineRefused, NewLine, delivery_faults, price_line
from frontdesk.orders.models import Delivery
from frontdesk.orders.queries.products import products_named
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.idempotency.forms import OnceForm
from officeflow.money import HUNDRED, ZERO
from officeflow.ui.fields import NeededThere, Paragraphs, WordsField
from officeflow.ui.numbers import NumberField
from officeflow.ui.widgets import AmountInput, ComboboxInput, DateInput

LINE_FIELDS = {"quantity": "quantity", "discount": "discount"}
LINE_KEY = re.compile(r"line-(\d{1,6})-(?:sku|product|quantity|discount)")


class OrderForm(CustomerChoice, OnceForm):
    """Everything about an order but its lines."""

    delivery = forms.ChoiceField(
        label=_("How"), choices=Delivery.choices, widget=forms.RadioSelect, initial=Delivery.PICK_UP
    )
    delivery_address = NeededThere(
        label=_("Delivery address"), max_length=1000, widget=Paragraphs(rows=3)
    )
    wanted_by_date = forms.DateField(
        label=_("Wanted by"), required=False, widget=DateInput, input_formats=["%Y-%m-%d"]
    )
    note = WordsField(
        label=_("Note for the back office"),
        max_length=4000,
        required=False,
        widget=Paragraphs(rows=2),
    )

    def clean(self) -> dict[str, Any]:
        """Says at once, beside what is wrong with the lines, what the action would refuse."""
        cleaned = super().clean()
        for fault in delivery_faults(
            cleaned.get("delivery", ""),
            cleaned.get("delivery_address", ""),
            cleaned.get("wanted_by_date"),
            office_date(),
        ):
            if fault.field not in self.errors:
                self.add_error(fault.field, fault.message)
        return cleaned


class LineForm(forms.Form):
    """One line as typed. `sku` is set when a product was chosen from the list."""

    sku = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    product = forms.CharField(label=_("Code or name"), max_length=250, required=False)
    quantity = NumberField(
        label=_("Quantity"), required=False, initial="1", widget=AmountInput(attrs={"size": 6})
    )
    discount = NumberField(
        label=_("Discount in per cent"),
        required=False,
        widget=AmountInput(attrs={"size": 5, "placeholder": "0"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].widget = ComboboxInput(
            reverse_lazy("frontdesk:lookup-products"),
            target=f"id_{self.prefix}-sku",
            attrs={"placeholder": _("Code, barcode or name"), "data-line-product": ""},
        )
        self.found: Product | None = None

    @property
    def key(self) -> str:
        """The line's number in its field names."""
        return str(self.prefix).removeprefix("line-")

    @property
    def named(self) -> str:
        """What names the product: the chosen code, else the text as typed."""
        return (self["sku"].value() or self["product"].value() or "").strip()

    @property
    def is_blank(self) -> bool:
        """A line that names no product and asks for nothing out of the ordinary is passed over."""
        untouched = str(self["quantity"].value() or "").strip() in ("", "1")
        return not self.named and untouched and not (self["discount"].value() or "")

    def clean(self) -> dict[str, Any]:
        """A line needs a product that is sold, and a quantity."""
        cleaned = super().clean() or self.cleaned_data
        if self.is_blank:
            return cleaned
        if not self.named:
            self.add_error("product", _("Which product? Give its code or name."))
        elif self.found is None and "product" not in self.errors:
            self.add_error("product", _("Nothing with this code is sold. Choose from the list."))
        if "quantity" not in self.errors and cleaned.get("quantity") is None:
            self.add_error("quantity", _("How many?"))
        discount = cleaned.get("discount")
        if self.found is None and discount is not None and not ZERO <= discount <= HUNDRED:
            self.add_error("discount", _("The discount is a percentage from 0 to 100."))
        return cleaned

    def refuse(self, refused: LineRefused) -> None:
        """Puts what the action says beside its field."""
        self.add_error(LINE_FIELDS.get(refused.field, "product"), refused.message)

    def as_line(self) -> NewLine | None:
        """The line for the action; None while it is incomplete."""
        if self.found is None or not self.is_valid():
            return None
        return NewLine(
            product=self.found,
            quantity=self.cleaned_data["quantity"],
            discount_percent=self.cleaned_data.get("discount") or Decimal(0),
        )


class OrderLines:
    """The lines of an order form, whatever rows the page sends, in the order of their numbers.

    Rows may be missing, half filled or many; blank ones are passed over.
    """

    def __init__(self, data: QueryDict | Mapping[str, Any] | None = None) -> None:
        self.is_bound = data is not None
        self.errors: list[Any] = []
        keys = sorted({int(match[1]) for name in data or () if (match := LINE_KEY.fullmatch(name))})
        self.too_many = len(keys) > MOST_LINES
        if data is None or not keys:
            self.forms = [LineForm(data if data else None, prefix="line-0")]
        else:
            self.forms = [LineForm(data, prefix=f"line-{key}") for key in keys[:MOST_LINES]]
        if self.is_bound:
            named = products_named(form.named for form in self.forms)
            for form in self.forms:
                form.found = named.get(form.named)

    @property
    def filled(self) -> list[LineForm]:
        """The lines that ask for something."""
        return [form for form in self.forms if not form.is_blank]

    @property
    def next_key(self) -> int:
        """A number that no row has yet."""
        return max(int(form.key) for form in self.forms) + 1 if self.forms else 0

    @property
    def template(self) -> LineForm:
        """An empty row that the page copies."""
        return LineForm(prefix="line-__n__")

    def is_valid(self) -> bool:
        """Checks every filled line; blank ones are passed over."""
        if self.too_many:
            self.errors.append(_("An order holds at most 500 lines; split it."))
        filled = self.filled
        if not filled:
            self.errors.append(_("Add at least one line."))
        valid = [form.is_valid() for form in filled]
        return all(valid) and not self.errors

    def check_prices(self, office: Office) -> bool:
        """Says of every line, not only of the first, what the action would refuse."""
        for form in self.filled:
            line = form.as_line()
            if line is None:
                continue
            try:
                price_line(0, line, office)
            except LineRefused as refused:
                form.refuse(refused)
        return all(form.is_valid() for form in self.filled)

    def lines(self) -> list[NewLine]:
        """The lines for the action, those that are complete."""
        return [line for form in self.filled if (line := form.as_line()) is not None]

    def non_form_errors(self) -> list[Any]:
        """What is wrong with the lines as a whole."""
        return self.errors

    def add_row(self) -> None:
        """One more empty row, for a browser without scripts."""
        self.forms.append(LineForm(prefix=f"line-{self.next_key}"))

    def remove_row(self, key: str) -> None:
        """Takes a row away, for a browser without scripts."""
        self.forms = [form for form in self.forms if form.key != key]
        if not self.forms:
            self.forms = [LineForm(prefix="line-0")]


class CancelForm(forms.Form):
    """Why an order is cancelled."""

    reason = WordsField(label=_("Reason"), max_length=2000, widget=Paragraphs(rows=3))
