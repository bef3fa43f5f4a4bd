"""Writing the audit trail. Every action that changes a state calls `record` in its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from officeflow.audit.models import AuditEntry, Realm
from officeflow.ui.export import Export

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

# Entries of long work that are still to be written, and how many are written at a time.
_pending: ContextVar[list[AuditEntry] | None] = ContextVar("officeflow_audit", default=None)
BATCH_SIZE = 200


def record(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    subject_kind: str,
    subject: str,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    personal: Iterable[str] = (),
    realm: Realm = Realm.OFFICE,
    at: datetime | None = None,
) -> AuditEntry:
    """Adds one entry.

    `actor` is None when a hand-off applied it. `changes` maps a field to its old and new
    value; fields that hold something personal are named in `personal` without their values.
    """
    written: dict[str, Any] = {
        field: [_plain(old), _plain(new)] for field, (old, new) in (changes or {}).items()
    }
    written.update(dict.fromkeys(personal))
    entry = AuditEntry(
        at=at or timezone.now(),
        actor_id=actor.pk if actor is not None else None,
        action=action,
        subject_kind=subject_kind,
        subject=subject,
        realm=realm,
        changes=written,
    )
    pending = _pending.get()
    if pending is None:
        entry.save(force_insert=True)
    else:
        pending.append(entry)
        if len(pending) >= BATCH_SIZE:
            _write(pending)
    return entry


@contextmanager
def record_in_batches() -> Iterator[None]:
    """Writes the entries of long work many at a time, in their order; the last ones at its end.

    The caller's transaction holds all of the work, so that no action is there without its entry.
    """
    pending: list[AuditEntry] = []
    token = _pending.set(pending)
    try:
        yield
        _write(pending)
    finally:
        _pending.reset(token)


def _write(pending: list[AuditEntry]) -> None:
    AuditEntry.objects.bulk_create(pending)
    pending.clear()


def record_all(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    subject_kind: str,
    changes: Mapping[str, Mapping[str, tuple[Any, Any]]],
) -> None:
    """Adds an entry for each of many things of a kind to which the same was done at once.

    `changes` maps the subject to its fields' old and new values, none of them personal.
    """
    at = timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=at,
            actor_id=actor.pk if actor is not None else None,
            action=action,
            subject_kind=subject_kind,
            subject=subject,
            changes={field: [_plain(old), _plain(new)] for field, (old, new) in fields.items()},
        )
        for subject, fields in changes.items()
    )


def record_export(*, export: Export, **signal: Any) -> AuditEntry:
    """Adds that somebody took a list away: which one, how, narrowed down by what, how many rows.

    What somebody typed to narrow it down is not kept, because it may be a person's name.
    """
    changes: dict[str, tuple[Any, Any]] = {
        "format": (None, export.kind),
        "rows": (None, export.rows),
    }
    if export.filters:
        changes["filter"] = (None, export.filters)
    return record(
        actor=export.actor,
        action="export_list",
        subject_kind="list",
        subject=export.name,
        changes=changes,
        realm=Realm.HR if export.is_hrs else Realm.OFFICE,
    )


def _plain(value: Any) -> Any:
    """A value as JSON holds it: decimals and times as text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool):
        return str(value) if isinstance(value, str) else value
    return str(value)
