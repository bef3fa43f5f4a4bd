"""Customers over HTTP."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from frontdesk.customers.actions.customers import add_customer
from frontdesk.customers.models import Customer
from frontdesk.customers.queries.customers import customer_by_number
from officeflow import limits
from officeflow.api.bodies import Body
from officeflow.api.idempotency import idempotent_create
from officeflow.api.viewsets import RecordViewSet
from officeflow.audit.models import Realm
from officeflow.errors import Refused
from officeflow.permissions import Permission
from officeflow.staff.models import User

# Not stored with the idempotency key; a repeated request reads these fields from the record.
PERSONAL_FIELDS = ("name", "phone", "email", "address")


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A customer. `merged_into` is the number of the record that was kept when two records of the
    same person were merged."""

    merged_into = serializers.CharField(
        source="merged_into.number", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Customer
        fields = (
            "number",
            "name",
            "phone",
            "email",
            "address",
            "wants_mail",
            "is_active",
            "merged_into",
        )
        read_only_fields = ("number", "is_active")
        extra_kwargs = {"address": {"required": False}}


class NewCustomerSerializer(Body):
    """A customer to be added; the action checks the values."""

    name = serializers.CharField(max_length=limits.NAME)
    phone = serializers.CharField(
        max_length=limits.PHONE, required=False, allow_blank=True, default=""
    )
    email = serializers.CharField(
        max_length=limits.EMAIL, required=False, allow_blank=True, default=""
    )
    address = serializers.CharField(
        max_length=limits.ADDRESS, required=False, allow_blank=True, default=""
    )
    confirm_duplicate = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Adds the customer even if another one has the same phone or e-mail or a similar "
        "name. Without it, such a request gets a 409 with those records as `candidates`.",
    )


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
                    "confirm_duplicate": {"type": "boolean"},
                },
                "required": ["name"],
                "additionalProperties": False,
            },
        ],
        "nullable": True,
    }
)
class CustomerField(serializers.Field[Any, Any, Any, Any]):
    """A customer's number, or the name, phone and email of a new one, or null for a walk-in."""

    default_error_messages = {
        "unknown": _("Customer {number} does not exist."),
        "shape": _("Send a customer's number, or an object with name, phone and email, or null."),
    }

    def to_internal_value(self, data: Any) -> Customer | dict[str, Any]:
        """Returns the customer with that number, or the checked fields of a new customer."""
        if isinstance(data, str):
            customer = customer_by_number(data)
            if customer is None:
                self.fail("unknown", number=data)
            return customer
        if not isinstance(data, dict):
            self.fail("shape")
        new = NewCustomerSerializer(data=data)
        new.is_valid(raise_exception=True)
        return dict(new.validated_data)


def customer_from_request(
    value: Customer | dict[str, Any] | None, actor: User, *, realm: Realm = Realm.OFFICE
) -> Customer | None:
    """Returns the customer of a request body; adds a new one in the caller's transaction.

    `realm` is the part of the audit trail that says who added it.
    Raises `Refused`, whose field begins with `customer.`, and `LikelyDuplicate`.
    """
    if not isinstance(value, dict):
        return value
    try:
        return _add(value, actor, realm)
    except Refused as refused:
        raise Refused(refused.message, f"customer.{refused.field}") from refused


def _add(values: dict[str, Any], actor: User, realm: Realm = Realm.OFFICE) -> Customer:
    given = dict(values)
    confirmed = given.pop("confirm_duplicate")
    return add_customer(actor=actor, refuse_duplicates=not confirmed, realm=realm, **given)


class CustomerViewSet(RecordViewSet[Customer]):
    """Customers of the front desk."""

    queryset = Customer.objects.select_related("merged_into")
    serializer_class = CustomerSerializer
    permissions = {
        "list": Permission.VIEW_DESK,
        "retrieve": Permission.VIEW_DESK,
        "create": Permission.EDIT_CUSTOMER,
    }
    bodies = {"create": NewCustomerSerializer}

    def get_object(self) -> Customer:
        """Returns the customer; the number of a merged record finds the record that was kept."""
        customer = customer_by_number(self.kwargs["number"])
        if customer is None:
            raise Http404
        return customer

    @idempotent_create(free_text=PERSONAL_FIELDS)
    def create(self, values: dict[str, Any]) -> Customer:
        """Adds a customer; 409 with the likely duplicates as `candidates`."""
        return _add(values, self.user)
