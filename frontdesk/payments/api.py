"""Payments, refunds and their receipts over HTTP."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request

from frontdesk.orders.models import Order
from frontdesk.payments.actions.payments import take_payment
from frontdesk.payments.models.payments import Payment, Refund
from frontdesk.payments.queries import payments
from frontdesk.payments.views.payments import (
    SEE_MONEY,
    payment_receipt_pdf,
    refund_receipt_pdf,
)
from officeflow.api.amounts import ReadOnlyAmountField
from officeflow.api.bodies import Body
from officeflow.api.idempotency import idempotent_create
from officeflow.api.viewsets import OfficeViewSet
from officeflow.documents.api import pdf_action
from officeflow.numbering import normalise
from officeflow.permissions import Permission


class NewPaymentSerializer(Body):
    """Money to be taken."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=4)
    method = serializers.CharField(
        max_length=20, help_text="The code of one of the office's payment methods, such as cash."
    )


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """A payment, with how the order stands after it."""

    order = serializers.CharField(source="order.number")
    amount = ReadOnlyAmountField(currency="order.currency")
    currency = serializers.CharField(source="order.currency")
    order_paid = ReadOnlyAmountField(source="order.paid", currency="order.currency")
    order_total = ReadOnlyAmountField(source="order.gross", currency="order.currency")

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


class OrderPaymentViewSet(OfficeViewSet[Payment]):
    """The payments of one order."""

    queryset = payments.payment_with_order()
    serializer_class = PaymentSerializer
    permissions = {"create": Permission.TAKE_PAYMENT}
    bodies = {"create": NewPaymentSerializer}

    @idempotent_create()
    def create(self, values: dict[str, Any], number: str) -> Payment:
        """Takes a payment for an order, in full or in part; more than what is open is refused."""
        order = get_object_or_404(Order, number=normalise(number))
        return take_payment(actor=self.user, order=order, **values)


class PaymentViewSet(RetrieveModelMixin, OfficeViewSet[Payment]):
    """Payments with their receipts."""

    queryset = payments.payment_with_order()
    serializer_class = PaymentSerializer
    permissions = {"retrieve": SEE_MONEY, "receipt": SEE_MONEY}

    @pdf_action
    def receipt(self, request: Request, number: str) -> HttpResponse:
        """The receipt as PDF, as it was issued."""
        return payment_receipt_pdf(self.get_object())


class RefundViewSet(OfficeViewSet[Refund]):
    """Money that was given back."""

    queryset = payments.refund_with_order()
    permissions = {"receipt": SEE_MONEY}

    @pdf_action
    def receipt(self, request: Request, number: str) -> HttpResponse:
        """The receipt as PDF, as it was issued."""
        return refund_receipt_pdf(self.get_object())
