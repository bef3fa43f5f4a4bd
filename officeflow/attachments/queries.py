"""Reading attachments, and who may see, add and remove them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q

from officeflow import records
from officeflow.attachments.models import DRAFT, Attachment
from officeflow.audit.models import Realm
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.models import User

# The kind and the number of a record.
Holder = tuple[str, str]


def may_see(user: User, kind: str, number: str) -> bool:
    """Returns whether the person may see the files of a record.

    A person who may see the record may see its files, unless they are HR's. So may a person who
    sees a record about it, such as the ticket of a complaint. Drafts are visible to their author
    (see `files_on`).
    """
    if kind == DRAFT:
        return user.may(Permission.RAISE_COMPLAINT)
    found = records.find_kind(kind)
    if found is None or found.may_attach is None:
        return False
    own = records.is_visible(user, kind, number) and (
        realm_of(kind, number) != Realm.HR or user.may(Permission.VIEW_HR)
    )
    return own or any(each.sees_about(user, number) for each in records.kinds() if each.sees_about)


def may_add(user: User, kind: str, number: str) -> bool:
    """Returns whether the person may add files to a record, and remove them."""
    if kind == DRAFT:
        return user.may(Permission.RAISE_COMPLAINT)
    found = records.find_kind(kind)
    return found is not None and found.may_attach is not None and found.may_attach(user, number)


def realm_of(kind: str, number: str) -> Realm:
    """Returns the realm of a record's files: HR's or the office's."""
    found = records.find_kind(kind)
    is_hr = found is not None and found.is_hr_only is not None and found.is_hr_only(number)
    return Realm.HR if is_hr else Realm.OFFICE


def files_on(user: User, kind: str, number: str) -> list[Attachment]:
    """Returns the files of a record that the person may see, oldest first."""
    (rows,) = rows_on((kind, number))
    return visible_files(user, (kind, number), rows)


def rows_on(*holders: Holder) -> list[list[Attachment]]:
    """Returns all attachments of each record, also removed ones, oldest first, with one query."""
    wanted = Q()
    for kind, number in holders:
        wanted |= Q(holder_kind=kind, holder_number=number)
    found: dict[Holder, list[Attachment]] = {holder: [] for holder in holders}
    for row in Attachment.objects.filter(wanted).select_related("added_by").order_by("pk"):
        found[row.holder_kind, row.holder_number].append(row)
    return [found[holder] for holder in holders]


def visible_files(user: User, holder: Holder, rows: list[Attachment]) -> list[Attachment]:
    """Returns those of a record's attachments that are files which the person may see."""
    kind, number = holder
    files = [
        row
        for row in rows
        if row.removed_at is None
        and (kind != DRAFT or row.added_by_id == user.pk)
        and (row.realm != Realm.HR or user.may(Permission.VIEW_HR))
    ]
    # Most records have no files, so that nobody needs to know who may see them.
    return files if files and may_see(user, kind, number) else []


def find_file(user: User, number: str) -> Attachment | None:
    """Returns the attachment of that number; None when the person may not see it."""
    file = (
        Attachment.objects.present()
        .select_related("added_by")
        .filter(number=normalise(number))
        .first()
    )
    if file is None or (file.realm == Realm.HR and not user.may(Permission.VIEW_HR)):
        return None
    if file.holder_kind == DRAFT:
        return file if file.added_by_id == user.pk else None
    return file if may_see(user, file.holder_kind, file.holder_number) else None


def may_remove(user: User, file: Attachment) -> bool:
    """Returns whether the person may remove a file: those who may add files to its record."""
    if file.holder_kind == DRAFT:
        return file.added_by_id == user.pk
    return may_add(user, file.holder_kind, file.holder_number)


Version = tuple[int, int | None, datetime | None]


def version_of_rows(rows: list[Attachment]) -> Version:
    """Returns the version that `version_of` has for a record whose attachments are these."""
    removed = [row.removed_at for row in rows if row.removed_at is not None]
    return len(rows), rows[-1].pk if rows else None, max(removed, default=None)


def version_of(holder: Holder) -> Version:
    """Returns values that change with every added or removed file, with one query."""
    found = Attachment.objects.on(*holder).aggregate(
        rows=Count("pk"), latest=Max("pk"), removed=Max("removed_at")
    )
    return found["rows"], found["latest"], found["removed"]


def record_url(kind: str, number: str) -> str:
    """Returns the URL of a record's page; empty when there is none."""
    found = records.find_kind(kind)
    return found.url(number) if found else ""
