"""Writing the audit trail. Every action calls `record` in the transaction of its change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from officeflow.audit.models import AuditEntry, Realm
from officeflow.postgres.inserts import insert
from officeflow.ui.export import Export

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

# The entries that `record_in_batches` has not written yet.
_pending: ContextVar[list[AuditEntry] | None] = ContextVar("officeflow_audit", default=None)
BATCH_SIZE = 200
_batch_size: ContextVar[int | None] = ContextVar("officeflow_audit_batch", default=BATCH_SIZE)


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
    """Adds and returns one entry.

    `actor` is None when a hand-off was applied. `changes` maps a field to its old and new value;
    `personal` names changed fields with personal data, whose values are not stored.
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
        insert([entry])
    else:
        pending.append(entry)
        if len(pending) == _batch_size.get():
            _write(pending)
    return entry


@contextmanager
def record_in_batches(size: int | None = BATCH_SIZE) -> Iterator[list[AuditEntry]]:
    """Within the block, writes entries `size` at a time, in their order; None: all at its end.

    The caller needs a transaction around the block, so that no action commits without its entry.
    The block gets the list of the entries that are not written yet. When it rolls back a savepoint
    and goes on, it needs the size None, and removes the entries of that savepoint from the list.
    Within a block of the size None the entries are those of that block.
    """
    around = _pending.get()
    if around is not None and _batch_size.get() is None:
        yield around
        return
    pending: list[AuditEntry] = []
    token, size_token = _pending.set(pending), _batch_size.set(size)
    try:
        yield pending
        _write(pending)
    finally:
        _pending.reset(token)
        _batch_size.reset(size_token)


def _write(pending: list[AuditEntry]) -> None:
    insert(pending)
    pending.clear()


def record_all(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    subject_kind: str,
    changes: Mapping[str, Mapping[str, tuple[Any, Any]]],
) -> None:
    """Adds one entry for each subject of one kind, all for the same action.

    `changes` maps a subject to its fields' old and new values, none of them personal.
    """
    at = timezone.now()
    with record_in_batches():
        for subject, fields in changes.items():
            record(
                actor=actor,
                action=action,
                subject_kind=subject_kind,
                subject=subject,
                changes=fields,
                at=at,
            )


def record_export(*, export: Export, **signal: Any) -> AuditEntry:
    """Adds that a list was exported: its name, format, filters and number of rows.

    Free text in the filters is not stored, because it may be a person's name.
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
        realm=Realm.HR if export.is_hr else Realm.OFFICE,
    )


def _plain(value: Any) -> Any:
    """Returns a value for JSON: None and numbers as they are, everything else as text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)
