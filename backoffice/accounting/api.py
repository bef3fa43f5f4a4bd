"""Invoices and credit notes over HTTP."""

from __future__ import annotations

import django_filters
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from backoffice.accounting.actions import keep_file
from backoffice.accounting.models import Invoice
from backoffice.accounting.states import DocumentKind, ReceivableState
from officeflow.api.amounts import ReadOnlyAmountField
from officeflow.api.customers import NamedCustomerSerializer
from officeflow.api.viewsets import RecordViewSet
from officeflow.documents.api import pdf_action
from officeflow.documents.stored import pdf_response
from officeflow.permissions import Permission


class InvoiceSerializer(serializers.ModelSerializer[Invoice]):
    """An invoice or credit note as issued, with the current state of the order's receivable."""

    order = serializers.CharField(source="receivable.order_number")
    state = serializers.CharField(source="receivable.state")
    customer = serializers.SerializerMethodField()
    net = ReadOnlyAmountField(help_text="Without tax.")
    tax = ReadOnlyAmountField()
    total = ReadOnlyAmountField(source="gross", help_text="With tax.")
    paid = ReadOnlyAmountField(
        source="receivable.received", help_text="Payments of the order less refunds."
    )
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

    @extend_schema_field(NamedCustomerSerializer(allow_null=True))
    def get_customer(self, invoice: Invoice) -> dict[str, str] | None:
        """Returns the customer's number and name; None for a walk-in."""
        receivable = invoice.receivable
        if not receivable.customer_number:
            return None
        return {"number": receivable.customer_number, "name": receivable.customer_name}


class InvoiceFilter(django_filters.FilterSet):
    """Filters documents by kind, by the receivable's state and by the order's number."""

    kind = django_filters.ChoiceFilter(choices=DocumentKind.choices)
    state = django_filters.ChoiceFilter(
        field_name="receivable__state", choices=ReceivableState.choices
    )
    order = django_filters.CharFilter(field_name="receivable__order_number")


class InvoiceViewSet(RecordViewSet[Invoice]):
    """Invoices and credit notes."""

    queryset = Invoice.objects.select_related("receivable__site", "reverses")
    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilter
    permissions = {
        "list": Permission.VIEW_BOOKS,
        "retrieve": Permission.VIEW_BOOKS,
        "pdf": (Permission.VIEW_BOOKS, Permission.PRINT_INVOICE),
    }

    @pdf_action
    def pdf(self, request: Request, number: str) -> HttpResponse:
        """The document as PDF, as it was issued."""
        found = self.get_object()
        return pdf_response(keep_file(document=found).content, found.number)
