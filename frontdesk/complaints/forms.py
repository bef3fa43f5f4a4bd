"""Forms for logging and reopening a complaint, and for complaint routes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.actions.routes import ANSWERING_DEPARTMENTS
from frontdesk.complaints.models import ComplaintCategory, ComplaintRoute
from frontdesk.customers.choice import CustomerChoice
from frontdesk.orders.models import Order, OrderLine
from frontdesk.orders.queries.products import products_named
from officeflow import limits
from officeflow.handoff.contract_labels import Severity
from officeflow.idempotency.forms import IdempotentForm
from officeflow.numbering import normalise
from officeflow.ui.fields import MultilineField, MultilineInput
from officeflow.ui.widgets import ComboboxInput


class ComplaintForm(CustomerChoice, IdempotentForm):
    """A complaint to be logged."""

    category = forms.ChoiceField(
        label=_("What is it about?"), choices=ComplaintCategory.choices, widget=forms.RadioSelect
    )
    severity = forms.ChoiceField(
        label=_("How serious is it?"),
        choices=Severity.choices,
        widget=forms.RadioSelect,
        initial=Severity.NORMAL,
    )
    order = forms.CharField(
        label=_("Order"),
        max_length=30,
        required=False,
        widget=ComboboxInput(
            reverse_lazy("frontdesk:lookup-orders"),
            attrs={"placeholder": _("Order number"), "data-about-order": "SO-"},
        ),
    )
    order_line = forms.ChoiceField(label=_("Line of the order"), required=False, choices=[])
    product = forms.CharField(
        label=_("Product"),
        max_length=250,
        required=False,
        widget=ComboboxInput(
            reverse_lazy("frontdesk:lookup-products"),
            target="id_product_sku",
            attrs={"placeholder": _("Code or name"), "data-about-product": ""},
        ),
    )
    product_sku = forms.CharField(max_length=limits.CODE, required=False, widget=forms.HiddenInput)
    description = MultilineField(
        label=_("What happened?"), max_length=limits.TEXT, widget=MultilineInput(rows=5)
    )
    desired_outcome = MultilineField(
        label=_("What does the customer want?"),
        max_length=limits.NOTE,
        required=False,
        widget=MultilineInput(rows=2),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen_order = self._find_order()
        lines = self.chosen_order.lines.all() if self.chosen_order else ()
        self.fields["order_line"].choices = [  # type: ignore[attr-defined]
            ("", _("The whole order")),
            *((str(line.position), str(line)) for line in lines),
        ]

    def _find_order(self) -> Order | None:
        number = normalise(str(self["order"].value() or ""))
        if not number:
            return None
        if number.isdecimal() and len(number) <= 9:
            number = f"SO-{int(number):06d}"
        return (
            Order.objects.filter(number=number)
            .select_related("customer")
            .prefetch_related("lines")
            .first()
        )

    def clean(self) -> dict[str, Any]:
        """Finds the order, its line and the product."""
        cleaned = super().clean()
        if cleaned.get("order") and self.chosen_order is None:
            self.add_error("order", _("This order does not exist. Check the number."))
        cleaned["found_line"] = self._line(cleaned.get("order_line", ""))
        product = (cleaned.get("product_sku") or cleaned.get("product") or "").strip()
        cleaned["found_product"] = products_named([product]).get(product) if product else None
        if product and cleaned["found_product"] is None:
            self.add_error("product", _("This product is not sold here. Choose one from the list."))
        return cleaned

    def _line(self, position: str) -> OrderLine | None:
        if not position or self.chosen_order is None:
            return None
        return next(
            (line for line in self.chosen_order.lines.all() if str(line.position) == position), None
        )


class ReopenForm(forms.Form):
    """The reason for reopening an answered complaint."""

    reason = MultilineField(
        label=_("What is the customer still unhappy about?"),
        max_length=limits.REASON,
        widget=MultilineInput(rows=3),
    )


class RouteForm(forms.Form):
    """The department of one category; `before` is the department when the page was shown."""

    before = forms.CharField(max_length=limits.CODE, widget=forms.HiddenInput, required=False)
    destination = forms.ChoiceField(
        label=_("Department"), choices=[(each.value, each.label) for each in ANSWERING_DEPARTMENTS]
    )

    def __init__(self, route: ComplaintRoute, data: object = None) -> None:
        super().__init__(
            data,  # type: ignore[arg-type]
            prefix=route.category,
            initial={"destination": route.destination, "before": route.destination},
        )
        self.route = route
        self.fields["destination"].label = route.get_category_display()

    @property
    def is_changed(self) -> bool:
        """Whether a valid form has another department than the page showed."""
        shown = self.cleaned_data["before"] or self.route.destination
        return bool(self.cleaned_data["destination"] != shown)

    def refresh_route(self, *, keeps_choice: bool) -> None:
        """Sets `before`, and without `keeps_choice` also the choice, to the current department."""
        now = {self.add_prefix("before"): self.route.destination}
        if not keeps_choice:
            now[self.add_prefix("destination")] = self.route.destination
        self.data = {**self.data.dict(), **now}  # type: ignore[attr-defined]
