"""`{% draft_field draft %}` in a form keeps it as a draft; `{% draft_offers draft %}` above it
offers the person's unfinished ones."""

from __future__ import annotations

from typing import Any

from django import template

from officeflow.drafts.pages import FIELD, VERSION_FIELD, PageDraft

register = template.Library()


@register.inclusion_tag("drafts/field.html")
def draft_field(draft: PageDraft) -> dict[str, Any]:
    """The hidden fields of a form that is kept, and the words that say so."""
    return {"draft": draft, "field": FIELD, "version_field": VERSION_FIELD}


@register.inclusion_tag("drafts/offers.html")
def draft_offers(draft: PageDraft) -> dict[str, Any]:
    """The restored draft, and the person's others of this form, to continue or discard."""
    return {"draft": draft}
