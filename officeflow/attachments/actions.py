"""Attaching files to records and removing them.

A file is stored before its row is inserted, so that a crash leaves at worst a file without a row;
`delete_unused_files` deletes those. A removed file is deleted after the commit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.attachments import queries
from officeflow.attachments.checking import (
    CheckedFile,
    FileRefused,
    check_file,
    digest,
    others_add_files,
    readable_name,
)
from officeflow.attachments.models import DRAFT, Attachment
from officeflow.attachments.storage import private_files
from officeflow.audit.actions import record
from officeflow.audit.models import Realm
from officeflow.errors import Conflict, Refused
from officeflow.numbering import next_number
from officeflow.staff.models import User
from officeflow.work_limit import LimitReached, OwnWorkRuns, WorkLimit

FOLDER = "attachments"
MAX_REASON_LENGTH = 500
MOST_DRAFT_BYTES = 200 * 1024 * 1024  # of one person's forms that are not sent
# A person who sends many slow files holds one thread of the web server.
CHECKING = WorkLimit(2)
# Younger files without a row are kept, because their row may not be committed yet.
MIN_UNUSED_AGE = timedelta(hours=1)


@dataclass(frozen=True)
class AttachResult:
    """The attachment; `is_duplicate` when the record already had a file of the same content."""

    file: Attachment
    is_duplicate: bool


def attach(
    *,
    actor: User,
    kind: str,
    number: str,
    name: str,
    content: bytes,
    added_at: datetime | None = None,
) -> AttachResult:
    """Checks a file by its content and attaches it to the record of that kind and number.

    A file with the same content as one of the record is not stored again. Raises `FileRefused`
    (a `Refused`) for files that are not accepted, and when the person may not add files here.
    """
    if not queries.may_add(actor, kind, number):
        raise FileRefused(_("You cannot add files here."))
    # Before the content is looked at, which can take many seconds.
    if found := _same(kind, number, digest(content)):
        return AttachResult(found, is_duplicate=True)
    if Attachment.objects.on(kind, number).present().count() >= settings.ATTACHMENTS_MOST:
        raise FileRefused(
            _("There are already %(most)d files here. Remove one first.")
            % {"most": settings.ATTACHMENTS_MOST}
        )
    drafts = Attachment.objects.filter(holder_kind=DRAFT, added_by=actor).present()
    if kind == DRAFT and _bytes_of(drafts) > MOST_DRAFT_BYTES:
        raise FileRefused(_("Your forms that are not sent have too many files. Send one first."))
    try:
        with CHECKING.held_by(actor.pk):
            checked = check_file(name, content)
    except OwnWorkRuns:
        raise FileRefused(
            _("Another file of yours is being read. Add “%(name)s” when that is done.")
            % {"name": readable_name(name)}
        ) from None
    except LimitReached:
        raise others_add_files(readable_name(name)) from None
    path, thumbnail_path = _store(checked.content), _store(checked.thumbnail)
    try:
        with transaction.atomic():
            file = _insert(actor, kind, number, checked, path, thumbnail_path, added_at)
    except BaseException as error:
        _delete([path, thumbnail_path])
        # A concurrent call attached the same content first.
        if isinstance(error, IntegrityError) and (found := _same(kind, number, checked.sha256)):
            return AttachResult(found, is_duplicate=True)
        raise
    return AttachResult(file, is_duplicate=False)


def _bytes_of(files: QuerySet[Attachment]) -> int:
    return int(files.aggregate(all=Sum("size"))["all"] or 0)


def _same(kind: str, number: str, sha256: str) -> Attachment | None:
    return Attachment.objects.on(kind, number).present().filter(sha256=sha256).first()


def _insert(
    actor: User,
    kind: str,
    number: str,
    checked: CheckedFile,
    path: str,
    thumbnail_path: str,
    added_at: datetime | None,
) -> Attachment:
    now = added_at or timezone.now()
    file = Attachment.objects.create(
        number=next_number("AT"),
        holder_kind=kind,
        holder_number=number,
        realm=queries.realm_of(kind, number),
        name=checked.name,
        kind=checked.kind,
        size=len(checked.content),
        width=checked.width,
        height=checked.height,
        sha256=checked.sha256,
        path=path,
        thumbnail_path=thumbnail_path,
        added_by=actor,
        added_at=now,
    )
    if kind != DRAFT:
        _audit(actor, "attach_file", file, now)
    return file


def _audit(actor: User, action: str, file: Attachment, at: datetime) -> None:
    removed = action == "remove_file"
    record(
        actor=actor,
        action=action,
        subject_kind=file.holder_kind,
        subject=file.holder_number,
        changes={"attachment": (file.number, None) if removed else (None, file.number)},
        personal=["reason"] if removed else ["file"],
        realm=Realm(file.realm),
        at=at,
    )


@transaction.atomic
def attach_drafts(*, actor: User, token: str, kind: str, number: str) -> list[Attachment]:
    """Attaches the actor's drafts under `token` to a new record, and returns them.

    Called in the transaction that creates the record. Drafts of other people are left out.
    """
    drafts = Attachment.objects.on(DRAFT, token).present().filter(added_by=actor).order_by("pk")
    files = list(drafts.select_for_update()) if token else []
    realm, now = queries.realm_of(kind, number), timezone.now()
    for file in files:
        file.holder_kind, file.holder_number, file.realm = kind, number, realm
        file.added_at = now
        file.save(update_fields=["holder_kind", "holder_number", "realm", "added_at"])
        _audit(actor, "attach_file", file, now)
    return files


@transaction.atomic
def remove_file(*, actor: User, file: Attachment, reason: str) -> None:
    """Deletes a file's content; its row stays, with the reason.

    Raises `Refused` without a reason or when the person may not remove it, and `Conflict` when it
    was removed already.
    """
    if not queries.may_remove(actor, file):
        raise Refused(_("You cannot remove this file."))
    reason = reason.strip()
    if not reason:
        raise Refused(_("Enter a reason for removing the file."), "reason")
    if len(reason) > MAX_REASON_LENGTH:
        raise Refused(
            _("Use at most %(length)d characters.") % {"length": MAX_REASON_LENGTH}, "reason"
        )
    _remove(actor, file, reason)


def _remove(actor: User, file: Attachment, reason: str) -> None:
    now = timezone.now()
    updated = (
        Attachment.objects.present()
        .filter(pk=file.pk)
        .update(
            removed_at=now,
            removed_by=actor,
            removed_reason=reason,
            path="",
            thumbnail_path="",
        )
    )
    if not updated:
        raise Conflict(_("A colleague has already removed this file."))
    _audit(actor, "remove_file", file, now)
    _delete_after_commit([file.path, file.thumbnail_path])


@transaction.atomic
def delete_draft(*, actor: User, file: Attachment) -> None:
    """Deletes a draft with its row. Raises `Refused` for files that are not the actor's draft."""
    if file.holder_kind != DRAFT or file.added_by_id != actor.pk:
        raise Refused(_("You cannot remove this file."))
    Attachment.objects.filter(pk=file.pk, holder_kind=DRAFT).delete()
    _delete_after_commit([file.path, file.thumbnail_path])


@transaction.atomic
def move_files(*, actor: User, kind: str, from_number: str, to_number: str) -> int:
    """Moves the files of one record to another of its kind; returns how many were moved.

    Called in the transaction that merges the records. Files that the other record has already
    are removed.
    """
    known = set(Attachment.objects.on(kind, to_number).present().values_list("sha256", flat=True))
    moved = 0
    files = Attachment.objects.on(kind, from_number).present().select_for_update().order_by("pk")
    for file in files:
        if file.sha256 in known:
            reason = _("The same file is also attached to %(number)s.") % {"number": to_number}
            _remove(actor, file, reason)
            continue
        file.holder_number = to_number
        file.save(update_fields=["holder_number"])
        _audit(actor, "attach_file", file, timezone.now())
        moved += 1
    return moved


# --- the storage ------------------------------------------------------------------------------


def _store(content: bytes) -> str:
    """Stores content under a random path and returns the path; empty for no content."""
    if not content:
        return ""
    name = uuid4().hex
    return private_files().save(f"{FOLDER}/{name[:2]}/{name}", ContentFile(content))


def _delete(paths: Iterable[str]) -> None:
    for path in filter(None, paths):
        private_files().delete(path)


def _delete_after_commit(paths: list[str]) -> None:
    transaction.on_commit(partial(_delete, paths))


@dataclass(frozen=True)
class DeletedFiles:
    """How many expired drafts and files without a row were deleted, and the numbers of
    attachments whose file is missing."""

    drafts: int
    files: int
    missing: list[str]


def delete_unused_files(*, now: datetime) -> DeletedFiles:
    """Deletes expired drafts, and files without a row that are older than `MIN_UNUSED_AGE`.

    Attachments whose file is missing are only reported: a backup may restore the file.
    """
    with transaction.atomic():
        oldest = now - timedelta(days=settings.DRAFT_KEEP_DAYS)
        expired = Attachment.objects.filter(holder_kind=DRAFT, added_at__lt=oldest)
        drafts, _by_model = expired.delete()
    storage = private_files()
    known = _paths_of_rows()
    files = 0
    on_disk: set[str] = set()
    for path in _paths_on_disk():
        on_disk.add(path)
        if path not in known and storage.get_modified_time(path) < now - MIN_UNUSED_AGE:
            storage.delete(path)
            files += 1
    present = Attachment.objects.present().values_list("number", "path", "thumbnail_path")
    missing = [
        number
        for number, *paths in present.order_by("pk").iterator()
        if any(path and path not in on_disk and not storage.exists(path) for path in paths)
    ]
    return DeletedFiles(drafts=drafts, files=files, missing=missing)


def _paths_of_rows() -> set[str]:
    rows = Attachment.objects.present().values_list("path", "thumbnail_path")
    return {path for pair in rows.iterator() for path in pair if path}


def _paths_on_disk() -> Iterable[str]:
    storage = private_files()
    if not storage.exists(FOLDER):
        return
    folders, _files = storage.listdir(FOLDER)
    for folder in sorted(folders):
        _inner, names = storage.listdir(f"{FOLDER}/{folder}")
        yield from (f"{FOLDER}/{folder}/{name}" for name in sorted(names))
