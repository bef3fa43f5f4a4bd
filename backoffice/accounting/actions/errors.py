"""Why the books refuse something. An operator reads these on the dead hand-off."""

from __future__ import annotations

from officeflow.handoff.registry import PermanentError


class BooksRefuse(PermanentError):
    """The base: what was handed off cannot be booked, now or later."""


class AlreadyBilled(BooksRefuse):
    """The order has an invoice."""


class SiteUnknown(BooksRefuse):
    """The order names a site that this office does not have."""


class NoBill(BooksRefuse):
    """The order was never billed: the hand-off that placed it was discarded."""


class AlreadyCredited(BooksRefuse):
    """A credit note took the invoice back already."""


class RefundNotPromised(BooksRefuse):
    """More was given back than was due."""


class UnusableMoney(BooksRefuse):
    """Money in another currency than the bill's, of no known kind, or not above zero."""
