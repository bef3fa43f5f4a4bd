"""Serializer fields with limits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from officeflow.ui.fields import Bound, beginning, years_ahead


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
