"""Orders and payments over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from frontdesk.customers.api import CustomerField, customer_for
from frontdesk.orders.actions import NewLine, cancel_order, hand_over_order, place_order
from frontdesk.orders.models import Delivery, Order, OrderLine
from frontdesk.orders.states import BillingState, FulfilmentState, OrderState
from frontdesk.payments.actions.payments import take_payment
from frontdesk.payments.models.payments import Payment
from officeflow.api.amounts import amount
from officeflow.api.bodies import Body
from officeflow.api.description import CUSTOMER
from officeflow.api.once import IDEMPOTENCY_PARAMETER, answer_once
from officeflow.catalogue.models import Product
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.access import may
from officeflow.staff.endpoints import StaffView


def _quantity(value: Decimal) -> str:
    return format(value.normalize(), "f")


class OrderLineSerializer(serializers.ModelSerializer[OrderLine]):
    """A line with what it comes to; the amounts are strings."""

    quantity = serializers.SerializerMethodField()
    net = serializers.SerializerMethodField()
    tax = serializers.SerializerMethodField()
    gross = serializers.SerializerMethodField()

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

    def get_quantity(self, line: OrderLine) -> str:
        """Without trailing zeros."""
        return _quantity(line.quantity)

    def get_net(self, line: OrderLine) -> str:
        """Without tax."""
        return amount(line.net, line.order.currency)

    def get_tax(self, line: OrderLine) -> str:
        """The tax."""
        return amount(line.tax, line.order.currency)

    def get_gross(self, line: OrderLine) -> str:
        """With tax."""
        return amount(line.gross, line.order.currency)


class OrderSerializer(serializers.ModelSerializer[Order]):
    """An order with its own state and the two that the back office reports."""

    customer = serializers.SerializerMethodField()
    lines = OrderLineSerializer(many=True)
    net = serializers.SerializerMethodField()
    tax = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    paid = serializers.SerializerMethodField()

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
            "invoice_number",
            "credit_note_number",
        )

    @extend_schema_field(CUSTOMER)
    def get_customer(self, order: Order) -> dict[str, str] | None:
        """Number and name; null for a walk-in."""
        customer = order.customer
        return {"number": customer.number, "name": customer.name} if customer else None

    def get_net(self, order: Order) -> str:
        """Without tax."""
        return amount(order.net, order.currency)

    def get_tax(self, order: Order) -> str:
        """The tax."""
        return amount(order.tax, order.currency)

    def get_total(self, order: Order) -> str:
        """With tax."""
        return amount(order.gross, order.currency)

    def get_paid(self, order: Order) -> str:
        """Money taken less money given back."""
        return amount(order.paid, order.currency)


FREE_TEXT = ("note", "delivery_address")


class NewLineSerializer(Body):
    """A line by its product's code."""

    sku = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    discount_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, required=False, default=Decimal(0)
    )


class NewOrderSerializer(Body):
    """An order to be placed."""

    customer = CustomerField(required=False, allow_null=True, default=None)
    lines = NewLineSerializer(many=True)
    delivery = serializers.ChoiceField(
        choices=Delivery.choices, required=False, default=Delivery.PICK_UP
    )
    delivery_address = serializers.CharField(required=False, allow_blank=True, default="")
    wanted_by_date = serializers.DateField(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, default="")

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[NewLine]:
        """Finds all products in one query and says which codes are unknown."""
        if not lines:
            raise serializers.ValidationError(_("Add at least one line."))
        skus = {line["sku"] for line in lines}
        products = {
            product.sku: product for product in Product.objects.filter(sku__in=skus).with_price()
        }
        errors = [
            {}
            if line["sku"] in products
            else {"sku": _("There is no product %(sku)s.") % {"sku": line["sku"]}}
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
    """By state and by customer's number."""

    state = django_filters.ChoiceFilter(choices=OrderState.choices)
    fulfilment_state = django_filters.ChoiceFilter(choices=FulfilmentState.choices)
    billing_state = django_filters.ChoiceFilter(choices=BillingState.choices)
    customer = django_filters.CharFilter(field_name="customer__number")

    class Meta:
        model = Order
        fields: list[str] = []


def orders() -> QuerySet[Order]:
    """Orders with all that an answer shows, in a fixed number of queries."""
    return Order.objects.select_related("customer").prefetch_related("lines__order")


def show_order(order: Order) -> dict[str, Any]:
    """An order as the API answers."""
    return dict(OrderSerializer(orders().get(pk=order.pk)).data)


def find_order(number: str) -> Order:
    """The order of a number, or 404."""
    return get_object_or_404(orders(), number=normalise(number))


class Orders(StaffView, generics.ListAPIView[Order]):
    """Orders, newest first; a new one."""

    serializer_class = OrderSerializer
    filterset_class = OrderFilter
    permission_classes = [
        IsAuthenticated,
        may(Permission.VIEW_DESK, write=[Permission.PLACE_ORDER]),
    ]

    def get_queryset(self) -> QuerySet[Order]:
        """Every order."""
        return orders()

    @extend_schema(
        request=NewOrderSerializer,
        responses={201: OrderSerializer},
        parameters=[IDEMPOTENCY_PARAMETER],
    )
    def post(self, request: Request) -> Response:
        """Places an order."""
        new = NewOrderSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        values = dict(new.validated_data)

        def place() -> Order:
            customer = customer_for(values.pop("customer"), self.person)
            return place_order(actor=self.person, customer=customer, **values)

        return answer_once(
            request, effect=place, show=show_order, find=find_order, free_text=FREE_TEXT
        )


class OneOrder(APIView):
    """One order."""

    permission_classes = [IsAuthenticated, may(Permission.VIEW_DESK)]

    @extend_schema(responses=OrderSerializer)
    def get(self, request: Request, number: str) -> Response:
        """The order with its lines and states."""
        return Response(OrderSerializer(find_order(number)).data)


class CancelSerializer(Body):
    """Why an order is cancelled."""

    reason = serializers.CharField()


class CancelOrder(StaffView):
    """Cancels an order."""

    permission_classes = [IsAuthenticated, may(Permission.CANCEL_ORDER)]

    @extend_schema(request=CancelSerializer, responses=OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Until the goods are handed over or shipped; later it is 409."""
        body = CancelSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        order = cancel_order(actor=self.person, order=find_order(number), **body.validated_data)
        return Response(show_order(order))


class HandOver(StaffView):
    """Hands an order's goods to the customer."""

    permission_classes = [IsAuthenticated, may(Permission.HAND_OVER)]

    @extend_schema(request=None, responses=OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        """When they are ready for pick-up; otherwise it is 409."""
        order = hand_over_order(actor=self.person, order=find_order(number))
        return Response(show_order(order))


class NewPaymentSerializer(Body):
    """Money to be taken."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=4)
    method = serializers.CharField(
        max_length=20, help_text="The code of one of the office's ways to pay, such as cash."
    )


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """A payment, with how the order stands after it."""

    order = serializers.CharField(source="order.number")
    amount = serializers.SerializerMethodField()
    currency = serializers.CharField(source="order.currency")
    order_paid = serializers.SerializerMethodField()
    order_total = serializers.SerializerMethodField()

    class Meta:
        model = Payment
        fields = (
            "number",
            "order",
            "amount",
            "currency",
            "method",
            "taken_at",
            "order_paid",
            "order_total",
        )

    def get_amount(self, payment: Payment) -> str:
        """What was taken."""
        return amount(payment.amount, payment.order.currency)

    def get_order_paid(self, payment: Payment) -> str:
        """What was paid in all."""
        return amount(payment.order.paid, payment.order.currency)

    def get_order_total(self, payment: Payment) -> str:
        """What the order comes to."""
        return amount(payment.order.gross, payment.order.currency)


class Payments(StaffView):
    """Takes a payment for an order."""

    permission_classes = [IsAuthenticated, may(Permission.TAKE_PAYMENT)]

    @extend_schema(
        request=NewPaymentSerializer,
        responses={201: PaymentSerializer},
        parameters=[IDEMPOTENCY_PARAMETER],
    )
    def post(self, request: Request, number: str) -> Response:
        """In full or in part; more than what is open is refused."""
        new = NewPaymentSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        order = find_order(number)

        def take() -> Payment:
            return take_payment(actor=self.person, order=order, **new.validated_data)

        def show(payment: Payment) -> dict[str, Any]:
            return dict(PaymentSerializer(payment).data)

        return answer_once(
            request, effect=take, show=show, find=lambda number: Payment.objects.get(number=number)
        )
