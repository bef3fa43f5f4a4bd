"""Registers the front desk's forms that are kept as drafts."""

from __future__ import annotations

import re

from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from officeflow.drafts.registry import DraftForm, register_draft_form

ORDER, COMPLAINT, CUSTOMER = "order", "complaint", "customer"
CUSTOMER_EDIT, CUSTOMER_NOTE = "customer-edit", "customer-note"
ANSWER, REOPEN, CANCEL = "answer", "reopen", "cancel-order"
LINE = re.compile(r"line-\d+-product")
MOST_GOODS = 80  # characters


def _customer_name(fields: QueryDict) -> str:
    """Returns the typed or chosen customer of an order's or complaint's form."""
    chosen = "new_name" if fields.get("customer") == "new" else "customer_name"
    return fields.get(chosen, "").strip() or _("a walk-in")


def _order(fields: QueryDict, context: str) -> str:
    """Returns the customer and the goods, by which several drafts are told apart."""
    title = _("Order for %(name)s") % {"name": _customer_name(fields)}
    typed = (fields.get(name, "").strip() for name in fields if LINE.fullmatch(name))
    goods = ", ".join(filter(None, typed))
    return f"{title}: {Truncator(goods).chars(MOST_GOODS)}" if goods else title


def _complaint(fields: QueryDict, context: str) -> str:
    return _("Complaint by %(name)s") % {"name": _customer_name(fields)}


def _customer(fields: QueryDict, context: str) -> str:
    name = fields.get("name", "").strip()
    return _("Customer %(name)s") % {"name": name} if name else _("New customer")


def register_all() -> None:
    """Registers them."""
    for form in (
        DraftForm(
            code=ORDER,
            url_name="frontdesk:order-new",
            icon="order",
            title=_order,
            texts=("note", "delivery_address"),
            has_context=False,
        ),
        DraftForm(
            code=COMPLAINT,
            url_name="frontdesk:complaint-new",
            icon="complaint",
            title=_complaint,
            texts=("description", "desired_outcome"),
            has_context=False,
        ),
        DraftForm(
            code=CUSTOMER,
            url_name="frontdesk:customer-new",
            icon="customer",
            title=_customer,
            texts=("phone", "email", "address", "note"),
            has_context=False,
        ),
        DraftForm(
            code=CUSTOMER_EDIT,
            url_name="frontdesk:customer-edit",
            icon="customer",
            title=lambda fields, number: _("Changes to %(number)s") % {"number": number},
            texts=("name", "phone", "email", "address", "note"),
        ),
        DraftForm(
            code=CUSTOMER_NOTE,
            url_name="frontdesk:customer",
            icon="customer",
            title=lambda fields, number: _("Note about %(number)s") % {"number": number},
            texts=("text",),
        ),
        DraftForm(
            code=ANSWER,
            url_name="frontdesk:question-answer",
            icon="question",
            title=lambda fields, number: _("Answer to %(number)s") % {"number": number},
            texts=("answer",),
        ),
        DraftForm(
            code=REOPEN,
            url_name="frontdesk:complaint-reopen",
            icon="complaint",
            title=lambda fields, number: _("Reopening %(number)s") % {"number": number},
            texts=("reason",),
        ),
        DraftForm(
            code=CANCEL,
            url_name="frontdesk:order-cancel",
            icon="order",
            title=lambda fields, number: _("Cancelling %(number)s") % {"number": number},
            texts=("reason",),
        ),
    ):
        register_draft_form(form)
