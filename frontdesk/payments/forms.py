"""Forms about the drawer and the ways to pay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontdesk.forms.fields import Paragraphs, WordsField
from frontdesk.payments.models.methods import MethodKind, PaymentMethod
from officeflow.idempotency.forms import OnceForm
from officeflow.ui.edit_conflict import VersionField
from officeflow.ui.numbers import NumberField


class TillForm(OnceForm):
    """What is in the drawer. `corrects` is the number of the count that was on the page."""

    corrects = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    opening_float = NumberField(
        label=_("Opening float"), help_text=_("What was in the drawer before the first sale.")
    )
    counted = NumberField(
        label=_("Counted"), help_text=_("All coins and notes in the drawer, the float too.")
    )
    note = WordsField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=Paragraphs(rows=2),
        help_text=_("Needed when it is more or less than it should be."),
    )


class MethodDetailsForm(forms.Form):
    """What can be changed about a way to pay."""

    version = VersionField(required=False)
    label = forms.CharField(label=_("Name"), max_length=60)
    position = forms.IntegerField(
        label=_("Position in the list"),
        min_value=0,
        max_value=9999,
        help_text=_("The lowest number stands first and is set beforehand."),
    )
    is_active = forms.BooleanField(label=_("Is taken at the desk"), required=False, initial=True)


class NewMethodForm(forms.Form):
    """A new way to pay."""

    label = forms.CharField(label=_("Name"), max_length=60)
    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("Small letters, such as gift-card.")
    )
    kind = forms.ChoiceField(
        label=_("Where the money goes"),
        choices=MethodKind.choices,
        widget=forms.RadioSelect,
        initial=MethodKind.CARD,
        help_text=_("The books have an account for each; this cannot be changed later."),
    )


def values_of(method: PaymentMethod) -> dict[str, Any]:
    """The form's values for the method as it stands."""
    return {
        "version": method.version,
        "label": method.title,
        "position": method.position,
        "is_active": method.is_active,
    }
