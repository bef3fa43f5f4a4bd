"""The draft of a form on its page.

    draft = page_draft(request, "order")
    form = OrderForm(request.POST or None, initial=draft.initial())
    ...
    with draft.sending():      # one transaction: the effect, and the end of the draft
        place_order(...)

The template shows `{% draft_offers draft %}` above the form and `{% draft_field draft %}` in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from officeflow.drafts.actions import end_draft
from officeflow.drafts.queries import OwnDraft, own_draft, own_drafts
from officeflow.staff.access import StaffRequest
from officeflow.staff.models import User

FIELD = "draft"
VERSION_FIELD = "draft_version"
KEY_FIELD = "idempotency_key"
ON_PAGE = "draft_on_page"
# So many drafts are shown above a form, which must stay in sight; the page of drafts has all.
MOST_SHOWN = 2


@dataclass(frozen=True)
class DraftName:
    """Which form a draft belongs to, and its key."""

    form: str
    context: str
    key: UUID

    @property
    def text(self) -> str:
        """The name as one text, for a hidden field."""
        return f"{self.form}:{self.context}:{self.key}"

    @classmethod
    def read(cls, text: str) -> DraftName | None:
        """Returns the name from a hidden field's value; None for another text."""
        parts = text.split(":")
        if len(parts) != 3 or len(parts[1]) > 40 or (key := read_key(parts[2])) is None:
            return None
        return cls(form=parts[0], context=parts[1], key=key)


def read_key(text: str) -> UUID | None:
    """Returns a draft's key from text; None for another text."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_version(text: str) -> int:
    """Returns a draft's version from text; 0 for another text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@dataclass(frozen=True)
class PageDraft:
    """The draft of a form on its page.

    `restored` is the draft that the person asked for, `offered` are their others of this form.
    `is_sent` is true for a form that was sent and is shown again. `name` is None for a sent form
    that names no draft.
    """

    author: User
    name: DraftName | None
    version: int = 0
    is_sent: bool = False
    restored: OwnDraft | None = None
    offered: list[OwnDraft] = field(default_factory=list)

    @property
    def newest_offered(self) -> list[OwnDraft]:
        """The offered drafts that the form's own page shows."""
        return self.offered[:MOST_SHOWN]

    @property
    def most_shown(self) -> int:
        """How many offered drafts the form's own page shows."""
        return MOST_SHOWN

    def initial(self, **others: Any) -> dict[str, Any]:
        """Returns the initial values of the form: `others`, or the restored draft's fields."""
        if self.restored is None:
            return others
        fields = self.restored.fields.dict()
        # However a draft was saved, in two windows it is one form, which takes effect once.
        fields[KEY_FIELD] = fields.get(KEY_FIELD) or str(self.restored.key)
        return {**others, **fields}

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Runs the form's effect and ends its draft in one transaction."""
        with transaction.atomic():
            yield
            self.end()

    def end(self) -> None:
        """Ends the draft, unless it is newer, in the transaction of the form's effect."""
        if self.name is not None:
            end_draft(
                actor=self.author,
                key=self.name.key,
                form=self.name.form,
                context=self.name.context,
                version=self.version,
            )


def page_draft(request: StaffRequest, form: str, context: str = "") -> PageDraft:
    """Returns the draft of a form on its page; `?draft=` restores one of the person's own."""
    author = request.user
    if request.method == "POST":
        name = DraftName.read(request.POST.get(FIELD, ""))
        if name is not None and (name.form, name.context) != (form, context):
            name = None
        version = read_version(request.POST.get(VERSION_FIELD, ""))
        return _on_page(request, PageDraft(author, name, version, is_sent=True))
    restored = _asked_for(request, form, context)
    offered = own_drafts(author, form, context)
    if restored is None:
        name = DraftName(form, context, uuid4())
        return _on_page(request, PageDraft(author, name, offered=offered))
    draft = PageDraft(
        author,
        DraftName(form, context, restored.key),
        restored.version,
        restored=restored,
        offered=[each for each in offered if each.key != restored.key],
    )
    return _on_page(request, draft)


def _on_page(request: StaffRequest, draft: PageDraft) -> PageDraft:
    """Names the draft to `DraftMiddleware`."""
    setattr(request, ON_PAGE, draft)
    return draft


def _asked_for(request: StaffRequest, form: str, context: str) -> OwnDraft | None:
    if FIELD not in request.GET:
        return None
    key = read_key(request.GET[FIELD])
    found = own_draft(request.user, key) if key else None
    if found is None or (found.form, found.context) != (form, context):
        messages.info(request, _("This draft was sent or discarded already."))
        return None
    return found


def sent_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Returns the fields of a sent form that a draft keeps: no passwords and no keys of pages."""
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name not in EXCLUDED_FIELDS and not is_secret(name)
        for value in values
    ]


EXCLUDED_FIELDS = ("csrfmiddlewaretoken", "form_author", FIELD, VERSION_FIELD)
SECRET_PARTS = ("password", "card_number", "cvc", "token_code")


def is_secret(name: str) -> bool:
    """Returns whether a field's value must not be kept."""
    return any(part in name for part in SECRET_PARTS)
