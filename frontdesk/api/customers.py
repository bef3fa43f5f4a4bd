"""Customers over HTTP."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from frontdesk.actions import add_customer
from frontdesk.models import Customer
from officeflow.errors import Refused
from officeflow.numbering import normalise
from officeflow.staff.access import may
from officeflow.staff.models import User
from officeflow.staff.permissions import Permission


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A customer as the desk knows one."""

    class Meta:
        model = Customer
        fields = ("number", "name", "phone", "email", "address", "is_active")
        read_only_fields = ("number", "is_active")
        extra_kwargs = {"address": {"required": False}}


class NewCustomerSerializer(serializers.Serializer[Any]):
    """A customer to be added; the action says what is wrong with the values."""

    name = serializers.CharField()
    phone = serializers.CharField(required=False, allow_blank=True, default="")
    email = serializers.CharField(required=False, allow_blank=True, default="")
    address = serializers.CharField(required=False, allow_blank=True, default="")


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "description": "A customer's number."},
            {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "phone": {"type": "string"},
                    "email": {"type": "string"},
                    "address": {"type": "string"},
                },
                "required": ["name"],
            },
        ],
        "nullable": True,
    }
)
class CustomerField(serializers.Field[Any, Any, Any, Any]):
    """A customer's number, or the name, phone and email of a new one, or null for a walk-in."""

    default_error_messages = {
        "unknown": _("There is no customer {number}."),
        "shape": _("Give a customer's number, or an object with name, phone and email, or null."),
    }

    def to_internal_value(self, data: Any) -> Customer | dict[str, str]:
        """The customer of that number, or the checked fields of a new one."""
        if isinstance(data, str):
            customer = Customer.objects.filter(number=normalise(data)).first()
            if customer is None:
                self.fail("unknown", number=data)
            return customer
        if not isinstance(data, dict):
            self.fail("shape")
        new = NewCustomerSerializer(data=data)
        new.is_valid(raise_exception=True)
        return dict(new.validated_data)

    def to_representation(self, value: Customer) -> dict[str, str]:
        """Number and name."""
        return {"number": value.number, "name": value.name}


def customer_for(value: Customer | dict[str, str] | None, actor: User) -> Customer | None:
    """The customer that a request names; a new one is added in the caller's transaction.

    Raises `Refused` with the field as `customer.…`.
    """
    if not isinstance(value, dict):
        return value
    try:
        return add_customer(actor=actor, **value)
    except Refused as refused:
        raise Refused(refused.message, f"customer.{refused.field}") from refused


class Customers(generics.ListAPIView[Customer]):
    """Customers, newest first; a new one."""

    serializer_class = CustomerSerializer
    permission_classes = [
        IsAuthenticated,
        may(Permission.VIEW_DESK, write=[Permission.EDIT_CUSTOMER]),
    ]

    def get_queryset(self) -> QuerySet[Customer]:
        """Everybody the desk knows."""
        return Customer.objects.all()

    @extend_schema(request=NewCustomerSerializer, responses={201: CustomerSerializer})
    def post(self, request: Request) -> Response:
        """Adds a customer."""
        new = NewCustomerSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        customer = add_customer(actor=request.user, **new.validated_data)  # type: ignore[arg-type]
        return Response(CustomerSerializer(customer).data, status=201)
