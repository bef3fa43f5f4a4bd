"""Forms for payments, refunds, payment methods and till counts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from string import ascii_lowercase
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from frontdesk.payments.models.methods import MethodKind, PaymentMethod
from frontdesk.payments.models.payments import Payment
from frontdesk.payments.queries.methods import offered_methods
from officeflow import limits
from officeflow.idempotency.forms import IdempotentForm
from officeflow.ui.edit_conflict import VersionField
from officeflow.ui.fields import MultilineField, MultilineInput
from officeflow.ui.numbers import AmountField, AmountsForm


class TillForm(AmountsForm, IdempotentForm):
    """A count of the till. `corrects` and `site` are the count and the site shown on the page."""

    corrects = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    site = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    opening_float = AmountField(
        label=_("Opening float"), help_text=_("The cash in the drawer before the first sale.")
    )
    counted = AmountField(
        label=_("Counted"), help_text=_("All coins and notes in the drawer, including the float.")
    )
    note = MultilineField(
        label=_("Note"),
        max_length=limits.REASON,
        required=False,
        widget=MultilineInput(rows=2),
        help_text=_("Required if the amount is not the expected one."),
    )


class MethodDetailsForm(forms.Form):
    """The changeable fields of a payment method."""

    version = VersionField(required=False)
    label = forms.CharField(label=_("Name"), max_length=limits.LABEL)
    position = forms.IntegerField(
        label=_("Position in the list"),
        min_value=0,
        max_value=9999,
        help_text=_("The lowest number comes first and is preselected."),
    )
    is_active = forms.BooleanField(label=_("Accepted at the desk"), required=False, initial=True)


class NewMethodForm(forms.Form):
    """A new payment method."""

    label = forms.CharField(label=_("Name"), max_length=limits.LABEL)
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Up to 20 lower-case letters, digits and hyphens, such as gift-card."),
    )
    kind = forms.ChoiceField(
        label=_("Where the money goes"),
        choices=MethodKind.choices,
        widget=forms.RadioSelect,
        initial=MethodKind.CARD,
        help_text=_("Each choice has its own account in the books. You cannot change it later."),
    )


def method_form_values(method: PaymentMethod) -> dict[str, Any]:
    """Returns a method's current values for `MethodDetailsForm`."""
    return {
        "version": method.version,
        "label": method.title,
        "position": method.position,
        "is_active": method.is_active,
    }


class MethodChoices(forms.RadioSelect):
    """Payment methods with their kinds, so that the page can show the fields for cash."""

    kinds: dict[str, str]
    keys: dict[str, str]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Returns an option with the method's kind as `data-kind`, and its key."""
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-kind"] = self.kinds.get(str(value), "")
        key = self.keys.get(str(value), "")
        if key:
            option["attrs"] |= {"data-method-key": key, "aria-keyshortcuts": key}
        return option


def method_keys(methods: Iterable[PaymentMethod]) -> dict[str, str]:
    """Returns a letter for each method's code: the first of its name or code that is free."""
    keys: dict[str, str] = {}
    for method in methods:
        letters = f"{method.title}{method.code}".lower()
        free = (each for each in letters if each in ascii_lowercase and each not in keys.values())
        keys[method.code] = next(free, "")
    return keys


class MethodForm(forms.Form):
    """Chooses one of the active payment methods; the first one is preselected.

    Each has a key of its own: a letter of its name that no other has.
    """

    presets_first = True

    method = forms.ChoiceField(
        label=_("Method"),
        widget=MethodChoices,
        error_messages={"required": _("Choose a method.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.methods: dict[str, PaymentMethod] = {each.code: each for each in offered_methods()}
        field = cast(forms.ChoiceField, self.fields["method"])
        field.choices = [(each.code, each.title) for each in self.methods.values()]
        field.widget.kinds = {each.code: each.kind for each in self.methods.values()}
        field.widget.keys = method_keys(self.methods.values())
        # The method of an earlier payment may be inactive now.
        if self.initial.get("method") not in self.methods:
            self.initial["method"] = next(iter(self.methods), None) if self.presets_first else None

    @property
    def chosen(self) -> PaymentMethod:
        """The chosen method of a valid form."""
        return self.methods[self.cleaned_data["method"]]


class PaymentForm(MethodForm, AmountsForm, IdempotentForm):
    """A payment. `cash_given` is the cash that the customer gave, for the change."""

    field_order = ("amount", "method", "cash_given")

    amount = AmountField(label=_("Amount"))
    cash_given = AmountField(label=_("Cash given"), required=False)

    def clean_cash_given(self) -> Decimal | None:
        """Returns None for other methods, whose page hides the field."""
        given: Decimal | None = self.cleaned_data.get("cash_given")
        method = self.methods.get(self.cleaned_data.get("method", ""))
        return given if method is not None and method.kind == MethodKind.CASH else None


class RefundForm(MethodForm):
    """The payment method of a refund; nothing is preset without a single method of payment."""

    presets_first = False


class CorrectionForm(MethodForm, IdempotentForm):
    """The right method of a payment. `from_method` is the code of the one shown on the page."""

    presets_first = False
    field_order = ("method", "reason")

    from_method = forms.CharField(max_length=20, widget=forms.HiddenInput)
    reason = MultilineField(
        label=_("Reason"), max_length=limits.REASON, widget=MultilineInput(rows=2)
    )

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, initial={"from_method": payment.method})
        shown = self["from_method"].value()
        field = cast(forms.ChoiceField, self.fields["method"])
        field.choices = [
            (each.code, each.title) for each in self.methods.values() if each.code != shown
        ]
