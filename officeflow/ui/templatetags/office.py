"""The words a template uses to build a page: icons, badges, fields, money, times, panels.

Everything here is shown, with its states, in the style guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.template import Context, Node
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

from officeflow import money as money_words
from officeflow.ui import controls, icons, times
from officeflow.ui.states import member_of

register = template.Library()

EM_DASH = "—"


# --- icons and badges -----------------------------------------------------------------------
@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon. Silent for screen readers unless it has a ``label``.

    ``size`` is ``sm``, ``lg`` or ``xl``; the plain size follows the text.
    """
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


@register.inclusion_tag("components/badge.html")
def badge(label: Any, tone: str = "neutral", icon: str = "", quiet: bool = False) -> dict[str, Any]:
    """A word in a tone, with an icon: ``neutral``, ``info``, ``progress``, ``good``, ``warn``,
    ``bad``. ``quiet`` leaves the ground out, for tight rows."""
    return {"label": label, "tone": tone, "icon": icon, "quiet": quiet}


@register.inclusion_tag("components/badge.html")
def status_badge(status: Any, field: str = "", quiet: bool = False) -> dict[str, Any]:
    """The badge of a status: a member of a ``State`` enum, or a record and its field's name.

    ``{% status_badge order "state" %}`` finds the enum behind the field by itself. A plain string
    becomes a neutral badge; nothing at all shows nothing.
    """
    member = member_of(status, field)
    if member is not None:
        return {"label": member.label, "tone": member.tone, "icon": member.icon, "quiet": quiet}
    label = getattr(status, field, "") if field else status
    return {"label": label or "", "tone": "neutral", "icon": "dot", "quiet": quiet}


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
    """A form field: label, hint, control and, beside it, what is wrong with what was typed.

    ``prefix`` and ``suffix`` stand inside the box (a currency, a unit). ``width`` is ``short``,
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
def control(bound: BoundField, **attributes: Any) -> dict[str, Any]:
    """The bare control of a field for rows of a table, its label hidden but read aloud."""
    return controls.field_context(bound, label_hidden=True, attributes=attributes)


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Form, *others: Any) -> dict[str, Any]:
    """What a refused form says at its top, with a link to each field. Takes formsets too."""
    return {"errors": controls.errors_of(form, *others)}


# --- numbers --------------------------------------------------------------------------------
def isolated(text: str) -> str:
    """A figure that keeps its order within a text that is written from right to left.

    Signs and units have no direction of their own: without it "20 %" turns into "% 20" there
    (Unicode Standard Annex 9, first-strong isolate).
    """
    return (
        f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
        if get_language_bidi()
        else text
    )


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency by the reader's locale; a dash when there is none."""
    if amount is None or amount == "":
        return EM_DASH
    return isolated(money_words.format_money(Decimal(amount), str(currency)))


@register.filter
def quantity(value: Decimal | None, unit: Any = "") -> str:
    """A quantity without needless zeros, with its unit when there is one."""
    if value is None or value == "":
        return EM_DASH
    text = money_words.format_quantity(Decimal(value))
    return isolated(f"{text}\N{NO-BREAK SPACE}{unit}" if unit else text)


@register.filter
def percent(rate: Decimal | None) -> str:
    """A fraction as a percentage: ``Decimal("0.2")`` is ``20 %`` by the reader's locale."""
    if rate is None or rate == "":
        return EM_DASH
    return isolated(f"{money_words.format_quantity(Decimal(rate) * 100)}\N{NO-BREAK SPACE}%")


# --- time -----------------------------------------------------------------------------------
@register.filter
def ago(at: datetime | None) -> str:
    """How long since (or until), as a ``<time>`` whose title is the full date and time."""
    return times.element(at, times.in_words(at)) if at else EM_DASH


@register.filter
def when(at: datetime | None) -> str:
    """The clock time today, the date with it on other days, as a ``<time>`` element."""
    return times.element(at, times.short(at)) if at else EM_DASH


@register.simple_tag
def told_after(at: datetime, steps: Iterable[Any], place: int) -> SafeString:
    """``when`` of a step in a row of steps (counted from 0), whose date is told only once."""
    earlier = [_at_of(step) for step in list(steps)[:place]]
    before = next((each for each in reversed(earlier) if each), None)
    return times.element(at, times.short_after(at, before))


def _at_of(step: Any) -> datetime | None:
    return step.get("at") if isinstance(step, Mapping) else getattr(step, "at", None)


@register.filter
def clock(seconds: Decimal | float | int | None) -> str:
    """A duration given in seconds, in the largest two units: ``850 ms``, ``4 min 10 s``."""
    return isolated(times.duration(seconds)) if seconds is not None else EM_DASH


# --- blocks ---------------------------------------------------------------------------------
class ComponentNode(Node):
    """A component that wraps what stands between its opening and closing tag."""

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
        """The component's template with ``body`` and the tag's options in it."""
        values: dict[str, Any] = dict.fromkeys(self.known, "")
        values |= {name: option.resolve(context) for name, option in self.options.items()}
        values["body"] = mark_safe(self.body.render(context).strip())  # noqa: S308
        # A form inside a component still needs the page's CSRF token and request.
        for kept in ("csrf_token", "request", "csp_nonce"):
            if kept in context and kept not in values:
                values[kept] = context[kept]
        return mark_safe(get_template(self.template_name).render(values))  # noqa: S308


def _component(name: str, options: tuple[str, ...], required: tuple[str, ...] = ()) -> None:
    """Register ``{% name option=… %} … {% endname %}`` over ``components/name.html``."""

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
_component("link_button", ("url", "variant", "icon", "small", "shortcut", "id"), ("url",))
_component("empty_state", ("title", "icon"), ("title",))
_component("notice", ("tone", "title", "icon"))
_component("live", ("id", "url", "etag", "every", "label"), ("id", "url"))
_component("dialog", ("id", "title"), ("id", "title"))
