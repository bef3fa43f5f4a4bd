"""`{% marked text query %}` marks the matches of a search."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from officeflow.ui.highlight import marked as mark_words
from officeflow.ui.search import SearchQuery

register = template.Library()


@register.simple_tag
def marked(text: Any, query: SearchQuery | None = None) -> SafeString:
    """The text with matches marked; unchanged without a query."""
    return mark_words(text, query)
