"""`{% csrf_token %}`, which every template has, with the form's author.

settings.TEMPLATES loads this library for all templates.
"""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from officeflow.staff.form_author import author_input

register = template.Library()

KEPT = "_form_keys"  # on the request


class FormKeysNode(CsrfTokenNode):
    """The hidden inputs of a form: its CSRF token, and its signed author."""

    def render(self, context: template.Context) -> SafeString:
        """Returns the inputs, which are the same in all forms of a page."""
        request = context.get("request")
        made_for = str(context.get("csrf_token")), getattr(getattr(request, "user", None), "pk", 0)
        kept: dict[tuple[str, int | None], SafeString] = getattr(request, KEPT, {})
        if made_for not in kept:
            inputs = format_html("{}{}", super().render(context), author_input(request))
            kept = {made_for: inputs}
            if request is not None:
                setattr(request, KEPT, kept)
        return kept[made_for]


@register.tag
def csrf_token(parser: Parser, token: Token) -> FormKeysNode:
    """The hidden inputs of a form."""
    return FormKeysNode()
