"""Actions that issue documents and book payments, refunds and till counts."""

from backoffice.accounting.actions.billing import credit_invoice, issue_invoices
from backoffice.accounting.actions.errors import (
    AlreadyCredited,
    AlreadyInvoiced,
    InvalidPayment,
    PaymentMissing,
    ReceivableMissing,
    RefundNotPromised,
    SiteUnknown,
)
from backoffice.accounting.actions.files import keep_file
from backoffice.accounting.actions.money import book_method_correction, book_payment, book_refund
from backoffice.accounting.actions.till import book_till_count

__all__ = [
    "AlreadyCredited",
    "AlreadyInvoiced",
    "InvalidPayment",
    "PaymentMissing",
    "ReceivableMissing",
    "RefundNotPromised",
    "SiteUnknown",
    "book_method_correction",
    "book_payment",
    "book_refund",
    "book_till_count",
    "credit_invoice",
    "issue_invoices",
    "keep_file",
]
