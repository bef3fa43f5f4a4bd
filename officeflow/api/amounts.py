"""Serializer fields for money and quantities, as decimal strings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import get_attribute

from officeflow.money import quantise

DECIMAL = {"type": "string", "format": "decimal"}


@extend_schema_field(DECIMAL)
class ReadOnlyAmountField(serializers.Field[Any, Any, Any, Any]):
    """An amount with its currency's decimals, such as `12.50`.

    `currency` is the path of the currency code on the instance.
    """

    def __init__(self, *, currency: str = "currency", **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)
        self.currency = currency.split(".")

    def get_attribute(self, instance: Any) -> tuple[Any, str]:
        """Returns the amount and its currency code."""
        return super().get_attribute(instance), get_attribute(instance, self.currency)

    def to_representation(self, value: tuple[Decimal | None, str]) -> str | None:
        """Returns the amount as a string; None for no amount."""
        amount, currency = value
        return None if amount is None else format(quantise(amount, currency), "f")


@extend_schema_field(DECIMAL)
class ReadOnlyQuantityField(serializers.Field[Any, Any, Any, Any]):
    """A quantity without trailing zeros, such as `1.5`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Decimal) -> str:
        """Returns the quantity as a string."""
        return format(value.normalize(), "f")
