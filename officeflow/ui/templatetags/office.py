"""Template tags and filters for icons, badges, fields, amounts, times and components.

The style guide shows all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.template import Context, Node
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi

from officeflow import money as money_words
from officeflow.ui import controls, counts, icons, times
from officeflow.ui.invalid_forms import mark_invalid
from officeflow.ui.states import member_of
from officeflow.workflow import State

register = template.Library()

EM_DASH = "—"
# A reference number in text; those within a tag, as in addresses, are none.
REFERENCE_NUMBER = re.compile(r"\b[A-Z]{2,3}-(?:\d{4}-)?\d{6}\b(?![^<>]*>)")


# --- icons and badges -----------------------------------------------------------------------
@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon, hidden from screen readers unless it has a ``label``.

    ``size`` is ``sm``, ``lg`` or ``xl``; by default the icon has the size of the text.
    """
    return _icon(name, str(label), size)


class ConstantNode(Node):
    """A tag whose arguments are constants, which is drawn once."""

    def __init__(self, node: Node) -> None:
        self.node, self.drawn = node, ""

    def render(self, context: Context) -> str:
        """Returns what the tag draws."""
        self.drawn = self.drawn or self.node.render(context)
        return self.drawn


_compile_icon = register.tags["icon"]


@register.tag("icon")
def compile_icon(parser: Parser, token: Token) -> Node:
    """An icon; one with a constant name is drawn once."""
    node = _compile_icon(parser, token)
    arguments = [*node.args, *node.kwargs.values()]
    is_constant = all(isinstance(each.var, str) and not each.filters for each in arguments)
    return ConstantNode(node) if is_constant and node.target_var is None else node


@lru_cache(maxsize=1000)
def _icon(name: str, label: str, size: str) -> SafeString:
    classes = f"icon icon--{size}" if size else "icon"
    address = f"{static(icons.SPRITE)}#{icons.known(name)}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>',
            classes,
            label,
            address,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>',
        classes,
        address,
    )


@register.simple_tag
def badge(label: Any, tone: str = "neutral", icon: str = "", quiet: bool = False) -> SafeString:
    """A label with an icon. ``tone`` is ``neutral``, ``info``, ``progress``, ``good``, ``warn`` or
    ``bad``. A ``quiet`` badge has no background."""
    # A label may be HTML that is safe, so the cache distinguishes it from the same plain text.
    return _badge(conditional_escape(label), tone, icon, quiet)


@register.simple_tag
def status_badge(status: Any, field: str = "", quiet: bool = False) -> SafeString:
    """The badge of a status: a member of a ``State`` enum, or a record with the field's name.

    ``{% status_badge order "state" %}`` finds the enum of the field. A plain string becomes a
    neutral badge.
    """
    member = member_of(status, field)
    if member is not None:
        return _status_badge(member, quiet, get_language())
    label = getattr(status, field, "") if field else status
    return badge(label or "", icon="dot", quiet=quiet)


# Typed, because members of two enums with the same value are equal.
@lru_cache(maxsize=2000, typed=True)
def _status_badge(member: State, quiet: bool, language: str | None) -> SafeString:
    return badge(member.label, member.tone, member.icon, quiet)


@lru_cache(maxsize=1000)  # a list has several badges in each row
def _badge(label: SafeString, tone: str, icon: str, quiet: bool) -> SafeString:
    values = {"label": label, "tone": tone, "icon": icon, "quiet": quiet}
    return mark_safe(get_template("components/badge.html").render(values))  # noqa: S308


# --- forms ----------------------------------------------------------------------------------
@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    label: str = "",
    hint: str = "",
    prefix: str = "",
    suffix: str = "",
    width: str = "",
    label_hidden: bool = False,
    **attributes: Any,
) -> dict[str, Any]:
    """A form field with label, hint, control and errors.

    ``prefix`` and ``suffix`` are shown inside the box (a currency, a unit). ``width`` is ``short``,
    ``medium`` or ``full`` (the default). Further keywords become attributes of the control, with
    underscores as hyphens: ``{% field form.email autocomplete="off" data_shortcut="e" %}``.
    """
    return controls.field_context(
        bound,
        label=label,
        hint=hint,
        prefix=prefix,
        suffix=suffix,
        width=width,
        label_hidden=label_hidden,
        attributes=attributes,
    )


@register.inclusion_tag("components/control.html")
def control(bound: BoundField, live: bool = False, **attributes: Any) -> dict[str, Any]:
    """The control of a field, for rows of a table; its label is only for screen readers.

    With ``live`` the place of its errors is always there, so that a response can fill it.
    """
    return controls.field_context(bound, label_hidden=True, live=live, attributes=attributes)


@register.inclusion_tag("components/error_summary.html", takes_context=True)
def error_summary(context: Context, form: Form, *others: Any) -> dict[str, Any]:
    """The errors of forms, formsets and lists of forms, with links to the fields."""
    errors = controls.errors_of(form, *others)
    if errors and (request := context.get("request")) is not None:
        mark_invalid(request)
    return {"errors": errors}


@register.filter
def references(text: Any) -> SafeString:
    """Returns a text or HTML whose reference numbers are not broken at the end of a line."""
    escaped = conditional_escape(text)
    return mark_safe(REFERENCE_NUMBER.sub(r'<span class="whole">\g<0></span>', escaped))  # noqa: S308


# --- numbers --------------------------------------------------------------------------------
def isolated(text: str) -> str:
    """Returns a figure that keeps its order in right-to-left text.

    Signs and units have no direction: without isolation "20 %" would become "% 20" (Unicode
    Standard Annex 9, first-strong isolate).
    """
    return (
        f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
        if get_language_bidi()
        else text
    )


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """Formats an amount with its currency; a dash for None."""
    if amount is None or amount == "":
        return EM_DASH
    return isolated(money_words.format_money(Decimal(amount), str(currency)))


@register.filter
def unit_price(price: Decimal | None, currency: str) -> str:
    """Formats a unit price with all its decimals and its currency; a dash for None."""
    if price is None or price == "":
        return EM_DASH
    return isolated(money_words.format_unit_price(Decimal(price), str(currency)))


@register.filter
def quantity(value: Decimal | None, unit: Any = "") -> str:
    """Formats a quantity without trailing zeros, with its unit if given; a dash for None."""
    if value is None or value == "":
        return EM_DASH
    text = money_words.format_quantity(Decimal(value))
    return isolated(f"{text}\N{NO-BREAK SPACE}{unit}" if unit else text)


@register.filter
def counted(number: int | None) -> str:
    """Formats a number beside a label: ``999+`` for more, nothing for None and 0."""
    return isolated(counts.counted(number))


@register.filter
def percent(rate: Decimal | None) -> str:
    """Formats a fraction as a percentage: ``Decimal("0.2")`` is ``20%``; a dash for None."""
    if rate is None or rate == "":
        return EM_DASH
    return isolated(money_words.format_percent(Decimal(rate)))


@register.filter
def of_hundred(number: Decimal) -> str:
    """Formats a number of percent: ``Decimal("10.00")`` is ``10%``."""
    text = money_words.format_quantity(Decimal(number))
    return isolated(money_words.with_percent_sign(text))


# --- time -----------------------------------------------------------------------------------
@register.filter
def ago(at: datetime | None) -> str:
    """The relative time as a ``<time>`` element, with the full time as its title."""
    return times.element(at, times.in_words(at)) if at else EM_DASH


@register.filter
def waited(at: datetime | None) -> str:
    """How long something has waited, as a ``<time>`` element, with the full time as its title."""
    return times.element(at, times.waited(at)) if at else EM_DASH


@register.filter
def when(at: datetime | None) -> str:
    """The time of day, with the date unless it is today, as a ``<time>`` element."""
    return times.element(at, times.short(at)) if at else EM_DASH


@register.filter
def dated(at: datetime | None) -> str:
    """The date and the time, also of today: for books, which are printed and kept."""
    return times.element(at, times.dated(at)) if at else EM_DASH


@register.filter
def clock(seconds: Decimal | float | int | None) -> str:
    """Formats a duration in seconds by its two largest units: ``850 ms``, ``4 min 10 s``."""
    return isolated(times.duration(seconds)) if seconds is not None else EM_DASH


@register.filter
def opening_time(seconds: Decimal | float | int | None) -> str:
    """Formats seconds of opening time as `clock` does; none of it is ``while closed``."""
    return isolated(times.opening_time(seconds)) if seconds is not None else EM_DASH


# --- blocks ---------------------------------------------------------------------------------
class ComponentNode(Node):
    """A component that wraps the content between its opening and closing tag."""

    def __init__(
        self,
        template_name: str,
        known: tuple[str, ...],
        options: Mapping[str, FilterExpression],
        body: template.NodeList,
    ) -> None:
        self.template_name = template_name
        self.known = known
        self.options = options
        self.body = body

    def render(self, context: Context) -> SafeString:
        """Renders the component's template with ``body`` and the tag's options."""
        values: dict[str, Any] = dict.fromkeys(self.known, "")
        values |= {name: option.resolve(context) for name, option in self.options.items()}
        values["body"] = mark_safe(self.body.render(context).strip())  # noqa: S308
        # A form inside a component still needs the page's CSRF token and request.
        for kept in ("csrf_token", "request", "csp_nonce"):
            if kept in context and kept not in values:
                values[kept] = context[kept]
        return mark_safe(get_template(self.template_name).render(values))  # noqa: S308


def _component(name: str, options: tuple[str, ...], required: tuple[str, ...] = ()) -> None:
    """Registers ``{% name option=… %} … {% endname %}`` for ``components/name.html``."""

    def compile_tag(parser: Parser, token: Token) -> ComponentNode:
        bits = token.split_contents()[1:]
        given = token_kwargs(bits, parser)
        if bits:
            raise template.TemplateSyntaxError(f"{name} takes only name=value, not {bits[0]!r}")
        unknown = sorted(set(given) - set(options))
        missing = sorted(set(required) - set(given))
        if unknown or missing:
            raise template.TemplateSyntaxError(
                f"{name}: unknown {unknown}, missing {missing}; it takes {', '.join(options)}"
            )
        body = parser.parse((f"end{name}",))
        parser.delete_first_token()
        return ComponentNode(f"components/{name}.html", options, given, body)

    compile_tag.__name__ = name
    register.tag(name, compile_tag)


_component("panel", ("title", "icon", "id", "flush", "tone", "link_url", "link_label", "count"))
_component(
    "button",
    ("variant", "type", "icon", "name", "value", "id", "small", "shortcut", "disabled", "form"),
)
_component(
    "link_button", ("url", "variant", "icon", "small", "shortcut", "in_menu", "id"), ("url",)
)
_component("empty_state", ("title", "icon"), ("title",))
_component("notice", ("tone", "title", "icon"))
_component("live", ("id", "url", "etag", "every", "label"), ("id", "url"))
_component("dialog", ("id", "title"), ("id", "title"))
