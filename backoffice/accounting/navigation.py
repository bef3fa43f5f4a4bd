"""Registers accounting's record kinds, navigation and search provider."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backoffice.accounting.models import Invoice
from backoffice.accounting.search import find_invoice_hits
from officeflow.permissions import Permission
from officeflow.records import RecordKind, register_record_kind
from officeflow.ui.navigation import NavItem, register_nav_item
from officeflow.ui.search import register_search_provider


def register_all() -> None:
    """Registers everything that accounting adds to shared pages."""
    register_record_kind(
        RecordKind(
            code="invoice",
            label=_("Invoices and credit notes"),
            yearly_prefixes=("INV", "CN"),
            url_name="accounting:invoice",
            permission=Permission.VIEW_BOOKS,
            visible=lambda user: Invoice.objects.all(),
        )
    )
    register_record_kind(
        RecordKind(
            code="journal_entry",
            label=_("Journal entries"),
            prefix="JE",
            url_name="accounting:entry",
            permission=Permission.VIEW_BOOKS,
            is_audited=False,
        )
    )
    register_search_provider("invoice", find_invoice_hits, icon="invoice", order=60)
    register_nav_item(
        NavItem(
            area="backoffice",
            label=_("Invoices"),
            url_name="accounting:invoices",
            icon="invoice",
            permission=Permission.VIEW_BOOKS,
            order=60,
            shortcut="i",
        )
    )
    register_nav_item(
        NavItem(
            area="backoffice",
            label=_("Journal"),
            url_name="accounting:journal",
            icon="ledger",
            permission=Permission.VIEW_BOOKS,
            order=61,
            shortcut="j",
            prefixes=("/office/accounting/",),
        )
    )
