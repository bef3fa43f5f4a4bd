"""Reading the trail."""

from __future__ import annotations

from django.db.models import QuerySet

from officeflow.audit.models import AuditEntry, Realm


def entries_about(subject: str) -> QuerySet[AuditEntry]:
    """The office's entries about one reference number, oldest first. HR's are never among them."""
    return (
        AuditEntry.objects.filter(subject=subject, realm=Realm.OFFICE)
        .select_related("actor")
        .order_by("at", "pk")
    )
