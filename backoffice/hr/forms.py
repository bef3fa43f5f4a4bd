"""HR's forms."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow.money import HUNDRED
from officeflow.staff.models import User
from officeflow.ui.fields import DayField
from officeflow.ui.numbers import PercentField


class CommissionRateForm(forms.Form):
    """A commission rate in percent, for one person or everybody, from a day on."""

    user = forms.ModelChoiceField(
        label=_("For"),
        queryset=User.objects.filter(is_active=True).order_by("full_name"),
        required=False,
        empty_label=_("Everybody"),
        to_field_name="username",
    )
    percent = PercentField(
        label=_("Rate"),
        error_messages={"required": _("Enter a rate from 0 to 100%.")},
    )
    valid_from_date = DayField(
        label=_("Valid from"),
        error_messages={"required": _("Enter the day from which the rate applies.")},
    )

    @property
    def rate(self) -> Decimal:
        """The rate of a valid form as a fraction."""
        percent: Decimal = self.cleaned_data["percent"]
        return percent / HUNDRED
