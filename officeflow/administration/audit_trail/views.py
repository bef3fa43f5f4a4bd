"""The page of the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    sentence_for,
    spaced,
    value_text,
)
from officeflow.audit import queries
from officeflow.audit.models import AuditEntry, Realm
from officeflow.company.models import Office
from officeflow.company.queries import cached_office, get_office
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui import export
from officeflow.ui.export import ExportColumn
from officeflow.ui.paging import page_of

# The filters whose values the audit entry of an export keeps: none is free text.
RECORDED_FILTERS = ("who", "did", "kind", "since", "until")


@dataclass(frozen=True)
class Change:
    """One field that changed. A personal field has no values, because none are recorded."""

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
    is_hr: bool


def realms_of(user: User) -> list[Realm]:
    """Returns the realms of the audit trail that this person may read."""
    realms = []
    if user.may(Permission.VIEW_AUDIT):
        realms.append(Realm.OFFICE)
    if user.may(Permission.VIEW_HR):
        realms.append(Realm.HR)
    return realms


@require_safe
@requires(Permission.VIEW_AUDIT, Permission.VIEW_HR)
def trail(request: StaffRequest) -> HttpResponseBase:
    """Lists audit entries, newest first, by the filters of the query string; exports them."""
    # Amounts are written in the office's currency.
    with cached_office(get_office()) as office:
        return _trail(request, office)


def _trail(request: StaffRequest, office: Office) -> HttpResponseBase:
    realms = realms_of(request.user)
    form = AuditFilterForm(request.GET, realms)
    found = queries.entries(realms, form.wanted(office))
    if kind := export.wanted(request):
        return export.respond(
            request,
            kind,
            name="audit",
            columns=COLUMNS,
            rows=export.in_chunks(found, queries.ORDER),
            plain=RECORDED_FILTERS,
            form=form,
            is_hr=Realm.HR in realms,
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
    """Returns each entry as a sentence, with a link to the record where this person may see it.

    At most one query for each kind of record.
    """
    subjects_by_kind: dict[str, set[str]] = {}
    for entry in entries:
        subjects_by_kind.setdefault(entry.subject_kind, set()).add(entry.subject)
    urls = {}
    for code, subjects in subjects_by_kind.items():
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
    parts = {"who": format_html("<strong>{}</strong>", who_of(entry)), "record": record}
    # The sentence and both parts are escaped.
    sentence = mark_safe(str(conditional_escape(sentence_for(entry.action))) % parts)  # noqa: S308
    return AuditRow(
        entry=entry,
        sentence=sentence,
        changes=changes_of(entry),
        is_hr=entry.realm == Realm.HR,
    )


def who_of(entry: AuditEntry) -> str:
    """Returns the actor's name; without an actor, OfficeFlow or a person not signed in."""
    if entry.actor is not None:
        return str(entry.actor)
    if entry.action in BEFORE_SIGNING_IN:
        return _("A person not signed in")
    return _("OfficeFlow")


def changes_of(entry: AuditEntry) -> list[Change]:
    """Returns the changed fields of an entry with their values as texts."""
    return [
        Change(
            field=spaced(field),
            old=value_text(pair[0], field) if pair else "",
            new=value_text(pair[1], field) if pair else "",
            is_personal=pair is None,
        )
        for field, pair in entry.changes.items()
    ]


def _sentence_text(entry: AuditEntry) -> str:
    return sentence_for(entry.action) % {"who": who_of(entry), "record": entry.subject}


def _changes_text(entry: AuditEntry) -> str:
    return "; ".join(
        each.field if each.is_personal else f"{each.field}: {each.old} → {each.new}"
        for each in changes_of(entry)
    )


COLUMNS: tuple[ExportColumn[AuditEntry], ...] = (
    ExportColumn(gettext_lazy("When"), lambda entry: entry.at, 20),
    ExportColumn(gettext_lazy("Who"), who_of, 24),
    ExportColumn(gettext_lazy("What happened"), _sentence_text, 60),
    ExportColumn(gettext_lazy("Record"), lambda entry: entry.subject, 18),
    ExportColumn(gettext_lazy("Kind"), lambda entry: entry.subject_kind),
    ExportColumn(gettext_lazy("Action"), lambda entry: entry.action, 20),
    ExportColumn(gettext_lazy("What changed"), _changes_text, 60),
    ExportColumn(gettext_lazy("HR"), lambda entry: entry.realm == Realm.HR, 8),
)
