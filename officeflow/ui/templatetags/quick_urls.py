"""Django's `{% url %}`, which finds the address of a page once a process.

The address of a record is that of a sample with another number in it. settings.TEMPLATES gives all
templates this tag.
"""

from __future__ import annotations

import re

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.html import conditional_escape

register = template.Library()

REFERENCE_NUMBER = re.compile(r"[A-Z]{2,3}-[0-9-]+")
SAMPLE = "XX-000000"


class QuickUrlNode(URLNode):
    """The address of a page, or of a record by its reference number; else as Django finds it."""

    def __init__(self, node: URLNode) -> None:
        super().__init__(node.view_name, node.args, node.kwargs, node.asvar)
        self.known: dict[tuple[str, str], list[str]] = {}

    def render(self, context: template.Context) -> str:
        """Returns the address, or sets the variable of the tag."""
        if self.kwargs or len(self.args) > 1:
            return super().render(context)
        number = self.args[0].resolve(context) if self.args else ""
        if self.args and not (isinstance(number, str) and REFERENCE_NUMBER.fullmatch(number)):
            return super().render(context)
        key = self.view_name.resolve(context), get_script_prefix()
        around = self.known.get(key)
        if around is None:
            try:
                sample = reverse(key[0], args=[SAMPLE] if self.args else [])
            except NoReverseMatch:
                return super().render(context)
            around = self.known[key] = sample.split(SAMPLE)
        url = number.join(around)
        if self.asvar:
            context[self.asvar] = url
            return ""
        return conditional_escape(url) if context.autoescape else url


@register.tag
def url(parser: Parser, token: Token) -> QuickUrlNode:
    """Django's `{% url %}`."""
    return QuickUrlNode(django_url(parser, token))
