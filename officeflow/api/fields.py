"""Serializer fields with limits."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from officeflow.ui.fields import Bound, beginning, years_ahead

PLAIN_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)", re.ASCII)


def number_pattern(field: serializers.DecimalField) -> str:
    """Returns the regular expression of a number with the field's digits, as text."""
    whole, places = field.max_whole_digits, field.decimal_places
    return rf"^-?(?:\d{{1,{whole}}}(?:\.\d{{0,{places}}})?|\.\d{{1,{places}}})$"


class NumberField(serializers.DecimalField):
    """A decimal number in plain digits, as text or as a number of JSON.

    Python would also read `1e3`, `1_000` and `٣`.
    """

    def to_internal_value(self, data: Any) -> Decimal:
        """Returns the number. Raises `ValidationError`."""
        if not PLAIN_NUMBER.fullmatch(str(data)[: self.MAX_STRING_LENGTH]):
            self.fail("invalid")
        number: Decimal = super().to_internal_value(data)
        # More zeros before the number than it may have digits.
        if isinstance(data, str) and not re.match(number_pattern(self), data):
            self.fail("invalid")
        return number


class DayField(serializers.DateField):
    """A day as in forms: between two days that may move with today."""

    default_error_messages = {"range": _("Send a date from {earliest} to {latest}.")}

    def __init__(
        self, *, earliest: Bound = beginning, latest: Bound = years_ahead, **options: Any
    ) -> None:
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def to_internal_value(self, value: Any) -> date:
        """Returns the day. Raises `ValidationError`."""
        day: date = super().to_internal_value(value)
        earliest, latest = self.earliest(), self.latest()
        if not earliest <= day <= latest:
            self.fail("range", earliest=earliest, latest=latest)
        return day
