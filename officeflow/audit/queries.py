"""Reading the audit trail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from officeflow.audit.models import AuditEntry, Realm

ORDER = ("-at", "-id")


def entries_about(subject: str) -> QuerySet[AuditEntry]:
    """Returns the office's entries about a reference number, oldest first, without HR's."""
    return (
        AuditEntry.objects.filter(subject=subject, realm=Realm.OFFICE)
        .select_related("actor")
        .order_by("at", "pk")
    )


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """Filters of the audit trail; an empty one filters nothing.

    `who` is a user's primary key, or 0 for entries without an actor. `records` are spellings of
    one reference number. `since` is inclusive and `until` exclusive.
    """

    who: int | None = None
    action: str = ""
    kind: str = ""
    records: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


def entries(realms: Collection[Realm], wanted: AuditFilter) -> QuerySet[AuditEntry]:
    """Returns the entries of these realms that match, newest first, with their actors."""
    found = AuditEntry.objects.filter(realm__in=list(realms)).select_related("actor")
    if wanted.who is not None:
        found = found.filter(actor_id=wanted.who or None)
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.kind:
        found = found.filter(subject_kind=wanted.kind)
    if wanted.records:
        found = found.filter(subject__in=list(wanted.records))
    if wanted.since is not None:
        found = found.filter(at__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(at__lt=wanted.until)
    if wanted.text:
        found = found.annotate(changes_text=Cast("changes", TextField())).filter(
            Q(subject__icontains=wanted.text)
            | Q(changes_text__icontains=wanted.text)
            | Q(actor__full_name__icontains=wanted.text)
        )
    return found.order_by(*ORDER)


def actions_done(realms: Collection[Realm]) -> list[str]:
    """Returns the distinct actions in these realms, by name.

    A recursive query (a loose index scan) reads one index entry for each action of a realm.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE jump AS (
                SELECT realm, (
                    SELECT action FROM audit_auditentry entry WHERE entry.realm = given.realm
                    ORDER BY action LIMIT 1
                ) AS action
                FROM unnest(%(realms)s::text[]) AS given (realm)
                UNION ALL
                SELECT realm, (
                    SELECT action FROM audit_auditentry entry
                    WHERE entry.realm = jump.realm AND entry.action > jump.action
                    ORDER BY action LIMIT 1
                )
                FROM jump WHERE action IS NOT NULL
            )
            SELECT DISTINCT action FROM jump WHERE action IS NOT NULL ORDER BY action
            """,
            {"realms": [realm.value for realm in realms]},
        )
        return [action for (action,) in cursor.fetchall()]
