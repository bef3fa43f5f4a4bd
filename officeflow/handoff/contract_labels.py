"""Labels and tones of contract enums that the front desk and the back office both show."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.workflow import State


class ReturnReason(State):
    """The labels of `contracts.ReturnReason`: why a ticket goes back to the desk.

    An office may add reasons of its own: `TicketReturned.reason` holds the code of one,
    `reason_label` its label.
    """

    INFORMATION_MISSING = "information_missing", "warn", _("Information is missing")
    OUT_OF_STOCK = "out_of_stock", "warn", _("Goods are not there")
    ADDRESS_UNCLEAR = "address_unclear", "warn", _("Address is unclear")
    ASK_CUSTOMER = "ask_customer", "info", _("The customer must decide")
    OTHER = "other", "neutral", _("Another reason")


class Severity(State):
    """How severe a complaint is for the customer: `ComplaintRaised.severity`."""

    LOW = "low", "neutral", _("Low")
    NORMAL = "normal", "info", _("Normal")
    HIGH = "high", "bad", _("High")


class Outcome(State):
    """The labels of `contracts.ComplaintOutcome`: how a department answers a complaint."""

    UPHELD = "upheld", "good", _("Upheld: the customer is right")
    PARTLY_UPHELD = "partly_upheld", "warn", _("Partly upheld")
    NOT_UPHELD = "not_upheld", "neutral", _("Not upheld")
    GOODWILL = "goodwill", "info", _("Goodwill: no fault, but something is given")
