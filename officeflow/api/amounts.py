"""Money and quantities in answers: decimals as strings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import get_attribute

from officeflow.money import quantise

DECIMAL = {"type": "string", "format": "decimal"}


@extend_schema_field(DECIMAL)
class AmountField(serializers.Field[Any, Any, Any, Any]):
    """An amount of money with its currency's places; `currency` is the path to the code."""

    def __init__(self, *, currency: str = "currency", **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)
        self.currency = currency.split(".")

    def get_attribute(self, instance: Any) -> tuple[Any, str]:
        """The amount and its currency."""
        return super().get_attribute(instance), get_attribute(instance, self.currency)

    def to_representation(self, value: tuple[Decimal, str]) -> str:
        """Such as 12.50."""
        return format(quantise(*value), "f")


@extend_schema_field(DECIMAL)
class QuantityField(serializers.Field[Any, Any, Any, Any]):
    """A quantity without trailing zeros."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Decimal) -> str:
        """Such as 1.5."""
        return format(value.normalize(), "f")
