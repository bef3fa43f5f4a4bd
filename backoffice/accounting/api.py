"""Invoices and credit notes over HTTP."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from backoffice.accounting import documents
from backoffice.accounting.models import Invoice
from backoffice.accounting.states import BillState, DocumentKind
from officeflow.api.amounts import amount
from officeflow.api.description import CUSTOMER
from officeflow.documents.api import PdfRenderer
from officeflow.documents.stored import pdf_answer
from officeflow.permissions import Permission
from officeflow.staff.access import may


class InvoiceSerializer(serializers.ModelSerializer[Invoice]):
    """A document as issued, and how the order's bill stands now."""

    order = serializers.CharField(source="bill.order_number")
    state = serializers.CharField(source="bill.state")
    customer = serializers.SerializerMethodField()
    net = serializers.SerializerMethodField()
    tax = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    paid = serializers.SerializerMethodField()
    reverses = serializers.CharField(source="reverses.number", default=None, allow_null=True)

    class Meta:
        model = Invoice
        fields = (
            "number",
            "kind",
            "order",
            "state",
            "customer",
            "issued_date",
            "currency",
            "net",
            "tax",
            "total",
            "paid",
            "reverses",
        )

    @extend_schema_field(CUSTOMER)
    def get_customer(self, invoice: Invoice) -> dict[str, str] | None:
        """Number and name; null for a walk-in."""
        bill = invoice.bill
        if not bill.customer_number:
            return None
        return {"number": bill.customer_number, "name": bill.customer_name}

    def get_net(self, invoice: Invoice) -> str:
        """Without tax."""
        return amount(invoice.net, invoice.currency)

    def get_tax(self, invoice: Invoice) -> str:
        """The tax."""
        return amount(invoice.tax, invoice.currency)

    def get_total(self, invoice: Invoice) -> str:
        """With tax."""
        return amount(invoice.gross, invoice.currency)

    def get_paid(self, invoice: Invoice) -> str:
        """What was paid on the bill, less what was given back."""
        return amount(invoice.bill.paid - invoice.bill.refunded, invoice.currency)


class InvoiceFilter(django_filters.FilterSet):
    """By kind, the bill's state and the order's number."""

    kind = django_filters.ChoiceFilter(choices=DocumentKind.choices)
    state = django_filters.ChoiceFilter(field_name="bill__state", choices=BillState.choices)
    order = django_filters.CharFilter(field_name="bill__order_number")

    class Meta:
        model = Invoice
        fields: list[str] = []


class Invoices(generics.ListAPIView[Invoice]):
    """Invoices and credit notes, newest first."""

    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilter
    permission_classes = [IsAuthenticated, may(Permission.VIEW_BOOKS)]

    def get_queryset(self) -> QuerySet[Invoice]:
        """All documents with their bills."""
        return Invoice.objects.select_related("bill", "reverses")


class InvoicePdf(APIView):
    """One document on paper."""

    permission_classes = [IsAuthenticated, may(Permission.VIEW_BOOKS, Permission.PRINT_INVOICE)]
    renderer_classes = [PdfRenderer]

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, number: str) -> HttpResponse:
        """As PDF, as it was issued."""
        found = get_object_or_404(
            Invoice.objects.select_related("bill__site", "reverses"), number=number
        )
        return pdf_answer(documents.paper_of(found), found.number)
