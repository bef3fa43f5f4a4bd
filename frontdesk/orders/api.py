"""Orders over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from frontdesk.customers.api import CustomerField, customer_from_request
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.hand_over import hand_over_order, undo_hand_over
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.actions.rush import ask_for_rush
from frontdesk.orders.models import Delivery, Order, OrderLine
from frontdesk.orders.states import BillingState, FulfilmentState, OrderState
from officeflow import limits
from officeflow.api.amounts import ReadOnlyAmountField, ReadOnlyQuantityField
from officeflow.api.bodies import Body
from officeflow.api.customers import NamedCustomerSerializer
from officeflow.api.fields import DayField, NumberField
from officeflow.api.idempotency import idempotent_create
from officeflow.api.viewsets import RecordViewSet
from officeflow.catalogue.queries import products_by_code
from officeflow.permissions import Permission


class OrderLineSerializer(serializers.ModelSerializer[OrderLine]):
    """A line of an order; amounts are strings."""

    quantity = ReadOnlyQuantityField()
    net = ReadOnlyAmountField(currency="order.currency", help_text="Without tax.")
    tax = ReadOnlyAmountField(currency="order.currency")
    gross = ReadOnlyAmountField(currency="order.currency", help_text="With tax.")

    class Meta:
        model = OrderLine
        fields = (
            "position",
            "sku",
            "description",
            "unit",
            "quantity",
            "unit_price",
            "discount_percent",
            "tax_rate",
            "net",
            "tax",
            "gross",
        )


class OrderSerializer(serializers.ModelSerializer[Order]):
    """An order with its own state and the two that the back office reports."""

    customer = NamedCustomerSerializer(allow_null=True)
    lines = OrderLineSerializer(many=True)
    net = ReadOnlyAmountField(help_text="Without tax.")
    tax = ReadOnlyAmountField()
    total = ReadOnlyAmountField(source="gross", help_text="With tax.")
    paid = ReadOnlyAmountField(help_text="Money taken less money given back.")
    still_to_pay = ReadOnlyAmountField(source="open_amount")
    to_give_back = ReadOnlyAmountField(help_text="Paid for an order that was cancelled.")

    class Meta:
        model = Order
        fields = (
            "number",
            "state",
            "fulfilment_state",
            "billing_state",
            "customer",
            "ordered_at",
            "delivery",
            "delivery_address",
            "wanted_by_date",
            "note",
            "lines",
            "currency",
            "net",
            "tax",
            "total",
            "paid",
            "still_to_pay",
            "to_give_back",
            "invoice_number",
            "credit_note_number",
            "is_past",
        )
        extra_kwargs = {
            "is_past": {
                "help_text": "Done in another program before it was imported: the back office has "
                "no work with it, and nothing is to be paid."
            }
        }


class NewLineSerializer(Body):
    """A line by its product's code."""

    sku = serializers.CharField(max_length=limits.CODE)
    quantity = NumberField(max_digits=14, decimal_places=3)
    discount_percent = NumberField(
        max_digits=5, decimal_places=2, required=False, default=Decimal(0)
    )


class NewOrderSerializer(Body):
    """An order to be placed."""

    customer = CustomerField(required=False, allow_null=True, default=None)
    lines = NewLineSerializer(many=True)
    delivery = serializers.ChoiceField(
        choices=Delivery.choices, required=False, default=Delivery.PICK_UP
    )
    delivery_address = serializers.CharField(
        max_length=limits.ADDRESS, required=False, allow_blank=True, default=""
    )
    wanted_by_date = DayField(required=False, allow_null=True, default=None)
    note = serializers.CharField(
        max_length=limits.NOTE, required=False, allow_blank=True, default=""
    )
    expected_total = NumberField(
        max_digits=18,
        decimal_places=4,
        required=False,
        allow_null=True,
        default=None,
        help_text="The total with tax that the customer was told. When the order would cost "
        "another amount, because a price or a tax rate has changed, nothing is placed and the "
        "answer is 409 with both figures.",
    )

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[NewLine]:
        """Finds all products in one query. Raises an error for each unknown code."""
        if not lines:
            raise serializers.ValidationError(_("Add at least one line."))
        skus = {line["sku"] for line in lines}
        products = products_by_code(skus)
        errors = [
            {}
            if line["sku"] in products
            else {"sku": _("Product %(sku)s does not exist.") % {"sku": line["sku"]}}
            for line in lines
        ]
        if any(errors):
            raise serializers.ValidationError(errors)
        return [
            NewLine(
                product=products[line["sku"]],
                quantity=line["quantity"],
                discount_percent=line["discount_percent"],
            )
            for line in lines
        ]


class OrderFilter(django_filters.FilterSet):
    """Filters orders by state and by the customer's number."""

    state = django_filters.ChoiceFilter(choices=OrderState.choices)
    fulfilment_state = django_filters.ChoiceFilter(choices=FulfilmentState.choices)
    billing_state = django_filters.ChoiceFilter(choices=BillingState.choices)
    customer = django_filters.CharFilter(field_name="customer__number")


class CancelOrderSerializer(Body):
    """Why an order is cancelled."""

    reason = serializers.CharField(max_length=limits.REASON)


class RushSerializer(Body):
    """Why the goods are needed sooner."""

    reason = serializers.CharField(max_length=limits.REASON)


class OrderViewSet(RecordViewSet[Order]):
    """Orders with their lines and states."""

    queryset = Order.objects.select_related("customer").prefetch_related("lines__order")
    serializer_class = OrderSerializer
    filterset_class = OrderFilter
    permissions = {
        "list": Permission.VIEW_DESK,
        "retrieve": Permission.VIEW_DESK,
        "create": Permission.PLACE_ORDER,
        "cancel": Permission.CANCEL_ORDER,
        "hand_over": Permission.HAND_OVER,
        "undo_hand_over": Permission.HAND_OVER,
        "rush": Permission.PLACE_ORDER,
    }
    bodies = {"create": NewOrderSerializer, "cancel": CancelOrderSerializer, "rush": RushSerializer}

    @idempotent_create(free_text=("note", "delivery_address"), is_whole=True)
    def create(self, values: dict[str, Any]) -> Order:
        """Places an order; 409 when its total is not `expected_total`."""
        customer = customer_from_request(values.pop("customer"), self.user)
        return place_order(actor=self.user, customer=customer, **values)

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        """Cancels an order until the goods are handed over or shipped; later it is 409."""
        order = self.get_object()
        return self.respond(cancel_order(actor=self.user, order=order, **self.body()))

    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, number: str) -> Response:
        """Hands the goods to the customer when they are ready for pick-up; otherwise it is 409."""
        return self.respond(hand_over_order(actor=self.user, order=self.get_object()))

    @action(detail=True, methods=["post"], url_path="undo-hand-over")
    def undo_hand_over(self, request: Request, number: str) -> Response:
        """Takes a hand-over back within the office's seconds for Undo; later it is 409."""
        return self.respond(undo_hand_over(actor=self.user, order=self.get_object()))

    @action(detail=True, methods=["post"])
    def rush(self, request: Request, number: str) -> Response:
        """Asks fulfilment for a rush, which it accepts or refuses; 409 when goods are ready."""
        order = self.get_object()
        ask_for_rush(actor=self.user, order=order, **self.body())
        return self.respond(self.get_object())
