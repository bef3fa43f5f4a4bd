"""Reading which files hang where, for those who may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, QuerySet

from officeflow.attachments import holders
from officeflow.attachments.holders import DRAFT
from officeflow.attachments.models import Attachment
from officeflow.audit.models import Realm
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.models import User


def may_see(user: User, kind: str, number: str) -> bool:
    """Whether the person may see what hangs on something. Drafts are their author's."""
    if kind == DRAFT:
        return user.may(Permission.RAISE_COMPLAINT)
    return holders.may_see(user, kind, number)


def may_add(user: User, kind: str, number: str) -> bool:
    """Whether the person may add files there."""
    if kind == DRAFT:
        return user.may(Permission.RAISE_COMPLAINT)
    return holders.may_add(user, kind, number)


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
    return file if holders.may_see(user, file.holder_kind, file.holder_number) else None


def may_remove(user: User, file: Attachment) -> bool:
    """Whether the person may take a file away: who may add there may."""
    if file.holder_kind == DRAFT:
        return file.added_by_id == user.pk
    return holders.may_add(user, file.holder_kind, file.holder_number)


def version_of(kind: str, number: str) -> tuple[int, int | None, datetime | None]:
    """Changes whenever a file comes or goes; one query over an index."""
    found = Attachment.objects.on(kind, number).aggregate(
        rows=Count("pk"), latest=Max("pk"), removed=Max("removed_at")
    )
    return found["rows"], found["latest"], found["removed"]


def holders_address(kind: str, number: str) -> str:
    """The page of what files hang on; empty when there is none."""
    holder = holders.holder_of(kind)
    return holder.url(number) if holder else ""
