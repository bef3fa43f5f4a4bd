"""Products over HTTP."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated

from officeflow.api.amounts import amount
from officeflow.catalogue.models import Kind, Product
from officeflow.permissions import Permission
from officeflow.staff.access import may


class ProductSerializer(serializers.ModelSerializer[Product]):
    """A product with its price, which includes tax or not as the price list says."""

    price = serializers.SerializerMethodField()
    currency = serializers.CharField(source="price_list.currency")
    price_includes_tax = serializers.BooleanField(source="price_list.includes_tax")
    tax_rate = serializers.DecimalField(source="tax_rate.rate", max_digits=7, decimal_places=4)

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

    def get_price(self, product: Product) -> str:
        """The price of one unit."""
        return amount(product.price, product.price_list.currency)


class ProductFilter(django_filters.FilterSet):
    """By code, barcode, kind and whether it is sold."""

    sku = django_filters.CharFilter()
    barcode = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    is_active = django_filters.BooleanFilter()

    class Meta:
        model = Product
        fields: list[str] = []


class Products(generics.ListAPIView[Product]):
    """Products and services, newest first."""

    serializer_class = ProductSerializer
    filterset_class = ProductFilter
    permission_classes = [IsAuthenticated, may(Permission.VIEW_CATALOGUE)]

    def get_queryset(self) -> QuerySet[Product]:
        """All of them, with price list and tax rate."""
        return Product.objects.with_price()
