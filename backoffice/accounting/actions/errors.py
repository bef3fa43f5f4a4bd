"""Why accounting refuses a hand-off. An operator reads these on the dead hand-off."""

from __future__ import annotations

from officeflow.handoff.registry import PermanentError


class AccountingError(PermanentError):
    """The base: what was handed off cannot be booked, now or later."""


class AlreadyInvoiced(AccountingError):
    """The order has an invoice."""


class SiteUnknown(AccountingError):
    """The order names a site that this office does not have."""


class ReceivableMissing(AccountingError):
    """The order was never invoiced: the hand-off that placed it was discarded."""


class AlreadyCredited(AccountingError):
    """The invoice has a credit note already."""


class RefundNotPromised(AccountingError):
    """More was given back than was due."""


class InvalidPayment(AccountingError):
    """Money in another currency than the receivable's, of no known kind, or not above zero."""
