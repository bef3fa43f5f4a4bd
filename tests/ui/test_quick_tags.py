"""Our variants of Django's tags and controls give what Django's give."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy

from frontdesk.orders.states import FulfilmentState
from officeflow.ui import times
from officeflow.ui.templatetags.office import status_badge
from officeflow.ui.widgets import AmountInput, DateInput


def draw(source: str, **context: object) -> str:
    return Template("{% load i18n office %}" + source).render(Context(context))


def test_a_constant_text_is_translated_for_each_reader() -> None:
    template = Template('{% load i18n %}{% translate "Yes" %} {% translate "100%" as x %}{{ x }}')
    for _turn in range(2):
        for language in ("en", "de", "fr"):
            with translation.override(language):
                assert template.render(Context()) == f"{gettext('Yes')} 100%"
    with translation.override("de"):
        assert template.render(Context()) == "Ja 100%"


def test_a_text_in_a_variable_is_translated() -> None:
    with translation.override("de"):
        assert draw("{% translate word %}", word="No") == "Nein"
        assert draw('{% translate "Yes"|upper %}') == "JA"


@pytest.mark.parametrize(
    "number", ["SO-000123", "TK-1", "<b>", "so 1", mark_safe("INV-2026-000001")]
)
def test_the_address_of_a_record_is_that_of_its_number(number: str) -> None:
    template = Template("{% url 'frontdesk:order' number %}")
    for each in ("SO-000001", number):
        try:
            expected = reverse("frontdesk:order", args=[each])
        except NoReverseMatch:
            with pytest.raises(NoReverseMatch):
                template.render(Context({"number": each}))
        else:
            assert template.render(Context({"number": each})) == expected


def test_addresses_without_a_number_or_with_other_values() -> None:
    assert draw("{% url 'frontdesk:orders' as x %}{{ x }}") == reverse("frontdesk:orders")
    queue = reverse("tickets:queue", args=["fulfilment"])
    assert draw("{% url 'tickets:queue' name %}", name="fulfilment") == queue
    assert draw("{% url 'tickets:queue' department=name %}", name="fulfilment") == queue
    assert draw("{% url 'nowhere' as x %}[{{ x }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        draw("{% url 'nowhere' %}")


def test_an_address_has_the_prefix_of_the_site() -> None:
    from django.urls import set_script_prefix

    template = Template("{% url 'frontdesk:order' 'SO-000001' %}")
    assert template.render(Context()).startswith("/desk/")
    try:
        set_script_prefix("/office/")
        assert template.render(Context()).startswith("/office/desk/")
    finally:
        set_script_prefix("/")


class Every(forms.Form):
    text = forms.CharField(label="<Text>", widget=forms.TextInput(attrs={"data-x": '"<&'}))
    amount = forms.DecimalField(widget=AmountInput)
    day = forms.DateField(widget=DateInput)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "autofocus": True, "x": False}))
    one = forms.ChoiceField(
        choices=[
            ("", "—"),
            ("Group <1>", [("a", gettext_lazy("Yes")), ("b", mark_safe("<i>"))]),
            (12345, 1234.5),
        ]
    )
    some = forms.MultipleChoiceField(choices=[("a", "<A>"), ("b", "B")])
    maybe = forms.NullBooleanField()
    sure = forms.BooleanField()
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.IntegerField(widget=forms.HiddenInput)
    radio = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"text": "<b>'\"&", "note": "\n<x>", "one": "b", "some": ["a", "b"], "sure": "1"},
        {"amount": "12,5", "day": date(2026, 3, 2), "one": "12345", "hidden": 12345, "maybe": True},
    ],
)
def test_controls_are_those_of_django(data: dict[str, object] | None) -> None:
    ours, theirs = Every(data), Every(data, renderer=DjangoTemplates())
    for field in ours:
        assert _lines(str(field)) == _lines(str(theirs[field.name]))


def _lines(html: str) -> list[str]:
    """Returns the lines that are not empty; Django's templates leave some between options."""
    return [line.strip() for line in html.splitlines() if line.strip()]


def test_badges_of_equal_values_are_told_apart() -> None:
    from backoffice.tickets.states import TicketState

    assert FulfilmentState.WAITING == TicketState.WAITING
    first, second = status_badge(TicketState.COMPLETED), status_badge(FulfilmentState.WAITING)
    assert status_badge(TicketState.WAITING, quiet=True) != status_badge(TicketState.WAITING)
    assert str(TicketState.COMPLETED.label) in first
    assert str(FulfilmentState.WAITING.label) in second


def test_a_time_reads_as_its_reader_writes_times() -> None:
    at = datetime(2026, 3, 2, 14, 5, 9, 7, tzinfo=UTC)
    with translation.override("en-us"):
        american = times.full(at), times.dated(at)
    with translation.override("en-gb"):
        british = times.full(at), times.dated(at)
    assert american[0] != british[0]
    assert american[1] != british[1]
    assert times.full(at.replace(hour=4)) != times.full(at)
