"""The page of the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from officeflow import records
from officeflow.administration.audit_trail.forms import AuditFilterForm
from officeflow.administration.audit_trail.vocabulary import (
    BEFORE_SIGNING_IN,
    in_words,
    sentence_for,
    value_in_words,
)
from officeflow.audit import queries
from officeflow.audit.models import AuditEntry, Realm
from officeflow.company.queries import get_office
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui import export
from officeflow.ui.export import Column
from officeflow.ui.paging import page_of

# What an audit entry of an export names: no word that somebody typed.
PLAIN = ("who", "did", "kind", "since", "until")


@dataclass(frozen=True)
class Change:
    """One field that changed. A personal one has no values: only that it changed is kept."""

    field: str
    old: str
    new: str
    is_personal: bool


@dataclass(frozen=True)
class AuditRow:
    """One entry as the page shows it."""

    entry: AuditEntry
    sentence: SafeString
    changes: list[Change]
    is_hrs: bool


def realms_of(user: User) -> list[Realm]:
    """The parts of the audit trail that this person may read: HR's is for HR alone."""
    realms = []
    if user.may(Permission.VIEW_AUDIT):
        realms.append(Realm.OFFICE)
    if user.may(Permission.VIEW_HR):
        realms.append(Realm.HR)
    return realms


@require_safe
@requires(Permission.VIEW_AUDIT, Permission.VIEW_HR)
def trail(request: StaffRequest) -> HttpResponseBase:
    """Who did what to which record, newest first; every filter stands in the address."""
    realms = realms_of(request.user)
    form = AuditFilterForm(request.GET, realms)
    found = queries.entries(realms, form.wanted(get_office()))
    if kind := export.wanted(request):
        return export.respond(
            request,
            kind,
            name="audit",
            columns=COLUMNS,
            rows=export.in_chunks(found, queries.ORDER),
            plain=PLAIN,
            is_hrs=Realm.HR in realms,
        )
    page = page_of(request, found, order=queries.ORDER, cursor="id")
    context = {
        "form": form,
        "page": page,
        "lines": rows_of(request.user, page.rows),
        "shows_hrs": Realm.HR in realms,
    }
    return render(request, "audit/trail.html", context)


def rows_of(user: User, entries: Sequence[AuditEntry]) -> list[AuditRow]:
    """Each entry in a sentence, with a link to the record where this person may see it.

    At most one query for each kind of record, however many entries there are.
    """
    named: dict[str, set[str]] = {}
    for entry in entries:
        named.setdefault(entry.subject_kind, set()).add(entry.subject)
    urls = {}
    for code, subjects in named.items():
        if kind := records.find_kind(code):
            for subject in kind.visible_numbers(user, subjects):
                urls[code, subject] = kind.url(subject)
    return [_row(entry, urls.get((entry.subject_kind, entry.subject), "")) for entry in entries]


def _row(entry: AuditEntry, url: str) -> AuditRow:
    record = (
        format_html('<a class="ref" href="{}">{}</a>', url, entry.subject)
        if url
        else format_html('<span class="ref">{}</span>', entry.subject)
    )
    words = {"who": format_html("<strong>{}</strong>", who_of(entry)), "record": record}
    # The words of the sentence are escaped, and so are both of its parts.
    sentence = mark_safe(str(conditional_escape(sentence_for(entry.action))) % words)  # noqa: S308
    return AuditRow(
        entry=entry,
        sentence=sentence,
        changes=changes_of(entry),
        is_hrs=entry.realm == Realm.HR,
    )


def who_of(entry: AuditEntry) -> str:
    """The person; else OfficeFlow itself, or somebody who had not signed in."""
    if entry.actor is not None:
        return str(entry.actor)
    if entry.action in BEFORE_SIGNING_IN:
        return _("Somebody not signed in")
    return _("OfficeFlow")


def changes_of(entry: AuditEntry) -> list[Change]:
    """The fields that changed."""
    return [
        Change(
            field=in_words(field),
            old=value_in_words(pair[0]) if pair else "",
            new=value_in_words(pair[1]) if pair else "",
            is_personal=pair is None,
        )
        for field, pair in entry.changes.items()
    ]


def _sentence_text(entry: AuditEntry) -> str:
    return sentence_for(entry.action) % {"who": who_of(entry), "record": entry.subject}


def _changes_text(entry: AuditEntry) -> str:
    told: list[Any] = [
        each.field if each.is_personal else f"{each.field}: {each.old} → {each.new}"
        for each in changes_of(entry)
    ]
    return "; ".join(told)


COLUMNS: tuple[Column[AuditEntry], ...] = (
    Column(gettext_lazy("When"), lambda entry: entry.at, 20),
    Column(gettext_lazy("Who"), who_of, 24),
    Column(gettext_lazy("What happened"), _sentence_text, 60),
    Column(gettext_lazy("Record"), lambda entry: entry.subject, 18),
    Column(gettext_lazy("Kind"), lambda entry: entry.subject_kind),
    Column(gettext_lazy("Deed"), lambda entry: entry.action, 20),
    Column(gettext_lazy("What changed"), _changes_text, 60),
    Column(gettext_lazy("HR"), lambda entry: entry.realm == Realm.HR, 8),
)
