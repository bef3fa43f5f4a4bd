"""The errors for which accounting refuses a hand-off; an operator reads their messages."""

from __future__ import annotations

from officeflow.handoff.registry import PermanentError


class AccountingError(PermanentError):
    """The hand-off cannot be booked."""


class AlreadyInvoiced(AccountingError):
    """The order already has an invoice."""


class SiteUnknown(AccountingError):
    """The order's site does not exist."""


class ReceivableMissing(AccountingError):
    """The order has no invoice: the hand-off that placed it was discarded."""


class AlreadyCredited(AccountingError):
    """The invoice already has a credit note."""


class PaymentMissing(AccountingError):
    """The corrected payment was not booked, or with another method, amount or currency."""


class RefundNotPromised(AccountingError):
    """The refund is higher than the amount due."""


class InvalidPayment(AccountingError):
    """The currency is not the receivable's, the kind is unknown, or the amount is not above 0."""
