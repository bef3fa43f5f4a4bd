"""Form fields for numbers, which are parsed by the reader's locale."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from officeflow.money import HUNDRED, QUANTITY_PLACES, ZERO, is_countable, quantise
from officeflow.ui.widgets import AmountInput

SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]")
MAX_LENGTH = 24


def read_decimal(text: str) -> Decimal:
    """Parses a number: `1,5` and `1.5` are one and a half; `1,500` depends on the locale.

    The locale's grouping sign is removed where it groups thousands; any other single comma or point
    is the decimal sign. Raises `ValueError`.
    """
    compact = SPACES.sub("", unicodedata.normalize("NFKC", text)).replace("\N{MINUS SIGN}", "-")
    if not compact or len(compact) > MAX_LENGTH:
        raise ValueError(text)
    decimal_sign = formats.get_format("DECIMAL_SEPARATOR")
    grouping = formats.get_format("THOUSAND_SEPARATOR")
    mark = re.escape(grouping)
    if grouping in (",", ".") and re.fullmatch(
        # India groups all but the last three digits in twos.
        rf"[+-]?\d{{1,3}}(?:{mark}\d\d\d?)*{mark}\d{{3}}(?:{re.escape(decimal_sign)}\d+)?",
        compact,
    ):
        compact = compact.replace(grouping, "").replace(decimal_sign, ".")
    elif re.fullmatch(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)", compact):
        compact = compact.replace(",", ".")
    else:
        raise ValueError(text)
    try:
        return Decimal(compact)
    except InvalidOperation:
        raise ValueError(text) from None


class NumberField(forms.DecimalField):
    """A `Decimal` by the reader's locale; None when empty and not required.

    Django's field removes every grouping sign: in English it would read `12,50` as 1250.
    """

    widget = AmountInput
    default_error_messages = {"invalid": _("Enter a number such as 3 or 1.5.")}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Returns the number. Raises `ValidationError`."""
        if value in self.empty_values:
            return None
        try:
            return read_decimal(str(value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        """Returns a `Decimal` in the locale's format, without grouping; typed text unchanged."""
        if isinstance(value, Decimal):
            return format(value, "f").replace(".", formats.get_format("DECIMAL_SEPARATOR"))
        return value


class AmountField(NumberField):
    """An amount of money with at most its currency's decimals (see `AmountsForm`)."""

    default_error_messages = {
        "places": _("The amount has too many decimals for this currency. Round it.")
    }
    currency = ""

    def validate(self, value: Any) -> None:
        """Raises `ValidationError` for an amount with more decimals than the currency."""
        super().validate(value)
        if isinstance(value, Decimal) and self.currency and not is_countable(value, self.currency):
            raise ValidationError(self.error_messages["places"], code="places")

    def prepare_value(self, value: Any) -> Any:
        """Returns a `Decimal` with the currency's decimals; typed text unchanged."""
        if isinstance(value, Decimal) and self.currency:
            value = quantise(value, self.currency)
        return super().prepare_value(value)


class QuantityField(NumberField):
    """A quantity of goods, with at most three decimals."""

    default_error_messages = {
        "max_decimal_places": _("Use at most three decimals for the quantity.")
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(decimal_places=QUANTITY_PLACES, **options)

    def prepare_value(self, value: Any) -> Any:
        """A `Decimal` without trailing zeros; typed text as it was typed."""
        if isinstance(value, Decimal):
            value = Decimal(format(value.normalize(), "f"))
        return super().prepare_value(value)


class PercentField(NumberField):
    """A percentage from 0 to `max_value` with at most two decimals: 20 for 20 %."""

    default_error_messages = {
        "min_value": _("The percentage must be 0 or more."),
        "max_value": _("The percentage must be %(limit_value)s or less."),
        "max_decimal_places": _("Use at most two decimals for the percentage."),
    }

    def __init__(self, *, max_value: Decimal = HUNDRED, **options: Any) -> None:
        super().__init__(min_value=ZERO, max_value=max_value, decimal_places=2, **options)


class AmountsForm(forms.Form):
    """A form whose amounts are in one currency."""

    def __init__(self, *args: Any, currency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, AmountField):
                field.currency = currency
