"""Complaints over HTTP."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext as _
from rest_framework import serializers

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.complaints.states import ComplaintState
from frontdesk.complaints.visibility import SEALED_FIELDS, realm_of_author
from frontdesk.customers.api import CustomerField, customer_from_request
from frontdesk.orders.models import Order
from officeflow import limits
from officeflow.api.bodies import Body
from officeflow.api.customers import NamedCustomerSerializer
from officeflow.api.idempotency import idempotent_create
from officeflow.api.viewsets import RecordViewSet
from officeflow.catalogue.models import Product
from officeflow.handoff.contract_labels import Severity
from officeflow.numbering import normalise
from officeflow.permissions import Permission


class ComplaintSerializer(serializers.ModelSerializer[Complaint]):
    """A complaint; of a sealed one only number, customer, date and public state."""

    customer = NamedCustomerSerializer(allow_null=True)
    order = serializers.CharField(source="order.number", default=None, allow_null=True)
    product = serializers.CharField(source="product.sku", default=None, allow_null=True)
    department = serializers.CharField(source="destination")

    class Meta:
        model = Complaint
        fields = (
            "number",
            "state",
            "customer",
            "category",
            "severity",
            "department",
            "is_sealed",
            "order",
            "product",
            "description",
            "desired_outcome",
            "logged_at",
            "outcome",
            "message",
        )
        extra_kwargs = {
            name: {"allow_null": True}
            for name in ("severity", "description", "desired_outcome", "outcome", "message")
        }

    def to_representation(self, instance: Complaint) -> dict[str, Any]:
        """Returns null for the fields of a sealed complaint that are HR's alone."""
        answer = super().to_representation(instance)
        if instance.is_sealed:
            answer |= {name: None for name in SEALED_FIELDS if name in answer}
        return answer


class NewComplaintSerializer(Body):
    """A complaint to be logged."""

    customer = CustomerField(required=False, allow_null=True, default=None)
    category = serializers.ChoiceField(choices=ComplaintCategory.choices)
    description = serializers.CharField(max_length=limits.TEXT)
    severity = serializers.ChoiceField(
        choices=Severity.choices, required=False, default=Severity.NORMAL
    )
    desired_outcome = serializers.CharField(
        max_length=limits.NOTE, required=False, allow_blank=True, default=""
    )
    order = serializers.CharField(
        max_length=limits.CODE, required=False, allow_null=True, default=None
    )
    product = serializers.CharField(
        max_length=limits.CODE, required=False, allow_null=True, default=None
    )

    def validate_order(self, number: str | None) -> Order | None:
        """Returns the order with that number."""
        if number is None:
            return None
        order = Order.objects.select_related("customer").filter(number=normalise(number)).first()
        if order is None:
            raise serializers.ValidationError(
                _("Order %(number)s does not exist.") % {"number": number}
            )
        return order

    def validate_product(self, sku: str | None) -> Product | None:
        """Returns the product with that code."""
        if sku is None:
            return None
        product = Product.objects.filter(sku=sku).first()
        if product is None:
            raise serializers.ValidationError(_("Product %(sku)s does not exist.") % {"sku": sku})
        return product


class ComplaintFilter(django_filters.FilterSet):
    """Filters complaints by state, category and the customer's number."""

    state = django_filters.ChoiceFilter(choices=ComplaintState.choices)
    category = django_filters.ChoiceFilter(choices=ComplaintCategory.choices)
    customer = django_filters.CharFilter(field_name="customer__number")


class ComplaintViewSet(RecordViewSet[Complaint]):
    """Complaints of customers."""

    queryset = Complaint.objects.select_related("customer", "order", "product")
    serializer_class = ComplaintSerializer
    filterset_class = ComplaintFilter
    permissions = {
        "list": Permission.VIEW_DESK,
        "retrieve": Permission.VIEW_DESK,
        "create": Permission.RAISE_COMPLAINT,
    }
    bodies = {"create": NewComplaintSerializer}

    @idempotent_create(free_text=("description", "desired_outcome", "message"))
    def create(self, values: dict[str, Any]) -> Complaint:
        """Logs a complaint; a complaint about conduct goes to HR alone."""
        customer = customer_from_request(
            values.pop("customer"), self.user, realm=realm_of_author(values["category"])
        )
        return raise_complaint(actor=self.user, customer=customer, **values)
