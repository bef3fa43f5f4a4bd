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


class FormKeysNode(CsrfTokenNode):
    """The hidden inputs of a form: its CSRF token, and its signed author."""

    def render(self, context: template.Context) -> SafeString:
        """Returns the inputs."""
        return format_html("{}{}", super().render(context), author_input(context.get("request")))


@register.tag
def csrf_token(parser: Parser, token: Token) -> FormKeysNode:
    """The hidden inputs of a form."""
    return FormKeysNode()
