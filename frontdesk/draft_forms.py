"""Registers the front desk's forms that are kept as drafts."""

from __future__ import annotations

import re

from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontdesk.complaints.models import ComplaintCategory
from officeflow.drafts.registry import DraftForm, register_draft_form

ORDER, COMPLAINT, CUSTOMER = "order", "complaint", "customer"
CUSTOMER_EDIT, CUSTOMER_NOTE = "customer-edit", "customer-note"
ANSWER, REOPEN, CANCEL = "answer", "reopen", "cancel-order"
LINE = re.compile(r"(line-\d+)-product")
LINE_SKU = re.compile(r"line-\d+-sku")
ORDER_TEXTS, COMPLAINT_TEXTS = ("note", "delivery_address"), ("description", "desired_outcome")
MOST_GOODS = 80  # characters


def _customer_name(fields: QueryDict) -> str:
    """Returns the chosen customer of an order's or complaint's form, or the name of a new one.

    Text in the box of the search is no customer: it may be anything, also a scanned code.
    """
    chosen = fields.get("customer", "")
    return _name(fields, "new_name" if chosen == "new" else "customer_name") if chosen else ""


def _name(fields: QueryDict, field: str) -> str:
    """Returns the name in a field; nothing for a text without a letter, such as a barcode."""
    name = fields.get(field, "").strip()
    return name if any(char.isalpha() for char in name) else ""


def _goods(fields: QueryDict) -> str:
    """Returns the chosen products of an order's lines."""
    chosen = (
        fields.get(f"{line}-product", "").strip()
        for line in (match.group(1) for match in map(LINE.fullmatch, fields) if match)
        if fields.get(f"{line}-sku", "")
    )
    return Truncator(", ".join(filter(None, chosen))).chars(MOST_GOODS)


def _order(fields: QueryDict, context: str) -> str:
    """Returns the customer and the goods, by which several drafts are told apart."""
    name, goods = _customer_name(fields), _goods(fields)
    if not name and not goods:
        return ""
    title = _("Order for %(name)s") % {"name": name or _("a walk-in")}
    return f"{title}: {goods}" if goods else title


def _order_is_worth_keeping(fields: QueryDict) -> bool:
    """Returns whether anything but a search is in an order: a customer, goods, a date or words."""
    return _has_any(fields, "customer", "wanted_by_date", *ORDER_TEXTS) or any(
        LINE_SKU.fullmatch(name) and fields[name] for name in fields
    )


def _complaint_is_worth_keeping(fields: QueryDict) -> bool:
    """Returns whether anything but a search is in a complaint."""
    return _has_any(fields, "customer", "order", "product_sku", *COMPLAINT_TEXTS)


def _has_any(fields: QueryDict, *names: str) -> bool:
    return any(fields.get(name, "").strip() for name in names)


def _complaint(fields: QueryDict, context: str) -> str:
    name = _customer_name(fields)
    return _("Complaint by %(name)s") % {"name": name} if name else ""


def _customer(fields: QueryDict, context: str) -> str:
    name = _name(fields, "name")
    return _("Customer %(name)s") % {"name": name} if name else ""


def register_all() -> None:
    """Registers them."""
    for form in (
        DraftForm(
            code=ORDER,
            url_name="frontdesk:order-new",
            icon="order",
            kind=gettext_lazy("Order"),
            title=_order,
            texts=ORDER_TEXTS,
            has_context=False,
            is_worth_keeping=_order_is_worth_keeping,
        ),
        DraftForm(
            code=COMPLAINT,
            url_name="frontdesk:complaint-new",
            icon="complaint",
            kind=gettext_lazy("Complaint"),
            title=_complaint,
            texts=COMPLAINT_TEXTS,
            has_context=False,
            is_worth_keeping=_complaint_is_worth_keeping,
            # A customer at the counter may see the list.
            is_private=lambda fields: fields.get("category") == ComplaintCategory.CONDUCT,
        ),
        DraftForm(
            code=CUSTOMER,
            url_name="frontdesk:customer-new",
            icon="customer",
            kind=gettext_lazy("New customer"),
            title=_customer,
            texts=("phone", "email", "address", "note"),
            has_context=False,
        ),
        DraftForm(
            code=CUSTOMER_EDIT,
            url_name="frontdesk:customer-edit",
            icon="customer",
            kind=gettext_lazy("Changes to a customer"),
            title=lambda fields, number: _("Changes to %(number)s") % {"number": number},
            texts=("name", "phone", "email", "address", "note"),
        ),
        DraftForm(
            code=CUSTOMER_NOTE,
            url_name="frontdesk:customer",
            icon="customer",
            kind=gettext_lazy("Note about a customer"),
            title=lambda fields, number: _("Note about %(number)s") % {"number": number},
            texts=("text",),
        ),
        DraftForm(
            code=ANSWER,
            url_name="frontdesk:question-answer",
            icon="question",
            kind=gettext_lazy("Answer"),
            title=lambda fields, number: _("Answer to %(number)s") % {"number": number},
            texts=("answer",),
        ),
        DraftForm(
            code=REOPEN,
            url_name="frontdesk:complaint-reopen",
            icon="complaint",
            kind=gettext_lazy("Reopening"),
            title=lambda fields, number: _("Reopening %(number)s") % {"number": number},
            texts=("reason",),
        ),
        DraftForm(
            code=CANCEL,
            url_name="frontdesk:order-cancel",
            icon="order",
            kind=gettext_lazy("Cancellation"),
            title=lambda fields, number: _("Cancelling %(number)s") % {"number": number},
            texts=("reason",),
        ),
    ):
        register_draft_form(form)
