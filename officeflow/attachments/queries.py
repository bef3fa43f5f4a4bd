"""Reading which files hang where, for those who may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, QuerySet

from officeflow import records
from officeflow.attachments.models import DRAFT, Attachment
from officeflow.audit.models import Realm
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.models import User


def may_see(user: User, kind: str, number: str) -> bool:
    """Whether the person may see the files of a record. Drafts are their author's.

    Who may see a record may see its files, but what is HR's is for HR alone; so may a person with
    a record about it, such as the ticket of a complaint.
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
    """Whether the person may add files to a record, and remove them."""
    if kind == DRAFT:
        return user.may(Permission.RAISE_COMPLAINT)
    found = records.find_kind(kind)
    return found is not None and found.may_attach is not None and found.may_attach(user, number)


def realm_of(kind: str, number: str) -> Realm:
    """Whether the files of a record are HR's alone, or the office's."""
    found = records.find_kind(kind)
    is_hr = found is not None and found.is_hr_only is not None and found.is_hr_only(number)
    return Realm.HR if is_hr else Realm.OFFICE


def files_on(user: User, kind: str, number: str) -> list[Attachment]:
    """The files that hang on something, oldest first; none for who may not see it."""
    return list(_shown(user, kind, number)) if may_see(user, kind, number) else []


def _shown(user: User, kind: str, number: str) -> QuerySet[Attachment]:
    files = Attachment.objects.on(kind, number).present().select_related("added_by")
    if kind == DRAFT:
        files = files.filter(added_by=user)
    if not user.may(Permission.VIEW_HR):
        files = files.exclude(realm=Realm.HR)
    return files.order_by("pk")


def find_file(user: User, number: str) -> Attachment | None:
    """The file of that number, when it is there and the person may see what it hangs on."""
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
    """Whether the person may take a file away: who may add there may."""
    if file.holder_kind == DRAFT:
        return file.added_by_id == user.pk
    return may_add(user, file.holder_kind, file.holder_number)


def version_of(kind: str, number: str) -> tuple[int, int | None, datetime | None]:
    """Changes whenever a file comes or goes; one query over an index."""
    found = Attachment.objects.on(kind, number).aggregate(
        rows=Count("pk"), latest=Max("pk"), removed=Max("removed_at")
    )
    return found["rows"], found["latest"], found["removed"]


def record_url(kind: str, number: str) -> str:
    """The page of the record that files are attached to; empty when there is none."""
    found = records.find_kind(kind)
    return found.url(number) if found else ""
