"""The API of products."""

from __future__ import annotations

import django_filters
from rest_framework import serializers

from officeflow.api.amounts import ReadOnlyAmountField
from officeflow.api.viewsets import RecordViewSet
from officeflow.catalogue.models import Kind, Product
from officeflow.permissions import Permission


class ProductSerializer(serializers.ModelSerializer[Product]):
    """A product; its price includes tax if `price_includes_tax`."""

    price = ReadOnlyAmountField(currency="price_list.currency", help_text="Of one unit.")
    currency = serializers.CharField(source="price_list.currency")
    price_includes_tax = serializers.BooleanField(source="price_list.includes_tax")
    tax_rate = serializers.DecimalField(source="tax_rate.rate", max_digits=8, decimal_places=5)

    class Meta:
        model = Product
        fields = (
            "sku",
            "name",
            "kind",
            "unit",
            "price",
            "currency",
            "price_includes_tax",
            "tax_rate",
            "barcode",
            "is_active",
        )


class ProductFilter(django_filters.FilterSet):
    """Filters by code, barcode, kind and whether products are sold."""

    sku = django_filters.CharFilter()
    barcode = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    is_active = django_filters.BooleanFilter()


class ProductViewSet(RecordViewSet[Product]):
    """Products and services."""

    queryset = Product.objects.with_price()
    serializer_class = ProductSerializer
    filterset_class = ProductFilter
    lookup_field = "sku"
    lookup_value_converter = "path"
    permissions = dict.fromkeys(("list", "retrieve"), Permission.VIEW_CATALOGUE)
