"""What the counter shows of each thing that waits for the desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from frontdesk.complaints.models import Complaint
from frontdesk.counter.queries import Need
from frontdesk.orders.models import Order
from frontdesk.orders.rows import money_badge
from frontdesk.payments.models.payments import Refund
from frontdesk.questions.models import DeskQuestion
from officeflow.ui.templatetags.office import badge, money, references, waited

MOST_CHARACTERS = 140  # of a question


def rows_of(needs: Iterable[Need]) -> Iterator[dict[str, Any]]:
    """Yields the values of each row, so that the template of many rows only writes them."""
    for need in needs:
        yield {**_row(need), "wait": waited(need.since)}


def _row(need: Need) -> dict[str, Any]:
    if need.question is not None:
        return _question(need.question)
    if need.order is not None:
        return _order(need.order)
    if need.complaint is not None:
        return _complaint(need.complaint)
    assert need.refund is not None  # one of them is set
    return _refund(need.refund)


def _question(question: DeskQuestion) -> dict[str, Any]:
    number = question.ticket_number
    return {
        "number": number,
        "url": reverse("frontdesk:question-answer", args=[number]),
        "tone": "warn",
        "icon": "question",
        "title": _filled(
            _("%(name)s asks about %(number)s"),
            name=question.asked_by_name,
            number=references(question.subject),
        ),
        "words": Truncator(question.text).chars(MOST_CHARACTERS),
        "act": _("Answer"),
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "url": reverse("frontdesk:order-hand-over", args=[order.number]),
        "tone": "good",
        "icon": "hand-over",
        "title": f"{_name_of(order)}: {_('ready for pick-up')}",
        "meta": _joined(_reference(order.number), *_to_pay(order)),
        "act": _("Hand over"),
    }


def _to_pay(order: Order) -> tuple[str, ...]:
    """Returns what is owed before the goods are handed over; else the total and its badge."""
    if order.open_amount:
        owed = _("%(amount)s to pay") % {"amount": money(order.open_amount, order.currency)}
        return (badge(owed, tone="warn", icon="cash", quiet=True),)
    return money(order.gross, order.currency), money_badge(order, quiet=True)


def _complaint(complaint: Complaint) -> dict[str, Any]:
    customer = complaint.customer
    return {
        "number": complaint.number,
        "url": reverse("frontdesk:complaint-confirm", args=[complaint.number]),
        "tone": "info",
        "icon": "message",
        "title": _filled(_("Answer ready for %(name)s"), name=customer.name)
        if customer
        else _("Answer ready for the customer"),
        "meta": _joined(
            _reference(complaint.number),
            _("Sealed") if complaint.is_sealed else complaint.get_category_display(),
        ),
        "act": _("Tell"),
    }


def _refund(refund: Refund) -> dict[str, Any]:
    amount = money(refund.amount, refund.order.currency)
    return {
        "number": refund.number,
        "url": reverse("frontdesk:refund-pay", args=[refund.number]),
        "tone": "warn",
        "icon": "cash",
        "title": _filled(_("Refund of %(amount)s due"), amount=amount),
        "meta": _joined(_name_of(refund.order), _reference(refund.order.number)),
        "act": _("Pay refund"),
    }


def _name_of(order: Order) -> str:
    return order.customer.name if order.customer else _("Walk-in")


def _reference(number: str) -> SafeString:
    return format_html('<span class="ref">{}</span>', number)


def _joined(*parts: str) -> SafeString:
    return mark_safe(" · ".join(conditional_escape(part) for part in parts))  # noqa: S308


def _filled(text: str, **values: str) -> SafeString:
    """Returns a translated text with escaped values, as `{% blocktranslate %}` does."""
    escaped = {name: conditional_escape(value) for name, value in values.items()}
    return mark_safe(text % escaped)  # noqa: S308
