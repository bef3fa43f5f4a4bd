"""What customers are written: their order is placed, their goods are ready, their complaint is
answered. Never about a sealed complaint, not even that there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order, OrderLine
from frontdesk.states import FulfilmentState
from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.mail.actions import queue_message
from officeflow.mail.events import Event, Placeholder, register_event, register_link
from officeflow.mail.models import Message
from officeflow.mail.queries import is_on
from officeflow.money import ZERO, format_money, format_quantity
from officeflow.staff.models import User
from officeflow.staff.permissions import Permission

MOST_LINES = 30


def _in_own_money(words: str, *amounts: str) -> str:
    currency = get_office().currency
    return _(words).format(*(format_money(Decimal(each), currency) for each in amounts))


# What a preview shows, in the office's currency as it is when it is looked at.
in_own_money = lazy(_in_own_money, str)
CUSTOMER = Placeholder(says=gettext_lazy("the customer’s name"), sample="Nora Nordmann")
ORDER = Placeholder(says=gettext_lazy("the order’s number"), sample="SO-000123")
CUSTOMERS = gettext_lazy("customers")

PLACED = register_event(
    Event(
        code="order_placed",
        label=gettext_lazy("Order placed"),
        audience=CUSTOMERS,
        subject=gettext_lazy("Your order {order} at {office}"),
        body=gettext_lazy(
            "Hello {customer},\n\n"
            "thank you for your order {order}:\n\n{lines}\n\nTotal: {total}\n\n{delivery}\n\n"
            "Kind regards\n{office}"
        ),
        placeholders={
            "customer": CUSTOMER,
            "order": ORDER,
            "lines": Placeholder(
                says=gettext_lazy("what was ordered, a line each"),
                sample=in_own_money("2 × Blue mug: {}\n1 × Paper lamp: {}", "24", "45.50"),
            ),
            "total": Placeholder(
                says=gettext_lazy("what it comes to"), sample=in_own_money("{}", "69.50")
            ),
            "delivery": Placeholder(
                says=gettext_lazy("whether it is picked up or delivered, and where to"),
                sample=gettext_lazy("We write to you when it is ready to be picked up."),
            ),
        },
        order=10,
    )
)
READY = register_event(
    Event(
        code="goods_ready",
        label=gettext_lazy("Goods ready for pick-up"),
        audience=CUSTOMERS,
        subject=gettext_lazy("Your order {order} is ready"),
        body=gettext_lazy(
            "Hello {customer},\n\n"
            "your order {order} is ready to be picked up at {office}.\n\n{to_pay}\n\n"
            "Kind regards\n{office}"
        ),
        placeholders={
            "customer": CUSTOMER,
            "order": ORDER,
            "to_pay": Placeholder(
                says=gettext_lazy("what is still to be paid; nothing when all is paid"),
                sample=in_own_money(gettext_noop("{} is still to be paid."), "69.50"),
            ),
        },
        order=20,
    )
)
SHIPPED = register_event(
    Event(
        code="goods_shipped",
        label=gettext_lazy("Goods shipped"),
        audience=CUSTOMERS,
        subject=gettext_lazy("Your order {order} is on its way"),
        body=gettext_lazy(
            "Hello {customer},\n\n"
            "your order {order} is on its way to:\n\n{address}\n\n"
            "Kind regards\n{office}"
        ),
        placeholders={
            "customer": CUSTOMER,
            "order": ORDER,
            "address": Placeholder(
                says=gettext_lazy("where the goods go"), sample="Example Street 1\nExampletown"
            ),
        },
        order=30,
    )
)
ANSWERED = register_event(
    Event(
        code="complaint_answered",
        label=gettext_lazy("Complaint answered"),
        audience=CUSTOMERS,
        subject=gettext_lazy("Your complaint {complaint}"),
        body=gettext_lazy(
            "Hello {customer},\n\n"
            "you told us that something was not right ({complaint}). Our answer:\n\n{answer}\n\n"
            "If you are not content with it, tell us, and we look into it again.\n\n"
            "Kind regards\n{office}"
        ),
        placeholders={
            "customer": CUSTOMER,
            "complaint": Placeholder(
                says=gettext_lazy("the complaint’s number"), sample="CP-000045"
            ),
            "answer": Placeholder(
                says=gettext_lazy("what the department answered"),
                sample=gettext_lazy("We are sorry. A new mug is waiting for you."),
            ),
        },
        order=40,
    )
)

for _prefix, _page in (("SO", "order"), ("CP", "complaint"), ("CU", "customer")):
    register_link(_prefix, f"frontdesk:{_page}", Permission.VIEW_DESK)


def may_write_to(about: Order | Complaint) -> bool:
    """Whether the customer is written to about an order or a complaint.

    Not without an address, nor when they want no mail, nor about what was read in from a file:
    that happened elsewhere, some time ago.
    """
    customer = about.customer
    return (
        is_on()
        and not about.source
        and customer is not None
        and bool(customer.email)
        and customer.wants_mail
    )


def tell_placed(
    *, actor: User, order: Order, lines: Sequence[OrderLine], office: Office
) -> Message | None:
    """Confirms an order to its customer. None when nobody is written to."""
    if not may_write_to(order):
        return None
    with translation.override(office.language):
        values = {
            "lines": _lines(lines, order.currency),
            "total": format_money(order.gross, order.currency),
            "delivery": (
                _("We deliver it to:\n%(address)s") % {"address": order.delivery_address}
                if order.is_delivered
                else _("We write to you when it is ready to be picked up.")
            ),
        }
    return _write(PLACED, order, {"order": order.number, **values}, actor, office)


def _lines(lines: Sequence[OrderLine], currency: str) -> str:
    """The lines of an order; a very long order says how many more there are."""
    rows = [
        f"{format_quantity(line.quantity)} {line.unit_label or '×'} {line.description}: "
        f"{format_money(line.gross, currency)}"
        for line in lines[:MOST_LINES]
    ]
    more = len(lines) - MOST_LINES
    if more > 0:
        words = ngettext("and %(count)d more line", "and %(count)d more lines", more)
        rows.append(words % {"count": more})
    return "\n".join(rows)


def tell_progress(*, actor: User | None, order: Order) -> Message | None:
    """Tells the customer when goods can be picked up or have left; of other progress nothing."""
    if order.fulfilment_state == FulfilmentState.READY and not order.is_delivered:
        return _tell_ready(actor, order)
    if order.fulfilment_state == FulfilmentState.SHIPPED:
        return _tell_shipped(actor, order)
    return None


def _tell_ready(actor: User | None, order: Order) -> Message | None:
    """The goods can be picked up, and so much is still to be paid."""
    if not may_write_to(order):
        return None
    office = get_office()
    still_open = order.gross - order.paid
    to_pay = ""
    if still_open > ZERO:
        with translation.override(office.language):
            amount = format_money(still_open, order.currency)
            to_pay = _("%(amount)s is still to be paid.") % {"amount": amount}
    return _write(READY, order, {"order": order.number, "to_pay": to_pay}, actor, office)


def _tell_shipped(actor: User | None, order: Order) -> Message | None:
    if not may_write_to(order):
        return None
    values = {"order": order.number, "address": order.delivery_address}
    return _write(SHIPPED, order, values, actor, get_office())


def tell_answered(*, actor: User | None, complaint: Complaint) -> Message | None:
    """Gives the customer the department's answer; of a sealed complaint nothing is written."""
    if complaint.is_sealed or not complaint.message.strip() or not may_write_to(complaint):
        return None
    values = {"complaint": complaint.number, "answer": complaint.message}
    return _write(ANSWERED, complaint, values, actor, get_office())


def _write(
    event: Event,
    about: Order | Complaint,
    values: dict[str, str],
    actor: User | None,
    office: Office,
) -> Message | None:
    customer = about.customer
    assert customer is not None  # somebody is written to
    return queue_message(
        actor=actor,
        event=event.code,
        to_address=customer.email,
        to_name=customer.name,
        values={"customer": customer.name, **values},
        reference=about.number,
        customer_number=customer.number,
        office=office,
    )
