"""Payments, refunds and their receipts over HTTP."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from frontdesk.orders.models import Order
from frontdesk.payments.actions.corrections import correct_payment_method
from frontdesk.payments.actions.payments import take_payment
from frontdesk.payments.models.payments import Payment, PaymentCorrection, Refund
from frontdesk.payments.queries import payments
from frontdesk.payments.views.payments import (
    SEE_MONEY,
    receipt_pdf,
    takings_owner,
)
from officeflow import limits
from officeflow.api.amounts import ReadOnlyAmountField
from officeflow.api.bodies import Body
from officeflow.api.fields import NumberField
from officeflow.api.idempotency import idempotent_create
from officeflow.api.viewsets import OfficeViewSet, RecordViewSet
from officeflow.company.queries import find_site
from officeflow.documents.api import pdf_action
from officeflow.numbering import normalise
from officeflow.permissions import Permission


class NewPaymentSerializer(Body):
    """Money to be taken."""

    amount = NumberField(max_digits=18, decimal_places=4)
    method = serializers.CharField(
        max_length=20, help_text="The code of one of the office's payment methods, such as cash."
    )
    cash_given = NumberField(
        max_digits=18,
        decimal_places=4,
        required=False,
        allow_null=True,
        default=None,
        help_text="The cash that the customer gave; the change is kept with the payment.",
    )
    site = serializers.CharField(
        max_length=12,
        required=False,
        help_text="The code of the site whose drawer cash goes into; without it, the order's.",
    )


class CorrectMethodSerializer(Body):
    """The right method of a payment."""

    from_method = serializers.CharField(
        max_length=20, help_text="The code of the payment's method now. Another one is 409."
    )
    method = serializers.CharField(max_length=20, help_text="The code of the right method.")
    reason = serializers.CharField(max_length=limits.REASON)


class PaymentCorrectionSerializer(serializers.ModelSerializer[PaymentCorrection]):
    """A correction of a payment's method."""

    from_method = serializers.CharField(source="previous_method")
    corrected_by = serializers.CharField(source="corrected_by.full_name")

    class Meta:
        model = PaymentCorrection
        fields = ("from_method", "method", "reason", "corrected_by", "corrected_at")


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """A payment, with how the order stands after it."""

    order = serializers.CharField(source="order.number")
    amount = ReadOnlyAmountField(currency="order.currency")
    currency = serializers.CharField(source="order.currency")
    cash_given = ReadOnlyAmountField(currency="order.currency", allow_null=True)
    change_given = ReadOnlyAmountField(
        currency="order.currency",
        allow_null=True,
        help_text="Null like `cash_given` for another method, and where nobody entered the cash.",
    )
    corrections = PaymentCorrectionSerializer(many=True)
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
            "cash_given",
            "change_given",
            "corrections",
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
        site = find_site(values.pop("site")) if "site" in values else None
        return take_payment(actor=self.user, order=order, site=site, **values)


class PaymentFilter(django_filters.FilterSet):
    """By the order's number and by the method's code."""

    order = django_filters.CharFilter(field_name="order__number")
    method = django_filters.CharFilter()


class PaymentViewSet(RecordViewSet[Payment]):
    """Payments with their receipts."""

    queryset = payments.payment_with_order()
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter
    permissions = {
        **dict.fromkeys(("list", "retrieve", "receipt"), SEE_MONEY),
        "correct_method": Permission.CORRECT_PAYMENT,
    }
    bodies = {"correct_method": CorrectMethodSerializer}

    def get_queryset(self) -> QuerySet[Payment]:
        """A list has the person's own, or everybody's for those who see the takings.

        With `order` it has all of the order, as the order's page does.
        """
        if self.action == "list":
            of_order = "order" in self.request.query_params
            return payments.payments(of=None if of_order else takings_owner(self.user))
        return super().get_queryset()

    @pdf_action
    def receipt(self, request: Request, number: str) -> HttpResponse:
        """The receipt as PDF, as it was issued; after a correction the latest one."""
        return receipt_pdf(self.get_object())

    @action(detail=True, methods=["post"], url_path="correct-method")
    def correct_method(self, request: Request, number: str) -> Response:
        """Corrects how a payment was made; 409 when it was refunded or corrected meanwhile.

        Accounting books it on the right account, and the takings of its day follow. When the drawer
        of that day was counted before, it is to be counted again.
        """
        payment = self.get_object()
        correct_payment_method(actor=self.user, payment=payment, **self.body())
        return self.respond(payment)


class RefundSerializer(serializers.ModelSerializer[Refund]):
    """Money that is due to a customer; `method` is empty and `paid_at` null until it is paid."""

    order = serializers.CharField(source="order.number")
    credit_note = serializers.CharField(source="credit_note_number")
    amount = ReadOnlyAmountField(currency="order.currency")
    currency = serializers.CharField(source="order.currency")

    class Meta:
        model = Refund
        fields = (
            "number",
            "order",
            "credit_note",
            "amount",
            "currency",
            "due_at",
            "method",
            "paid_at",
        )


class RefundFilter(PaymentFilter):
    """As payments, and by whether it was paid."""

    is_paid = django_filters.BooleanFilter(field_name="paid_at", lookup_expr="isnull", exclude=True)


class RefundViewSet(RecordViewSet[Refund]):
    """Refunds, due and paid."""

    queryset = payments.refunds()
    serializer_class = RefundSerializer
    filterset_class = RefundFilter
    permissions = dict.fromkeys(("list", "retrieve", "receipt"), SEE_MONEY)

    def get_queryset(self) -> QuerySet[Refund]:
        """A list has what is due and what the person paid, or all for those who see the takings.

        With `order` it has all of the order, as the order's page does.
        """
        if self.action == "list":
            owner = takings_owner(self.user)
            if owner is None or "order" in self.request.query_params:
                return payments.refunds()
            return payments.refunds().filter(Q(paid_by=owner) | Q(paid_at__isnull=True))
        return payments.refund_with_order() if self.action == "receipt" else super().get_queryset()

    @pdf_action
    def receipt(self, request: Request, number: str) -> HttpResponse:
        """The receipt of a paid refund as PDF, as it was issued."""
        return receipt_pdf(self.get_object())
