"""Saving, ending and deleting drafts.

Drafts are not audited: they change nothing but themselves, and only their author knows of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.drafts.encryption import decrypt, encrypt
from officeflow.drafts.models import Draft
from officeflow.errors import Conflict, Refused

MOST_CHARACTERS = 200_000  # of one draft, names and values together
MOST_FIELDS = 5000
MOST_DRAFTS = 200  # unfinished ones of one person
# Saves of one page that can be under way at once, when it is left while a save is.
MOST_UNDER_WAY = 3
# How long the empty row of an ended draft refuses late saves, and how many rows a run deletes.
ENDED_LIFETIME = timedelta(days=1)
MOST_DELETED = 1000


class DraftEnded(Conflict):
    """The draft was sent or discarded."""


class NewerDraft(Conflict):
    """Another window has saved a newer draft of the same form."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(_("Another window has newer text in this form."))


def save_draft(
    *,
    actor: AbstractBaseUser,
    key: UUID,
    form: str,
    context: str,
    address: str,
    fields: Iterable[tuple[str, str]],
    version: int,
    ahead: int = MOST_UNDER_WAY,
    replace: bool = False,
) -> Draft:
    """Saves what the actor has typed, and returns the draft with its new version.

    `version` is the one that the page has seen, 0 for none; a page counts on its own saves that are
    still under way, so it may be higher than the saved one by `ahead`. `address` is where the form
    is sent to. The text that is saved already may be saved again with any version. Raises
    `NewerDraft` for another version, unless `replace`, `DraftEnded` when the draft was sent or
    discarded, and `Refused` when it is too long or the actor has too many.
    """
    pairs = list(fields)
    length = sum(len(name) + len(value) for name, value in pairs)
    if length > MOST_CHARACTERS or len(pairs) > MOST_FIELDS:
        raise Refused(_("The text is too long to be kept."))
    content = encrypt(actor.pk, [address, pairs])
    now = timezone.now()
    with transaction.atomic():
        draft = Draft.objects.of(actor).select_for_update().filter(key=key).first()
        if draft is None:
            first = version + 1 if version <= ahead else 1
            return _start_draft(actor, key, form, context, content, first, replace=replace)
        if draft.ended_at is not None:
            raise DraftEnded(_("This form was sent or discarded already."))
        follows = draft.version <= version <= draft.version + ahead
        if not follows and not replace:
            if decrypt(actor.pk, draft.content) == [address, [list(pair) for pair in pairs]]:
                return draft
            raise NewerDraft(draft)
        draft.content, draft.changed_at = content, now
        draft.version = (version if follows else draft.version) + 1
        draft.save(update_fields=["content", "changed_at", "version"])
    return draft


def _start_draft(
    actor: AbstractBaseUser,
    key: UUID,
    form: str,
    context: str,
    content: bytes,
    version: int,
    *,
    replace: bool,
) -> Draft:
    unfinished = Draft.objects.of(actor).unfinished()
    same = unfinished.filter(form=form, context=context) if context else Draft.objects.none()
    if replace:
        same.update(content=b"", ended_at=timezone.now())
    elif (other := same.first()) is not None:
        raise NewerDraft(other)
    now = timezone.now()
    # The oldest make room: what was just typed is never refused.
    kept = unfinished.order_by("-changed_at").values("pk")[: MOST_DRAFTS - 1]
    unfinished.exclude(pk__in=kept).update(content=b"", ended_at=now)
    try:
        with transaction.atomic():
            return Draft.objects.create(
                author_id=actor.pk,
                key=key,
                form=form,
                context=context,
                content=content,
                started_at=now,
                changed_at=now,
                version=version,
            )
    except IntegrityError:
        # Another window was faster, or the form has just been sent.
        found = Draft.objects.of(actor).filter(key=key).first() or same.first()
        if found is None or found.ended_at is not None:
            raise DraftEnded(_("This form was sent or discarded already.")) from None
        raise NewerDraft(found) from None


def end_draft(
    *,
    actor: AbstractBaseUser,
    key: UUID,
    form: str = "",
    context: str = "",
    version: int | None = None,
) -> bool:
    """Deletes a draft's content, because its form was sent or the actor discards it.

    Runs in the transaction of the form's effect. `version` is the last one that the sent form
    contains: a newer one, of another window, is not deleted, and False is returned. The empty row
    refuses a save that arrives later, also when nothing was saved before.
    """
    now = timezone.now()
    Draft.objects.bulk_create(
        [
            Draft(
                author_id=actor.pk,
                key=key,
                form=form,
                context=context,
                content=b"",
                started_at=now,
                changed_at=now,
                ended_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    # A save that was under way has been committed, or waits for this transaction.
    draft = Draft.objects.of(actor).select_for_update().get(key=key)
    if draft.ended_at is None:
        if version is not None and draft.version > version:
            return False
        draft.content, draft.changed_at, draft.ended_at = b"", now, now
        draft.save(update_fields=["content", "changed_at", "ended_at"])
    return True


def delete_old_drafts() -> int:
    """The periodic job: deletes drafts unchanged for `DRAFT_KEEP_DAYS`, and ended ones' rows."""
    now = timezone.now()
    old = Draft.objects.filter(changed_at__lt=now - timedelta(days=settings.DRAFT_KEEP_DAYS))
    ended = Draft.objects.filter(ended_at__isnull=False, changed_at__lt=now - ENDED_LIFETIME)
    deleted = 0
    for rows in (old, ended):
        chosen = rows.order_by("changed_at").values("pk")[:MOST_DELETED]
        deleted += Draft.objects.filter(pk__in=chosen).delete()[0]
    return deleted
