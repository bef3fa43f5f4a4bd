"""The registry of forms that are kept as drafts. Apps register theirs in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise

MOST_CODE = 30


@dataclass(frozen=True)
class DraftForm:
    """A form that is kept as a draft.

    `title` returns what the draft is, such as "Order for Ada", from the fields and the context, or
    nothing while they do not say; it is then called by its `kind` and the time of its beginning.
    `texts` are the names of the fields with the person's own words; a draft without a title shows
    their beginning, unless `is_private`. `is_worth_keeping` is false for fields that hold nothing
    but the beginning of a search, say: no draft begins with them.
    `url_name` is the form's page, with the context as its argument unless `has_context` is false.
    """

    code: str
    url_name: str
    icon: str
    kind: str | Promise
    title: Callable[[QueryDict, str], str]
    texts: tuple[str, ...]
    has_context: bool = True
    is_worth_keeping: Callable[[QueryDict], bool] = lambda fields: True
    is_private: Callable[[QueryDict], bool] = lambda fields: False

    def url(self, context: str) -> str:
        """Returns the address of the form's page."""
        return reverse(self.url_name, args=[context] if self.has_context else [])


_forms: dict[str, DraftForm] = {}


def register_draft_form(form: DraftForm) -> None:
    """Adds a form; a second registration of a code replaces the first."""
    if not form.code or len(form.code) > MOST_CODE:
        raise ValueError(form.code)
    _forms[form.code] = form


def draft_form(code: str) -> DraftForm | None:
    """Returns the form with a code; None when no form has it."""
    return _forms.get(code)
