"""What some values in the contracts mean, for both sides to show in the same words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.workflow import State


class ReturnReason(State):
    """Why a ticket goes back to the desk: the reasons that the office comes with.

    An office may add its own: `TicketReturned.reason` holds a code, `reason_label` its words.
    """

    INFORMATION_MISSING = "information_missing", "warn", _("Information is missing")
    OUT_OF_STOCK = "out_of_stock", "warn", _("Goods are not there")
    ADDRESS_UNCLEAR = "address_unclear", "warn", _("Address is unclear")
    ASK_CUSTOMER = "ask_customer", "info", _("The customer must decide")
    OTHER = "other", "neutral", _("Another reason")


class Outcome(State):
    """How a department answers a complaint: `ComplaintResolved.outcome`."""

    UPHELD = "upheld", "good", _("Upheld: the customer is right")
    PARTLY_UPHELD = "partly_upheld", "warn", _("Partly upheld")
    NOT_UPHELD = "not_upheld", "neutral", _("Not upheld")
    GOODWILL = "goodwill", "info", _("Goodwill: no fault, but something is given")
