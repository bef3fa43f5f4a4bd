"""Keeps a form that arrived after its session or a role of its author had ended."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from officeflow.drafts.actions import (
    MOST_UNDER_WAY,
    DraftEnded,
    NewerDraft,
    end_draft,
    save_draft,
)
from officeflow.drafts.models import Draft
from officeflow.drafts.pages import (
    FIELD,
    VERSION_FIELD,
    DraftName,
    is_secret,
    read_version,
    sent_fields,
)
from officeflow.drafts.registry import draft_form
from officeflow.errors import Refused
from officeflow.staff.form_author import author_of
from officeflow.staff.models import User
from officeflow.staff.rate_limit import RateLimit
from officeflow.staff.unsent_forms import KeptForm

# Drafts of one author that others start. With the signature in a page that was left open somebody
# could fill the list, and the author's own drafts would make room.
STARTED_BY_OTHERS = RateLimit("draft-by-others", limit=20, seconds=24 * 60 * 60)


def is_author(request: HttpRequest, author: User) -> bool:
    """Returns whether the form's author is signed in."""
    return bool(request.user.is_authenticated and request.user.pk == author.pk)


def save_form(
    request: HttpRequest,
    author: User,
    name: DraftName,
    *,
    address: str = "",
    version: int = 0,
    replace: bool = False,
) -> Draft:
    """Saves what was sent as a draft of its author, who need not be signed in any more.

    Who is not signed in as the author replaces nothing, goes on from exactly the saved version, and
    starts few drafts in a day. Raises what `save_draft` raises.
    """
    ahead = MOST_UNDER_WAY
    if not is_author(request, author):
        replace, ahead = False, 0
        is_new = not Draft.objects.of(author).filter(key=name.key).exists()
        if is_new and not STARTED_BY_OTHERS.count(request, str(author.pk)):
            raise Refused(_("Sign in, so that this form is kept."))
    return save_draft(
        actor=author,
        key=name.key,
        form=name.form,
        context=name.context,
        address=address,
        fields=sent_fields(request),
        version=version,
        ahead=ahead,
        replace=replace,
    )


def keep_form(request: HttpRequest) -> KeptForm | None:
    """Keeps a form for its author, as a draft; None for a form without text or with a password."""
    author = author_of(request)
    if author is None or any(is_secret(name) for name in request.POST):
        return None
    fields = sent_fields(request)
    if not any(value.strip() for name, value in fields if name != "idempotency_key"):
        return None
    name = DraftName.read(request.POST.get(FIELD, ""))
    if name is None or draft_form(name.form) is None:
        name = DraftName("", "", uuid4())
    version = read_version(request.POST.get(VERSION_FIELD, ""))
    sent_to = request.get_full_path()
    try:
        try:
            draft = save_form(request, author, name, address=sent_to, version=version)
        except NewerDraft:
            # Both are kept: this one apart.
            apart = DraftName("", "", uuid4())
            draft = save_form(request, author, apart, address=sent_to)
    except (DraftEnded, Refused):
        return None
    return KeptForm(author, reverse("drafts:draft", args=[draft.key]), bool(request.FILES))


def end_kept_form(request: HttpRequest) -> None:
    """Ends the draft of a kept form that its author has sent again.

    Registered forms end their drafts themselves, in the transaction of their effect.
    """
    name = DraftName.read(request.POST.get(FIELD, ""))
    if name is not None and not name.form and request.user.is_authenticated:
        end_draft(actor=request.user, key=name.key)
