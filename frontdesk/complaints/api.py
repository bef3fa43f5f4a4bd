"""Complaints over HTTP."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Category, Complaint, Severity
from frontdesk.complaints.states import ComplaintState
from frontdesk.customers.api import CustomerField, customer_for
from frontdesk.orders.models import Order
from officeflow.api.bodies import Body
from officeflow.api.description import CUSTOMER
from officeflow.api.once import IDEMPOTENCY_PARAMETER, answer_once
from officeflow.catalogue.models import Product
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.access import may
from officeflow.staff.endpoints import StaffView

FREE_TEXT = ("description", "desired_outcome", "message")


class ComplaintSerializer(serializers.ModelSerializer[Complaint]):
    """A complaint; of a sealed one only number, customer, date and public state."""

    customer = serializers.SerializerMethodField()
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

    @extend_schema_field(CUSTOMER)
    def get_customer(self, complaint: Complaint) -> dict[str, str] | None:
        """Number and name; null for a walk-in."""
        customer = complaint.customer
        return {"number": customer.number, "name": customer.name} if customer else None

    def to_representation(self, instance: Complaint) -> dict[str, Any]:
        """A sealed one answers null for what the desk does not keep."""
        answer = super().to_representation(instance)
        if instance.is_sealed:
            answer |= dict.fromkeys(("severity", "description", "desired_outcome"))
        return answer


class NewComplaintSerializer(Body):
    """A complaint to be logged."""

    customer = CustomerField(required=False, allow_null=True, default=None)
    category = serializers.ChoiceField(choices=Category.choices)
    description = serializers.CharField()
    severity = serializers.ChoiceField(
        choices=Severity.choices, required=False, default=Severity.NORMAL
    )
    desired_outcome = serializers.CharField(required=False, allow_blank=True, default="")
    order = serializers.CharField(required=False, allow_null=True, default=None)
    product = serializers.CharField(required=False, allow_null=True, default=None)

    def validate_order(self, number: str | None) -> Order | None:
        """The order of that number."""
        if number is None:
            return None
        order = Order.objects.select_related("customer").filter(number=normalise(number)).first()
        if order is None:
            raise serializers.ValidationError(
                _("There is no order %(number)s.") % {"number": number}
            )
        return order

    def validate_product(self, sku: str | None) -> Product | None:
        """The product of that code."""
        if sku is None:
            return None
        product = Product.objects.filter(sku=sku).first()
        if product is None:
            raise serializers.ValidationError(_("There is no product %(sku)s.") % {"sku": sku})
        return product


class ComplaintFilter(django_filters.FilterSet):
    """By state, category and customer's number."""

    state = django_filters.ChoiceFilter(choices=ComplaintState.choices)
    category = django_filters.ChoiceFilter(choices=Category.choices)
    customer = django_filters.CharFilter(field_name="customer__number")

    class Meta:
        model = Complaint
        fields: list[str] = []


def complaints() -> QuerySet[Complaint]:
    """Complaints with all that an answer shows, in a fixed number of queries."""
    return Complaint.objects.select_related("customer", "order", "product")


class Complaints(StaffView, generics.ListAPIView[Complaint]):
    """Complaints, newest first; a new one."""

    serializer_class = ComplaintSerializer
    filterset_class = ComplaintFilter
    permission_classes = [
        IsAuthenticated,
        may(Permission.VIEW_DESK, write=[Permission.RAISE_COMPLAINT]),
    ]

    def get_queryset(self) -> QuerySet[Complaint]:
        """Every complaint."""
        return complaints()

    @extend_schema(
        request=NewComplaintSerializer,
        responses={201: ComplaintSerializer},
        parameters=[IDEMPOTENCY_PARAMETER],
    )
    def post(self, request: Request) -> Response:
        """Logs a complaint; what is said about a colleague's conduct goes to HR alone."""
        new = NewComplaintSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        values = dict(new.validated_data)

        def log() -> Complaint:
            customer = customer_for(values.pop("customer"), self.person)
            return raise_complaint(actor=self.person, customer=customer, **values)

        def show(complaint: Complaint) -> dict[str, Any]:
            return dict(ComplaintSerializer(complaint).data)

        return answer_once(
            request,
            effect=log,
            show=show,
            find=lambda number: complaints().get(number=number),
            free_text=FREE_TEXT,
        )
