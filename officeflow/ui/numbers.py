"""Form fields for numbers, which are parsed by the reader's locale."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from officeflow.formats.reading import (
    NotANumber,
    TwoNumbers,
    read_number,
    readings,
    write_plainly,
)
from officeflow.limits import AMOUNT, QUANTITY
from officeflow.money import (
    HUNDRED,
    QUANTITY_PLACES,
    ZERO,
    format_quantity,
    is_countable,
    quantise,
)
from officeflow.ui.widgets import AmountInput

# At either end, as the languages of the world place it.
PERCENT_SIGN = re.compile(r"^\s*[%\uff05\ufe6a\u066a]|[%\uff05\ufe6a\u066a]\s*$")


class NumberField(forms.DecimalField):
    """A `Decimal` by the reader's locale; None when empty and not required.

    Django's field removes every grouping sign: in English it would read `12,50` as 1250.
    """

    widget = AmountInput
    default_error_messages = {
        "two_numbers": _("%(typed)s can mean %(one)s or %(other)s. Enter %(one)s or %(other)s."),
    }

    def __init__(self, *, max_value: Decimal = AMOUNT, **options: Any) -> None:
        super().__init__(max_value=max_value, **options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Returns the number. Raises `ValidationError`."""
        if value in self.empty_values:
            return None
        try:
            return read_number(str(value))
        except TwoNumbers as two:
            one, other = map(write_plainly, two.readings)
            raise ValidationError(
                self.error_messages["two_numbers"],
                code="two_numbers",
                params={"typed": str(value).strip(), "one": one, "other": other},
            ) from None
        except NotANumber:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def run_validators(self, value: Any) -> None:
        """Raises `ValidationError`, with a limit as the locale writes it."""
        try:
            super().run_validators(value)
        except ValidationError as invalid:
            for error in invalid.error_list:
                params = error.params or {}
                if isinstance(params.get("limit_value"), Decimal):
                    limit = format_quantity(params["limit_value"])
                    error.params = {**params, "limit_value": limit}
            raise

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
        super().__init__(max_value=QUANTITY, decimal_places=QUANTITY_PLACES, **options)

    def prepare_value(self, value: Any) -> Any:
        """A `Decimal` without trailing zeros; typed text as it was typed."""
        if isinstance(value, Decimal):
            value = Decimal(format(value.normalize(), "f"))
        return super().prepare_value(value)


class PercentField(NumberField):
    """A percentage from 0 to `max_value`: 20, or 20 %, for 20 %. It has at most two decimals, or
    another number of them. A sign that could be of thousands or of decimals, as in 8.875, is of
    decimals when the thousands would be above `max_value`.
    """

    default_error_messages = {
        "min_value": _("The percentage must be 0 or more."),
        "max_value": _("The percentage must be %(limit_value)s or less."),
        "max_decimal_places": ngettext_lazy(
            "Use at most %(max)d decimal for the percentage.",
            "Use at most %(max)d decimals for the percentage.",
            "max",
        ),
    }

    def __init__(
        self, *, max_value: Decimal = HUNDRED, decimal_places: int = 2, **options: Any
    ) -> None:
        super().__init__(
            min_value=ZERO, max_value=max_value, decimal_places=decimal_places, **options
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Returns the number, which may be typed with its sign. Raises `ValidationError`."""
        if isinstance(value, str):
            value = PERCENT_SIGN.sub("", value) or value
            limit: Decimal = self.max_value  # type: ignore[assignment]
            try:
                fitting = {each for each in readings(value).values() if abs(each) <= limit}
            except NotANumber:
                fitting = set()
            if len(fitting) == 1:
                return fitting.pop()
        return super().to_python(value)


class AmountsForm(forms.Form):
    """A form whose amounts are in one currency."""

    def __init__(self, *args: Any, currency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, AmountField):
                field.currency = currency
