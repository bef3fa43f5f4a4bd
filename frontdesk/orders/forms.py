"""The forms of a new order with its lines, and of cancelling an order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import TOTAL_FORM_COUNT
from django.http import QueryDict
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from frontdesk.customers.choice import CustomerChoice
from frontdesk.orders.actions.place import MOST_LINES, delivery_errors
from frontdesk.orders.actions.pricing import LineRefused, NewLine, PricedLine, SeenPrice, price_line
from frontdesk.orders.models import Delivery
from frontdesk.orders.queries.products import products_named
from officeflow import limits
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.idempotency.forms import IdempotentForm
from officeflow.ui.fields import (
    ConditionallyRequiredField,
    DayField,
    MultilineField,
    MultilineInput,
)
from officeflow.ui.numbers import PercentField, QuantityField
from officeflow.ui.widgets import AmountInput, ComboboxInput

LINE_FIELDS = {"quantity": "quantity", "discount_percent": "discount"}
MOST_ROWS = 10 * MOST_LINES
SEEN = re.compile(
    r"(?P<sku>.+)\|(?P<unit_price>\d{1,14}(\.\d{1,12})?)\|(?P<tax_rate>0(\.\d{1,12})?)"
    r"\|(?P<tax>with|without)"
)


class OrderForm(CustomerChoice, IdempotentForm):
    """A new order without its lines."""

    delivery = forms.ChoiceField(
        label=_("How does the customer get the goods?"),
        choices=Delivery.choices,
        widget=forms.RadioSelect,
        initial=Delivery.PICK_UP,
    )
    delivery_address = ConditionallyRequiredField(
        label=_("Delivery address"), max_length=limits.ADDRESS, widget=MultilineInput(rows=3)
    )
    wanted_by_date = DayField(label=_("Wanted by"), required=False)
    note = MultilineField(
        label=_("Note for the back office"),
        max_length=limits.NOTE,
        required=False,
        widget=MultilineInput(rows=2),
    )
    # What has changed since the prices were shown; set by the view.
    price_changes: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A barcode in the customer's box is a product.
        address = f"{reverse('frontdesk:lookup-customers')}?products=1"
        self.fields["customer_name"].widget.attrs["data-combobox-url"] = address

    def clean(self) -> dict[str, Any]:
        """Shows the errors that the action would raise together with those of the lines."""
        cleaned = super().clean()
        for error in delivery_errors(
            cleaned.get("delivery", ""),
            cleaned.get("delivery_address", ""),
            cleaned.get("wanted_by_date"),
            office_date(),
        ):
            if error.field not in self.errors:
                self.add_error(error.field, error.message)
        return cleaned


class LineForm(forms.Form):
    """A line of a new order. `sku` is set when a product was chosen from the list."""

    sku = forms.CharField(max_length=limits.CODE, required=False, widget=forms.HiddenInput)
    # The price on display, which is part of the line's price and not of its fields.
    seen = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)
    product = forms.CharField(label=_("Code or name"), max_length=250, required=False)
    quantity = QuantityField(
        label=_("Quantity"), required=False, initial="1", widget=AmountInput(attrs={"size": 6})
    )
    discount = PercentField(
        label=_("Discount in percent"),
        required=False,
        widget=AmountInput(attrs={"size": 5, "placeholder": "0"}),
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].widget = ComboboxInput(
            reverse_lazy("frontdesk:lookup-products"),
            target=f"id_{self.prefix}-sku",
            attrs={"placeholder": _("Code, barcode or name"), "data-line-product": ""},
        )
        self.office = office
        self.found: Product | None = None
        self.priced: PricedLine | None = None
        self.change_was_said = False

    @property
    def key(self) -> str:
        """The number of the line in the names of its fields."""
        return str(self.prefix).removeprefix("line-")

    @property
    def product_text(self) -> str:
        """The chosen product's code, or the text as typed."""
        return (self["sku"].value() or self["product"].value() or "").strip()

    @property
    def price_on_display(self) -> str:
        """What `seen` becomes: the first price that the person saw, until its change was said."""
        if self.found is None:
            return ""
        if self.earlier_price is not None:
            return str(self.cleaned_data["seen"])
        return self.written(self.found.sku, SeenPrice.of(self.found))

    @staticmethod
    def written(sku: str, price: SeenPrice) -> str:
        """Returns a product's price as `SEEN` reads it."""
        tax = "with" if price.includes_tax else "without"
        return f"{sku}|{price.unit_price:f}|{price.tax_rate:f}|{tax}"

    @property
    def earlier_price(self) -> SeenPrice | None:
        """The price that the person saw, when it is another one now and that was not said yet."""
        seen = self.seen_price()
        if self.change_was_said or seen is None or self.found is None:
            return None
        return seen if seen != SeenPrice.of(self.found) else None

    def seen_price(self) -> SeenPrice | None:
        """Returns the price that the page showed for this product, if it showed one."""
        match = SEEN.fullmatch(getattr(self, "cleaned_data", {}).get("seen", ""))
        if match is None or self.found is None or match["sku"] != self.found.sku:
            return None
        return SeenPrice(
            unit_price=Decimal(match["unit_price"]),
            tax_rate=Decimal(match["tax_rate"]),
            includes_tax=match["tax"] == "with",
        )

    def live_errors(self) -> list[tuple[str, list[str]]]:
        """Returns the errors of quantity and discount by control, none for an empty one.

        They are shown while a person types.
        """
        return [
            (bound.id_for_label, [str(error) for error in bound.errors] if bound.value() else [])
            for bound in (self["quantity"], self["discount"])
        ]

    def has_changed(self) -> bool:
        """Returns whether the line has a product, a discount or a quantity other than 1."""
        is_initial = str(self["quantity"].value() or "").strip() in ("", "1")
        return bool(self.product_text or not is_initial or self["discount"].value())

    def clean(self) -> dict[str, Any]:
        """Checks product and quantity; the action's own checks follow in `price_line`."""
        cleaned = super().clean() or self.cleaned_data
        if not self.product_text:
            self.add_error("product", _("Enter the code or name of a product."))
        elif self.found is None and "product" not in self.errors:
            self.add_error("product", _("This product is not sold here. Choose one from the list."))
        if "quantity" not in self.errors and cleaned.get("quantity") is None:
            self.add_error("quantity", _("Enter the quantity."))
        if self.found is not None and not self.errors:
            line = NewLine(
                product=self.found,
                quantity=cleaned["quantity"],
                discount_percent=cleaned["discount"] or Decimal(0),
                seen_price=self.seen_price(),
            )
            try:
                self.priced = price_line(0, line, self.office)
            except LineRefused as refused:
                self.refuse(refused)
        return cleaned

    def refuse(self, refused: LineRefused) -> None:
        """Adds the action's error to its field."""
        self.add_error(LINE_FIELDS.get(refused.field, "product"), refused.message)


# Removed rows keep their numbers, so a page may have had more rows than an order has lines.
LineFormSet = forms.formset_factory(LineForm, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class OrderLines(LineFormSet):  # type: ignore[valid-type,misc]  # made by a factory
    """The lines of a new order. Rows removed in the browser leave gaps in the numbers."""

    def __init__(
        self, data: QueryDict | None = None, *, office: Office, skus: Sequence[str] = ()
    ) -> None:
        """`skus` are the products with which a new form begins, each as often as it was scanned."""
        initial = [
            {"sku": sku, "product": sku, "quantity": str(times)}
            for sku, times in Counter(skus if data is None else ()).items()
        ]
        super().__init__(
            data, initial=initial or None, prefix="line", form_kwargs={"office": office}
        )
        self.extra = 0 if initial else 1
        self.office = office

    def row_label(self, position: int) -> str:
        """Returns the name of the row at a position (from 1) in the summary of errors."""
        return _("Line %(number)d") % {"number": position}

    @cached_property
    def forms(self) -> list[LineForm]:
        """The rows that were sent, at least one, each with its product."""
        numbers = [n for n in range(self.total_form_count()) if not self.is_bound or self._has(n)]
        rows = [self._construct_form(n, **self.get_form_kwargs(n)) for n in numbers or [0]]
        if self.is_bound or self.initial:
            found = products_named(row.product_text for row in rows[:MOST_LINES])
            for row in rows:
                row.found = found.get(row.product_text)
                if row.found is not None and not self.is_bound:
                    row.initial["product"] = str(row.found)
        return rows

    def _has(self, number: int) -> bool:
        prefix = self.add_prefix(number)
        return any(f"{prefix}-{name}" in self.data for name in LineForm.base_fields)

    @property
    def filled(self) -> list[LineForm]:
        """The lines that are not empty."""
        return [form for form in self.forms if form.has_changed()]

    def clean(self) -> None:
        """Checks the number of lines."""
        if len(self.forms) > MOST_LINES:
            raise forms.ValidationError(
                _("An order can have at most %(most)d lines. Split it into several orders.")
                % {"most": MOST_LINES}
            )
        if not self.filled:
            raise forms.ValidationError(_("Add at least one line."))

    def lines(self) -> list[NewLine]:
        """Returns the valid lines for `place_order`."""
        return [form.priced.line for form in self.filled if form.is_valid() and form.priced]

    def say_changes(self) -> None:
        """Notes that the changes of prices are shown, so that placing again accepts them."""
        for row in self.forms:
            row.change_was_said = True

    def with_row(self) -> OrderLines:
        """Returns the formset with one more empty row, for a browser without scripts."""
        data, number = self.data.copy(), self.total_form_count()
        data[f"{self.add_prefix(number)}-quantity"] = "1"
        data[f"{self.prefix}-{TOTAL_FORM_COUNT}"] = str(number + 1)
        return type(self)(data, office=self.office)

    def without_row(self, key: str) -> OrderLines:
        """Returns the formset without the row `key`, for a browser without scripts."""
        data = self.data.copy()
        for name in LineForm.base_fields:
            data.pop(f"{self.prefix}-{key}-{name}", None)
        left = type(self)(data, office=self.office)
        return left if any(map(left._has, range(left.total_form_count()))) else left.with_row()


class RushForm(forms.Form):
    """Why the customer needs the goods sooner."""

    reason = MultilineField(
        label=_("Reason"), max_length=limits.REASON, widget=MultilineInput(rows=3)
    )


class CancelForm(forms.Form):
    """The reason for cancelling an order."""

    reason = MultilineField(
        label=_("Reason"), max_length=limits.REASON, widget=MultilineInput(rows=3)
    )
