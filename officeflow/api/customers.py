"""The customer of a record in responses."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class NamedCustomerSerializer(serializers.Serializer[Any]):
    """Number and name of a customer."""

    number = serializers.CharField()
    name = serializers.CharField()
