"""The pages of the mailbox."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officeflow.errors import Conflict, Refused
from officeflow.mail import events, panel, queries
from officeflow.mail.actions import (
    can_resend,
    can_withdraw,
    resend_message,
    withdraw_message,
)
from officeflow.mail.forms import MailboxFilterForm, ResendForm
from officeflow.mail.models import Message
from officeflow.mail.states import MessageState
from officeflow.mail_mode import has_mail_server, mail_is_on
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.records import url_of_number
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal
from officeflow.ui.live import refresh
from officeflow.ui.paging import page_of
from officeflow.ui.undo import end_undo

MAILBOX_PERMISSIONS = (Permission.VIEW_DESK, Permission.MANAGE_STAFF)


@require_safe
@requires(*MAILBOX_PERMISSIONS)
def mailbox(request: StaffRequest) -> HttpResponse:
    """Lists the messages, newest first, with filters."""
    form = MailboxFilterForm(request.GET)
    form.is_valid()
    criteria = queries.MailboxCriteria(
        **{name: form.cleaned_data.get(name, "") for name in ("state", "event", "text")}
    )
    context = {
        "page": page_of(request, queries.mailbox(request.user, criteria), order=queries.ORDER),
        "form": form,
        "tabs": _tabs(request, criteria.state),
        "labels": events.labels(),
        "is_filtered": criteria != queries.MailboxCriteria(),
        **_mode(),
    }
    return render(request, "mail/mailbox.html", context)


def _mode() -> dict[str, bool]:
    return {
        "is_off": not mail_is_on(),
        "is_mailbox_only": mail_is_on() and not has_mail_server(),
    }


def _tabs(request: StaffRequest, state: str) -> list[dict[str, Any]]:
    def address(value: str) -> str:
        query = request.GET.copy()
        for name in ("state", "after", "before"):
            query.pop(name, None)
        if value:
            query["state"] = value
        return f"{request.path}?{query.urlencode()}" if query else request.path

    choices = [("", _("All")), *((each.value, str(each.label)) for each in MessageState)]
    if has_mail_server():
        choices = [choice for choice in choices if choice[0] != MessageState.KEPT]
    return [
        {"label": label, "url": address(value), "current": value == state}
        for value, label in choices
    ]


def _message_or_404(request: StaffRequest, number: str) -> Message:
    found = queries.find_message(request.user, number)
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
@requires(*MAILBOX_PERMISSIONS)
def message(request: StaffRequest, number: str) -> HttpResponse:
    """Shows a message."""
    found = _message_or_404(request, number)
    event = events.find_event(found.event)
    context = {
        "message": found,
        "label": event.label if event else _("Message"),
        "about_url": url_of_number(request.user, found.reference),
        "customer_url": url_of_number(request.user, found.customer_number),
        "problem": queries.delivery_problem(found),
        "can_resend": can_resend(found) and request.user.may(Permission.VIEW_DESK),
        "can_withdraw": can_withdraw(found) and request.user.may(Permission.VIEW_DESK),
        "sent_again": found.sent_again.order_by("pk"),
    }
    return render(request, "mail/message.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_DESK)
def message_resend(request: StaffRequest, number: str) -> HttpResponse:
    """Sends a message again, perhaps to a corrected address, with a reason."""
    found = _message_or_404(request, number)
    back = reverse("mail:message", args=[found.number])
    if not can_resend(found):
        messages.info(request, _("This message cannot be sent again now."))
        return redirect(back)
    form = ResendForm(request.POST or None, initial={"to_address": found.to_address})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                again = resend_message(actor=request.user, message=found, **form.cleaned_data)
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                messages.warning(request, conflict.message)
                return redirect(back)
            else:
                messages.success(request, _("The message is being sent again."))
                return redirect("mail:message", number=again.number)
        status = 422
    context = {"message": found, "form": form, "cancel_url": back}
    return render(request, "mail/resend.html", context, status=status)


@require_POST
@requires(Permission.VIEW_DESK)
def message_withdraw(request: StaffRequest, number: str) -> HttpResponse:
    """Withdraws a message that has not been sent."""
    found = _message_or_404(request, number)
    if withdraw_message(actor=request.user, message=found):
        messages.success(request, _("The message is withdrawn. The customer does not get it."))
    else:
        messages.warning(request, _("It is too late: the message is no longer waiting."))
    end_undo(request)
    return redirect("mail:message", number=found.number)


@require_safe
@requires(Permission.VIEW_DESK)
def about(request: StaffRequest, reference: str) -> HttpResponse:
    """Lists the messages about an order or a complaint, as a live part of its page."""
    number = normalise(reference)
    version = panel.version(request.user, number)
    return refresh(
        request, "mail/about_list.html", version, lambda: panel.about(request.user, number)
    )
