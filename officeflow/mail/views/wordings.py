"""The pages of wordings, and of which messages are sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officeflow.company.queries import get_office
from officeflow.errors import Conflict, Refused, StaleRecord
from officeflow.formats.languages import text_language
from officeflow.mail import queries
from officeflow.mail.actions import change_wording, reset_wording, switch_event
from officeflow.mail.events import MailEvent, find_event, placeholders_of
from officeflow.mail.forms import WordingForm
from officeflow.mail.wording import Wording, check, default_wording, fill_in, sample
from officeflow.mail_mode import has_mail_server, mail_is_on
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.edit_conflict import differences
from officeflow.ui.forms import show_refusal

LANGUAGES = dict(settings.TEXT_LANGUAGES)


@require_safe
@requires(Permission.MANAGE_OFFICE)
def wordings(request: StaffRequest) -> HttpResponse:
    """Lists every event with whether its messages are sent and its own wordings."""
    context = {
        "rows": queries.wordings(),
        "is_off": not mail_is_on(),
        "is_mailbox_only": mail_is_on() and not has_mail_server(),
    }
    return render(request, "mail/wordings.html", context)


def _event_or_404(code: str) -> MailEvent:
    event = find_event(code)
    if event is None:
        raise Http404
    return event


def _language(request: StaffRequest) -> str:
    """Returns the requested language; the office's when it is unknown."""
    language = request.POST.get("language") or request.GET.get("language", "")
    return language if language in LANGUAGES else text_language(get_office().language)


def _address(event: MailEvent, language: str) -> str:
    return f"{reverse('mail:wording', args=[event.code])}?language={language}"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_OFFICE)
def wording(request: StaffRequest, event: str) -> HttpResponse:
    """Changes the wording of an event in one language, with a preview."""
    mail_event, language = _event_or_404(event), _language(request)
    text = queries.find_text(mail_event, language)
    shown = queries.current_wording(mail_event, language, text)
    initial = {
        "version": text.version if text else 0,
        "language": language,
        "subject": shown.subject,
        "body": shown.body,
    }
    form = WordingForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                change_wording(
                    actor=request.user,
                    event=mail_event,
                    language=language,
                    wording=form.wording(),
                    version=form.cleaned_data["version"],
                )
            except Refused as refused:
                show_refusal(form, refused)
                status = 422
            except StaleRecord as stale:
                context |= differences(form, stale, dict)
                status = 409
            else:
                messages.success(request, _("The wording is saved."))
                return redirect(_address(mail_event, language))
        else:
            status = 422
        shown = Wording(
            str(context["form"]["subject"].value() or ""),
            str(context["form"]["body"].value() or ""),
        )
    context |= {
        "event": mail_event,
        "placeholders": placeholders_of(mail_event),
        "language": language,
        "language_name": LANGUAGES[language],
        "tabs": _tabs(mail_event, language),
        "is_own": text is not None and text.is_own,
        "version": text.version if text else 0,
        "standard": default_wording(mail_event, language),
        "preview": _preview(mail_event, language, shown),
    }
    return render(request, "mail/wording.html", context, status=status)


def _tabs(event: MailEvent, current: str) -> list[dict[str, Any]]:
    """Returns a tab for each language, the office's first; none for a single language."""
    if len(LANGUAGES) == 1:
        return []
    first = text_language(get_office().language)
    names = sorted(LANGUAGES, key=lambda code: (code != first, list(LANGUAGES).index(code)))
    return [
        {"label": LANGUAGES[code], "url": _address(event, code), "current": code == current}
        for code in names
    ]


def _preview(event: MailEvent, language: str, typed: Wording) -> dict[str, Any]:
    """Returns a wording with sample values, and its error, if any."""
    office = get_office()
    locale = office.language if text_language(office.language) == language else language
    filled = fill_in(typed, sample(event, locale), office)
    try:
        check(event, typed)
    except Refused as refused:
        return {"subject": filled.subject, "body": filled.body, "wrong": refused.message}
    return {"subject": filled.subject, "body": filled.body, "wrong": ""}


@require_POST
@requires(Permission.MANAGE_OFFICE)
def wording_preview(request: StaffRequest, event: str) -> HttpResponse:
    """Shows a preview of the typed wording."""
    mail_event = _event_or_404(event)
    typed = Wording(request.POST.get("subject", ""), request.POST.get("body", ""))
    typed = Wording(typed.subject, typed.body.replace("\r\n", "\n"))
    preview = _preview(mail_event, _language(request), typed)
    return render(request, "mail/preview.html", {"preview": preview})


@require_POST
@requires(Permission.MANAGE_OFFICE)
def wording_reset(request: StaffRequest, event: str) -> HttpResponse:
    """Restores the standard wording."""
    mail_event, language = _event_or_404(event), _language(request)
    try:
        reset_wording(
            actor=request.user,
            event=mail_event,
            language=language,
            version=_version(request),
        )
    except Conflict as conflict:
        messages.warning(request, conflict.message)
    else:
        messages.success(request, _("The standard wording is used again."))
    return redirect(_address(mail_event, language))


@require_POST
@requires(Permission.MANAGE_OFFICE)
def event_switch(request: StaffRequest, event: str) -> HttpResponse:
    """Turns the messages of an event on or off."""
    mail_event = _event_or_404(event)
    is_on = request.POST.get("is_on") == "1"
    try:
        switch_event(actor=request.user, event=mail_event, is_on=is_on, version=_version(request))
    except Conflict as conflict:
        messages.warning(request, conflict.message)
    else:
        text = (
            _("“%(name)s” will be sent from now on.")
            if is_on
            else _("“%(name)s” will no longer be sent.")
        )
        messages.success(request, text % {"name": mail_event.label})
    return redirect("mail:wordings")


def _version(request: StaffRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1
