"""Keeps a form that arrived after its session or a role of its author had ended."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest
from django.urls import reverse

from officeflow.drafts.actions import DraftEnded, NewerDraft, end_draft, save_draft
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
from officeflow.staff.unsent_forms import KeptForm


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
            draft = save_draft(
                actor=author,
                key=name.key,
                form=name.form,
                context=name.context,
                address=sent_to,
                fields=fields,
                version=version,
            )
        except NewerDraft:
            # Both are kept: this one apart.
            draft = save_draft(
                actor=author,
                key=uuid4(),
                form="",
                context="",
                address=sent_to,
                fields=fields,
                version=0,
            )
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
