"""Small forms of what one does with an order or a complaint that is there."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from frontdesk.actions.routes import ANSWERING
from frontdesk.forms.fields import NumberField, Paragraphs, WordsField
from frontdesk.forms.once import OnceForm
from frontdesk.models import ComplaintRoute, Method


class PaymentForm(OnceForm):
    """Money that a customer gives. `given` is for cash: the page shows the change."""

    amount = NumberField(label=_("Amount"))
    method = forms.ChoiceField(
        label=_("How"), choices=Method.choices, widget=forms.RadioSelect, initial=Method.CASH
    )
    given = NumberField(
        label=_("Cash given"), required=False, help_text=_("The change to give back is shown.")
    )

    def clean_given(self) -> Decimal | None:
        """Less than the amount cannot pay it."""
        given: Decimal | None = self.cleaned_data.get("given")
        amount: Decimal | None = self.cleaned_data.get("amount")
        cash = self.cleaned_data.get("method") == Method.CASH
        if cash and given is not None and amount is not None and given < amount:
            raise forms.ValidationError(
                _("This is less than the amount. For a part payment, change the amount.")
            )
        return given if cash else None


class RefundForm(forms.Form):
    """How money is given back."""

    method = forms.ChoiceField(label=_("How"), choices=Method.choices, widget=forms.RadioSelect)


class ReasonForm(forms.Form):
    """Why an order is cancelled, or what a customer is still unhappy about."""

    reason = WordsField(label=_("Reason"), max_length=2000, widget=Paragraphs(rows=3))


class AnswerForm(forms.Form):
    """The desk's answer to a department's question."""

    answer = WordsField(label=_("Answer"), max_length=4000, widget=Paragraphs(rows=4))


class RouteForm(forms.Form):
    """Which department answers one category of complaint."""

    destination = forms.ChoiceField(
        label=_("Department"), choices=[(each.value, each.label) for each in ANSWERING]
    )

    def __init__(self, route: ComplaintRoute, data: object = None) -> None:
        super().__init__(
            data,  # type: ignore[arg-type]
            prefix=route.category,
            initial={"destination": route.destination},
        )
        self.route = route
        self.fields["destination"].label = route.get_category_display()
