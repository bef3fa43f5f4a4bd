"""Receipts over HTTP."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from frontdesk.payments.views.payments import (
    SEE_MONEY,
    find_payment,
    find_refund,
    payment_receipt_pdf,
    refund_receipt_pdf,
)
from officeflow.documents.api import PdfRenderer
from officeflow.staff.access import may

AS_PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}


class PaymentReceiptPdf(APIView):
    """The receipt of a payment."""

    permission_classes = [IsAuthenticated, may(*SEE_MONEY)]
    renderer_classes = [PdfRenderer]

    @extend_schema(responses=AS_PDF)
    def get(self, request: Request, number: str) -> HttpResponse:
        """As PDF, as it was issued."""
        return payment_receipt_pdf(find_payment(number))


class RefundReceiptPdf(APIView):
    """The receipt of money that was given back."""

    permission_classes = [IsAuthenticated, may(*SEE_MONEY)]
    renderer_classes = [PdfRenderer]

    @extend_schema(responses=AS_PDF)
    def get(self, request: Request, number: str) -> HttpResponse:
        """As PDF, as it was issued."""
        return refund_receipt_pdf(find_refund(number))
