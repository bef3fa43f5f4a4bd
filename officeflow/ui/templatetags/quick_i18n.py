"""Django's `i18n` tags, with constant texts of `{% translate %}` looked up once for each language.

Translations do not change while the process lives. settings.TEMPLATES puts this library in the
place of Django's.
"""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token, Variable
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class ConstantTextNode(template.Node):
    """A text that depends on the language alone."""

    child_nodelists = ()

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.node, self.variable = node, node.asvar
        node.asvar = None
        self.texts: dict[str | None, str] = {}

    def render(self, context: template.Context) -> str:
        """Returns the text in the active language, or sets the variable of the tag."""
        language = get_language()
        text = self.texts.get(language)
        if text is None:
            text = self.texts[language] = self.node.render(context)
        if self.variable:
            context[self.variable] = text
            return ""
        return text


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> template.Node:
    """Django's `{% translate %}`."""
    node = i18n.do_translate(parser, token)
    text = node.filter_expression
    is_constant = isinstance(text.var, Variable) and text.var.lookups is None and not text.filters
    if is_constant and node.message_context is None and not node.noop:
        return ConstantTextNode(node)
    return node
