"""Hanging files on things, and taking them away.

A file is written before its row, under a random name, so that a crash leaves at worst a file that
no row knows; `tidy` removes those. A file is deleted after the commit that says so.
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
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.attachments import queries
from officeflow.attachments.checking import Checked, FileRefused, check
from officeflow.attachments.models import DRAFT, Attachment
from officeflow.attachments.storage import private_files
from officeflow.audit.actions import record
from officeflow.audit.models import Realm
from officeflow.errors import Conflict, Refused
from officeflow.numbering import next_number
from officeflow.staff.models import User

FOLDER = "attachments"
LONGEST_REASON = 500
DRAFTS_LIVE = timedelta(hours=24)
# A file is there before its row is; a tidying must not take it in between.
ON_ITS_WAY = timedelta(hours=1)


@dataclass(frozen=True)
class Attached:
    """What came of handing a file in; `already` when the same content hung there before."""

    file: Attachment
    already: bool


def attach(
    *,
    actor: User,
    kind: str,
    number: str,
    name: str,
    content: bytes,
    added_at: datetime | None = None,
) -> Attached:
    """Checks a file by its content and hangs it on the thing of that kind and number.

    The same content twice is answered with the file that is there. Raises `FileRefused` (a
    `Refused`) for what cannot be taken, and where the person may not add.
    """
    if not queries.may_add(actor, kind, number):
        raise FileRefused(_("You cannot add files here."))
    checked = check(name, content)
    if found := _same(kind, number, checked.sha256):
        return Attached(found, already=True)
    if Attachment.objects.on(kind, number).present().count() >= settings.ATTACHMENTS_MOST:
        raise FileRefused(
            _("There are already %(most)d files here. Remove one first.")
            % {"most": settings.ATTACHMENTS_MOST}
        )
    path, thumbnail_path = _store(checked.content), _store(checked.thumbnail)
    try:
        with transaction.atomic():
            file = _row(actor, kind, number, checked, path, thumbnail_path, added_at)
    except BaseException as error:
        _delete([path, thumbnail_path])
        # The same file handed in twice at once: the second finds the first.
        if isinstance(error, IntegrityError) and (found := _same(kind, number, checked.sha256)):
            return Attached(found, already=True)
        raise
    return Attached(file, already=False)


def _same(kind: str, number: str, sha256: str) -> Attachment | None:
    return Attachment.objects.on(kind, number).present().filter(sha256=sha256).first()


def _row(
    actor: User,
    kind: str,
    number: str,
    checked: Checked,
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
        _tell(actor, "attach_file", file, now)
    return file


def _tell(actor: User, action: str, file: Attachment, at: datetime) -> None:
    gone = action == "remove_file"
    record(
        actor=actor,
        action=action,
        subject_kind=file.holder_kind,
        subject=file.holder_number,
        changes={"attachment": (file.number, None) if gone else (None, file.number)},
        personal=["reason"] if gone else ["file"],
        realm=Realm(file.realm),
        at=at,
    )


@transaction.atomic
def take_drafts(*, actor: User, token: str, kind: str, number: str) -> list[Attachment]:
    """Hangs on a new thing what its author handed in while the form was being filled in.

    Called in the transaction that makes the thing, by whoever made it; what somebody else put
    under the same token stays where it is.
    """
    drafts = Attachment.objects.on(DRAFT, token).present().filter(added_by=actor).order_by("pk")
    files = list(drafts.select_for_update()) if token else []
    realm, now = queries.realm_of(kind, number), timezone.now()
    for file in files:
        file.holder_kind, file.holder_number, file.realm = kind, number, realm
        file.added_at = now
        file.save(update_fields=["holder_kind", "holder_number", "realm", "added_at"])
        _tell(actor, "attach_file", file, now)
    return files


@transaction.atomic
def remove_file(*, actor: User, file: Attachment, reason: str) -> None:
    """Takes a file away: its row stays with the reason, its content is deleted.

    Raises `Refused` without a reason or where the person may not, `Conflict` when it is gone.
    """
    if not queries.may_remove(actor, file):
        raise Refused(_("You cannot remove this file."))
    reason = reason.strip()
    if not reason:
        raise Refused(_("Enter why you remove the file."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(
            _("Use at most %(length)d characters.") % {"length": LONGEST_REASON}, "reason"
        )
    _take_away(actor, file, reason)


def _take_away(actor: User, file: Attachment, reason: str) -> None:
    now = timezone.now()
    won = (
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
    if not won:
        raise Conflict(_("A colleague has already removed this file."))
    _tell(actor, "remove_file", file, now)
    _delete_after_commit([file.path, file.thumbnail_path])


@transaction.atomic
def drop_draft(*, actor: User, file: Attachment) -> None:
    """Drops a file that its author handed in and does not want after all; it leaves no trace."""
    if file.holder_kind != DRAFT or file.added_by_id != actor.pk:
        raise Refused(_("You cannot remove this file."))
    Attachment.objects.filter(pk=file.pk, holder_kind=DRAFT).delete()
    _delete_after_commit([file.path, file.thumbnail_path])


@transaction.atomic
def move_files(*, actor: User, kind: str, from_number: str, to_number: str) -> int:
    """Hangs everything of one thing on another of its kind: the two turned out to be one.

    Called in the transaction that says so. What hangs on the other already is taken away here.
    Gives the number of files moved.
    """
    there = set(Attachment.objects.on(kind, to_number).present().values_list("sha256", flat=True))
    moved = 0
    files = Attachment.objects.on(kind, from_number).present().select_for_update().order_by("pk")
    for file in files:
        if file.sha256 in there:
            reason = _("The same file is also attached to %(number)s.") % {"number": to_number}
            _take_away(actor, file, reason)
            continue
        file.holder_number = to_number
        file.save(update_fields=["holder_number"])
        _tell(actor, "attach_file", file, timezone.now())
        moved += 1
    return moved


# --- the storage ------------------------------------------------------------------------------


def _store(content: bytes) -> str:
    """Writes a file under a random name; gives the name, empty for no content."""
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
class Tidied:
    """What a tidying did: drafts nobody sent, files no row knows, rows whose file is missing."""

    drafts: int
    files: int
    missing: list[str]


def tidy(*, now: datetime) -> Tidied:
    """Removes drafts that were never sent and files that a crash left behind.

    Nothing younger than an hour is touched, because its row may be on its way. A row whose file
    is missing is named, not removed: a restore from a backup may bring it back.
    """
    with transaction.atomic():
        stale = Attachment.objects.filter(holder_kind=DRAFT, added_at__lt=now - DRAFTS_LIVE)
        drafts, _by_model = stale.delete()
    storage = private_files()
    kept = _paths_of_rows()
    files = 0
    on_disk: set[str] = set()
    for path in _paths_on_disk():
        on_disk.add(path)
        if path not in kept and storage.get_modified_time(path) < now - ON_ITS_WAY:
            storage.delete(path)
            files += 1
    present = Attachment.objects.present().values_list("number", "path", "thumbnail_path")
    missing = [
        number
        for number, *paths in present.order_by("pk").iterator()
        if any(path and path not in on_disk and not storage.exists(path) for path in paths)
    ]
    return Tidied(drafts=drafts, files=files, missing=missing)


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
