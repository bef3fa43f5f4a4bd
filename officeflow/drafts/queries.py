"""A person's own drafts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from officeflow.drafts.encryption import decrypt
from officeflow.drafts.models import Draft
from officeflow.drafts.registry import DraftForm, draft_form
from officeflow.ui.times import short

MOST_WORDS = 60  # characters of a title that are the person's own


@dataclass(frozen=True)
class OwnDraft:
    """A draft as its author sees it.

    `address` is the page on which it is continued; `sent_to` is the address of the form itself.
    `texts` are the person's own words in it, also when its page no longer takes them.
    """

    key: UUID
    form: str
    context: str
    version: int
    started_at: datetime
    changed_at: datetime
    title: str
    icon: str
    address: str
    sent_to: str
    fields: QueryDict
    texts: list[str]

    @property
    def discard_url(self) -> str:
        """The page that discards the draft."""
        return reverse("drafts:discard", args=[self.key])


def unfinished_count(user: AbstractBaseUser) -> int:
    """Returns how many drafts a person has."""
    return Draft.objects.of(user).unfinished().count()


def has_draft(user: AbstractBaseUser, key: UUID) -> bool:
    """Returns whether a draft was ever kept under a key, also one that has ended."""
    return Draft.objects.of(user).filter(key=key).exists()


def own_drafts(user: AbstractBaseUser, form: str = "", context: str = "") -> list[OwnDraft]:
    """Returns a person's unfinished drafts, of one form if given, last changed first.

    Drafts that cannot be decrypted, because `SECRET_KEY` has changed, are left out.
    """
    drafts = Draft.objects.of(user).unfinished().order_by("-changed_at")
    if form:
        drafts = drafts.filter(form=form, context=context)
    return [own for draft in drafts if (own := _own(draft)) is not None]


def own_draft(user: AbstractBaseUser, key: UUID) -> OwnDraft | None:
    """Returns one of a person's unfinished drafts; None for others."""
    draft = Draft.objects.of(user).unfinished().filter(key=key).first()
    return _own(draft) if draft else None


def kind_and_time(kind: DraftForm, draft: Draft, fields: QueryDict) -> str:
    """Returns the title of a draft whose fields do not say what it is: "Order of 14:05: Wrap"."""
    title = _("%(kind)s of %(time)s") % {"kind": kind.kind, "time": short(draft.started_at)}
    words = (
        "" if kind.is_private(fields) else " ".join(" ".join(_texts(kind.texts, fields)).split())
    )
    return f"{title}: {Truncator(words).chars(MOST_WORDS)}" if words else title


def _texts(names: Iterable[str], fields: QueryDict) -> list[str]:
    return [text for name in names for text in fields.getlist(name) if text.strip()]


def _own(draft: Draft) -> OwnDraft | None:
    content = decrypt(draft.author_id, draft.content)
    if content is None:
        return None
    sent_to, pairs = content
    fields = QueryDict(mutable=True)
    for name, value in pairs:
        fields.appendlist(name, value)
    address, title, icon = reverse("drafts:draft", args=[draft.key]), "", "edit"
    names: Iterable[str] = fields
    if (kind := draft_form(draft.form)) is not None:
        try:
            address = f"{kind.url(draft.context)}?draft={draft.key}"
        except NoReverseMatch:
            pass
        else:
            title = kind.title(fields, draft.context) or kind_and_time(kind, draft, fields)
            icon = kind.icon
            names = kind.texts
    return OwnDraft(
        key=draft.key,
        form=draft.form,
        context=draft.context,
        version=draft.version,
        started_at=draft.started_at,
        changed_at=draft.changed_at,
        title=title or _("Form that was not sent"),
        icon=icon,
        address=address,
        sent_to=sent_to,
        fields=fields,
        texts=_texts(names, fields),
    )
