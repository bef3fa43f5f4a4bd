"""Status badges: label, icon and tone, from a status or a model field."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from frontdesk.orders.models import Order
from frontdesk.orders.states import FulfilmentState, OrderState
from officeflow.ui import icons
from officeflow.ui.states import _all_states, member_of
from officeflow.workflow import State


def draw(source: str, **context: object) -> str:
    return Template("{% load office %}" + source).render(Context(context))


def every_state() -> list[State]:
    return [member for enum in _all_states() for member in enum]


def test_a_badge_has_label_icon_and_tone() -> None:
    member = OrderState.PLACED
    html = draw("{% status_badge status %}", status=member)
    assert f"badge--{member.tone}" in html
    assert f"#{member.icon}" in html
    assert f"<span>{member.label}</span>" in html


def test_a_clock_is_shown_by_what_waits_alone() -> None:
    clocks = [member for member in every_state() if member.icon == "clock"]
    assert FulfilmentState.WAITING in clocks
    assert {member.value for member in clocks if member.tone == "neutral"} == {"waiting"}


def test_a_record_and_its_field_give_the_same_badge_as_the_member() -> None:
    order = Order(state=str(OrderState.PLACED.value))
    assert member_of(order, "state") is OrderState.PLACED
    assert draw('{% status_badge order "state" %}', order=order) == draw(
        "{% status_badge status %}", status=OrderState.PLACED
    )


def test_the_label_of_a_badge_is_escaped() -> None:
    assert "&lt;b&gt;" in draw("{% badge word %}", word="<b>")


def test_an_empty_status_shows_no_badge() -> None:
    assert draw("{% status_badge status %}", status=None).strip() == ""


@pytest.mark.parametrize("member", every_state(), ids=lambda member: f"{member!r}")
def test_every_status_has_an_icon_and_a_label(member: State) -> None:
    assert member.icon in icons.names()
    assert str(member.label).strip()
