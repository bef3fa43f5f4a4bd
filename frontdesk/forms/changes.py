"""Small forms of what one does with an order or a complaint that is there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.actions.routes import ANSWERING
from frontdesk.complaints.models import ComplaintRoute
from frontdesk.forms.fields import Paragraphs, WordsField
from frontdesk.payments.models.methods import MethodKind, PaymentMethod
from frontdesk.payments.queries.methods import offered_methods
from officeflow.idempotency.forms import OnceForm
from officeflow.ui.numbers import NumberField


class MethodChoices(forms.RadioSelect):
    """Ways to pay, each with its kind, by which the page shows what cash needs."""

    kinds: dict[str, str]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One button, marked with the method's kind."""
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-kind"] = self.kinds.get(str(value), "")
        return option


class MethodForm(forms.Form):
    """How money changes hands: one of the ways that the office takes today, the first one set."""

    method = forms.ChoiceField(label=_("How"), widget=MethodChoices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.methods: dict[str, PaymentMethod] = {each.code: each for each in offered_methods()}
        field = cast(forms.ChoiceField, self.fields["method"])
        field.choices = [(each.code, each.title) for each in self.methods.values()]
        field.widget.kinds = {each.code: each.kind for each in self.methods.values()}
        # A way that is not taken any more (the last payment's, for one) is not set either.
        if self.initial.get("method") not in self.methods:
            self.initial["method"] = next(iter(self.methods), None)

    @property
    def chosen(self) -> PaymentMethod:
        """What was chosen, once the form is valid."""
        return self.methods[self.cleaned_data["method"]]


class PaymentForm(MethodForm, OnceForm):
    """Money that a customer gives. `given` is for cash: the page shows the change."""

    field_order = ("amount", "method", "given")

    amount = NumberField(label=_("Amount"))
    given = NumberField(
        label=_("Cash given"), required=False, help_text=_("The change to give back is shown.")
    )

    def clean_given(self) -> Decimal | None:
        """Less than the amount cannot pay it."""
        given: Decimal | None = self.cleaned_data.get("given")
        amount: Decimal | None = self.cleaned_data.get("amount")
        method = self.methods.get(self.cleaned_data.get("method", ""))
        cash = method is not None and method.kind == MethodKind.CASH
        if cash and given is not None and amount is not None and given < amount:
            raise forms.ValidationError(
                _("This is less than the amount. For a part payment, change the amount.")
            )
        return given if cash else None


class RefundForm(MethodForm):
    """How money is given back."""


class ReasonForm(forms.Form):
    """Why an order is cancelled, or what a customer is still unhappy about."""

    reason = WordsField(label=_("Reason"), max_length=2000, widget=Paragraphs(rows=3))


class AnswerForm(forms.Form):
    """The desk's answer to a department's question."""

    answer = WordsField(label=_("Answer"), max_length=4000, widget=Paragraphs(rows=4))


class RouteForm(forms.Form):
    """Which department answers one category of complaint; `before` is what the page showed."""

    before = forms.CharField(widget=forms.HiddenInput, required=False)
    destination = forms.ChoiceField(
        label=_("Department"), choices=[(each.value, each.label) for each in ANSWERING]
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
    def is_touched(self) -> bool:
        """Whether another department was chosen than the page showed; of a valid form."""
        shown = self.cleaned_data["before"] or self.route.destination
        return bool(self.cleaned_data["destination"] != shown)

    def show_now(self, *, keeps_choice: bool) -> None:
        """Saving again goes by the route as it stands, also in a choice that nobody changed."""
        now = {self.add_prefix("before"): self.route.destination}
        if not keeps_choice:
            now[self.add_prefix("destination")] = self.route.destination
        self.data = {**self.data.dict(), **now}  # type: ignore[attr-defined]
