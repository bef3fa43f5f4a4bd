"""The words that pages of found things use."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from officeflow.ui.highlight import marked as mark_words
from officeflow.ui.search import SearchQuery

register = template.Library()


@register.simple_tag
def marked(text: Any, query: SearchQuery | None = None) -> SafeString:
    """A text with what was asked for marked in it; as it is without a question."""
    return mark_words(text, query)
